/*
 * Scenes of the page Finding in Chromium. usage: finding.mjs [SCENE]; prints TAP. Started by finding.py,
 * which says in the environment where the page is served (support/scene.py).
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.TUTELA_WEB}/package.json`);
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const BASE = process.env.TUTELA_URL;
const [ONLY = ""] = process.argv.slice(2);
const PASSWORD = "demonstration-on-this-machine";
const browser = await chromium.launch({ executablePath: process.env.TUTELA_CHROMIUM, args: ["--no-sandbox"] });
let count = 0;
let failed = 0;
const faults = []; /* violations of the policy, errors of scripts, requests to other hosts */

function check(what, good, note = "") {
  count++;
  if (!good) failed++;
  console.log(`${good ? "ok" : "not ok"} ${count} - ${what}`);
  if (!good && note !== "") console.log(`# ${typeof note === "string" ? note : JSON.stringify(note)}`.slice(0, 1500));
}

function watch(page) {
  page.on("console", (message) => /Content Security Policy/.test(message.text()) && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => !request.url().startsWith(BASE) && !/^(blob|about|data|chrome-extension):/.test(request.url()) && faults.push(`asked ${request.url()}`));
}
async function context(options = {}, before = null) {
  const made = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: "Europe/Berlin", locale: "en-GB", ...options });
  made.setDefaultTimeout(20_000);
  if (before) await made.addInitScript(before);
  return made;
}
async function signIn(page, login) {
  await page.goto(`${BASE}/sign-in`);
  await page.locator("input:not([type=password])").first().fill(login);
  await page.locator("input[type=password]").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.locator("header.bar").waitFor();
}
async function person(login, options = {}, before = null) {
  const page = await (await context(options, before)).newPage();
  watch(page);
  await signIn(page, login);
  return page;
}
const ask = (page, path) => page.evaluate(async (at) => (await fetch(at)).json(), path);
async function findings(page, filter, limit = 100) {
  return (await ask(page, `/v1/findings?filter=${encodeURIComponent(filter)}&limit=${limit}&fields=id,vulnerability`)).items.map((one) => one.id);
}
const used = new Set(); /* a finding for each scene */
async function fresh(page, release = "device:larkspur-ip-200 release:4.4.0") {
  for (const id of await findings(page, `${release} state:not-assessed !closed`)) {
    if (used.has(id) || (await ask(page, `/v1/findings/${id}`)).decisions.length) continue;
    used.add(id);
    return id;
  }
  throw new Error("no finding without a decision is left");
}
async function open(page, id, search = "") {
  await page.goto(`${BASE}/findings/${id}${search}`);
  await page.getByRole("heading", { level: 1, name: id.split("/")[0] }).waitFor();
  if (await page.locator("form.dec").count()) await page.locator("form.dec select").last().waitFor();
}
const main = (page) => page.getByRole("button", { name: /Record and ask approval/ });
async function ready(page) {
  await page.locator("form.dec button.main:enabled").waitFor();
}
async function investigate(page, text) {
  await page.getByLabel("Investigating").check({ force: true });
  await page.getByLabel("Rationale").fill(text);
  const role = page.getByLabel("Decided as");
  if ((await role.count()) && !(await role.inputValue())) await role.selectOption({ index: 1 });
}
async function axe(page, what) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => (await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })).violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.failureSummary?.slice(0, 160)}`).join(" | ")}`));
  check(`axe finds nothing: ${what}`, found.length === 0, found);
}
const pagesOf = (pdf) => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;

