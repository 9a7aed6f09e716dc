/*
 * Each role on each page: the rail has the pages that are for it, a page has the buttons of what it may
 * do and none else, and an address that is not for it says so. A page that asks the service for what
 * the role may not have writes an error to the console, which fails the scene.
 */
import { execFileSync } from "node:child_process";
import { begin, url } from "./support/browser.mjs";

const PEOPLE = { viewer: "looks", analyst: "security-engineer", approver: "psirt-lead", administrator: "administrator", auditor: "auditor", customer: "hospital" };
/* docs/internals/access.md */
const CLASSES = {
  viewer: ["read"],
  analyst: ["read", "write", "setup"],
  approver: ["read", "write", "approve", "publish", "setup", "audit"],
  administrator: ["read", "setup", "audit", "admin"],
  auditor: ["read", "audit"],
  customer: [],
};
const RAIL = [
  ["/", "read"], ["/findings", "read"], ["/deadlines", "read"], ["/cases", "read"], ["/signals", "read"], ["/components", "read"],
  ["/statements", "read"], ["/intelligence", "read"], ["/ledger", "audit"], ["/admin", "admin"],
];

const data = ["--data", process.env.TUTELA_DATA];
const admin = (...said) => execFileSync(process.env.TUTELA_PROGRAM, ["admin", ...said, ...data], { input: `${process.env.TUTELA_PASSWORD}\n` });
admin("user", "add", PEOPLE.viewer, "--own-password", "--name", "Who looks", "--role", "viewer");
for (const team of ["Pumps", "Monitors", "Cloud"]) admin("team", "join", team, "--user", PEOPLE.viewer);

const scene = await begin();
const lead = await scene.signedIn(PEOPLE.approver);
const of = (path) => lead.evaluate(async (to) => (await fetch(to)).json(), path);
const first = async (path, fits = () => true) => (await of(path)).items.find(fits);
const e = encodeURIComponent;
const finding = (row) => `/findings/${row.id.split("/").map(e).join("/")}`;
const releases = [];
for (const device of ["larkspur-ip-200", "alder-pm-50", "sorrel-gateway"]) releases.push(...(await of(`/v1/devices/${device}/releases`)).items);
const draft = releases.find((row) => row.state === "draft");
const isFree = await first("/v1/cases?state=open", (row) => row.owner === null);
const signal = await first("/v1/signals", (row) => row.state === "received" || row.state === "acknowledged");
const published = await first("/v1/statements", (row) => row.state === "published");
const proposed = await first("/v1/findings?filter=state%3Aproposed&limit=20");
const untouched = await first("/v1/findings?filter=state%3Anot-assessed&limit=1");
scene.check("the workspace has a thing of each kind", draft && isFree && signal && published && proposed && untouched, { draft, isFree, signal, published, proposed, untouched });

/* address, the class that the page is for, and what it offers: [role, name, class, only to who sees everything] */
const PAGES = [
  ["/", "read", [["button", "Export", "read"], ["button", "Add a device", "setup", true]]],
  ["/findings", "read", [["button", "Open Enter", "read"], ["button", /^Decide together/, "write"]]],
  ["/deadlines", "read", [["button", /^Record evidence|^Open a case/, "write"]]],
  ["/cases", "read", [["button", "Open a case", "write"]]],
  [`/cases/${isFree.id}`, "read", [["button", "Take it", "write"], ["button", "Assign", "write"], ["button", "Add evidence, a communication or a note", "write"]]],
  ["/signals", "read", [["button", "Record a signal", "write"]]],
  [`/signals/${signal.id}`, "read", [["button", "Write", "write"], ["button", "Record", "write"]]],
  ["/components", "read", []],
  ["/statements", "read", [["button", "Draft a statement", "write"]]],
  [`/statements/${published.id}`, "read", [["button", "Draft again", "write"], ["button", "Withdraw", "publish"]]],
  ["/intelligence", "read", [["button", "Bring up to date", "admin"], ["button", "Import", "admin"]]],
  [finding(untouched), "read", [["heading", "Decision", "write"]]],
  [finding(proposed), "read", [["heading", "Proposed decision", "read"], ["button", "Sign the approval", "approve"], ["button", "Decide otherwise", "write"]]],
  ["/devices/alder-pm-50", "read", [["link", "Overview", "read"], ["link", "History", "audit"]]],
  ["/devices/alder-pm-50/design", "read", [["button", "Begin the design", "setup"], ["link", "Begin with the concept", "read"]]],
  ["/devices/larkspur-ip-200/design?show=concept", "read", [["button", /^Save/, "setup"], ["button", "Add a concern", "setup"], ["link", /^Drawing/, "read"]]],
  ["/devices/larkspur-ip-200/design", "read", [["button", /^Save/, "setup"], ["link", /^Threats/, "read"]]],
  ["/devices/alder-pm-50/safety", "read", [["button", "Change the matrix", "setup"]]],
  [`/releases/${draft.id}`, "read", [["button", "Release", "write"], ["button", "Withdraw", "write"], ["button", "Offer", "publish"]]],
  [`/releases/${draft.id}/files`, "read", [["button", "Upload", "write"]]],
  ["/ledger", "audit", [["button", "Verify", "audit", true], ["link", "Export the ledger", "audit", true]]],
  ["/admin", "admin", [["link", "Teams", "admin"]]],
  ["/admin/keys", "admin", [["link", "Teams", "admin"]]],
  ["/me", "self", [["option", "read", "self"], ["option", "push builds", "setup"]]],
];

