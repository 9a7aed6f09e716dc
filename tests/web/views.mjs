/* Saved views of the list of findings: saved, renamed, removed and brought back by the page, for oneself and for a team. */
import { begin, url } from "./support/browser.mjs";

const scene = await begin();
const page = await scene.signedIn("psirt-lead");
const views = async (who = page) => (await who.evaluate(async () => (await fetch("/v1/views")).json())).items;
const tabs = page.getByRole("navigation", { name: "Saved views" });
const dialog = page.getByRole("dialog");
const open = async (search) => {
  await page.goto(`${url}/findings${search}`);
  await page.getByRole("treegrid").waitFor();
};

await open("?filter=kev%3Ayes+harm%3A%3E%3Dserious&sort=-epss");
await tabs.getByText("Unsaved filters").waitFor();
await tabs.getByRole("button", { name: "Save view" }).click();
await dialog.getByLabel("Name of the view").fill("Exploited and serious");
await scene.axe(page, "a view is saved");
await dialog.getByRole("button", { name: "Save view" }).click();
await dialog.waitFor({ state: "detached" });
const mine = tabs.getByRole("button", { name: /^Exploited and serious/ });
await mine.waitFor();
const saved = (await views()).find((view) => view.name === "Exploited and serious");
scene.check("it is saved with filter and order, private", saved?.filter === "kev:yes harm:>=serious" && saved.sort === "-epss" && saved.team === null && saved.list === "vulnerabilities", saved);
scene.check("and is the current one", (await mine.getAttribute("aria-current")) === "page" && (await tabs.getByText("Unsaved filters").count()) === 0);
await page.getByRole("treegrid").getByRole("row").nth(1).waitFor();
scene.check("its count is that of the list", /\d/.test(await mine.innerText()), await mine.innerText());

await tabs.getByRole("button", { name: "All" }).click();
await mine.click();
await page.waitForURL(/sort=-epss/);
scene.check("choosing it gives filter and order", new URL(page.url()).searchParams.get("filter") === "kev:yes harm:>=serious", page.url());

await tabs.getByRole("button", { name: "Change view" }).click();
await dialog.getByLabel("Name of the view").fill("For Monday");
await scene.axe(page, "a view is renamed");
await dialog.getByRole("button", { name: "Rename" }).click();
await dialog.waitFor({ state: "detached" });
await tabs.getByRole("button", { name: /^For Monday/ }).waitFor();
const renamed = (await views()).find((view) => view.id === saved.id);
scene.check("renamed, with the filter it had", renamed.name === "For Monday" && renamed.filter === saved.filter && renamed.sort === saved.sort && (await mine.count()) === 0, renamed);

await tabs.getByRole("button", { name: "Change view" }).click();
await dialog.getByRole("button", { name: "Remove view For Monday" }).click();
await page.getByText("View For Monday is removed").waitFor();
await tabs.getByText("Unsaved filters").waitFor();
scene.check("removed", !(await views()).some((view) => view.name === "For Monday"));
await page.getByRole("button", { name: /^Undo/ }).click();
await tabs.getByRole("button", { name: /^For Monday/ }).waitFor();
scene.check("and brought back", (await views()).some((view) => view.name === "For Monday" && view.sort === "-epss"));

/* of the team: the next one sees it */
await open("?filter=verdict%3Aundecided+kev%3Ayes");
await tabs.getByRole("button", { name: "Save view" }).click();
await dialog.getByLabel("Name of the view").fill("‮<b>Pumps</b>");
await dialog.getByLabel("For whom").selectOption({ label: "For the team Pumps" });
await dialog.getByRole("button", { name: "Save view" }).click();
await dialog.waitFor({ state: "detached" });
const other = await scene.signedIn("security-engineer");
await other.goto(`${url}/findings`);
await other.getByRole("navigation", { name: "Saved views" }).getByRole("button", { name: /<b>Pumps<\/b>/ }).waitFor();
scene.check("a team's view is there for the team, as text", (await views(other)).some((view) => view.team === "Pumps") && !(await views(other)).some((view) => view.name === "For Monday"));
await scene.axe(other, "the list with a view of the team");

/* somebody else was quicker */
await open("?filter=kev%3Ayes+harm%3A%3E%3Dserious&sort=-epss");
await tabs.getByRole("button", { name: "Change view" }).click();
await dialog.getByRole("button", { name: "Remove view For Monday" }).and(page.locator(":enabled")).waitFor(); /* it was read */
await page.evaluate(async () => {
  const me = await (await fetch("/v1/me")).json();
  const found = (await (await fetch("/v1/views")).json()).items.find((view) => view.name === "For Monday");
  const read = await fetch(`/v1/views/${found.id}`);
  const one = await read.json();
  await fetch(`/v1/views/${one.id}`, { method: "PUT", headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf, "If-Match": read.headers.get("ETag") }, body: JSON.stringify({ name: "For Tuesday", filter: one.filter, sort: one.sort }) });
});
scene.expect(/412 \(Precondition Failed\)/);
await dialog.getByLabel("Name of the view").fill("For Friday");
await dialog.getByRole("button", { name: "Rename" }).click();
await dialog.getByRole("alert").waitFor();
scene.check("a name that somebody gave meanwhile is not written over", (await views()).some((view) => view.name === "For Tuesday") && (await dialog.getByLabel("Name of the view").inputValue()) === "For Friday");
await scene.end();
