/* From what /v1/settings/… answers to the fields of a form, and back to what is sent. Used by SettingForm. */
import type { Word } from "../../words/words";

export interface SettingField {
  name: string;
  label: Word;
  kind: "text" | "number" | "long" | "check" | "select" | "secret" | "roles";
  choices?: readonly string[];
  hint?: Word;
  required?: boolean;
}

export type Values = Record<string, string | boolean>;

interface GroupRole {
  group: string;
  role: string;
}

/* "group = role", a line each; a group may have "=" in its name. */
function linesOf(roles: unknown): string {
  return (Array.isArray(roles) ? (roles as GroupRole[]) : []).map((one) => `${one.group} = ${one.role}`).join("\n");
}

function rolesOf(text: string): GroupRole[] {
  return text.split("\n").filter((line) => line.trim()).map((line) => {
    const at = line.lastIndexOf("=");
    return at < 0 ? { group: line.trim(), role: "" } : { group: line.slice(0, at).trim(), role: line.slice(at + 1).trim() };
  });
}

export function valuesOf(fields: readonly SettingField[], said: Readonly<Record<string, unknown>>): Values {
  const values: Values = {};
  for (const { name, kind, choices } of fields) {
    const value = said[name];
    if (kind === "check") values[name] = value === true;
    else if (kind === "secret") values[name] = "";
    else if (kind === "roles") values[name] = linesOf(value);
    else values[name] = typeof value === "string" && value ? value : typeof value === "number" && value ? String(value) : (choices?.[0] ?? "");
  }
  return values;
}

/* What is empty is left out: the service then takes what it takes without it. */
export function bodyOf(fields: readonly SettingField[], values: Values): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    const value = values[name] ?? "";
    if (kind === "roles") body[name] = rolesOf(String(value));
    else if (value === "") continue;
    else if (kind === "number") body[name] = /^\d+$/.test(String(value)) ? Number(value) : value;
    else body[name] = value;
  }
  return body;
}
