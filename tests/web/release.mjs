/*
 * A draft is given an SBOM that cannot be read and one that can; the tree of it is walked by keys; it
 * is released. Then where a component is, and a question that cannot be answered surely.
 */
import { begin, url } from "./support/browser.mjs";

const scene = await begin();
const page = await scene.signedIn("psirt-lead");
const releases = await page.evaluate(async () => (await (await fetch("/v1/devices/alder-pm-50/releases")).json()).items);
const draft = releases.find((one) => one.state === "draft");
const at = (tab) => page.goto(`${url}/releases/${draft.id}${tab}`);

const HALF = 1500;
const parts = Array.from({ length: 2 * HALF }, (_, n) => ({ type: "library", name: `part-${n}`, version: `1.${n}`, "bom-ref": `c${n}`, ...(n === 1 ? { licenses: [{ license: { id: "Zlib" } }] } : {}), ...(n ? {} : { hashes: [{ alg: "SHA-256", content: "ab".repeat(32) }] }) }));
const sbom = {
  bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
  metadata: { component: { type: "device", name: "Alder PM-50", version: draft.name, "bom-ref": "root" } },
  components: parts,
  dependencies: [{ ref: "root", dependsOn: parts.slice(0, HALF).map((one) => one["bom-ref"]) }, ...parts.slice(0, HALF).map((one, n) => ({ ref: one["bom-ref"], dependsOn: [`c${n + HALF}`] })),
    { ref: `c${HALF}`, dependsOn: ["c0"] } /* a ring */, { ref: `c${2 * HALF - 1}`, dependsOn: [`c${HALF}`] }],
};
async function give(text) {
  await page.locator("input[type=file]").setInputFiles({ name: "sbom.json", mimeType: "application/json", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "Upload" }).click();
}

