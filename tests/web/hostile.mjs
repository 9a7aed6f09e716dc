/*
 * Hostile text in every field: a device, its releases, hazards and assets, components, findings and
 * decisions, a case, a statement, a signal, a user, a team, a view, a channel, a key. On every page it is
 * text: nothing runs, no element comes of it, the page stays as wide as the window, what was written from
 * right to left turns nothing around it. usage: hostile.mjs TEXT (started by hostile.py)
 */
import { begin, url } from "./support/browser.mjs";

const [text] = process.argv.slice(2);
const cut = (bytes) => {
  let said = text.slice(0, bytes);
  while (new TextEncoder().encode(said).length > bytes) said = said.slice(0, -1);
  return said.trim();
};
const scene = await begin();
scene.expect(/503 \(Service Unavailable\)|422 \(Unprocessable|429 \(Too Many Requests\)/); /* a release is being matched: it is asked again */
const page = await scene.signedIn("mallory");
scene.check("the person's name is in the bar, and the bar is as wide as the window", (await page.evaluate(() => document.querySelector("header.bar").scrollWidth <= innerWidth)));

async function send(who, path, body, method = "POST", etagOf = null) {
  const once = () =>
    who.evaluate(
      async ([to, json, how, row]) => {
        const me = await (await fetch("/v1/me")).json();
        const etag = row ? (await fetch(row)).headers.get("ETag") : null;
        const got = await fetch(to, { method: how, headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf, ...(etag ? { "If-Match": etag } : {}) }, body: JSON.stringify(json) });
        return { status: got.status, json: await got.json().catch(() => null) };
      },
      [path, body, method, etagOf],
    );
  let said = await once();
  for (let i = 0; i < 20 && (said.status === 503 || said.json?.detail === "there is nothing to state"); i++) {
    await who.waitForTimeout(1000);
    said = await once();
  }
  scene.check(`${path.replace(/[0-9a-f]{32}/g, "ID")} takes the text`, said.status < 300, said);
  return said.json;
}
const of = (path) => page.evaluate(async (to) => (await fetch(to)).json(), path);
const e = encodeURIComponent;

/* the texts that a device does not have */
const findings = (await of(`/v1/findings?limit=100&filter=${e("device:hostile")}`)).items;
const [one, other] = findings.filter((row) => row.component.length > 1000 && row.release === "1.0");
scene.check("a component of such a name has findings", Boolean(one && other), findings.map((row) => row.component.length));
const decided = await send(page, "/v1/decisions", { findings: [{ finding: one.id }], status: "not_affected", justification: "vulnerable_code_not_present", impact: cut(9000), rationale: cut(9000) });
const lead = await scene.signedIn("psirt-lead");
const seen = await lead.evaluate(async (id) => (await fetch(`/v1/decisions/${id}`)).json(), decided.decisions[0]);
await send(lead, `/v1/decisions/${decided.decisions[0]}/approve`, { version: seen.version, sha256: seen.sha256, zone: "Z" });
await send(page, "/v1/decisions", { findings: [{ finding: other.id }], status: "under_investigation", rationale: cut(9000) });
const opened = await send(page, "/v1/cases", { vulnerability: one.vulnerability, reason: cut(1000) });
for (const kind of ["note", "evidence", "communication"]) await send(page, `/v1/cases/${opened.id}/items`, { kind, name: kind === "evidence" ? "fix-available" : cut(200), text: cut(9000), device: "hostile", reason: cut(1000) }, "POST", `/v1/cases/${opened.id}`);
const signal = await send(page, "/v1/signals", { source: cut(60), kind: "researcher", title: cut(300), text: cut(10_000), reporter: cut(1000), credit: cut(1000), device: "hostile" });
const statement = await send(page, "/v1/statements", { device: "alder-pm-50", formats: ["openvex", "cyclonedx"], summary: cut(1000), tlp: "WHITE" });
await send(page, "/v1/views", { name: cut(100), list: "vulnerabilities", filter: "kev:yes" });
await send(page, "/v1/me/keys", { label: cut(100), days: 10 });
const admin = await scene.signedIn("administrator");
const channel = await send(admin, "/v1/channels", { name: cut(100), kind: "webhook", url: "https://hooks.example/x" });
await send(admin, "/v1/notification-rules", { name: cut(100), channel: channel.id });

