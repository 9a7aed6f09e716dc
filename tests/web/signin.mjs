/* Signing in and out, a session that ends while somebody works, and two people in one browser. */
import { begin, url } from "./support/browser.mjs";

const scene = await begin();
scene.expect(/401 \(Unauthorized\)/);

const page = await scene.page();
await page.goto(`${url}/findings?filter=kev%3Ayes`);
await page.getByRole("heading", { name: "Sign in" }).waitFor();
scene.check("a deep link asks who it is first", true);
await scene.axe(page, "sign-in");
await page.getByRole("textbox", { name: "Login" }).fill("psirt-lead");
await page.locator("input[type=password]").fill("wrong");
await page.keyboard.press("Enter");
await page.getByText("Login, password or code are wrong.").waitFor();
scene.check("a wrong password says so", (await page.getByRole("textbox", { name: "Login" }).inputValue()) === "psirt-lead");
await scene.axe(page, "sign-in with an error");
await page.locator("input[type=password]").fill(process.env.TUTELA_PASSWORD);
await page.keyboard.press("Enter");
await page.getByRole("banner").waitFor();
await page.getByRole("treegrid").waitFor();
scene.check("and then goes where the link led", page.url() === `${url}/findings?filter=kev%3Ayes` || page.url().startsWith(`${url}/findings?filter=kev%3Ayes&`), page.url());

/* the session ends: the password is asked for over the page, which stays */
await page.context().clearCookies();
await page.goto(`${url}/findings`).catch(() => undefined);
await page.getByRole("heading", { name: "Sign in" }).waitFor();
await scene.signIn(page, "psirt-lead");
await page.getByRole("banner").waitFor();
await page.goto(`${url}/findings`);
await page.getByRole("treegrid").waitFor();
await page.context().clearCookies();
await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
const again = page.getByRole("dialog", { name: "You are signed out" });
await again.waitFor();
scene.check("a session that ended asks over the page", (await page.locator("[role=treegrid]").count()) === 1);
await scene.axe(page, "the question over the page");
await again.locator("input[type=password]").fill(process.env.TUTELA_PASSWORD);
await again.getByRole("button", { name: "Go on" }).click();
await again.waitFor({ state: "detached" });
await page.keyboard.press("Control+k");
await page.getByRole("combobox", { name: "Search or run a command" }).fill("openssl");
await page.getByRole("option", { name: /openssl/ }).first().waitFor();
scene.check("and the page goes on", (await page.locator("[role=treegrid]").count()) === 1);
await scene.axe(page, "the palette");
await page.keyboard.press("Escape");

/* another person signs in in another tab of the same browser */
const other = await page.context().newPage();
await other.goto(`${url}/findings`);
await other.getByRole("button", { name: /Sign out|PSIRT lead/ }).first().click();
await other.getByRole("button", { name: "Sign out" }).click();
await other.getByRole("heading", { name: "Sign in" }).waitFor();
scene.check("signing out leads to the sign-in", other.url() === `${url}/sign-in`);
await scene.signIn(other, "auditor");
await other.getByText("You look as auditor").waitFor();
await page.bringToFront();
await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
await page.getByText("You look as auditor").waitFor();
scene.check("a tab that is seen again shows who is in now", true);

/* what was chosen holds */
await page.getByRole("button", { name: /Auditor/ }).first().click();
await page.getByRole("combobox", { name: "Theme" }).selectOption("dark");
await page.getByRole("combobox", { name: "Language" }).selectOption("de");
await page.getByRole("navigation", { name: "Seiten" }).first().waitFor();
scene.check("language and theme are chosen", (await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme].join())) === "de,dark");
await page.reload();
await page.getByRole("navigation", { name: "Seiten" }).first().waitFor();
scene.check("and hold", (await page.evaluate(() => document.documentElement.dataset.theme)) === "dark");

await scene.end();