await at("/files");
scene.expect(/422 \(/);
await give('{"bomFormat":"CycloneDX","specVersion":"1.6",\n"components":[{"type":"library",}]}');
const refused = await page.getByRole("alert").innerText();
scene.check("a bad SBOM is refused with its place", /double quotes/.test(refused) && /line 2, column 33/.test(refused), refused);
scene.check("and it changed nothing, as the page says", await page.getByText("The release is as it was.").isVisible());
await give(JSON.stringify(sbom));
const report = page.locator(".report");
await report.waitFor({ timeout: 60_000 });
const said = await report.innerText();
scene.check("the reader's report names what was taken and that nothing is known of it", /3\u202f001 components/.test(said) && /nothing is known of them/.test(said), said);
await scene.axe(page, "files after an upload");

await at("/tree");
const tree = page.getByRole("tree");
await tree.waitFor();
scene.check("only the lines in view are in the page", (await page.getByRole("treeitem").count()) < 100);
await tree.focus();
for (const key of ["ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
const here = page.getByRole("treeitem", { selected: true });
await here.getByText(`part-${HALF}`, { exact: true }).waitFor();
scene.check("arrows open a line and go in", (await here.innerText()).includes(`part-${HALF}`) && (await here.getAttribute("aria-level")) === "3", await here.innerText());
const ways = page.locator("main li", { hasText: "part-0" });
await ways.first().waitFor();
scene.check("beside it stands the way to it", (await ways.first().innerText()).includes(`part-${HALF}`));
await page.keyboard.press("ArrowLeft");
await page.keyboard.press("ArrowLeft");
await scene.becomes("and back, and closed", async () => (await here.getAttribute("aria-expanded")) === "false");
await page.keyboard.press("End");
scene.check("End goes to the last, which is known by its place before it is here", (await here.getAttribute("aria-posinset")) === String(HALF) && (await here.getAttribute("aria-setsize")) === String(HALF), await here.innerText());
await here.getByText(`part-${HALF - 1}`).waitFor();
scene.check("and loads what is looked at", (await page.getByRole("treeitem").count()) < 100, await here.innerText());
await page.keyboard.press("Home");
await here.getByText(/1.500 inside, 3.000 in all/).waitFor();
const licensed = page.getByRole("treeitem", { name: /^part-1 / });
scene.check("a line has its licence", /Zlib/.test(await licensed.innerText()), await licensed.innerText());
const find = page.getByRole("searchbox", { name: "Find in the tree" });
const status = page.getByRole("search").getByRole("status");
await find.fill(`PART-${2 * HALF - 1}`);
await page.keyboard.press("Enter");
await here.getByText(`part-${2 * HALF - 1}`, { exact: true }).waitFor();
scene.check("a search opens the way to what it found", (await here.getAttribute("aria-level")) === "3" && /1 of 1/.test(await status.innerText()), await status.innerText());
await page.locator("main li", { hasText: `part-${HALF - 1}` }).first().waitFor();
await tree.focus();
for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
await here.getByText(`part-${HALF}`, { exact: true }).waitFor();
scene.check("what several need says in how many places it is", (await here.getByText("in 2 places").count()) === 1, await here.innerText());
for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
await here.getByText("part-0", { exact: true }).waitFor();
for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
await here.getByText("loop", { exact: true }).waitFor();
scene.check("a ring is said and opens no further", (await here.getAttribute("aria-expanded")) === null && (await here.getAttribute("aria-level")) === "6", await here.innerText());
await find.fill("part-10");
await page.keyboard.press("Enter");
await status.getByText("1 of 111").waitFor();
for (let n = 2; n <= 21; n++) {
  await page.keyboard.press("Enter");
  await status.getByText(`${n} of 111`).waitFor();
}
scene.check("Enter goes on, over the page of hits", /part-10/.test(await here.innerText()), await here.innerText());
await find.fill("nowhere");
await page.keyboard.press("Enter");
await status.getByText("Nothing in this SBOM has this text.").waitFor();
await scene.axe(page, "the tree");

await at("");
await page.getByRole("button", { name: "Release", exact: true }).click();
await page.getByRole("dialog").getByRole("button", { name: "Release", exact: true }).click();
await page.getByText("Locked", { exact: true }).waitFor();
await at("/files");
const why = page.getByLabel("The release is locked: why does its SBOM change?");
await why.waitFor().catch(() => undefined);
scene.check("a released SBOM changes for a reason only", await why.isVisible());

await page.goto(`${url}/components`);
await page.getByRole("searchbox").fill("openssl < 3.0.8");
await page.keyboard.press("Enter");
const grid = page.getByRole("grid", { name: "Components" });
await grid.getByText("1.1.1k").first().waitFor();
scene.check("a comparison finds the earlier versions only", (await grid.getByText("3.0.7").count()) > 0 && (await grid.getByText("3.0.14").count()) === 0);
scene.check("the address keeps the question", new URL(page.url()).searchParams.get("q") === "openssl < 3.0.8");
await page.getByText("Licences", { exact: true }).waitFor();
scene.check("licences and support are those of the SBOM, or said to be missing", /Licences\s+(\S+|not stated)/.test(await page.locator("dl.facts").last().innerText()), await page.locator("dl.facts").last().innerText());
await page.getByRole("searchbox").fill(`sha256:${"AB".repeat(32)}`);
await page.keyboard.press("Enter");
const files = page.getByRole("region", { name: "Files with this hash" });
await files.getByRole("row").nth(1).waitFor();
scene.check("a hash finds the release that has the file", /^part-0\s+1\.0\s+alder-pm-50/.test(await files.getByRole("row").nth(1).innerText()), await files.innerText());
await scene.axe(page, "files by a hash");
await page.getByRole("searchbox").fill("0".repeat(64));
await page.keyboard.press("Enter");
await page.getByText("No SBOM states this hash.").waitFor();
scene.check("one that no SBOM states is not said to be nowhere", await page.getByText("does not mean that the file is in no release").isVisible());
await scene.end();
