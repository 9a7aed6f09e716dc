/*
 * The accessibility tree of each page, as it is read aloud: role, name, level and state, in order. Each
 * page is compared with tests/web/golden-tree/; with --update it is written there. What moves with the day
 * on which the workspace was made stands as a sign: dates, times, spans, ids, digests.
 * What no golden may hold whatever it says: something to operate without a name, headings that leave out
 * a level, two things to operate of one role and name beside each other.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { begin, url } from "./support/browser.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "golden-tree");
const update = process.argv.includes("--update");
const scene = await begin();
scene.expect(/422 \(Unprocessable Content\)/); /* a filter that is none */
const page = await scene.signedIn("psirt-lead", { timezoneId: "UTC" });
const of = (path) => page.evaluate(async (to) => (await fetch(to)).json(), path);
const e = encodeURIComponent;

/* What is the workspace's own is the same each time; ids are not, so things are found by what they are. */
const first = async (path, fits = () => true) => (await of(path)).items.find(fits);
const finding = async (filter) => {
  const rows = (await of(`/v1/findings?limit=50&sort=name&filter=${e(filter)}`)).items;
  const row = rows.sort((a, b) => (a.vulnerability + a.component < b.vulnerability + b.component ? -1 : 1))[0];
  return `/findings/${row.id.split("/").map(e).join("/")}`;
};
const releases = (await of("/v1/devices/alder-pm-50/releases")).items;
const release = releases.find((row) => row.name === "2.8.0") ?? releases[0];
const other = releases.find((row) => row.id !== release.id);
const signal = await first("/v1/signals", (row) => row.state !== "closed");
const statement = await first("/v1/statements?state=draft");
const PAGES = {
  portfolio: "/",
  findings: "/findings?filter=%21closed&sort=name",
  "findings-none": "/findings?filter=text%3Azzzzzz",
  "findings-wrong": "/findings?filter=harm%3A%3E%3Dnonsense",
  "finding-undecided": await finding("verdict:undecided"),
  "finding-decided": await finding("state:decided device:alder-pm-50"),
  "finding-to-sign": await finding("state:proposed device:alder-pm-50"),
  deadlines: "/deadlines",
  cases: "/cases",
  "cases-board": "/cases?view=board",
  case: "/cases/CVE-2024-6387",
  signals: "/signals",
  signal: `/signals/${signal.id}`,
  components: "/components?q=openssl",
  statements: "/statements",
  statement: `/statements/${statement.id}`,
  intelligence: "/intelligence",
  ledger: "/ledger",
  me: "/me",
  ...Object.fromEntries(["", "releases", "findings", "statements", "safety", "design", "deadlines", "history"].map((tab) => [`device${tab ? `-${tab}` : ""}`, `/devices/alder-pm-50/${tab}`.replace(/\/$/, "")])),
  ...Object.fromEntries(["concept", "drawing", "tables", "threats", "paths", "questions", "lints", "baselines"].map((show) => [`design-${show}`, `/devices/larkspur-ip-200/design?show=${show}${show === "paths" ? "&path=motor" : ""}`])),
  ...Object.fromEntries(["", "tree", "table", "quality", "diff", "files"].map((tab) => [`release${tab ? `-${tab}` : ""}`, `/releases/${release.id}/${tab}${tab === "diff" ? `?to=${other.id}` : ""}`.replace(/\/$/, "")])),
};
const ADMIN = Object.fromEntries(["users", "teams", "keys", "sso", "notifications", "mail", "reports", "publishing", "backup"].map((section) => [`admin-${section}`, `/admin/${section}`]));

/* ---- the tree ---- */

const SKIP = new Set(["none", "generic", "InlineTextBox", "ListMarker", "LineBreak", "RootWebArea", "LayoutTableRow", "LayoutTable", "LayoutTableCell", "time", "paragraph", "superscript", "strong", "emphasis", "code", "rowgroup", "image-map", "SvgRoot", "DescriptionListTerm"]);
const STATES = ["level", "expanded", "checked", "pressed", "selected", "disabled", "required", "invalid", "haspopup", "modal"];
const NAMED = new Set(["button", "link", "heading", "option", "cell", "gridcell", "columnheader", "rowheader", "LabelText", "treeitem", "Legend"]);
const OPERATED = new Set(["button", "link", "textbox", "combobox", "checkbox", "radio", "searchbox", "spinbutton", "slider", "switch", "treeitem", "option", "menuitem", "tab", "grid", "treegrid", "tree", "dialog", "navigation", "region", "form", "group", "image", "img"]);

