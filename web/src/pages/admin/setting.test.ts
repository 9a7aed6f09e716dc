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
});
