/* From what /v1/settings/… answers to the fields of a form, and back to what is sent. Used by SettingForm. */
import type { Word } from "../../words/words";

export interface SettingField {
  name: string; /* with points where it stands in another: "publisher.name" */
  label: Word;
  kind: "text" | "number" | "long" | "lines" | "check" | "select" | "secret" | "roles";
  preset?: boolean; /* of a check, where nothing is said yet */
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

/* Texts, a line each. */
function linesIn(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line);
}

function valueAt(said: Readonly<Record<string, unknown>>, name: string): unknown {
  return name.split(".").reduce<unknown>((within, step) => (within as Readonly<Record<string, unknown>> | null | undefined)?.[step], said);
}

function put(body: Record<string, unknown>, name: string, value: unknown): void {
  const steps = name.split(".");
  const last = steps.pop() ?? name;
  let within = body;
  for (const step of steps) within = (within[step] ??= {}) as Record<string, unknown>;
  within[last] = value;
}

export function valuesOf(fields: readonly SettingField[], said: Readonly<Record<string, unknown>>): Values {
  const values: Values = {};
  for (const { name, kind, choices, preset } of fields) {
    const value = valueAt(said, name);
    if (kind === "check") values[name] = value === true || (value === undefined && preset === true);
    else if (kind === "secret") values[name] = "";
    else if (kind === "roles") values[name] = linesOf(value);
    else if (kind === "lines") values[name] = Array.isArray(value) ? value.join("\n") : "";
    else values[name] = typeof value === "string" && value ? value : typeof value === "number" && value ? String(value) : (choices?.[0] ?? "");
  }
  return values;
}

/* What is empty is left out: the service then takes what it takes without it. */
export function bodyOf(fields: readonly SettingField[], values: Values): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    const value = values[name] ?? "";
    if (kind === "roles") put(body, name, rolesOf(String(value)));
    else if (kind === "lines") put(body, name, linesIn(String(value)));
    else if (value === "") continue;
    else if (kind === "number") put(body, name, /^\d+$/.test(String(value)) ? Number(value) : value);
    else put(body, name, value);
  }
  return body;
}
