/*
 * The form of one decision: what is typed, its draft, the body for /v1/decisions, what the service
 * said of it, and two texts side by side. Used by pages/finding.
 */
import type * as Api from "../api/types";
import type { Duty } from "./finding";

export const STATUSES = ["affected", "not_affected", "fixed", "under_investigation"] as const;
export const JUSTIFICATIONS = ["component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path", "vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist"] as const;
export const REMEDIES = ["vendor_fix", "workaround", "mitigation", "no_fix_planned", "none_available"] as const;
export type Status = (typeof STATUSES)[number];

export interface Form {
  status: Status | "";
  justification: string;
  impact: string;
  rationale: string;
  risk: string;
  remedy: string;
  action: string;
  expires: string;
  role: string;
  carry: boolean;
  also: string[]; /* other findings that the same decision is for */
}

export function emptyForm(): Form {
  return { status: "", justification: "", impact: "", rationale: "", risk: "", remedy: "", action: "", expires: "", role: "", carry: true, also: [] };
}

export function isEmpty(form: Form): boolean {
  return JSON.stringify({ ...form, role: "" }) === JSON.stringify(emptyForm());
}

/* A draft is text that this page made; one that it does not understand is no draft. */
export function readDraft(content: string | null): Form | null {
  if (!content) return null;
  try {
    const said: unknown = JSON.parse(content);
    if (typeof said !== "object" || said === null) return null;
    const form = emptyForm();
    for (const [key, value] of Object.entries(said)) {
      if (key === "also" && Array.isArray(value)) form.also = value.filter((one): one is string => typeof one === "string");
      else if (key === "carry") form.carry = value !== false;
      else if (key in form && typeof value === "string") Object.assign(form, { [key]: value });
    }
    return form;
  } catch {
    return null;
  }
}

/* Which fields belong to which status; others are kept in the draft and not sent. */
const ONLY: Partial<Record<keyof Form, readonly string[]>> = { justification: ["not_affected"], impact: ["not_affected"], action: ["affected"], remedy: ["affected"] };

export function shows(form: Form, field: keyof Form): boolean {
  return ONLY[field]?.includes(form.status) ?? true;
}

const TEXTS = ["justification", "impact", "rationale", "risk", "remedy", "action", "expires", "role"] as const;

/* What is empty is not said. `supersedes` is the decision that was there when the form was opened. */
export function bodyOf(form: Form, finding: string, supersedes: string | null): Record<string, unknown> {
  const said: [string, unknown][] = TEXTS.filter((field) => shows(form, field) && form[field].trim()).map((field) => [field, form[field].trim()]);
  return { findings: [{ finding, ...(supersedes ? { supersedes } : {}) }, ...form.also.map((one) => ({ finding: one }))], status: form.status, ...Object.fromEntries(said), ...(form.carry ? {} : { carry: false }) };
}

export type Dry = Api.DryRun;

/* Only what the service has just looked at, and said yes to as a whole. `checked` is the text that it
   looked at, `text` the one that would be sent: after a key they differ until the next check. */
export function maySend(dry: Dry | null, form: Form, checked: string, text: string): boolean {
  return dry !== null && checked === text && dry.possible && !dry.conflict && dry.decisions.length === form.also.length + 1 && dry.decisions.every((one) => !one.error);
}

/* Deadlines that would begin to run; one that is stopped already does not. */
export function startsOf(dry: Dry): Duty[] {
  const all = new Map<string, Duty>();
  for (const one of dry.decisions) for (const duty of one.starts ?? []) if (!duty.stopped && duty.state !== "waived") all.set(duty.rule, duty);
  return [...all.values()];
}

export function offeredTo(dry: Dry): string[] {
  return [...new Set(dry.decisions.flatMap((one) => (one.offered_to ?? []).map((other) => other.device)))];
}

/* ---- two texts side by side ---- */

export const COMPARED = ["status", "justification", "impact", "rationale", "risk", "expires"] as const;
export type Compared = (typeof COMPARED)[number];

export interface Side {
  field: Compared;
  theirs: string;
  mine: string;
  differs: boolean;
}

export function sideBySide(theirs: Partial<Record<Compared, string | null | undefined>>, form: Form): Side[] {
  return COMPARED.map((field) => {
    const other = (theirs[field] ?? "").trim();
    const own = shows(form, field) ? form[field].trim() : "";
    const day = field === "expires" ? other.slice(0, 10) : other;
    return { field, theirs: day, mine: own, differs: day !== own && !(field === "risk" && own === "") };
  });
}