const scenes = {
  async "looks: axe, no sideways scroll, one page of paper"() {
    const page = await person("psirt-lead");
    const shown = [(await findings(page, "vulnerability:CVE-2023-38545 release:4.4.0"))[0], (await findings(page, "verdict:undecided"))[0], (await findings(page, "state:decided"))[0], (await findings(page, "state:proposed"))[0]];
    for (const [i, id] of shown.entries()) {
      await open(page, id);
      await page.waitForTimeout(300);
      for (const scheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: scheme });
        await axe(page, `${["re-opened", "undecided", "decided", "to sign"][i]}, ${scheme}`);
      }
      await page.setViewportSize({ width: 360, height: 780 });
      const narrow = await page.waitForFunction(() => document.documentElement.scrollWidth <= 360, null, { timeout: 5000 }).then(() => true, () => false);
      check("no sideways scroll at 360 px", narrow, await page.evaluate(() => [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > 361).map((one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 40)}`).slice(0, 5)));
      if (i === 0) await axe(page, "360 px");
      await page.setViewportSize({ width: 1280, height: 900 });
      check("its print is one page", pagesOf(await page.pdf({ preferCSSPageSize: true })) === 1);
    }
    await page.evaluate(() => (document.documentElement.dataset.contrast = "more"));
    await axe(page, "high contrast");
    const id = await fresh(page);
    await open(page, id);
    await investigate(page, "‮long <b>text</b> é ".repeat(500));
    check("with a rationale of 10 000 characters as well", pagesOf(await page.pdf({ preferCSSPageSize: true })) === 1);
    await page.getByRole("button", { name: "Throw the draft away" }).click();
  },

  async "a decision from the form to the signature of another"() {
    const page = await person("psirt-lead");
    const id = await fresh(page);
    await open(page, id);
    check("nothing can be recorded before a status is chosen", await main(page).isDisabled());
    await page.locator("h1").click();
    await page.keyboard.press("2");
    await page.getByLabel("Justification").selectOption("vulnerable_code_not_in_execute_path");
    await page.getByLabel("Impact").fill("The server is built without this module.");
    await ready(page);
    check("what it would do is said before", /Closes 1 finding in 1 release.*1 statement/s.test(await page.locator("form.dec .sign").innerText()), await page.locator("form.dec .sign").innerText());
    check("and that another person has to sign", (await page.locator("form.dec .sign").innerText()).includes("until 1 other person signs"));
    await page.keyboard.press("Control+Enter");
    await page.getByRole("heading", { name: "Proposed decision" }).waitFor();
    check("who proposed is not offered the signature", (await page.getByRole("button", { name: "Sign the approval" }).count()) === 0);
    const other = await person("safety-engineer");
    await open(other, id);
    await other.getByRole("button", { name: "Sign the approval" }).click();
    await other.getByRole("status").filter({ hasText: "Approved. It applies to 1 finding." }).waitFor();
    const now = await ask(other, `/v1/findings/${id}`);
    check("it is decided", now.state === "decided" && now.status === "not_affected", now.state);
    check("no draft is left", (await ask(page, `/v1/drafts/form?subject=finding:${id}`)).content === null);
    const looks = await person("auditor");
    await open(looks, id);
    check("an auditor sees it and is offered nothing", (await looks.locator("form.dec").count()) === 0 && (await looks.getByRole("button", { name: /Sign|Reject|Record/ }).count()) === 0);
    await axe(looks, "auditor");
  },

  async "two people decide the same finding"() {
    const one = await person("psirt-lead");
    const two = await person("safety-engineer");
    const id = await fresh(one);
    await open(one, id);
    await investigate(one, "Theirs was first.");
    await ready(one);
    await open(two, id);
    await two.getByText("PSIRT lead also has this form open").waitFor();
    check("who else has the form open is shown", true);
    await investigate(two, "Mine came second.");
    await ready(two);
    await main(one).click();
    await one.getByRole("heading", { name: "Proposed decision" }).waitFor();
    await main(two).click();
    const dialog = two.getByRole("dialog");
    await dialog.getByText("Somebody else decided first").waitFor();
    const text = await dialog.innerText();
    check("both texts are side by side", text.includes("Theirs was first.") && text.includes("Mine came second.") && text.includes("differs"), text);
    await axe(two, "conflict");
    await dialog.getByRole("button", { name: "Keep mine as a draft" }).click();
    check("what was typed is still there", (await two.getByLabel("Rationale").inputValue()) === "Mine came second.");
    check("nothing was overwritten", (await ask(two, `/v1/findings/${id}`)).decisions.filter((it) => it.current).length === 1);
    await main(two).isDisabled() || (await main(two).click());
    if (!(await dialog.count())) await two.getByRole("button", { name: "See both side by side" }).click();
    await dialog.getByRole("button", { name: "Put mine in its place" }).click();
    await ready(two);
    check("it is said whose place it takes", (await two.locator("form.dec .sign").innerText()).includes("Takes the place of"));
    await main(two).click();
    await two.getByRole("heading", { name: "Proposed decision" }).waitFor();
    check("the second one stands, knowingly", (await two.locator("pre").innerText()).includes("Mine came second."));
  },

  async "the session ends in the middle of the form"() {
    const page = await person("psirt-lead");
    const id = await fresh(page);
    await open(page, id);
    await investigate(page, "Typed before the session ended.");
    await page.context().clearCookies();
    await page.getByLabel("Rationale").pressSequentially(" And after.");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    check("the password is asked over the form", (await page.getByLabel("Rationale").inputValue()).endsWith("And after."));
    await dialog.locator("input[type=password]").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await ready(page);
    await main(page).click();
    await page.getByRole("heading", { name: "Proposed decision" }).waitFor();
    check("and it is recorded with all that was typed", (await page.locator("pre").innerText()).includes("Typed before the session ended. And after."));
  },

  async "back and forward through a half-filled form"() {
    const page = await person("psirt-lead");
    const id = await fresh(page);
    await page.goto(`${BASE}/findings`);
    await page.getByRole("heading", { name: "Findings" }).waitFor();
    await open(page, id);
    await investigate(page, "Half a sentence");
    await page.goBack();
    await page.getByRole("heading", { name: "Findings" }).waitFor();
    await page.goForward();
    await page.getByLabel("Rationale").waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((one) => one.value === "Half a sentence"));
    check("nothing typed is lost", await page.getByLabel("Investigating").isChecked());
    await page.reload();
    await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((one) => one.value === "Half a sentence"));
    check("nor by loading the page again", true);
    await page.getByRole("button", { name: "Throw the draft away" }).click();
    await page.waitForFunction(() => [...document.querySelectorAll("textarea")].every((one) => one.value === ""));
    check("until it is thrown away", true);
  },

  async "two tabs as two users"() {
    const first = await person("psirt-lead");
    const id = await fresh(first);
    await open(first, id);
    await investigate(first, "By the PSIRT lead.");
    await ready(first);
    await first.getByText(/Draft kept/).waitFor();
    const second = await first.context().newPage();
    watch(second);
    await second.goto(`${BASE}/`);
    await first.context().clearCookies();
    await signIn(second, "safety-engineer");
    await main(first).click();
    await first.waitForTimeout(1200);
    const now = await ask(second, `/v1/findings/${id}`);
    check("nothing is recorded in another's name", now.decisions.length === 0, now.decisions);
    check("and the text is still there", (await first.getByLabel("Rationale").inputValue()) === "By the PSIRT lead.");
  },

  async "storage is not allowed"() {
    const page = await person("psirt-lead", {}, () => {
      for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get: () => { throw new DOMException("denied", "SecurityError"); } });
    });
    const id = await fresh(page);
    await open(page, id);
    await investigate(page, "Without storage.");
    await page.getByText(/Draft kept, /).waitFor();
    check("the draft is kept on the service", (await ask(page, `/v1/drafts/form?subject=finding:${id}`)).content.includes("Without storage."));
    await page.route("**/v1/**", (route) => route.abort());
    await page.getByLabel("Rationale").pressSequentially(" More.");
    await page.getByText("Draft is kept nowhere").waitFor();
    check("and it is said when it is kept nowhere", true);
  },

  async "the network fails"() {
    const page = await person("psirt-lead");
    const id = await fresh(page);
    await open(page, id);
    await page.route("**/v1/**", (route) => route.abort());
    await investigate(page, "Typed without a network.");
    await page.getByText("It could not be checked").waitFor();
    check("what could not be checked cannot be recorded", await main(page).isDisabled());
    await page.getByText("Draft kept on this computer only").waitFor();
    check("the draft is kept here", true);
    await page.unroute("**/v1/**");
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await ready(page);
    await page.getByText(/Draft kept, /).waitFor();
    check("and goes to the service when it is back", (await ask(page, `/v1/drafts/form?subject=finding:${id}`)).content.includes("without a network"));
    await page.route("**/v1/decisions", async (route) => { await route.fetch(); await route.abort(); });
    await main(page).click();
    await page.getByRole("alert").waitFor();
    await page.unroute("**/v1/decisions");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.waitForTimeout(600);
    if (await main(page).isEnabled()) await main(page).click();
    await page.waitForTimeout(600);
    check("an answer that was lost records nothing twice", (await ask(page, `/v1/findings/${id}`)).decisions.length === 1, (await ask(page, `/v1/findings/${id}`)).decisions.length);
  },

  async "a clock that is ten years off"() {
    const right = await person("psirt-lead");
    const id = (await findings(right, "vulnerability:CVE-2023-38545 release:4.4.0"))[0];
    await open(right, id);
    const wrong = await person("psirt-lead", {}, () => {
      const now = Date.now;
      Date.now = () => now() + 3653 * 86_400_000;
    });
    await open(wrong, id);
    const left = (page) => page.getByRole("region", { name: "Deadlines" }).locator("tbody").innerText();
    check("the time left is the service's", (await left(right)) === (await left(wrong)), [await left(right), await left(wrong)]);
  },

  async "50 findings by keyboard alone"() {
    const page = await person("psirt-lead");
    await page.goto(`${BASE}/findings?filter=${encodeURIComponent("device:alder-pm-50 release:2.4.2 state:not-assessed")}`);
    await page.getByRole("heading", { name: "Findings" }).waitFor();
    await page.locator("[role=grid], [role=treegrid]").waitFor();
    await page.waitForFunction(() => document.querySelectorAll("[role=grid] [role=row], [role=treegrid] [role=row]").length > 5);
    for (let i = 0; i < 60 && !(await page.evaluate(() => /grid/.test(document.activeElement?.getAttribute("role") ?? ""))); i++) await page.keyboard.press("Tab");
    for (let i = 0; i < 10 && new URL(page.url()).pathname === "/findings"; i++) {
      await page.keyboard.press("Home");
      await page.keyboard.press("Enter");
      await page.waitForURL((to) => to.pathname !== "/findings", { timeout: 3000 }).catch(() => undefined);
    }
    await page.locator("form.dec").waitFor();
    const begun = Date.now();
    const decided = [];
    for (let i = 0; i < 50; i++) {
      await page.locator("form.dec select").last().waitFor();
      await page.waitForFunction(() => [...document.querySelectorAll("form.dec select")].at(-1)?.value === "PSIRT lead");
      decided.push(new URL(page.url()).pathname);
      await page.keyboard.press("4");
      await page.locator("form.dec button.main:enabled").waitFor();
      await page.keyboard.press("Control+Enter");
      await page.getByRole("heading", { name: "Proposed decision" }).waitFor();
      const before = page.url();
      if (i < 49) {
        await page.keyboard.press("J");
        await page.waitForFunction((url) => location.href !== url, before);
      }
    }
    console.log(`# 50 findings in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    const made = await ask(page, "/v1/decisions?device=alder-pm-50&state=proposed&limit=200");
    check("50 different findings are assessed, 50 decisions wait", new Set(decided).size === 50 && made.items.length >= 50, [new Set(decided).size, made.items.length]);
  },
};

for (const [name, scene] of Object.entries(scenes)) {
  if (!name.includes(ONLY)) continue;
  console.log(`# ${name}`);
  try {
    await scene();
  } catch (error) {
    check(name, false, String(error).slice(0, 700));
  }
  for (const one of browser.contexts()) await one.close();
}
check("no violation of the policy, no error of a script, no request to another host", faults.length === 0, faults);
console.log(`1..${count}`);
await browser.close();
process.exit(failed ? 1 : 0);
