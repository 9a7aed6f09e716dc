/*
 * What a record of the ledger says, as rows for people: before, after, reason. Used by pages/ledger
 * and the histories of devices and cases.
 */
import type * as Api from "../api/types";
import { pathOf } from "./router";
export type LedgerRecord = Api.LedgerRecord;

export interface Fact {
  name: string;
  before: string | null;
  after: string | null;
}

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/* A value as text; a list or an object as compact JSON. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/* {a: {b: 1}} as "a.b": "1": two levels deep, the rest as JSON. */
function flat(value: unknown, deep = 2): Map<string, string> {
  const out = new Map<string, string>();
  if (!isObject(value)) {
    if (value !== undefined) out.set("", textOf(value));
    return out;
  }
  for (const [name, part] of Object.entries(value)) {
    if (deep > 1 && isObject(part)) for (const [below, text] of flat(part, deep - 1)) out.set(`${name}.${below}`, text);
    else out.set(name, textOf(part));
  }
  return out;
}

/* The members of before and after side by side, in the order of the record. */
export function factsOf(body: unknown): Fact[] {
  const said = isObject(body) ? body : {};
  const before = flat(said["before"]);
  const after = flat(said["after"]);
  return [...new Set([...before.keys(), ...after.keys()])].map((name) => ({ name, before: before.get(name) ?? null, after: after.get(name) ?? null }));
}

export function reasonOf(body: unknown): string | null {
  const reason = isObject(body) ? body["reason"] : null;
  return typeof reason === "string" && reason ? reason : null;
}

/* What is neither before, after nor reason. */
export function restOf(body: unknown): Fact[] {
  if (!isObject(body)) return body === null || body === undefined ? [] : [{ name: "", before: null, after: textOf(body) }];
  const rest = Object.fromEntries(Object.entries(body).filter(([name]) => !["before", "after", "reason"].includes(name)));
  return [...flat(rest)].map(([name, after]) => ({ name, before: null, after }));
}

/* "person:0123…" as kind and name. */
export function subjectOf(subject: string): { kind: string; name: string } {
  const at = subject.indexOf(":");
  return at < 0 ? { kind: "", name: subject } : { kind: subject.slice(0, at), name: subject.slice(at + 1) };
}

const IDS: Readonly<Record<string, string>> = { release: "releases", signal: "signals", statement: "statements" };

/* Where a reader sees what a record is about; null: nowhere, or it is gone. */
export function subjectPath(row: Pick<LedgerRecord, "subject" | "subject_name" | "subject_of">): string | null {
  const { kind, name } = subjectOf(row.subject_of ?? row.subject);
  const device = name.split("/")[0]!;
  if (kind === "case") return pathOf("cases", name);
  if (kind === "device") return pathOf("devices", device);
  if (kind === "decision") return pathOf("devices", device, "statements");
  const page = IDS[kind];
  return page && row.subject_name ? pathOf(page, name) : null;
}
