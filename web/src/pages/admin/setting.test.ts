/* The forms of pages/admin: what is read, what is sent. */
import { describe, expect, it } from "vitest";
import { bodyOf, valuesOf, type SettingField } from "./setting";

const fields: SettingField[] = [
  { name: "on", label: "admin.save", kind: "check" },
  { name: "host", label: "admin.save", kind: "text" },
  { name: "port", label: "admin.save", kind: "number" },
  { name: "security", label: "admin.save", kind: "select", choices: ["tls", "starttls"] },
  { name: "password", label: "admin.save", kind: "secret" },
  { name: "roles", label: "admin.save", kind: "roles" },
];

describe("a setting", () => {
  it("is read without its secret, and sent without what is empty", () => {
    const values = valuesOf(fields, { on: true, host: "mail.example", port: 993, password: true, roles: [{ group: "cn=a", role: "analyst" }] });
    expect(values).toEqual({ on: true, host: "mail.example", port: "993", security: "tls", password: "", roles: "cn=a = analyst" });
    expect(bodyOf(fields, values)).toEqual({ on: true, host: "mail.example", port: 993, security: "tls", roles: [{ group: "cn=a", role: "analyst" }] });
  });
  it("sends what is no number as it was typed: the service says what is wrong", () => {
    expect(bodyOf(fields, { on: false, host: "", port: "many", security: "tls", password: "x", roles: "" })).toEqual({ on: false, port: "many", security: "tls", password: "x", roles: [] });
  });
  it("that stands in another is read from there and sent there; an open check has its preset", () => {
    const nested: SettingField[] = [
      { name: "publisher.name", label: "admin.save", kind: "text" },
      { name: "publisher.contact_details", label: "admin.save", kind: "text" },
      { name: "security.contacts", label: "admin.save", kind: "lines" },
      { name: "list_on_aggregators", label: "admin.save", kind: "check", preset: true },
    ];
    expect(valuesOf(nested, { enabled: false })).toEqual({ "publisher.name": "", "publisher.contact_details": "", "security.contacts": "", list_on_aggregators: true });
    const values = valuesOf(nested, { publisher: { name: "Maker", contact_details: "" }, security: { contacts: ["mailto:a@maker.example", "tel:+49"] }, list_on_aggregators: false });
    expect(values["security.contacts"]).toBe("mailto:a@maker.example\ntel:+49");
    expect(bodyOf(nested, values)).toEqual({ publisher: { name: "Maker" }, security: { contacts: ["mailto:a@maker.example", "tel:+49"] }, list_on_aggregators: false });
    expect(bodyOf(nested, { ...values, "security.contacts": " \n" })["security"]).toEqual({ contacts: [] });
  });
});
