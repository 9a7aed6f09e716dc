/*
 * What every scene does: start Chromium, sign in, and watch. A page that breaks the policy, writes an
 * error to the console, throws, or asks another host fails the scene, whatever it was about.
 *
 *   const scene = await begin();
 *   const page = await scene.signedIn("psirt-lead");
 *   await scene.axe(page, "the list");
 *   await scene.end();
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = process.env.TUTELA_WEB ?? join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "web");
const require = createRequire(join(web, "package.json"));
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const url = process.env.TUTELA_URL;
const password = process.env.TUTELA_PASSWORD;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

class Scene {
  constructor(browser) {
    this.browser = browser;
    this.count = 0;
    this.failed = 0;
    this.faults = [];
    this.expected = [];
  }

  check(name, fine, ...seen) {
    this.count++;
    if (!fine) this.failed++;
    console.log(`${fine ? "ok" : "not ok"} ${this.count} - ${name}`);
    if (!fine) for (const line of seen.map((one) => (typeof one === "string" ? one : JSON.stringify(one, null, 1))).join("\n").slice(0, 4000).split("\n")) console.log(`# ${line}`);
  }

  /* What is true when the page has caught up; `seen` answers whether it is. */
  async becomes(name, seen) {
    let fine = await seen();
    for (let i = 0; i < 200 && !fine; i++) {
      await new Promise((go) => setTimeout(go, 50));
      fine = await seen();
    }
    this.check(name, fine);
  }

  /* A line of the console that belongs to what the scene does, such as a refused sign-in. */
  expect(pattern) {
    this.expected.push(pattern);
  }

  fault(text) {
    if (!this.expected.some((pattern) => pattern.test(text))) this.faults.push(text);
  }

  async page(options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "Europe/Berlin", colorScheme: "light", ...options });
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && this.fault(`console: ${message.text()} ${message.location().url}`));
    page.on("pageerror", (error) => this.fault(`thrown: ${error.message}`));
    page.on("request", (request) => request.url().startsWith(url) || /^(data|blob):/.test(request.url()) || this.fault(`another host: ${request.url()}`));
    return page;
  }

  async signIn(page, login, secret = password) {
    await page.goto(`${url}/sign-in`);
    await page.getByRole("textbox", { name: "Login" }).fill(login);
    await page.locator("input[type=password]").fill(secret);
    await page.keyboard.press("Enter");
  }

  async signedIn(login, options = {}) {
    this.expect(/401 \(Unauthorized\).*\/v1\/me/); /* nobody is in when the sign-in is shown */
    const page = await this.page(options);
    await this.signIn(page, login);
    await page.getByRole("banner").waitFor();
    return page;
  }

  async axe(page, what) {
    await page.evaluate(`if (!window.axe) { ${axeSource} }`).catch(() => page.addScriptTag({ content: axeSource }));
    const said = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
    const found = said.violations.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.slice(0, 4).map((node) => `${node.target.join(" ")} ${node.html.slice(0, 160)}`).join("\n  ")}`);
    this.check(`${what}: axe finds nothing`, found.length === 0, ...found);
  }

  /* The page is as wide as the window, once it has got its new size. */
  async fits(page, what) {
    const fine = () => document.documentElement.scrollWidth <= window.innerWidth;
    await page.waitForFunction(fine, null, { timeout: 10_000 }).catch(() => undefined);
    const wide = await page.evaluate(() => [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 4).map((one) => `${one.tagName}.${one.className}`));
    this.check(`${what}: no sideways scroll`, await page.evaluate(fine), wide);
  }

  async end() {
    await this.browser.close();
    this.check("no error, no break of the policy, no other host", this.faults.length === 0, ...new Set(this.faults));
    console.log(`1..${this.count}`);
    process.exit(this.failed ? 1 : 0);
  }
}

export async function begin() {
  const browser = await chromium.launch({ executablePath: process.env.TUTELA_CHROMIUM, args: ["--no-sandbox", "--force-color-profile=srgb"] });
  const scene = new Scene(browser);
  process.on("unhandledRejection", (error) => {
    console.log(`Bail out! ${error?.stack ?? error}`);
    process.exit(1);
  });
  return scene;
}
