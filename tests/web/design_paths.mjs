/*
 * The design of a device as what was found in it and what was signed of it: attack paths lit in the
 * drawing, findings of the SBOM at an element, baselines, what changed between two, documents.
 * usage: design_paths.mjs [SCENE]; prints TAP. Started by design_paths.py.
 */
import { begin, url } from "./support/browser.mjs";

const [ONLY = ""] = process.argv.slice(2);
const scene = await begin();
const PUMP = "larkspur-ip-200";
const MONITOR = "alder-pm-50";

async function open(page, show, device = PUMP) {
  await page.goto(`${url}/devices/${device}/design?show=${show}`);
  await page.getByRole("navigation", { name: "Parts of the design" }).or(page.getByRole("heading", { name: "No design yet" })).first().waitFor();
}
const ask = (page, path) => page.evaluate(async (to) => {
  const got = await fetch(to);
  return { status: got.status, type: got.headers.get("Content-Type"), json: await got.json().catch(() => null) };
}, path);
const api = (rest = "") => `/v1/devices/${PUMP}/design${rest}`;
const lit = (page) => page.locator(".el.lit");
const dim = (page) => page.locator(".el.faint");
const bar = (page, text) => page.locator("[data-lit]").getByText(text);
const row = (page, name) => page.getByRole("button", { name, exact: true }).first();
const settled = (page) => page.getByText("arranging …").waitFor({ state: "detached" });

