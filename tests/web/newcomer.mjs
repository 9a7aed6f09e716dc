/* A newcomer: the link of the first start, the three next steps, the example, people, a decision that
   another person signs, and a statement that is saved as a file. */
import { readFileSync } from "node:fs";
import { begin, url } from "./support/browser.mjs";

const OWN = "a-password-of-many-own-words";
const scene = await begin();
scene.expect(/401 \(Unauthorized\)/);
const admin = await scene.page();
await admin.goto(`${url}/setup#${process.env.TUTELA_TOKEN}`);
scene.check("the token of the link is filled in", (await admin.getByLabel("Token of the link").inputValue()) === process.env.TUTELA_TOKEN);
await scene.axe(admin, "the set-up");
await admin.getByLabel("Login").fill("admin");
await admin.getByLabel("Name, as it is printed").fill("Administrator");
await admin.getByLabel("Password").fill(OWN);
await admin.getByRole("button", { name: "Become the administrator" }).click();
const steps = admin.getByRole("region", { name: "Three next steps" });
await steps.waitFor();
scene.check("three next steps are shown", (await steps.getByRole("listitem").count()) === 3);
await scene.axe(admin, "the next steps");
await scene.fits(admin, "the next steps");
await steps.getByRole("button", { name: "Load the example" }).click();
await admin.getByRole("row", { name: /Larkspur IP-200/ }).first().waitFor();
scene.check("the example is in the portfolio, and the steps are gone", (await steps.count()) === 0);

/* ---- people ---- */

await admin.goto(`${url}/admin/users`);
for (const [login, name] of [["first", "PSIRT lead"], ["second", "Head of quality"]]) { /* as the policy of the example names them */
  await admin.getByLabel("Login").fill(login);
  await admin.getByLabel("Name", { exact: true }).fill(name);
  await admin.getByLabel("Role").selectOption("approver");
  await admin.getByLabel("First password").fill(`${OWN}-given`);
  await admin.getByRole("button", { name: "Add a person" }).click();
  await admin.getByRole("button", { name: `Change ${login}` }).waitFor();
}
await admin.goto(`${url}/admin/teams`);
await admin.getByLabel("Name").fill("Pumps");
await admin.getByRole("button", { name: "Add a team" }).click();
for (const [label, option] of [["Add a person to Pumps", "first"], ["Add a person to Pumps", "second"], ["Let Pumps see a device", "larkspur-ip-200"]]) {
  await admin.getByLabel(label).selectOption({ label: option });
  await admin.getByLabel(label).locator("..").getByRole("button").click();
  await admin.getByRole("button", { name: `Take ${option} out of Pumps` }).waitFor();
}
async function person(login) {
  const page = await scene.page();
  await scene.signIn(page, login, `${OWN}-given`);
  await page.locator("input[type=password]").first().fill(`${OWN}-given`);
  await page.locator("input[type=password]").nth(1).fill(OWN);
  await page.keyboard.press("Enter");
  await page.getByRole("banner").waitFor();
  return page;
}
const first = await person("first");
const second = await person("second");

/* ---- a decision that another person signs ---- */

await first.goto(`${url}/findings?filter=release%3A4.4.0%20device%3Alarkspur-ip-200%20not-assessed`);
await first.getByRole("treegrid").waitFor();
await first.getByRole("treegrid").getByRole("row").nth(1).click();
await first.keyboard.press("Enter");
await first.locator("form.dec").waitFor();
const name = await first.locator("h1").innerText();
await first.locator("h1").click();
await first.keyboard.press("2");
await first.getByLabel("Justification").selectOption("vulnerable_code_not_in_execute_path");
await first.getByLabel("Impact").fill("The part is not built.");
await first.locator("form.dec .sign").getByText("until 1 other person signs").waitFor();
await first.keyboard.press("Control+Enter");
await first.getByRole("heading", { name: "Proposed decision" }).waitFor();
await second.goto(first.url());
await second.getByRole("button", { name: "Sign the approval" }).click();
await second.getByRole("status").filter({ hasText: "Approved." }).waitFor();
scene.check("the decision is signed", true);

/* ---- a statement ---- */

await first.goto(`${url}/statements`);
await first.getByRole("button", { name: "Draft a statement" }).first().click();
await first.getByLabel("Device").selectOption("larkspur-ip-200");
await first.getByLabel("Vulnerabilities").fill(name);
await first.getByLabel("Notice, text").uncheck(); /* there is nothing to tell customers */
await first.locator("form").getByRole("button", { name: /Draft/ }).click();
await first.locator("a[download]").first().waitFor();
const saving = first.waitForEvent("download");
await first.locator("a[download]").first().click();
const text = readFileSync(await (await saving).path(), "utf8");
scene.check("what is saved states the decision", text.includes(name) && /not_affected|not affected/i.test(text), text.slice(0, 600));
await scene.end();
