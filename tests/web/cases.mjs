/*
 * Deadlines, cases and statements: evidence is recorded by key and the list of evidence follows, a case
 * is taken, nobody approves their own statement, a notice names what is missing.
 */
import { begin, url } from "./support/browser.mjs";

const scene = await begin();
const page = await scene.signedIn("psirt-lead");
const of = (path) => page.evaluate(async (to) => (await fetch(to)).json(), path);

await page.goto(`${url}/deadlines?vulnerability=CVE-2022-42889&device=alder-pm-50`);
await page.getByRole("heading", { name: "Deadlines", level: 1 }).waitFor();
await page.getByText("What is not known").waitFor();
const before = (await of("/v1/deadlines?vulnerability=CVE-2022-42889&device=alder-pm-50&rule=fda-60")).items[0];
scene.check("the deadline lacks its fix", before.missing.includes("fix-distributed"), before);
await page.locator("tr", { hasText: "Fix validated and distributed" }).first().getByRole("button").click();
await page.keyboard.press("e");
const form = page.getByRole("form", { name: "Record evidence" });
await form.waitFor();
scene.check("what meets it is offered first", (await form.getByLabel("What happened").inputValue()) === "fix-distributed");
await form.getByLabel("Where the evidence is found").fill("release 2.8.1 on all units");
await form.getByRole("button", { name: "Record" }).click();
await form.waitFor({ state: "detached" });
const after = (await of("/v1/deadlines?vulnerability=CVE-2022-42889&device=alder-pm-50&rule=fda-60")).items[0];
scene.check("the evidence is there", !after.missing.includes("fix-distributed"), after);
await page.locator("li", { hasText: "Fix distributed" }).getByText("there", { exact: true }).last().waitFor();

await page.goto(`${url}/cases?view=board`);
await page.getByRole("link", { name: "CVE-2024-6387" }).click();
await page.getByRole("button", { name: "Take it" }).click();
await page.getByRole("button", { name: "Give it up" }).waitFor();
scene.check("the case is taken", (await of("/v1/cases/CVE-2024-6387")).case.owner === "psirt-lead");

const draft = (await of("/v1/statements?state=draft")).items[0];
await page.goto(`${url}/statements/${draft.id}`);
await page.getByText("Somebody else approves it.").waitFor();
scene.check("nobody approves their own", (await page.getByRole("button", { name: "Sign and approve" }).count()) === 0);
await page.goto(`${url}/statements?notice=mdr-incident&device=alder-pm-50&vulnerability=CVE-2022-42889`);
await page.getByText("MISSING:").first().waitFor();
scene.check("a notice names what is missing", (await page.getByText("MISSING:").count()) > 0);

const signal = (await of("/v1/signals")).items.find((one) => one.state === "received" || one.state === "acknowledged");
await page.goto(`${url}/signals/${signal.id}`);
const opening = page.locator("form", { has: page.getByLabel("What it is called") });
await opening.getByLabel("Devices, with spaces between them").fill(signal.device ?? "alder-pm-50");
await opening.getByLabel("What it is called").fill("The service port takes any password");
await opening.getByRole("button", { name: "Open the case" }).click();
await page.getByRole("link", { name: /^VULN-/ }).click();
await page.getByText("No knowledge base has a name for it").waitFor();
scene.check("no list of findings is offered for it", (await page.locator(".page-head").getByRole("link", { name: "Findings", exact: true }).count()) === 0);
await page.getByRole("button", { name: "Decide on releases" }).click();
const own = (await of("/v1/cases")).items.find((one) => one.own);
const release = (await of(`/v1/cases/${own.id}`)).releases[0];
const part = (await of(`/v1/releases/${release.id}/components?limit=1`)).items[0];
await page.getByRole("checkbox", { name: release.release, exact: true }).check();
await page.getByLabel("Component", { exact: true }).fill(part.name);
await page.getByLabel("Status", { exact: true }).selectOption("under_investigation");
await page.getByRole("button", { name: "Propose the decision" }).click();
await page.getByRole("button", { name: "Decide on releases" }).waitFor();
const decided = await of(`/v1/cases/${own.id}`);
scene.check("it is called as was said, and a decision on its release is proposed", own.title === "The service port takes any password" &&
  decided.decisions.length === 1 && decided.case.undecided === decided.releases.length, decided);

const look = await scene.signedIn("auditor");
await look.goto(`${url}/deadlines`);
await look.getByText("What is not known").waitFor();
scene.check("an auditor is offered nothing to record", (await look.getByRole("button", { name: "Record evidence" }).count()) === 0);
await scene.end();