const scenes = {
  async "an attack path is lit in the drawing, step by step"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, "paths");
    await page.getByRole("heading", { name: "Step by step" }).waitFor();
    const said = (await ask(page, api("/paths"))).json;
    const open_ = said.targets.filter((one) => one.state === "open");
    await bar(page, `Lit: the way to Drug library (Open)`).waitFor();
    scene.check("the worst is lit at first", open_.length === 1 && open_[0].target === "library", open_);
    await scene.becomes("each target has a row", async () => (await page.getByRole("row").count()) === said.targets.length + 1);
    const motor = (await ask(page, api("/paths?to=motor"))).json.targets[0];
    await row(page, "Motor controller").click();
    await page.getByRole("heading", { name: "Motor controller" }).waitFor();
    await settled(page);
    const on = new Set(motor.path.flatMap((hop) => [hop.from, hop.to]));
    await page.getByRole("img", { name: /^Boot loader.*on the lit way$/ }).waitFor();
    await scene.becomes("its elements are lit, and all others dim", async () => (await lit(page).count()) === on.size && (await dim(page).count()) === (await page.locator(".el").count()) - on.size);
    await scene.becomes("its flows say which step they are", async () => (await page.getByRole("img", { name: /flow from Boot loader.*step 3 of the lit way$/ }).count()) === 1);
    const steps = page.locator("ol > li");
    scene.check("the same stands beside in words", (await steps.count()) === motor.path.length && (await steps.nth(0).innerText()).includes("over a border"), await steps.allInnerTexts());
    scene.check("what is only asked is said to be that", (await steps.nth(2).innerText()).includes("not stated, and asked"), await steps.nth(2).innerText());
    await page.getByRole("heading", { name: "The fewest flows to close" }).waitFor();
    const close = page.locator("h3", { hasText: "The fewest flows to close" }).locator("+ ul li");
    scene.check("the smallest cut is there", (await close.count()) === motor.cut.length, motor.cut);
    scene.check("and the control whose loss opens a way", (await page.locator("h3", { hasText: "Each of these controls alone" }).locator("+ ul li").count()) === motor.opened_by_loss_of.length);
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      await scene.axe(page, `paths, ${scheme}`);
    }
    await row(page, "Library editor").click();
    await page.getByText("No flows lead there from an entry point").waitFor();
    await scene.becomes("where nothing leads nothing is lit", async () => (await lit(page).count()) === 0 && (await dim(page).count()) === 0);
    await scene.becomes("what no entry point leads to is counted", () => page.getByText("1 open threat is where no entry point leads to").isVisible());
    await page.setViewportSize({ width: 360, height: 780 });
    await scene.fits(page, "paths at 360 px");
  },

  async "by keys, in another view, and not saved"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, "drawing");
    await page.locator(".el").first().waitFor();
    await settled(page);
    const canvas = page.getByRole("application");
    await canvas.focus();
    await page.keyboard.press("P");
    await bar(page, "Lit: the way to Drug library (Open)").waitFor();
    await scene.becomes("P lights the worst way", async () => (await lit(page).count()) === 3);
    await page.keyboard.press("P");
    await bar(page, "Lit: the way to Screen and programming (Undecided)").waitFor();
    scene.check("and what is lit is read aloud", await page.getByRole("status").filter({ hasText: "Way to Screen and programming: Undecided. 4 steps." }).count() === 1);
    await page.getByLabel("View").selectOption({ label: "Clinical use: an infusion (security use case)" });
    await page.getByText(/^5 parts of it are not in this view: .*Release server/).waitFor();
    scene.check("what the view does not show of it is said", true);
    await page.getByRole("button", { name: "Show the whole design" }).click();
    await page.getByText("not in this view").waitFor({ state: "detached" });
    scene.check("and the whole shows it", (await page.getByLabel("View").inputValue()) === "*");
    await canvas.focus();
    await page.keyboard.press("Escape");
    await page.locator(".el.faint").first().waitFor({ state: "detached" });
    await scene.becomes("Escape puts it out", async () => (await lit(page).count()) === 0);
    await open(page, "threats");
    await page.getByRole("button", { name: "The operating system is beyond the end of its support" }).click();
    await page.getByRole("button", { name: "Light this way in the drawing" }).click();
    await bar(page, /^Lit: the widest way of/).waitFor();
    scene.check("the widest way of a threat is lit, too", (await lit(page).count()) > 0);
    await open(page, "paths");
    await row(page, "Alarm processor").click();
    await page.getByText("This is the way if nothing stood in it").waitFor();
    await page.getByRole("button", { name: "About the design" }).click();
    await page.getByRole("link", { name: "Tables" }).click();
    await page.locator(".right").getByLabel("Title").fill("Another title");
    await page.getByRole("link", { name: "Paths" }).click();
    await page.getByText("Of the saved design: your changes are not in it.").first().waitFor();
    scene.check("that the answer is of what is saved is said", true);
    await page.getByRole("button", { name: "Drop all changes" }).click();
    await page.getByText("All is saved").waitFor();
    await open(page, "paths&path=motor&view=v-update");
    await bar(page, "Lit: the way to Motor controller (Undecided)").waitFor();
    scene.check("an address names the way and the view", (await page.getByLabel("View").inputValue()) === "v-update");
    await open(page, "paths", MONITOR);
    await scene.becomes("without a design nothing is claimed", () => page.getByText("Nothing is known of what this device consists of").isVisible());
  },

  async "findings of the SBOM stand at their element"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, "tables");
    await page.getByLabel("View").selectOption("*");
    await row(page, "Boot loader and installer").click();
    const here = page.locator(".found-here");
    await here.getByRole("link").first().waitFor();
    const said = (await ask(page, api("/findings?element=boot&limit=100"))).json;
    scene.check("they are counted", (await here.getByRole("heading").innerText()) === `Findings of its components ${said.total.count}`, await here.getByRole("heading").innerText(), said.total);
    if (said.total.count > 20) await here.getByRole("button", { name: "Show more" }).click();
    await page.waitForFunction((n) => document.querySelectorAll(".found-here li a").length === n, said.items.length);
    scene.check("each has a link", true);
    await scene.axe(page, "findings at an element");
    const name = await here.getByRole("link").first().innerText();
    await here.getByRole("link").first().click();
    await page.getByRole("heading", { level: 1, name: new RegExp(name) }).waitFor();
    scene.check("which leads to the finding", page.url().includes("/findings/CVE-"), page.url());
    await open(page, "tables");
    await page.getByLabel("View").selectOption("*");
    await row(page, "Key store").click();
    await here.getByText("so no finding can stand here").waitFor();
    scene.check("an element without components has no zero", (await here.getByRole("heading").innerText()) === "Findings of its components");
  },

  async "a baseline is signed, and what changed since is said in words"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, "baselines");
    await page.getByRole("cell", { name: "4.4.0 as submitted", exact: true }).waitFor();
    await page.getByText("The change may affect security.").waitFor();
    const what = page.getByRole("region", { name: "What changed" }).or(page.locator("section", { has: page.getByRole("heading", { name: "What changed" }) })).first();
    await scene.becomes("one with now, of a fact", async () => (await what.getByRole("row", { name: /Element Network process Facts: os_support/ }).count()) === 1);
    await page.getByRole("button", { name: "Sign the present design" }).click();
    await scene.becomes("a name is asked for", () => page.getByText("A baseline needs a name").isVisible());
    const form = page.getByRole("form", { name: "Sign the present design" });
    await form.getByLabel("Name").fill("4.4.1 as built");
    await form.getByLabel("Why").fill("For the change control board.");
    await page.getByRole("button", { name: "Sign the present design" }).click();
    await page.getByRole("cell", { name: "4.4.1 as built", exact: true }).waitFor();
    const all = (await ask(page, api("/baselines"))).json.items;
    scene.check("it is signed, by who is in", all.length === 2 && all[0].name === "4.4.1 as built" && all[0].by === "PSIRT lead", all);
    await page.getByText("Nothing changed between the two.").waitFor();
    scene.check("since then nothing changed", true);
    await page.getByLabel("From").selectOption({ label: "4.4.0 as submitted" });
    await page.getByLabel("To", { exact: true }).selectOption({ label: "4.4.1 as built" });
    await page.getByText("The change may affect security.").waitFor();
    scene.check("two baselines are compared", true);
    await scene.axe(page, "baselines");
    await page.getByRole("link", { name: "Tables" }).click();
    await row(page, "Nurse").click();
    await page.locator(".right").getByLabel("Name").fill("Nurse on duty");
    await page.getByRole("link", { name: "Baselines" }).click();
    await scene.becomes("what is not saved is not signed", async () => (await page.getByRole("button", { name: "Sign the present design" }).isDisabled()) && (await page.getByText("Save the design first: what is signed").isVisible()));
    await page.getByRole("button", { name: /^Save/ }).click();
    await page.getByText("Only names, titles and descriptions changed").waitFor();
    await scene.becomes("a new name is words only", () => what.getByRole("row", { name: /Actor|Element Nurse on duty Name \(words only\) Nurse Nurse on duty/ }).first().isVisible());
    const links = await page.locator("a[download]").evaluateAll((list) => list.map((one) => one.getAttribute("href")));
    const got = [];
    for (const to of links) got.push([to, (await ask(page, to)).status]);
    scene.check("each document is there", links.length >= 10 && got.every(([, status]) => status === 200), got);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
    scene.check("the list is saved as a table", file.suggestedFilename().endsWith("-baselines.csv"), file.suggestedFilename());
    await page.getByRole("link", { name: /^Threats/ }).click();
    const [threats] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
    scene.check("and that of the threats", threats.suggestedFilename().endsWith("-threats.csv"), threats.suggestedFilename());
    await page.getByRole("link", { name: "Baselines" }).click();
    await page.setViewportSize({ width: 360, height: 780 });
    await scene.fits(page, "baselines at 360 px");
    await page.evaluate(() => localStorage.setItem("tutela.settings", JSON.stringify({ language: "de" })));
    await open(page, "baselines").catch(() => 0);
    await page.getByRole("heading", { name: "Unterschriebene Stände" }).waitFor();
    await scene.fits(page, "German at 360 px");
    await scene.axe(page, "German");
    const auditor = await scene.signedIn("auditor");
    await open(auditor, "baselines");
    await auditor.getByRole("cell", { name: "4.4.1 as built", exact: true }).waitFor();
    scene.check("who may not approve is offered no signature", (await auditor.getByRole("button", { name: "Sign the present design" }).count()) === 0);
  },
};

for (const [name, play] of Object.entries(scenes)) {
  if (!name.includes(ONLY)) continue;
  console.log(`# ${name}`);
  try {
    await play();
  } catch (error) {
    scene.check(name, false, String(error?.stack ?? error).slice(0, 1800));
  }
  for (const context of scene.browser.contexts()) await context.close();
}
await scene.end();
