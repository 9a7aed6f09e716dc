/*
 * One's own account and the administration: an authenticator is enrolled, its codes are shown once,
 * somebody is added, given a role, disabled and erased, a team and a key are made, mail is set. Who is
 * no administrator is offered none of it.
 */
import { createHmac } from "node:crypto";
import { begin, url } from "./support/browser.mjs";

const scene = await begin();

/* RFC 6238 with the usual 30 s, six digits and SHA-1. */
function codeOf(secret) {
  const bits = [...secret.replace(/\s/g, "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const mac = createHmac("sha1", key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1e6).padStart(6, "0");
}
const of = (page, path) => page.evaluate(async (to) => (await fetch(to)).json(), path);

const mine = await scene.signedIn("safety-engineer");
const note = mine.getByRole("status").filter({ hasText: "set your password" });
await note.waitFor();
await note.getByRole("link").click();
await mine.getByRole("button", { name: "Add an authenticator" }).click();
const dialog = mine.getByRole("dialog", { name: "Add an authenticator" });
await dialog.getByRole("img", { name: "QR code with the key" }).waitFor();
await scene.axe(mine, "the QR code");
await dialog.getByLabel("Code of the authenticator").fill(codeOf(await dialog.locator("code").textContent()));
await dialog.getByRole("button", { name: "Use it" }).click();
const codes = mine.getByRole("dialog", { name: "Recovery codes" });
await codes.waitFor();
scene.check("the recovery codes are shown", (await codes.locator("li").count()) === (await of(mine, "/v1/me")).recovery_codes);
await codes.getByRole("button", { name: "I have kept them" }).click();
scene.check("the authenticator counts", (await of(mine, "/v1/me")).second_factor);
await scene.axe(mine, "my account");
await mine.goto(`${url}/admin`);
await mine.getByText("Only an administrator sees this page.").waitFor();
scene.check("the note is gone once it was looked at", (await note.count()) === 0);

const page = await scene.signedIn("administrator");
await page.goto(`${url}/admin`);
await page.getByLabel("Login").fill("field-engineer");
await page.getByLabel("First password").fill("a-first-password-of-many-words");
await page.getByRole("button", { name: "Add a person" }).click();
await page.getByRole("button", { name: "Change field-engineer" }).click();
const person = page.getByRole("dialog", { name: "field-engineer" });
await person.getByLabel("Role").selectOption("analyst");
await person.getByRole("button", { name: "Give this role" }).click();
await page.locator("tr", { hasText: "field-engineer" }).getByText("Analyst").waitFor();
await scene.axe(page, "a person");
await person.getByRole("button", { name: "Disable" }).click();
await person.getByRole("button", { name: "Yes: Disable" }).click();
await person.getByRole("button", { name: "Erase" }).click();
await person.getByRole("button", { name: "Yes: Erase" }).click();
await page.locator("tr", { hasText: "erased:" }).waitFor();
scene.check("nothing names who was erased", !(await of(page, "/v1/users?limit=200")).items.some((one) => one.login === "field-engineer"));

await page.goto(`${url}/admin/teams`);
await page.getByLabel("Let Cloud see a device").selectOption("alder-pm-50");
await page.getByLabel("Let Cloud see a device").locator("..").getByRole("button").click();
await page.getByRole("button", { name: "Take alder-pm-50 out of Cloud" }).waitFor();
await scene.axe(page, "the teams");

await page.goto(`${url}/admin/keys`);
await page.getByLabel("Label").fill("build server");
await page.getByLabel("Whose").selectOption("all");
await page.getByRole("button", { name: "Make a key" }).click();
scene.check("the key is shown", (await page.getByRole("textbox", { name: "The key" }).inputValue()).length > 20);
await page.getByRole("button", { name: "Revoke the key build server" }).click();
await page.locator("tr", { hasText: "build server" }).getByText("revoked").waitFor();
await scene.axe(page, "the keys");

await page.goto(`${url}/admin/mail`);
await page.getByLabel("Send mail").check();
await page.getByLabel("Server").fill("mail.example");
await page.getByLabel("From", { exact: true }).fill("tutela@maker.example");
await page.getByLabel("Login").fill("tutela");
await page.getByLabel("Password").fill("of the mail server");
await page.getByRole("button", { name: "Save" }).click();
await page.getByText("one is kept").waitFor();
scene.check("the password of mail is kept and not shown", (await of(page, "/v1/settings/mail")).password === true && (await page.getByLabel("Password").inputValue()) === "");
await scene.axe(page, "mail");

await page.goto(`${url}/admin/backup`);
await page.getByText("Sources are read").waitFor();
scene.check("that no backup is made is said", (await of(page, "/v1/settings")).backup_seconds !== null || (await page.getByText("makes no backup by itself").count()) === 1);
await scene.axe(page, "backup");
await scene.end();