const release = (await of("/v1/devices/hostile/releases")).items;
const finding = (row) => `/findings/${row.id.split("/").map(e).join("/")}`;
const PAGES = [
  "/", "/findings", `/findings?filter=${e("device:hostile")}`, `/findings?filter=${e(cut(900))}`, finding(one), finding(other), "/deadlines", "/cases", "/cases?view=board", `/cases/${opened.id}`, "/signals", `/signals/${signal.id}`,
  "/components?q=glibc", `/components?q=${e(cut(90))}`, "/statements", `/statements/${statement.statement.id}`, "/intelligence", "/ledger", "/me",
  ...["", "releases", "findings", "statements", "safety", "design", "deadlines", "history"].map((tab) => `/devices/hostile/${tab}`.replace(/\/$/, "")),
  ...release.flatMap((row) => ["", "/tree", "/table", "/quality", `/diff?to=${release[1].id}`, "/files"].map((tab) => `/releases/${row.id}${tab}`)),
];
const ADMIN = ["/admin", "/admin/teams", "/admin/keys", "/admin/notifications", "/ledger", "/"];

const WIDTHS = [[1280, 900], [360, 780]];
async function look(who, to) {
  const what = to.slice(0, 60).replace(/[0-9a-f]{32}/g, "ID");
  await who.goto(url + to);
  await who.locator("main h1, main h2").first().waitFor();
  await who.waitForTimeout(500);
  await who.waitForFunction(() => !document.querySelector("[aria-busy=true]"), null, { timeout: 8000 }).catch(() => undefined);
  const wrong = await who.evaluate(() => {
    const out = [];
    for (const made of document.querySelectorAll("main img, main script, main iframe, body > img, [onerror], a[href^='javascript:' i]")) out.push(`made of text: ${made.outerHTML.slice(0, 100)}`);
    if (document.title === "hacked") out.push("the title");
    /* what turns the direction around stands in an element that isolates it, in a field, or alone in a block */
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      const around = node.parentElement;
      if (!/[\u202e\u0590-\u06ff]/.test(node.data) || around.closest("bdi, [dir=auto], textarea, option, script, style, title")) continue;
      const alone = getComputedStyle(around).display !== "inline" && around.textContent === node.data;
      if (!alone) out.push(`not isolated: ${around.outerHTML.slice(0, 140)}`);
    }
    return [...new Set(out)].slice(0, 8);
  });
  scene.check(`${what}: it is text, and isolated`, wrong.length === 0, ...wrong);
  for (const [width, height] of WIDTHS) {
    await who.setViewportSize({ width, height });
    await who.waitForTimeout(150);
    const over = await who.evaluate(() => {
      const more = document.documentElement.scrollWidth - innerWidth;
      return more <= 0 ? [] : [`${more} px`, ...[...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".table-scroll")).slice(0, 5).map((one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 40)}`)];
    });
    scene.check(`${what}: no sideways scroll at ${width} px`, over.length === 0, ...over);
  }
  await scene.axe(who, what);
  await who.setViewportSize({ width: WIDTHS[0][0], height: WIDTHS[0][1] });
}
for (const who of [page, admin]) who.on("dialog", (dialog) => (scene.fault(`a dialog: ${dialog.message()}`), void dialog.dismiss()));
const ONLY = process.env.TUTELA_ONLY;
for (const to of PAGES) if (!ONLY || to.includes(ONLY)) await look(page, to);
for (const to of ADMIN) if (!ONLY || to.includes(ONLY)) await look(admin, to);
await scene.end();
