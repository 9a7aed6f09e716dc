/*
 * The tab Design of a device: what is drawn and stated, by mouse, by keys and in tables; threats and the
 * decisions on them; two people at one design; drafts; paper. usage: design.mjs [SCENE]; prints TAP.
 * Started by design.py. The pump has a model (examples/infusion-pump), the monitor has none.
 */
import { begin, url } from "./support/browser.mjs";

const [ONLY = ""] = process.argv.slice(2);
const scene = await begin();
scene.expect(/412 \(Precondition Failed\)/); /* two people */
scene.expect(/422 \(Unprocessable/); /* a model that the service refuses */
const PUMP = "larkspur-ip-200";
const MONITOR = "alder-pm-50";
const EVIL = "\u202E<b>bold</b> <img src=x onerror=alert(1)> {{7*7}} ${x} =cmd|'/C calc'!A0 \u05E9\u05DC\u05D5\u05DD ";

const at = (device, show = "drawing") => `${url}/devices/${device}/design?show=${show}`;
async function open(page, device, show = "drawing") {
  await page.goto(at(device, show));
  await page.getByRole("navigation", { name: "Parts of the design" }).or(page.getByRole("heading", { name: "No design yet" })).first().waitFor();
}
const ask = (page, path, sent = null) =>
  page.evaluate(async ([to, how]) => {
    const me = await (await fetch("/v1/me")).json();
    const got = await fetch(to, how ? { method: how.method, headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf, "If-Match": how.etag ?? "*" }, body: how.body ? JSON.stringify(how.body) : undefined } : {});
    return { status: got.status, etag: got.headers.get("ETag"), json: await got.json().catch(() => null) };
  }, [path, sent]);
const read = async (page, device) => (await ask(page, `/v1/devices/${device}/design`)).json;
const of = (design, list, id) => design.model[list].find((one) => one.id === id);
const canvas = (page) => page.getByRole("application");
const element = (page, name) => page.locator(".el", { hasText: name }).first();
/* Where in a part of the picture the mouse is to go; asked for when the picture no longer moves. */
function under(part, share) {
  return part.evaluate((node, width) => new Promise((done) => {
    const at = () => { const box = node.getBoundingClientRect(); return [box.x + box.width * width, box.y + box.height / 2]; };
    let last = at();
    let still = 0;
    const look = () => {
      const now = at();
      still = String(now) === String(last) ? still + 1 : 0;
      last = now;
      if (still < 8) requestAnimationFrame(look);
      else done(now);
    };
    look();
  }), share);
}
async function drawn(page, name) {
  await element(page, name).waitFor();
  await page.getByText("arranging …").waitFor({ state: "detached" });
}
const save = async (page) => {
  await page.getByRole("button", { name: /^Save/ }).click();
  await page.getByText("All is saved").waitFor();
};
const checked = (page) => page.getByRole("group", { name: "What was found" }).getByText("checking …").waitFor({ state: "detached" });
const row = (page, name) => page.getByRole("row").filter({ has: page.getByRole("button", { name, exact: true }) });

