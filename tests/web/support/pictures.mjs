/* Takes the pictures of tools/screenshots: each page once, at 1280 px, where the most is to be seen. */
import { join } from "node:path";
import { begin, url } from "./browser.mjs";

const folder = process.argv[2];
const scene = await begin();

async function take(page, name, to, ready) {
  await page.goto(url + to);
  await page.locator(ready).first().waitFor();
  /* previews, counts and drawings come after the list: while they do, "…" stands there, or nothing */
  await page.waitForFunction(() => !/…(\s|$)/m.test([...document.querySelectorAll("main nav, main [role=tablist], main [role=status], main .acts, main .dim")].map((one) => one.innerText).join("\n")) && !/arranging …|Reading …/.test(document.querySelector("main").innerText), null, { timeout: 60_000 });
  if (await page.locator("aside").count()) await page.locator("aside h3, aside dt").first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(1500); /* what is drawn comes to rest */
  await page.screenshot({ path: join(folder, `${name}.png`) });
  scene.check(name, true);
}

async function person(options) {
  const page = await scene.signedIn("psirt-lead", options);
  await page.goto(`${url}/me`); /* the note on who set the password is read */
  await page.locator("main h1").waitFor();
  return page;
}

const light = await person({});
const reopened = (await light.evaluate(async () => (await fetch("/v1/findings?limit=1&filter=reopened")).json())).items[0];
await take(light, "portfolio", "/", "table");
await take(light, "findings", "/findings?filter=%21closed", "[role=treegrid] [role=row]");
await take(light, "finding", `/findings/${reopened.id.split("/").map(encodeURIComponent).join("/")}`, "form");
await take(light, "design", "/devices/larkspur-ip-200/design?show=paths&path=motor&view=v-update", 'section[aria-busy="false"] .el.lit');
await take(light, "deadlines", "/deadlines", "table, [role=grid]");
await light.context().close();
await scene.end();
