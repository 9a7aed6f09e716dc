/*
 * One's own account and the administration: an authenticator is enrolled, its codes are shown once,
 * somebody is added, given a role, disabled and erased, a team and a key are made, mail is set; a channel
 * and a rule of notifications are made, tried and removed; the publisher of CSAF documents is named and a
 * key revoked. Who is no administrator is offered none of it.
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
await mine.getByRole("heading", { name: "This page is not for your role" }).waitFor();
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
await page.getByRole("button", { name: "Rename Cloud" }).click();
await page.getByRole("dialog", { name: "Cloud" }).getByLabel("Name").fill("Cloud and mobile");
await page.getByRole("dialog", { name: "Cloud" }).getByRole("button", { name: "Rename" }).click();
await page.getByRole("button", { name: "Take alder-pm-50 out of Cloud and mobile" }).waitFor();

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

await page.goto(`${url}/admin/notifications`);
await page.getByLabel("Name").fill("build hook");
await page.getByLabel("Kind").selectOption("webhook");
await page.getByLabel("About").selectOption("all");
await page.getByLabel("Address").fill("https://hooks.maker.example/of/tutela");
await page.getByRole("button", { name: "Add a channel" }).click();
const first = await page.getByRole("textbox", { name: "The secret of the webhook" }).inputValue();
await page.getByRole("button", { name: "Add a rule" }).click();
const rule = page.getByRole("dialog");
await rule.getByLabel("Name").fill("critical findings");
await rule.getByLabel("Channel").selectOption({ label: "build hook" });
await rule.getByLabel("New finding").check();
await rule.getByLabel("Severity, at least").selectOption("critical");
await rule.getByLabel("Leaves", { exact: true }).selectOption("week");
await rule.getByLabel("Quiet from").fill("22:00");
await rule.getByLabel("Quiet until").fill("06:30");
await scene.axe(page, "a rule");
await rule.getByRole("button", { name: "Add a rule" }).click();
await page.getByRole("button", { name: "Change critical findings" }).click();
const [made] = (await of(page, "/v1/notification-rules")).items;
scene.check("the rule is kept as it was filled in", made.events === "finding.new" && made.severity === "critical" && made.delivery === "week" && made.minute === 480 && made.weekday === 1 && made.zone === "Europe/Berlin" && made.quiet_from === 1320 && made.quiet_to === 390, made);
await rule.getByRole("button", { name: "Preview" }).click();
await rule.getByRole("status").getByText("Nothing waits").waitFor();
await rule.getByLabel("The rule is on").uncheck();
await rule.getByRole("button", { name: "Save" }).click();
await page.locator("tr", { hasText: "critical findings" }).getByText("off").waitFor();
await page.getByRole("button", { name: "Change build hook" }).click();
const channel = page.getByRole("dialog", { name: "build hook" });
await channel.getByRole("button", { name: "New secret" }).click();
const second = await channel.getByRole("textbox", { name: "The secret of the webhook" }).inputValue();
scene.check("a webhook's secret is shown, and another after it is changed", /^whsec_/.test(first) && /^whsec_/.test(second) && first !== second);
await channel.getByRole("button", { name: "Send a test" }).click();
await channel.getByRole("button", { name: "Send a test" }).and(page.locator(":enabled")).waitFor();
await page.keyboard.press("Escape");
await page.getByRole("button", { name: "Read again" }).click();
await page.locator("tr", { hasText: "Test" }).getByText("build hook").waitFor();
await scene.axe(page, "the notifications");
await page.getByRole("button", { name: "Change build hook" }).click();
await channel.getByRole("button", { name: "Remove" }).click();
await channel.getByRole("button", { name: "Yes: Remove" }).click();
await page.getByText("There is no channel").waitFor();
scene.check("the rules of a channel go with it", (await of(page, "/v1/notification-rules")).items.length === 0);

await page.goto(`${url}/admin/publishing`);
await page.getByLabel("Publisher", { exact: true }).fill("Maker of Devices");
await page.getByLabel("Namespace").fill("https://psirt.maker.example");
await page.getByLabel("Contacts for reports").fill("mailto:psirt@maker.example\nhttps://psirt.maker.example/report");
await page.getByLabel("Aggregators may mirror the documents").uncheck();
await page.getByRole("button", { name: "Save" }).click();
await page.getByText("Nobody has said yet who publishes").waitFor({ state: "detached" });
const provider = await of(page, "/v1/settings/csaf-provider");
scene.check("the publisher is kept as it was filled in", provider.enabled && provider.publisher.name === "Maker of Devices" && provider.security.contacts.length === 2 && provider.list_on_aggregators && !provider.mirror_on_aggregators, provider);
await scene.axe(page, "publishing");
if (provider.keys.length) {
  await page.getByRole("button", { name: `Revoke the key ${provider.keys[0]}` }).click();
  const sure = page.getByRole("dialog", { name: "Revoke a key" });
  await sure.getByLabel("Reason").fill("somebody else had the disk");
  await scene.axe(page, "revoking a key");
  await sure.getByRole("button", { name: "Yes: Revoke" }).click();
  await page.getByText("Nothing is signed:").waitFor();
  scene.check("a revoked key is listed no longer", !(await of(page, "/v1/settings/csaf-provider")).keys.includes(provider.keys[0]));
}

await page.goto(`${url}/admin/backup`);
await page.getByText("Sources are read").waitFor();
scene.check("that no backup is made is said", (await of(page, "/v1/settings")).backup_seconds !== null || (await page.getByText("makes no backup by itself").count()) === 1);
await scene.axe(page, "backup");
await scene.end();
