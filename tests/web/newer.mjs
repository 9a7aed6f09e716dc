/*
 * A service that was restarted with a newer page while the old one is open: parts of the old page that were
 * not loaded yet are not there any more. Between browser and service stands what makes the newer page: the
 * same one with other names, the old names gone.
 */
import { begin, url } from "./support/browser.mjs";

const scene = await begin();
const page = await scene.signedIn("psirt-lead");
const NAME = /([A-Za-z][\w.]*-[\w-]{8})\.(js|css)/g;
const newer = (text) => text.replace(NAME, "$1.newer.$2");

async function restart() {
  await page.context().route(`${url}/**`, async (route) => {
    const asked = new URL(route.request().url());
    const isPart = asked.pathname.startsWith("/assets/");
    if (asked.pathname.startsWith("/v1/")) return route.continue();
    if (isPart && !asked.pathname.includes(".newer.") && NAME.test(asked.pathname)) return route.fulfill({ status: 404, body: "" });
    NAME.lastIndex = 0;
    const answer = await route.fetch({ url: url + asked.pathname.replace(".newer.", ".") + asked.search });
    const type = answer.headers()["content-type"] ?? "";
    if (!/html|javascript|css/.test(type)) return route.fulfill({ response: answer });
    const headers = { ...answer.headers() };
    for (const name of ["content-encoding", "content-length", "etag"]) delete headers[name];
    return route.fulfill({ status: answer.status(), headers, body: newer(await answer.text()) });
  });
}

scene.expect(/404 \(Not Found\).*\/assets\//);
const gone = await page.evaluate(async () => {
  const got = await fetch("/assets/Findings-00000000.js");
  return [got.status, got.headers.get("content-type")];
});
scene.check("a part of another page is not there, and is no page in its place", gone[0] === 404 && !/html|javascript/.test(gone[1] ?? ""), gone);

/* half a decision is written */
const id = await page.evaluate(async () => (await (await fetch("/v1/findings?limit=1&filter=state%3Anot-assessed")).json()).items[0].id);
const address = `${url}/findings/${id.split("/").map(encodeURIComponent).join("/")}`;
await page.goto(address);
await page.getByLabel("Rationale").fill("Written before the restart.");
await page.getByText(/Draft kept, /).waitFor();
await restart();
await page.getByLabel("Rationale").pressSequentially(" And after.");
await page.getByText(/Draft kept, /).waitFor();
scene.check("the old page goes on", (await page.getByLabel("Rationale").inputValue()) === "Written before the restart. And after.");

/* a part that was not loaded yet */
await page.getByRole("navigation", { name: "Pages" }).first().getByRole("link", { name: "Deadlines" }).click();
await page.getByText("The service has a newer page than this one.").waitFor();
scene.check("it says that there is a newer page", page.url() === `${url}/deadlines`);
await scene.axe(page, "an old page");
await page.goBack();
await page.getByLabel("Rationale").waitFor();
await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((one) => one.value === "Written before the restart. And after."));
scene.check("the step back has what was typed", true);
await page.goForward();
await page.getByRole("button", { name: "Load again" }).click();
await page.getByRole("heading", { name: "Deadlines", level: 1 }).waitFor();
scene.check("loaded again, it is the newer page at that address", page.url() === `${url}/deadlines` && (await page.evaluate(() => [...document.scripts].every((one) => one.src.includes(".newer.")))));
await page.goto(address);
await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((one) => one.value === "Written before the restart. And after."));
scene.check("and what was typed is there", true);
await scene.end();
