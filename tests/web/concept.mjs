/*
 * The part Concept of a device's design: questions by keys, the record of the discussion, sign-offs, what
 * the answers add to the design, two people, drafts, paper. usage: concept.mjs [SCENE]; prints TAP.
 * Started by concept.py. The pump has a concept (examples/infusion-pump), the monitor has none.
 */
import { begin, url } from "./support/browser.mjs";

const [ONLY = ""] = process.argv.slice(2);
const scene = await begin();
scene.expect(/412 \(Precondition Failed\)/); /* two people */
const PUMP = "larkspur-ip-200";
const MONITOR = "alder-pm-50";
const EVIL = "\u202E<b>bold</b> <img src=x onerror=alert(1)> {{7*7}} =cmd|'/C calc'!A0 \u05E9\u05DC\u05D5\u05DD";

async function open(page, device) {
  await page.goto(`${url}/devices/${device}/design?show=concept`);
  await page.getByRole("heading", { name: "Questions", exact: true }).waitFor();
}
const read = (page, device, tail = "concept") => page.evaluate(async (path) => (await fetch(path)).json(), `/v1/devices/${device}/${tail}`);
const question = (said, id) => said.questions.find((one) => one.id === id);
const group = (page, text) => page.getByRole("group", { name: text });
const saved = (page) => page.getByText("All is saved").waitFor();
async function typed(page, n) {
  await page.getByText(n === 1 ? "1 change not saved" : `${n} changes not saved`).first().waitFor();
}
const draftKept = (page) => page.getByText(/draft kept/).waitFor();
const pressed = (page, text, answer) => group(page, text).getByRole("button", { name: answer, exact: true }).and(page.locator("[aria-pressed=true]")).waitFor();
const THERAPY = "Does the product itself give a therapy";
const LIFE = "Can the patient be harmed within hours";