/* What was asked for has been answered, but the stream of events, which stays open. */
function watched(page) {
  const open = new Set();
  page.on("request", (request) => request.url().endsWith("/v1/events") || open.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => open.delete(request));
  return async () => {
    for (let quiet = 0, turn = 0; quiet < 3 && turn < 200; turn++) {
      await page.waitForTimeout(50);
      quiet = open.size ? 0 : quiet + 1;
    }
  };
}
async function visit(page, to) {
  await page.goto(url + to);
  await page.locator("main h1, main h2").first().waitFor({ timeout: 15_000 });
  await settled();
}

async function offers(page, role, [to, needs, things]) {
  const has = (what) => what === "self" || CLASSES[role].includes(what);
  const what = `${role} at ${to.replace(/[0-9a-f]{32}/g, "ID")}`;
  await visit(page, to);
  const foreign = page.getByRole("heading", { name: "This page is not for your role" });
  if (!has(needs)) {
    scene.check(`${what}: it says that it is not for this role`, (await foreign.count()) === 1 && (await page.locator("main [role=alert]").count()) === 0, await page.locator("main").innerText());
    return;
  }
  const wrong = [];
  const where = page.locator("main");
  for (const [kind, name, needed, whole] of things) {
    const thing = where.getByRole(kind, { name, ...(typeof name === "string" ? { exact: true } : {}) }).first();
    const want = has(needed) && (!whole || sees[role]);
    const is = kind === "option" ? (await thing.count()) > 0 : await (want ? thing.waitFor({ timeout: 3_000 }).then(() => true, () => false) : thing.isVisible());
    if (is !== want) wrong.push(`${want ? "is missing" : "is offered"}: ${name}`);
  }
  if ((await foreign.count()) > 0 || (await page.locator("main [role=alert]").count()) > 0) wrong.push(await page.locator("main").innerText());
  scene.check(`${what}: what it may do and nothing else`, wrong.length === 0, ...wrong);
}

const sees = {};
let settled = async () => undefined;
for (const [role, login] of Object.entries(PEOPLE)) {
  const page = await scene.signedIn(login);
  settled = watched(page);
  const me = await page.evaluate(async () => (await fetch("/v1/me")).json());
  sees[role] = me.everything;
  const rail = await page.getByRole("navigation", { name: "Pages" }).first().getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  const want = RAIL.filter(([, needs]) => CLASSES[role].includes(needs)).map(([to]) => to);
  scene.check(`${role}: the rail has the pages that are for it`, rail.join() === want.join(), rail, want);
  const search = await page.getByRole("button", { name: "Search or run a command" }).count();
  scene.check(`${role}: search is there for who may read`, search === (CLASSES[role].includes("read") ? 1 : 0), search);
  for (const row of PAGES) await offers(page, role, row);
  if (role === "customer" || role === "viewer") {
    await visit(page, "/admin");
    await scene.axe(page, `${role}: a page that is not theirs`);
    await page.locator("main").getByRole("link").click();
    await page.getByRole("heading", { level: 1, name: role === "customer" ? "My account" : "Portfolio" }).waitFor();
    scene.check(`${role}: and leads to one that is`, true);
  }
  await page.context().close();
}
await scene.end();