const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*";
const MOVES = [
  [new RegExp(`(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?\\b\\d{1,2} ${MONTH}(?: \\d{4})?(?:,? \\d{1,2}:\\d{2}(?::\\d{2})?(?: (?:UTC|GMT)(?:[+-]\\d+)?)?)?`, "g"), "<date>"],
  [/\b\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+Z?)?/g, "<date>"],
  [/\b\d{1,2}:\d{2}(?::\d{2})?(?: (?:UTC|GMT)(?:[+-]\d+)?)?/g, "<time>"],
  [/\b[\d\u202f\u2009]+ (?:days?|d|hours?|h|minutes?|min|seconds?|s)\b(?: [\d]+ (?:h|min|s)\b)?/g, "<span>"],
  [/\b[0-9a-f]{64}\b/g, "<digest>"],
  [/\b[0-9a-f]{12,40}\b/g, "<id>"],
  [/\b\d+(?:\.\d+)? (?:B|kB|MB|GB)\b/g, "<size>"],
  [/(?<=Chrom(?:e|ium)\/)[\d.]+/g, "<version>"],
  [/127\.0\.0\.1:\d+/g, "<host>"],
  [/\bReport [0-9a-f]{8}\b/g, "Report <id>"],
  [/<span> late\b/g, "<span>"],
  [/, (?:on the lit way|step \d+ of the lit way)$/g, ""],
  [/(?:, \d+ (?:threats? open|questions?))+$/g, ""],
  [/^(Threats|Questions|Checks)(?: \d+)?$/, "$1"],
];
const still = (text) => MOVES.reduce((said, [what, by]) => said.replace(what, by), text.replace(/\s+/g, " ").trim());

async function treeOf(who) {
  const cdp = await who.context().newCDPSession(who);
  const { nodes } = await cdp.send("Accessibility.getFullAXTree");
  await cdp.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const lines = [];
  /* `said`: the name of what this stands in is made of it */
  const walk = (node, depth, said) => {
    if (!node) return;
    const role = node.role?.value ?? "";
    const name = still(node.name?.value ?? "");
    const shown = !node.ignored && !SKIP.has(role) && (role !== "StaticText" || (name && !said));
    let inside = depth;
    if (shown) {
      const states = (node.properties ?? []).filter((one) => STATES.includes(one.name) && one.value.value !== false && one.value.value !== "false").map((one) => `${one.name}=${one.value.value}`);
      const value = node.value?.value === undefined || role === "StaticText" ? "" : ` = ${JSON.stringify(still(String(node.value.value)).slice(0, 120))}`;
      lines.push({ depth, role: role === "StaticText" ? "text" : role, name, more: `${value}${states.length ? ` [${states.join(" ")}]` : ""}` });
      inside = depth + 1;
      said ||= NAMED.has(role);
      if (role === "Date") return; /* the fields inside are the browser's */
    }
    for (const id of node.childIds ?? []) walk(byId.get(id), inside, said);
  };
  walk(nodes[0], 0, false);
  /* neighbouring texts are one; a text that its parent is named by is not said twice */
  const out = [];
  for (const line of lines) {
    const last = out.at(-1);
    if (line.role === "text" && last?.role === "text" && last.depth === line.depth) last.name += ` ${line.name}`;
    else if (!(line.role === "text" && last && last.depth === line.depth - 1 && last.name === line.name)) out.push({ ...line });
  }
  return out;
}

function faultsOf(lines) {
  const out = [];
  let level = 0;
  for (const [i, { role, name, more, depth }] of lines.entries()) {
    if (OPERATED.has(role) && !name && !["group", "image", "img", "form"].includes(role)) out.push(`without a name: ${role}${more}, after ${lines[i - 1]?.role} “${lines[i - 1]?.name}”`);
    if (name && role !== "text" && new RegExp(`^(.{3,}?)[ ,]+\\1$`, "u").test(name)) out.push(`named twice over: ${role} “${name}”`);
    const at = /level=(\d)/.exec(more)?.[1];
    if (role === "heading" && at) {
      if (Number(at) > level + 1) out.push(`heading of level ${at} after ${level || "none"}: “${name}”`);
      level = Number(at);
    }
    const before = lines[i - 1];
    if (before && before.role === role && ["button", "link"].includes(role) && before.name === name && before.depth === depth) out.push(`the same twice: ${role} “${name}”`);
  }
  return [...new Set(out)];
}

/* Rows whose order is that of ids, which are chance, and parts of a drawing, which come as they are measured: they are compared in the order of
   their words. */
