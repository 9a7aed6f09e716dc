/*
 * The list of findings in a browser on a service that runs: from the key or click to the frame in which
 * the answer is painted. Prints a line for each kind of step: how often, median, 95 of 100, longest; the
 * part of it that is the service's, by the browser's own record; and what the page's thread computed, in time
 * of the processor: that is true on a machine that others use too.
 *
 * usage: TUTELA_URL=… TUTELA_PASSWORD=… TUTELA_CHROMIUM=… node bench/web/list.mjs LOGIN [ROUNDS]
 */
import { begin, url } from "../../tests/web/support/browser.mjs";

const [login = "administrator", rounds = "7"] = process.argv.slice(2);
const FILTERS = ["", "kev:yes", "harm:>=serious not-assessed", "severity:critical verdict:undecided", "state:re-opened", "package-77"];
const SORTS = ["-severity", "-harm", "-kev", "-epss", "name", "-first_seen", "state"];
const scene = await begin();
scene.expect(/./); /* what is shown is not judged here */
const page = await scene.signedIn(login);

/* The time until no row is awaited and a frame has been painted, and that of the slowest answer in it. */
const settled = (from) =>
  page.evaluate(
    (begun) =>
      new Promise((done) => {
        const look = () => {
          const grid = document.querySelector("[role=treegrid]");
          const box = grid?.parentElement.getBoundingClientRect();
          const row = box && document.elementFromPoint(box.x + 200, box.y + box.height / 2)?.closest("[role=row]");
          if ((!row || grid.getAttribute("aria-busy") === "true" || row.classList.contains("wait")) && performance.now() - begun < 20_000) return void requestAnimationFrame(look);
          requestAnimationFrame(() => setTimeout(() => {
            const asked = performance.getEntriesByType("resource").filter((one) => one.startTime >= begun && /\/v1\/vulnerabilities\?/.test(one.name));
            done({ all: performance.now() - begun, service: Math.max(0, ...asked.map((one) => one.responseEnd - one.startTime)) });
          }));
        };
        requestAnimationFrame(look);
      }),
    from,
  );
/* What the page's own thread has computed, ms of processor: the same on a machine that others use. */
const cdp = await page.context().newCDPSession(page);
await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
const computed = async () => (await cdp.send("Performance.getMetrics")).metrics.find((one) => one.name === "TaskDuration").value * 1e3;
const times = new Map();
function note(what, { all, service }, cpu) {
  const row = times.get(what) ?? { all: [], service: [], cpu: [] };
  row.all.push(all);
  row.cpu.push(cpu);
  row.service.push(service);
  times.set(what, row);
}
/* A step of the person, timed in the page from just before it. */
async function step(what, work) {
  const from = await page.evaluate(() => (performance.clearResourceTimings(), performance.now()));
  const before = await computed();
  await work();
  const took = await settled(from);
  note(what, took, (await computed()) - before);
}
const sorted = (list) => [...list].sort((a, b) => a - b);
const part = (list, of) => sorted(list)[Math.min(list.length - 1, Math.floor(list.length * of))].toFixed(0).padStart(6);

const go = (to) => page.evaluate((at) => { history.pushState(null, "", at); dispatchEvent(new PopStateEvent("popstate")); }, to);
await page.goto(`${url}/findings`);
await page.getByRole("treegrid").getByRole("row").nth(5).waitFor();
await page.waitForTimeout(4000); /* the counts of the views */
for (let round = 0; round < Number(rounds); round++) {
  for (const filter of FILTERS) await step("another filter", () => go(`/findings?filter=${encodeURIComponent(filter)}`));
  for (const sort of SORTS) await step("another order", () => go(`/findings?sort=${sort}`));
  await go("/findings");
  await page.waitForTimeout(1000);
  for (let n = 0; n < 6; n++)
    await step("the next page of rows", () => page.evaluate(() => { const box = document.querySelector("[role=treegrid]").parentElement; box.scrollTop += 28 * 200; }));
  await page.keyboard.press("Home");
  for (let n = 0; n < 10; n++) await step("a row down", () => page.keyboard.press("ArrowDown"));
  await step("a row opened", () => page.keyboard.press("ArrowRight"));
}
console.log(`${"".padEnd(24)}${"times".padStart(6)}${"p50".padStart(7)}${"p95".padStart(7)}${"most".padStart(7)}   the service: p50, p95; the page computes: p50, p95 (ms)`);
for (const [what, { all, service, cpu }] of times) console.log(`${what.padEnd(24)}${String(all.length).padStart(6)} ${part(all, 0.5)} ${part(all, 0.95)} ${part(all, 1)}   ${part(service, 0.5)} ${part(service, 0.95)}; ${part(cpu, 0.5)} ${part(cpu, 0.95)}`);
console.log(`elements of the page: ${await page.evaluate(() => document.querySelectorAll("*").length)}; rows: ${await page.evaluate(() => document.querySelector("[role=treegrid]").getAttribute("aria-rowcount"))}`);
process.exit(0);
