/* The portfolio and the page of a device: today's work by keyboard, a device of which nothing is known,
   a cell of the risk matrix changed by keyboard, and what an auditor is not offered. */
import { begin, url } from "./support/browser.mjs";

const scene = await begin();
const page = await scene.signedIn("psirt-lead");
await page.goto(`${url}/`);
const today = page.getByRole("region", { name: /^Today/ });
await today.getByRole("listitem").first().waitFor();
scene.check("what was missed comes first", /^Missed/.test(await today.getByRole("listitem").first().innerText()));
scene.check("there is one main button", (await today.locator("a.main").count()) === 1);
await page.keyboard.press("j");
await page.keyboard.press("j");
scene.check("J goes through the rows", await page.evaluate(() => document.activeElement === document.querySelectorAll("main li a.b")[1]));
await page.getByRole("button", { name: "Fold all" }).click();
scene.check("folded, a device is one row", (await page.getByRole("link", { name: "2.8.1" }).count()) === 0);
await scene.axe(page, "the portfolio, folded");

await page.goto(`${url}/devices/larkspur-ip-200/safety`);
await page.getByRole("button", { name: "Change the matrix" }).click();
const cells = page.getByRole("grid").getByRole("button");
await cells.first().focus();
await page.keyboard.press("ArrowRight");
await page.keyboard.press("Space");
scene.check("a cell is turned by keyboard", (await cells.nth(1).getAttribute("aria-label")) === "High, Minor: Uncontrolled, changed");
const effect = page.getByRole("status").filter({ hasText: "What it would do" });
await effect.getByRole("row").nth(2).waitFor();
const bad = await effect.getByRole("row").nth(1).getByRole("cell").allInnerTexts();
scene.check("what it would do to findings is said before", bad.length === 4 && Number(bad[0]) > 0 && bad[1] === "0" && /^\d+, now \d+$/.test(bad[3]), bad);
await scene.axe(page, "the matrix, changed");
await page.getByRole("button", { name: "Save in device.yaml" }).click();
await page.getByText("1 cell is changed; the").or(page.getByText("1 cell is changed; its")).first().waitFor();
const saved = await page.evaluate(async () => ({ policy: await (await fetch("/v1/devices/larkspur-ip-200/policy")).json(), text: await (await fetch("/v1/devices/larkspur-ip-200/document", { headers: { Accept: "application/yaml" } })).text() }));
scene.check("it is saved", saved.policy.matrix.find((cell) => cell.band === "high" && cell.harm === "minor").risk === "uncontrolled");
scene.check("comments of device.yaml stay", saved.text.startsWith("# The Larkspur IP-200"));

await page.goto(`${url}/devices/larkspur-ip-200/history`);
const history = page.getByRole("region", { name: "History" });
await history.getByRole("listitem").first().waitFor();
const said = await history.innerText();
scene.check("the history of a device has its releases and decisions", /SBOM taken in/.test(said) && /Decision proposed/.test(said) && /device.yaml replaced/.test(said), said);

const other = await scene.signedIn("administrator");
await other.goto(`${url}/`);
await other.getByRole("button", { name: "Add a device" }).click();
await other.getByLabel("Name of the device").fill("Scene One");
await other.getByLabel("Name of the maker").fill("A maker of scenes");
await other.getByLabel("Web address of the maker").fill("https://scenes.example");
await other.getByLabel("Where reports of vulnerabilities go").fill("psirt@scenes.example");
await scene.axe(other, "the form of a device");
await other.getByRole("button", { name: "Add the device" }).click();
await other.getByRole("heading", { name: "Scene One" }).waitFor();
await other.getByText("Everything: no release in the field has an SBOM").waitFor();
scene.check("nothing is known of a device without releases", (await other.getByText("no data.").count()) === 1);
await scene.axe(other, "a device without releases");

const auditor = await scene.signedIn("auditor");
await auditor.goto(`${url}/devices/larkspur-ip-200/safety`);
await auditor.getByRole("heading", { name: "Hazards" }).waitFor();
scene.check("an auditor is not offered to change the matrix", (await auditor.getByRole("button", { name: "Change the matrix" }).count()) === 0);
await scene.end();