const scenes = {
  async "looks: each part in light and dark, narrow, high contrast, in German"() {
    const page = await scene.signedIn("psirt-lead");
    for (const show of ["drawing", "tables", "threats", "questions", "lints"]) {
      await open(page, PUMP, show);
      if (show === "drawing") {
        await drawn(page, "Hospital gateway");
        await element(page, "Hospital gateway").click();
        await page.getByRole("heading", { name: "Hospital gateway" }).waitFor();
        await page.locator("details summary", { hasText: "operating system is beyond" }).click();
      }
      if (show === "tables") await page.getByRole("button", { name: "Order for a pump" }).or(page.getByRole("button", { name: "Network process", exact: true })).first().click();
      if (show === "threats") {
        await page.getByRole("button", { name: "The operating system is beyond the end of its support" }).click();
        await page.getByRole("radio", { name: "Accept the risk" }).check();
      }
      await checked(page);
      for (const scheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: scheme });
        await scene.axe(page, `${show}, ${scheme}`);
      }
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize({ width: 360, height: 780 });
      await scene.fits(page, `${show} at 360 px`);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    await page.evaluate(() => (document.documentElement.dataset.contrast = "more"));
    await scene.axe(page, "high contrast");
    await page.evaluate(() => localStorage.setItem("tutela.settings", JSON.stringify({ language: "de" })));
    await page.setViewportSize({ width: 360, height: 780 });
    await page.goto(at(PUMP, "threats"));
    await page.getByRole("navigation", { name: "Teile des Entwurfs" }).waitFor();
    await page.getByRole("columnheader", { name: "Bedrohung" }).waitFor();
    await scene.fits(page, "German at 360 px");
    await scene.axe(page, "German");
  },

  async "who may not set up a device looks, and is offered nothing"() {
    const page = await scene.signedIn("auditor");
    await open(page, PUMP);
    await drawn(page, "Hospital gateway");
    await scene.becomes("it is said", () => page.getByText("You look at this design").isVisible());
    scene.check("nothing to save, add or take out", (await page.getByRole("button", { name: /^(Save|Undo|Element|Zone|Take out|Arrange)/ }).count()) === 0);
    await element(page, "Hospital gateway").click({ delay: 200 }); /* as long as a person's */
    await page.getByRole("heading", { name: "Hospital gateway" }).waitFor();
    scene.check("what is stated is text", (await page.locator(".right input, .right textarea, .right select").count()) === 0 && (await page.locator(".right .fields").innerText()).includes("Pump network"));
    await canvas(page).focus();
    await page.keyboard.press("Delete");
    await page.keyboard.press("ArrowRight");
    scene.check("keys change nothing", (await element(page, "Hospital gateway").count()) === 1 && (await page.getByText(/not saved/).count()) === 0);
    await scene.axe(page, "as auditor");
    await open(page, PUMP, "threats");
    await page.getByRole("button", { name: "The operating system is beyond the end of its support" }).click();
    scene.check("no decision is offered", (await page.getByRole("radio").count()) === 0);
    await open(page, MONITOR);
    await scene.becomes("a device without a design says that nothing is known", () => page.getByText("Nothing is known of what this device consists of").isVisible());
    scene.check("and who begins it", (await page.getByRole("button", { name: "Begin the design" }).count()) === 0);
    const analyst = await scene.signedIn("security-engineer");
    await open(analyst, PUMP, "threats");
    await analyst.getByRole("button", { name: "The operating system is beyond the end of its support" }).click();
    await analyst.getByRole("button", { name: /^Undo/ }).waitFor();
    scene.check("an analyst draws but does not decide", (await analyst.getByRole("radio").count()) === 0);
  },

  async "by keys alone from nothing to a saved drawing and its paper"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, MONITOR);
    await scene.axe(page, "no design yet");
    await page.getByRole("button", { name: "Begin the design" }).focus();
    await page.keyboard.press("Enter");
    await canvas(page).waitFor();
    const put = async (key, name, kind = "") => {
      await canvas(page).focus();
      await page.keyboard.press(key);
      await page.getByRole("form", { name: /^New/ }).waitFor();
      await page.keyboard.type(name);
      if (kind) {
        await page.keyboard.press("Tab");
        await page.keyboard.type(kind);
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Enter");
      await page.getByRole("form", { name: /^New/ }).waitFor({ state: "detached" });
    };
    await put("Z", "Bedside");
    await put("N", "Monitor", "process");
    await put("N", "Nurse", "actor");
    await scene.becomes("an element goes into the zone that was chosen", async () => (await page.getByRole("img", { name: /^Monitor, process in Bedside/ }).count()) === 1);
    await page.keyboard.press("C");
    await page.getByText(/^Flow to /).first().waitFor();
    for (let i = 0; i < 4 && !(await page.getByText("Flow to Monitor?").count()); i++) await page.keyboard.press("J");
    await page.keyboard.press("Enter");
    await page.getByRole("img", { name: /flow from Nurse to Monitor/ }).waitFor({ state: "attached" });
    scene.check("a flow is drawn from the chosen element", true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("J");
    const active = () => page.evaluate(() => document.getElementById(document.querySelector("[role=application]").getAttribute("aria-activedescendant") ?? "")?.getAttribute("aria-label") ?? "");
    const first = await active();
    await page.keyboard.press("J");
    scene.check("J goes on, and what is reached has a name", first !== "" && (await active()) !== first, first, await active());
    await page.keyboard.press("Control+z");
    await scene.becomes("one step back takes the flow away", async () => (await page.getByRole("img", { name: /flow from Nurse/ }).count()) === 0);
    await page.keyboard.press("Control+Shift+Z");
    await page.getByRole("img", { name: /flow from Nurse to Monitor/ }).waitFor({ state: "attached" });
    await checked(page);
    await page.keyboard.press("Control+s");
    await page.getByText("All is saved").waitFor();
    const saved = await read(page, MONITOR);
    scene.check("the service has it", saved.model.elements.length === 2 && saved.model.zones.length === 1 && saved.model.flows.length === 1 && saved.model.flows[0].from === "nurse", saved.model);
    scene.check("with the places", Object.keys(saved.positions["*"] ?? {}).length >= 2, saved.positions);
    await page.getByRole("link", { name: /^Questions/ }).click();
    await page.getByRole("cell").first().waitFor();
    await scene.becomes("what is not stated is asked", async () => (await page.getByRole("row").count()) > 1);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    scene.check("it prints", pdf.length > 5000);
    await page.getByRole("link", { name: "Drawing" }).click();
    await drawn(page, "Nurse");
    await element(page, "Nurse").click();
    await canvas(page).focus();
    await page.keyboard.press("Delete");
    await page.getByRole("img", { name: /^Nurse/ }).waitFor({ state: "detached" });
    await scene.becomes("taking an element out takes its flow", async () => (await page.getByRole("img", { name: /flow from/ }).count()) === 0);
    await page.getByRole("button", { name: "Drop all changes" }).click();
    await page.getByRole("img", { name: /^Nurse/ }).waitFor();
    await scene.becomes("dropping all changes brings both back", async () => (await page.getByRole("img", { name: /flow from Nurse/ }).count()) === 1);
  },

  async "the tables do what the drawing does"() {
    const page = await scene.signedIn("safety-engineer");
    await open(page, PUMP, "tables");
    await page.getByLabel("View").selectOption("*");
    const lists = page.getByLabel("List", { exact: true });
    await page.getByRole("button", { name: "Element", exact: true }).click();
    const beside = page.locator(".right");
    await beside.getByLabel("Name").fill("Nurse station");
    await beside.getByLabel("Kind").selectOption("hardware");
    await beside.getByLabel("Zone").selectOption({ label: "Ward" });
    await beside.getByLabel("In the field").fill("many");
    await scene.becomes("a number that is none is said and changes nothing", () => beside.getByText("A whole number from 1").isVisible());
    await beside.getByLabel("In the field").fill("40");
    await beside.locator("summary", { hasText: "Functions" }).click();
    await beside.getByRole("checkbox", { name: "display" }).check();
    await beside.getByRole("combobox", { name: "Add a fact: Fact" }).fill("listener");
    await beside.getByRole("textbox", { name: "Add a fact: Value" }).fill("yes");
    await page.keyboard.press("Enter");
    await lists.selectOption("flows");
    await page.getByRole("button", { name: "Flow", exact: true }).click();
    await beside.getByLabel("Name").fill("Alarm to the station");
    await beside.getByLabel("From").selectOption({ label: "Alarm processor" });
    await beside.getByLabel("To", { exact: true }).selectOption({ label: "Nurse station" });
    await beside.locator("summary", { hasText: "Carries" }).click();
    await beside.getByRole("checkbox", { name: "alarm" }).check();
    await lists.selectOption("views");
    await page.getByRole("button", { name: "View", exact: true }).click();
    await beside.getByLabel("Title").fill("Alarm at the station");
    await beside.locator("summary", { hasText: "Elements" }).click();
    await beside.getByRole("searchbox", { name: "Find: Elements" }).fill("nurse stat");
    await beside.getByRole("checkbox", { name: "Nurse station" }).check();
    await beside.getByRole("searchbox", { name: "Find: Elements" }).fill("alarm proc");
    await beside.getByRole("checkbox", { name: "Alarm processor" }).check();
    await checked(page);
    await scene.axe(page, "while it is typed");
    await save(page);
    const saved = await read(page, PUMP);
    const made = saved.model.elements.find((one) => one.name === "Nurse station");
    scene.check("the element is whole", made?.kind === "hardware" && made.zone === "ward" && made.count === 40 && made.functions[0] === "display" && made.facts.listener === "yes", made);
    const flow = saved.model.flows.find((one) => one.name === "Alarm to the station");
    scene.check("the flow has its ends", flow?.from === "alarm" && flow.to === made?.id && flow.carries[0] === "alarm", flow);
    scene.check("the view shows two elements", saved.model.views.find((one) => one.title === "Alarm at the station")?.elements.length === 2);
    await page.getByRole("link", { name: "Drawing" }).click();
    await drawn(page, "Nurse station");
    await scene.becomes("the drawing shows the same", async () => (await page.locator(".el").count()) === 2);
    await page.getByRole("link", { name: "Tables" }).click();
    await page.getByLabel("View").selectOption("*");
    await lists.selectOption("elements");
    await row(page, "Nurse station").getByRole("button", { name: /^Take out/ }).click();
    await save(page);
    const after = await read(page, PUMP);
    scene.check("what is taken out takes its flow and its mention with it", !after.model.elements.some((one) => one.id === made.id) && !after.model.flows.some((one) => one.to === made.id) && after.model.views.find((one) => one.title === "Alarm at the station").elements.length === 1);
  },

  async "a drag, and into another zone"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, PUMP);
    await page.getByLabel("View").selectOption("*");
    await drawn(page, "Wipe tool");
    const [x, y] = await under(element(page, "Wipe tool"), 1 / 2);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 30, y + 14, { steps: 5 });
    await page.mouse.up();
    await page.getByText("1 change not saved").waitFor();
    scene.check("a drag is one change, whatever has a place by it", true);
    const goal = await under(element(page, "Pharmacist"), 1 / 2);
    await page.mouse.move(...(await under(element(page, "Wipe tool"), 1 / 2)));
    await page.mouse.down();
    await page.mouse.move(...goal, { steps: 8 });
    await page.mouse.up();
    await page.getByRole("img", { name: /^Wipe tool, process in Hospital IT/ }).waitFor();
    scene.check("dropped in another zone it is in that zone", true);
    await page.keyboard.press("Control+z");
    await page.getByRole("img", { name: /^Wipe tool, process in Pump network/ }).waitFor();
    scene.check("and one step back in its own", true);
    await page.keyboard.press("Control+z");
    await page.getByText("All is saved").waitFor();
    scene.check("two steps back nothing is changed", true);
    const flow = page.getByRole("img", { name: /flow from Nurse to Patient/ });
    await element(page, "Nurse").hover();
    const dot = page.locator(".svelte-flow__node", { has: page.getByRole("img", { name: /^Nurse, / }) }).locator(".dot");
    const patient = page.locator(".svelte-flow__node", { has: page.getByRole("img", { name: /^Patient, / }) });
    await page.mouse.move(...(await under(dot, 1 / 2)));
    await page.mouse.down();
    /* the picture moves along when the mouse comes near its border, so where the patient is is asked for until the mouse is there */
    for (let i = 0, there = false; i < 40 && !there; i++) {
      await page.mouse.move(...(await under(patient, 1 / 3)), { steps: 8 });
      there = await patient.evaluate((node) => node.matches(":hover"));
    }
    await page.mouse.up();
    await flow.waitFor({ state: "attached" });
    await scene.becomes("a flow is drawn from the dot of an element to another, wherever it is let go", async () => (await flow.count()) === 1);
    await page.keyboard.press("Control+z");
    await page.getByText("All is saved").waitFor();
  },

  async "a threat is accepted, and the decision is taken back"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, PUMP, "threats");
    const title = "A general-purpose operating system with open services can be stopped by ransomware";
    await page.getByRole("button", { name: title }).click();
    await page.getByRole("radio", { name: "Accept the risk" }).check();
    await page.getByRole("button", { name: "Accept this threat" }).click();
    await scene.becomes("a reason and a day are asked for", async () => (await page.getByText("A reason is needed").isVisible()) && (await page.getByText("An acceptance needs a last day.").isVisible()));
    await page.getByLabel("Why", { exact: true }).fill("The gateway is rebuilt within an hour.");
    await page.getByLabel("Until").fill("2027-06-30");
    await page.getByRole("button", { name: "Accept this threat" }).click();
    await page.getByRole("button", { name: "Take the decision back" }).waitFor();
    const now = (await ask(page, `/v1/devices/${PUMP}/design/threats?limit=500`)).json.items.find((one) => one.title === title && one.at === "gateway");
    scene.check("it is accepted, by who is in", now.outcome === "accepted" && now.disposition.reason === "The gateway is rebuilt within an hour." && now.disposition.by !== "", now);
    await scene.becomes("and not among the open ones", async () => (await page.getByRole("cell").filter({ hasText: title }).count()) === 0);
    await scene.axe(page, "a decided threat");
    await page.getByRole("button", { name: "Take the decision back" }).click();
    await page.getByRole("cell").filter({ hasText: title }).waitFor();
    scene.check("taken back it is open again", true);
    await page.getByRole("link", { name: "Tables" }).click();
    await page.getByRole("button", { name: "Nurse", exact: true }).click();
    await page.locator(".right").getByLabel("Name").fill("Nurse on duty");
    await page.getByRole("link", { name: /^Threats/ }).click();
    await page.getByRole("button", { name: title }).click();
    await page.getByRole("radio", { name: "Not applicable" }).check();
    await scene.becomes("a decision waits until the design is saved, and says so", async () => (await page.getByRole("button", { name: "Record as not applicable" }).isDisabled()) && (await page.getByText("Save the design first").isVisible()));
    await page.getByRole("button", { name: "Drop all changes" }).click();
  },

  async "two people change one design"() {
    const one = await scene.signedIn("psirt-lead");
    const two = await scene.signedIn("safety-engineer");
    for (const page of [one, two]) {
      await open(page, PUMP, "tables");
      await page.getByLabel("View").selectOption("*");
      await page.getByRole("button", { name: "Key store", exact: true }).click();
      await page.locator(".right").getByLabel("Name").waitFor();
    }
    await two.locator(".right").getByLabel("In the field").fill("6001");
    await two.locator(".right").getByLabel("Name").fill("Mine");
    await one.locator(".right").getByLabel("Name").fill("Theirs");
    await one.locator(".right").getByLabel("Patients at a time").fill("2");
    await save(one);
    await two.getByText("Somebody else has saved this design meanwhile.").waitFor();
    await scene.becomes("who works on it hears of it, and keeps what is typed", async () => (await two.locator(".right").getByLabel("Name").inputValue()) === "Mine");
    await two.getByRole("button", { name: /^Save/ }).click();
    await two.getByRole("heading", { name: "Changed by both" }).waitFor();
    await scene.axe(two, "what both changed");
    const rows = two.getByRole("row").filter({ has: two.getByRole("button", { name: /^Take theirs/ }) });
    await scene.becomes("only what both changed differently is asked", async () => (await rows.count()) === 1 && (await rows.first().innerText()).includes("Theirs"));
    await rows.first().getByRole("button", { name: /^Take theirs/ }).click();
    await save(two);
    const now = of(await read(two, PUMP), "elements", "keystore");
    scene.check("the rest of both is there", now.name === "Theirs" && now.patients === 2 && now.count === 6001, now);
  },

  async "nothing typed is lost"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, PUMP, "tables");
    await page.getByLabel("View").selectOption("*");
    await page.getByRole("button", { name: "Drug library", exact: true }).click();
    await page.locator(".right").getByLabel("Name").fill("Library of drugs");
    await page.getByText(/draft kept/).waitFor();
    await page.goto(`${url}/ledger`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const other = await scene.signedIn("safety-engineer");
    const said = await ask(other, `/v1/devices/${PUMP}/design`);
    const model = structuredClone(said.json.model);
    model.elements.find((one) => one.id === "log").name = "Log of events";
    await ask(other, `/v1/devices/${PUMP}/design`, { method: "PUT", etag: said.etag, body: { model } });
    await open(page, PUMP, "tables");
    await page.getByText("Your changes of the last time are here again").waitFor();
    await page.getByLabel("View").selectOption("*");
    await scene.becomes("what was typed is back, over what was saved meanwhile", async () => (await row(page, "Library of drugs").count()) === 1 && (await row(page, "Log of events").count()) === 1);
    await save(page);
    scene.check("and is saved", of(await read(page, PUMP), "elements", "library").name === "Library of drugs" && of(await read(page, PUMP), "elements", "log").name === "Log of events");
    scene.check("no draft is left", (await ask(page, `/v1/drafts/form?subject=device:${PUMP}`)).json.content === null);
  },

  async "text of strangers is text"() {
    const page = await scene.signedIn("psirt-lead");
    const said = await ask(page, `/v1/devices/${PUMP}/design`);
    const model = structuredClone(said.json.model);
    const long = (EVIL + "word ").repeat(40).slice(0, 3000);
    Object.assign(model.elements.find((one) => one.id === "gateway"), { name: EVIL, description: long });
    Object.assign(model.flows[0], { name: long.slice(0, 900) });
    model.zones[0].name = EVIL;
    model.controls[0].title = long.slice(0, 900);
    const put = await ask(page, `/v1/devices/${PUMP}/design`, { method: "PUT", etag: said.etag, body: { model } });
    scene.check("it is taken", put.status === 200, put);
    for (const show of ["drawing", "tables", "threats", "questions", "lints"]) {
      await open(page, PUMP, show);
      await checked(page);
      if (show === "drawing") await drawn(page, "bold");
      scene.check(`${show}: it is only text`, (await page.locator("main b b, main img[src=x]").count()) === 0 && (await page.getByText("<b>bold</b>").count()) > 0 || show === "questions" || show === "lints" || show === "threats");
      await page.setViewportSize({ width: 360, height: 780 });
      await scene.fits(page, `${show} at 360 px`);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    await open(page, PUMP, "tables");
    await page.getByRole("row").filter({ hasText: "<b>bold</b>" }).getByRole("button").first().click();
    await scene.axe(page, "hostile text");
    await ask(page, `/v1/devices/${PUMP}/design`, { method: "PUT", etag: put.etag, body: { model: said.json.model } });
  },

  async "what the service refuses is said, and nothing is lost"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, PUMP, "tables");
    await page.getByLabel("View").selectOption("*");
    await page.getByLabel("List", { exact: true }).selectOption("zones");
    await page.getByRole("button", { name: "Ward", exact: true }).click();
    await page.locator(".right").getByLabel("In zone").selectOption({ label: "Ward" });
    await page.getByText("This was not checked").waitFor();
    await scene.becomes("a zone in itself: what is shown is said to be older", () => page.getByText("What is shown below is of the design before your last changes.").isVisible());
    await page.getByRole("button", { name: /^Save/ }).click();
    await page.getByRole("alert").filter({ hasText: "zones" }).first().waitFor();
    await scene.becomes("it is not saved, and what was typed stays", async () => (await page.getByText("1 change not saved").count()) === 1 && (await page.locator(".right").getByLabel("In zone").inputValue()) === "ward");
    await page.getByRole("button", { name: /^Undo/ }).click();
    await page.getByText("This was not checked").waitFor({ state: "detached" });
    await scene.becomes("one step back all is well", async () => (await page.getByText("All is saved").count()) === 1);
  },

  async "it prints each view"() {
    const page = await scene.signedIn("psirt-lead");
    await open(page, PUMP);
    await drawn(page, "Hospital gateway");
    await checked(page);
    const views = (await read(page, PUMP)).model.views.length;
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const count = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    scene.check(`a page for each of ${views} views and more for the tables`, count > views, String(count));
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await scene.becomes("each view is a picture with a name", async () => (await page.locator(".paper svg[role=img]").count()) >= views - 1 && (await page.locator(".paper .el").count()) > 20);
    await scene.becomes("and nothing to operate is on paper", async () => !(await canvas(page).isVisible()) && !(await page.getByRole("button", { name: /^Save/ }).isVisible()));
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
