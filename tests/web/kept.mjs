/*
 * What somebody types or reads stays until they let it go: Escape over a typed text, a statement that is
 * revised elsewhere while it is read, and lists beside a finding that could not be read whole.
 */
import { begin, url } from "./support/browser.mjs";

const scene = await begin();
const page = await scene.signedIn("psirt-lead");
const ask = (who, path, sent = null) =>
  who.evaluate(async ([to, body]) => {
    const me = await (await fetch("/v1/me")).json();
    const got = await fetch(to, body ? { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf, ...(body.etag ? { "If-Match": body.etag } : {}) }, body: JSON.stringify(body.json) } : {});
    return { status: got.status, etag: got.headers.get("ETag"), json: await got.json().catch(() => null) };
  }, [path, sent]);

/* several findings are decided together, and Escape is pressed */
await page.goto(`${url}/findings?filter=state%3Anot-assessed`);
await page.getByRole("treegrid").getByRole("row").nth(1).waitFor();
await page.keyboard.press("ArrowDown");
await page.keyboard.press("D");
const together = page.getByRole("dialog", { name: /^Decide / });
await together.waitFor();
await page.keyboard.press("Escape");
await together.waitFor({ state: "detached" });
scene.check("nothing is asked where nothing was typed", true);
await page.keyboard.press("D");
const text = together.getByLabel("Rationale, for the file");
await text.fill("Typed with care.");
await page.keyboard.press("Escape");
await together.getByText("What you typed here is not saved.").waitFor();
await scene.axe(page, "the question before a text is thrown away");
await page.keyboard.press("Escape");
await page.keyboard.press("Escape");
await page.keyboard.press("Escape");
scene.check("Escape goes between the question and the text", (await text.inputValue()) === "Typed with care." && (await together.getByText("What you typed here is not saved.").count()) === 0);
await together.getByRole("button", { name: "Cancel" }).click();
await together.getByRole("button", { name: "Go on typing" }).click();
scene.check("Cancel asks as well", (await text.inputValue()) === "Typed with care.");
await page.keyboard.press("Escape");
await together.getByRole("button", { name: "Throw it away" }).click();
await together.waitFor({ state: "detached" });
scene.check("until it is thrown away", true);

/* the same holds for every dialog: the reason of a withdrawal */
const release = (await ask(page, "/v1/devices/alder-pm-50/releases")).json.items.find((row) => row.state === "released");
await page.goto(`${url}/releases/${release.id}`);
await page.getByRole("button", { name: "Withdraw" }).click();
await page.getByRole("dialog").getByRole("textbox").fill("Because");
await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
scene.check("the cross asks too", (await page.getByRole("dialog").getByRole("textbox").inputValue()) === "Because");

/* a statement is read, and revised by somebody else */
const draft = (await ask(page, "/v1/statements?state=draft")).json.items[0];
const reader = await scene.signedIn("regulatory-lead");
await reader.goto(`${url}/statements/${draft.id}`);
await reader.getByRole("button", { name: "Sign and approve" }).waitFor();
const shown = reader.locator("pre");
await reader.waitForFunction(() => (document.querySelector("pre")?.textContent ?? "") !== "");
const before = await shown.innerText();
const detail = await ask(page, `/v1/statements/${draft.id}`);
const again = await ask(page, `/v1/statements/${draft.id}/draft`, { json: { summary: "Revised meanwhile" }, etag: detail.etag });
scene.check("somebody drafts it again", again.status === 200 || again.status === 201, again);
scene.expect(/412 \(Precondition Failed\)/);
if (await reader.getByRole("button", { name: "Sign and approve" }).isVisible()) await reader.getByRole("button", { name: "Sign and approve" }).click();
await reader.getByText(`Revision ${draft.revision + 1} has been drafted meanwhile.`).waitFor();
const read = () => reader.waitForFunction(() => (document.querySelector("pre")?.textContent ?? "") !== ""); /* it is asked for again */
await read();
scene.check("what is read stays", (await shown.innerText()) === before && (await reader.getByRole("heading", { name: `Documents of revision ${draft.revision}` }).count()) === 1);
scene.check("and cannot be signed", (await reader.getByRole("button", { name: "Sign and approve" }).count()) === 0);
await read();
await scene.axe(reader, "a statement with a newer revision");
await reader.getByRole("button", { name: `Read revision ${draft.revision + 1}` }).first().click();
await reader.getByRole("heading", { name: `Documents of revision ${draft.revision + 1}` }).waitFor();
await reader.getByRole("button", { name: "Sign and approve" }).waitFor();
scene.check("the newer one is signed after it was read", true);

/* a finding that somebody else decides while it is read */
const free = (await ask(page, "/v1/findings?limit=50&filter=state%3Anot-assessed")).json.items;
const addressOf = (id) => `${url}/findings/${id.split("/").map(encodeURIComponent).join("/")}`;
await reader.goto(addressOf(free[0].id));
await reader.getByLabel("Rationale").fill("Typed by the reader.");
const other = free.find((row) => row.device === free[0].device && row.release === free[0].release && row.id !== free[0].id);
for (const id of [other.id, free[0].id]) {
  const said = await ask(page, "/v1/decisions", { json: { findings: [{ finding: id }], status: "under_investigation", rationale: "Elsewhere." } });
  scene.check("somebody else decides", said.status === 201, said);
}
await reader.getByText("This finding changed meanwhile.").waitFor();
scene.check("it is said, and the text is there", (await reader.getByLabel("Rationale").inputValue()) === "Typed by the reader.");

/* a finding whose other findings and cases are many, or are not answered */
const open = async () => {
  await page.goto(addressOf(free.find((row) => ![free[0].vulnerability, other.vulnerability].includes(row.vulnerability)).id));
  await page.getByRole("heading", { level: 1 }).waitFor();
};
const many = { items: Array.from({ length: 200 }, (_, i) => ({ id: `case-${i}`, title: "", vulnerability: `CVE-1999-${i}` })), next: "more", total: { count: 5000, exact: true } };
await page.route("**/v1/cases?**", (route) => route.fulfill({ json: many }));
await open();
await page.getByText("4\u202f000 cases of the device were not looked through.").waitFor();
scene.check("how many cases were not read is said", true);
await page.unroute("**/v1/cases?**");
scene.expect(/Failed to load resource/);
await page.route(/\/v1\/cases\?|\/v1\/vulnerabilities\//, (route) => route.abort());
await open();
await page.getByText("Whether there is a case could not be read.").waitFor();
await page.getByText("The other findings of it in this device could not be read.").waitFor();
scene.check("what was not read is not shown as nothing", true);
await scene.end();
