/*
 * Every page that the rail and the workspace lead to, in each form: light, dark, high contrast, wide, 4K,
 * phone, 200 %, German at 360 px and on paper. Tabs are looked at in three of them. Nothing may be found fault with.
 */
import { begin, url } from "./support/browser.mjs";

const FORMS = [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["high contrast", { contrast: "more" }],
  ["phone", { viewport: { width: 360, height: 780 } }],
  ["wide", { viewport: { width: 2560, height: 1440 } }],
  ["4K", { viewport: { width: 3840, height: 2160 } }],
  ["200 %", { viewport: { width: 640, height: 450 } }],
  ["German, phone", { viewport: { width: 360, height: 780 } }, async (page) => page.evaluate(() => localStorage.setItem("tutela.settings", JSON.stringify({ language: "de" })))],
  ["paper", { viewport: { width: 703, height: 1000 } }, async (page) => page.emulateMedia({ media: "print" })], /* A4 less its margins */
];

/* What axe looks at changes with these; the others are the same elements, wider or narrower, and only have to fit. */
const LOOKS = ["light", "dark", "high contrast", "phone"];

const scene = await begin();
const first = await scene.signedIn("psirt-lead");

/* addresses of things: asked of the service as the page does */
const of = (path) => first.evaluate(async (to) => (await fetch(to)).json(), path);
const one = async (path, make) => {
  const items = (await of(path)).items ?? [];
  return items.length ? [make(items[0])] : [];
};
const e = encodeURIComponent;
const device = "alder-pm-50";
const release = (await of(`/v1/devices/${device}/releases`)).items[0];
const things = [
  ...(await one("/v1/findings?limit=1", (row) => `/findings/${row.id.split("/").map(e).join("/")}`)),
  ...(await one("/v1/cases?limit=1", (row) => `/cases/${e(row.id)}`)),
  ...(await one("/v1/signals?limit=1", (row) => `/signals/${e(row.id)}`)),
  ...(await one("/v1/statements?limit=1", (row) => `/statements/${e(row.id)}`)),
  `/devices/${device}`,
  "/devices/larkspur-ip-200/design", /* that of the others is empty */
  `/releases/${release.id}`,
];
async function railOf(page) {
  return page.getByRole("navigation", { name: "Pages" }).first().getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
}
async function tabsOf(page) {
  return page.locator("main nav a").evaluateAll((links) => links.map((link) => link.getAttribute("href")).filter((to) => to?.startsWith(location.pathname) && !to.includes("?")));
}
async function settled(page) {
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"), null, { timeout: 10_000 }).catch(() => undefined);
}
async function visit(page, to) {
  await page.goto(url + to);
  await page.locator("main h1, main h2").first().waitFor({ timeout: 15_000 });
  await page.waitForTimeout(150);
  await settled(page);
}

const addresses = new Set(["/", ...(await railOf(first)), "/me", "/findings?filter=text%3Azzzzzz"]);
for (const thing of things) addresses.add(thing);
const tabs = new Set();
for (const thing of things) {
  await visit(first, thing);
  for (const tab of await tabsOf(first)) if (!addresses.has(tab)) tabs.add(tab);
}
scene.check("the workspace has pages of every kind", addresses.size >= 12, [...addresses]);

const ONLY = process.env.TUTELA_ONLY ?? ""; /* one form, while it is being mended */
for (const [name, options, prepare] of FORMS.filter(([name]) => name.includes(ONLY))) {
  const page = await scene.page(options);
  await scene.signIn(page, "psirt-lead");
  await page.getByRole("banner").waitFor();
  await prepare?.(page);
  for (const to of ["light", "phone", "German, phone"].includes(name) ? [...addresses, ...tabs] : addresses) {
    await visit(page, to);
    const what = `${to.replace(/[0-9a-f]{32}/g, "ID")} ${name}`;
    if (LOOKS.includes(name)) await scene.axe(page, what);
    await scene.fits(page, what);
  }
  await page.context().close();
}
await scene.end();