const UNORDERED = new Set(["device-statements", "design-drawing", "design-paths"]);
function inOrder(lines) {
  const blocks = [];
  for (const line of lines) {
    const depth = line.search(/\S/);
    const last = blocks.at(-1);
    if (last?.row && depth > last.depth) last.text += `\n${line}`;
    else blocks.push({ depth, row: /^\s*(row|image)\b/.test(line), text: line });
  }
  for (let from = 0; from < blocks.length; from++) {
    let to = from;
    while (blocks[to]?.row && blocks[to].depth === blocks[from].depth) to++;
    if (to - from > 1) blocks.splice(from, to - from, ...blocks.slice(from, to).sort((a, b) => (a.text < b.text ? -1 : 1)));
    from = Math.max(from, to - 1);
  }
  return blocks.map((one) => one.text.replace(/[\w.-]+\.yaml/g, "<file>"));
}

/* What is missed, due today or due soon follows from weekdays and the hour, who signed first from chance: of these pages, and of what other
   pages have of deadlines, the frame is compared, without rows, items and sentences. What rules find in a design changes with the rules. */
const BY_DAY = new Set(["portfolio", "deadlines", "cases", "cases-board", "case", "device", "device-deadlines", "device-history", "ledger", "design-concept", "design-drawing", "design-tables", "design-threats", "design-questions", "design-lints", "design-paths", "design-baselines"]);
function frameOf(lines, whole) {
  const out = [];
  let inside = whole ? 0 : Infinity; /* the depth of what follows the day */
  let left = Infinity; /* the depth of what is left out */
  for (const [i, line] of lines.entries()) {
    if (line.depth <= left) left = Infinity;
    if (!whole && line.depth <= inside) inside = line.role === "region" && line.name === "Deadlines" ? line.depth : Infinity;
    if (left < Infinity) continue;
    const main = lines.findIndex((one) => one.role === "main");
    if (line.depth >= inside && i > main) {
      const head = line.role === "row" && lines[i + 1]?.role === "columnheader";
      if (["listitem", "text"].includes(line.role) || (line.role === "row" && !head)) {
        left = line.depth;
        continue;
      }
    }
    out.push(line.depth >= inside && i > main ? { ...line, name: line.name.replace(/\d+/g, "<n>") } : line);
  }
  return out;
}

const grown = ({ depth, role, name, more }) => `${"  ".repeat(depth)}${role}${name ? ` “${name}”` : ""}${more}`;
async function compare(who, name, to) {
  await who.goto(url + to);
  await who.locator("main h1, main h2").first().waitFor({ timeout: 15_000 });
  await who.waitForTimeout(700);
  await who.waitForFunction(() => !document.querySelector("[aria-busy=true]") && !/Reading …/.test(document.querySelector("main").innerText) && ![...document.querySelectorAll("main button")].some((one) => one.innerText.endsWith("…")), null, { timeout: 30_000 }).catch(() => undefined);
  /* a drawing has its flows when its elements were measured */
  await who.waitForFunction(() => !document.querySelector(".svelte-flow") || document.querySelector(".svelte-flow__edge"), null, { timeout: 20_000 }).catch(() => undefined);
  await who.waitForTimeout(300);
  let [known, there] = [-1, 0]; /* a drawing is there when no part comes any more */
  for (let i = 0; i < 30 && known !== there; i++) {
    if (i) await who.waitForTimeout(500);
    known = there;
    there = await who.locator(".svelte-flow__edge, .svelte-flow__node").count();
  }
  const lines = await treeOf(who);
  const faults = faultsOf(lines);
  scene.check(`${name}: everything has a name, headings are in order, nothing is said twice`, faults.length === 0, ...faults);
  const said = frameOf(lines, BY_DAY.has(name)).map(grown);
  const now = `${(UNORDERED.has(name) ? inOrder(said) : said).join("\n")}\n`;
  const file = join(folder, `${name}.txt`);
  if (update) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, now);
    return;
  }
  const then = existsSync(file) ? readFileSync(file, "utf8") : "";
  const [a, b] = [then.split("\n"), now.split("\n")];
  const at = a.findIndex((line, i) => line !== b[i]);
  scene.check(`${name}: it is read as before`, then === now, `from line ${at + 1}; what is as it should be is written by tests/web/tree.py --update`, ...a.slice(at, at + 8).map((line) => `- ${line}`), ...b.slice(at, at + 8).map((line) => `+ ${line}`));
}

const only = process.env.TUTELA_ONLY ?? "";
async function compareAll(who, pages) {
  for (const [name, to] of Object.entries(pages)) {
    if (name.startsWith(only)) await compare(who, name, to);
    else if (name === "me") await who.goto(url + to).then(() => who.locator("main h1").first().waitFor()); /* ends a note that the pages before it have */
  }
}
await compareAll(page, PAGES);
await page.context().close();
const admin = await scene.signedIn("administrator", { timezoneId: "UTC" });
await compareAll(admin, ADMIN);
await scene.end();