const scenes = {
  async "looks: light and dark, narrow, high contrast, in German"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, PUMP);
    await page.getByRole("heading", { name: "What the answers add to the design" }).waitFor();
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      await scene.axe(page, scheme);
    }
    await page.emulateMedia({ colorScheme: "light" });
    for (const one of await page.locator("main summary").all()) await one.click();
    await page.setViewportSize({ width: 360, height: 780 });
    await scene.fits(page, "at 360 px, all opened");
    await page.evaluate(() => (document.documentElement.dataset.contrast = "more"));
    await scene.axe(page, "narrow and high contrast, all opened");
    await page.evaluate(() => localStorage.setItem("tutela.settings", JSON.stringify({ language: "de" })));
    await page.goto(`${url}/devices/${PUMP}/design?show=concept`);
    await page.getByRole("heading", { name: "Fragen", exact: true }).waitFor();
    await page.getByRole("columnheader", { name: "Bedenken" }).waitFor();
    await scene.fits(page, "German at 360 px");
    await scene.axe(page, "German");
  },

  async "who may not set up a device looks, and is offered nothing"() {
    const page = await scene.signedIn("auditor");
    await open(page, PUMP);
    const said = await read(page, PUMP);
    scene.check("it is said", await page.getByText("You look at this concept").isVisible());
    scene.check("what is open is counted", await page.getByText(`${said.counts.stakeholders_open} stakeholders open`).isVisible());
    scene.check("nothing is offered", (await page.getByRole("button", { name: /^(Save|Yes|No|Unknown|Add a|Change|Sign off|Sign again|Take)/ }).count()) === 0 && (await page.locator("main select, main input").count()) === 0);
    await page.keyboard.press("y");
    scene.check("a key answers nothing", (await page.getByText(/not saved/).count()) === 0);
    await scene.axe(page, "as auditor");
  },

  async "by keys alone from nothing to answers, a discussion and a design"() {
    const page = await scene.signedIn("psirt-lead");
    await page.goto(`${url}/devices/${MONITOR}/design`);
    await page.getByRole("link", { name: "Begin with the concept" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Nothing is recorded yet").waitFor();
    const first = await read(page, MONITOR);
    scene.check("without a record every question is open", first.counts.yes === 0 && (await page.getByText(`${first.counts.open} open`, { exact: true }).isVisible()), first.counts);
    await page.getByRole("combobox", { name: "Kind of device" }).focus();
    await page.keyboard.type("bedside");
    await typed(page, 1);
    await group(page, THERAPY).getByRole("button", { name: "Yes", exact: true }).focus();
    await page.keyboard.press("y");
    await pressed(page, THERAPY, "Yes");
    scene.check("an answer goes on to the next question", await group(page, LIFE).evaluate((node) => node === document.activeElement));
    await page.keyboard.press("u");
    await pressed(page, LIFE, "Unknown");
    await page.keyboard.press("ArrowUp");
    scene.check("arrows go back", await group(page, LIFE).evaluate((node) => node === document.activeElement));
    await page.keyboard.press("e");
    await page.keyboard.type("asked the ward: y, n or u");
    await page.keyboard.press("Escape");
    await typed(page, 3);
    for (const key of ["ArrowDown", "y", "n"]) await page.keyboard.press(key);
    await typed(page, 5);
    await page.keyboard.press("Control+z");
    await typed(page, 4);
    scene.check("what is typed is not counted yet", await page.getByText("4 changes are not counted until they are saved").isVisible());
    await page.keyboard.press("Control+s");
    await saved(page);
    const said = await read(page, MONITOR);
    scene.check("the service has it, with who said it", said.class === "bedside" && question(said, "therapy").state === "yes" && Boolean(question(said, "therapy").by) && question(said, "life-sustaining").note === "asked the ward: y, n or u", said.questions.slice(0, 4));
    scene.check("unknown stays open", said.counts.unknown === 1 && (await page.getByText("1 unknown", { exact: true }).isVisible()), said.counts);
    await page.getByRole("button", { name: "Open", exact: true }).focus();
    await page.keyboard.press("Enter");
    await group(page, THERAPY).waitFor({ state: "detached" });
    scene.check("those that are open are shown alone", await group(page, LIFE).isVisible());
    await page.getByRole("button", { name: "Add a concern" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.getByRole("textbox", { name: "Concern" }).focus();
    await page.keyboard.type(EVIL);
    await page.getByRole("textbox", { name: "Owner" }).focus();
    await page.keyboard.type("Ward");
    await page.getByText("An owner needs a date").waitFor();
    await page.getByLabel("Until").fill("2031-01-31"); /* how a date is typed is the browser's */
    await scene.axe(page, "a concern is typed");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: /^Sign off.*Clinician/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Signed by" }).focus();
    await page.keyboard.type("Head nurse");
    await page.keyboard.press("Enter");
    await page.getByText("Head nurse signs when this is saved").waitFor();
    await page.keyboard.press("Control+s");
    await saved(page);
    const talked = await read(page, MONITOR);
    scene.check("a concern with owner and date is settled, and signed", talked.discussions[0].concern === EVIL && !talked.discussions[0].open && talked.discussions[0].due.startsWith("2031-01-31") && talked.stakeholders[0].signed_by === "Head nurse" && !talked.stakeholders[0].open, talked.discussions, talked.stakeholders[0]);
    scene.check("what was typed is text", (await page.locator("main img").count()) === 0 && (await page.locator("td bdi", { hasText: "<b>bold</b> <img src=x" }).count()) === 1);

    const take = page.getByRole("button", { name: /^Take \d+ over$/ });
    const before = Number((await take.innerText()).match(/\d+/)[0]);
    await page.getByRole("button", { name: "Choose none" }).focus();
    await page.keyboard.press("Enter");
    scene.check("nothing chosen, nothing taken", await page.getByRole("button", { name: "Take 0 over" }).isDisabled());
    await page.getByRole("group", { name: "Flows" }).getByRole("checkbox").first().focus();
    await page.keyboard.press("Space");
    scene.check("a flow brings its ends", (await page.getByRole("group", { name: "Elements" }).getByRole("checkbox", { checked: true }).count()) >= 2);
    await page.getByRole("button", { name: "Choose all" }).focus();
    await page.keyboard.press("Enter");
    await take.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("application").waitFor();
    await page.getByText(/changes not saved/).first().waitFor();
    const untouched = await read(page, MONITOR, "design");
    scene.check("in the drawing it is not saved", untouched.model === null, untouched.version);
    await page.keyboard.press("Control+s");
    await saved(page);
    const design = await read(page, MONITOR, "design");
    const made = ["zones", "elements", "flows", "views"].reduce((n, list) => n + (design.model[list] ?? []).length, 0);
    scene.check("once saved the design has it", made === before, made, before);
    await page.getByRole("link", { name: "Concept", exact: true }).click();
    await page.getByText("The design has all that the answers state.").waitFor();
  },

  async "two people: what only one said is joined, what both said is asked"() {
    const [ann, dan] = [await scene.signedIn("psirt-lead"), await scene.signedIn("security-engineer")];
    for (const page of [ann, dan]) await open(page, PUMP);
    const before = await read(ann, PUMP);
    const [one, two] = before.questions.filter((row) => row.state === "yes");
    await group(ann, one.text).getByRole("button", { name: "No", exact: true }).click();
    await group(dan, one.text).getByRole("button", { name: "Unknown", exact: true }).click();
    await group(dan, two.text).getByRole("button", { name: "No", exact: true }).click();
    await typed(dan, 2);
    await ann.keyboard.press("Control+s");
    await saved(ann);
    await dan.keyboard.press("Control+s");
    await dan.getByText("Somebody else was faster").waitFor();
    await dan.getByRole("heading", { name: "Changed by both" }).waitFor();
    scene.check("one is asked about", (await dan.getByRole("button", { name: /^Keep mine/ }).count()) === 1);
    await scene.axe(dan, "changed by both");
    scene.check("nothing of it is saved yet", question(await read(dan, PUMP), one.id).state === "no" && question(await read(dan, PUMP), two.id).state === "yes");
    await dan.getByRole("button", { name: /^Take theirs/ }).click();
    await typed(dan, 1);
    await pressed(dan, one.text, "No");
    await dan.keyboard.press("Control+s");
    await saved(dan);
    const after = await read(dan, PUMP);
    scene.check("theirs and the rest of mine are saved", question(after, one.id).state === "no" && question(after, two.id).state === "no", question(after, one.id), question(after, two.id));
    await ann.locator(".question", { hasText: two.text }).getByRole("button", { name: "No", exact: true }).and(ann.locator("[aria-pressed=true]")).waitFor();
    scene.check("who types nothing sees it at once", true);
  },

  async "what is typed is kept: a page that is left, and a discussion that falls out of its sign-off"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, PUMP);
    await page.getByRole("row", { name: /Clinician/ }).getByRole("button", { name: /^Change/ }).first().click();
    await page.getByRole("textbox", { name: "Answer" }).fill("Nothing is done.");
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByText("so the sign-off goes with it").waitFor();
    await draftKept(page);
    await page.goto(url);
    await open(page, PUMP);
    await page.getByText("is here again; it is not saved").waitFor();
    await page.getByRole("cell", { name: "Nothing is done." }).waitFor();
    scene.check("a draft comes back", true);
    await page.keyboard.press("Control+s");
    await saved(page);
    const clinician = (await read(page, PUMP)).stakeholders[0];
    scene.check("a sign-off of something else is none", clinician.open && !clinician.signed_by, clinician);
    await page.getByRole("row", { name: /Clinician/ }).getByText("not signed off").waitFor();
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const paper = page.locator(".paper");
    scene.check("on paper is every question with its answer, and what is open", (await paper.getByText("Concept of").isVisible()) && (await paper.locator("tbody td:first-child[lang=en]").count()) === (await read(page, PUMP)).questions.length
      && (await paper.getByText(/stakeholders open/).isVisible()) && !(await page.getByRole("button", { name: "Add a concern" }).isVisible()));
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
