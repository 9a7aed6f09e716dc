/*
 * Cases of /v1 as a page puts them: the columns of the board, and what a person can do next. What is
 * open in a case is the service's word (conditions). Used by pages/cases.
 */
import type * as Api from "../api/types";

export type Case = Api.Case;
export type CasePage = Api.CasePage;
export type CaseEvent = Api.CaseDetail["events"][number];
export type CaseItem = Api.CaseDetail["items"][number];
export type CaseRelease = Api.CaseDetail["releases"][number];
export type CaseDecision = Api.CaseDetail["decisions"][number];
export type CaseDetail = Api.CaseDetail;

export const LANES = ["decide", "fix", "close", "closed"] as const;
export type Lane = (typeof LANES)[number];

/* Where a case stands on the board: what nobody has decided comes before all else. */
export function laneOf(one: Case): Lane {
  if (one.state === "closed") return "closed";
  if (one.undecided > 0) return "decide";
  return one.affected > 0 || one.open_deadlines > 0 ? "fix" : "close";
}

export interface Due {
  at: string;
  assumed: boolean; /* it would be so, if the undecided releases were uncontrolled */
}

/* The soonest of a case: one that runs, else one that would; the sooner of both. null: none is known. */
export function dueOf(one: Case): Due | null {
  const runs = one.deadline;
  const would = one.deadline_if_uncontrolled;
  if (runs && (!would || Date.parse(runs) <= Date.parse(would))) return { at: runs, assumed: false };
  return would ? { at: would, assumed: true } : null;
}

/* Releases by device, in the order of the service. */
export function byDevice(rows: readonly CaseRelease[]): { device: string; releases: CaseRelease[] }[] {
  return [...new Set(rows.map((row) => row.device))].map((device) => ({ device, releases: rows.filter((row) => row.device === device) }));
}

/* What is to be done, one line for each device and kind: "units-known" of nine releases is one line. */
export function conditionsOf(rows: CaseDetail["conditions"]): { need: string; device: string; of: string[]; words: string }[] {
  const out: { need: string; device: string; of: string[]; words: string }[] = [];
  for (const row of rows) {
    const same = out.find((one) => one.need === row.need && one.device === row.device);
    if (same) same.of.push(row.of ?? "");
    else out.push({ need: row.need, device: row.device, of: row.of ? [row.of] : [], words: row.words });
  }
  return out;
}

/** A decision on releases of a case of our own, as the form has it: empty texts are not stated. */
export interface OwnForm {
  device: string;
  releases: string[];
  component: string;
  status: string;
  exploitability: string;
  harm: string;
  risk: string;
  justification: string;
  remedy: string;
  action: string;
  fix_release: string;
  impact: string;
  rationale: string;
  role: string;
  supersedes: string;
}

const OF_AFFECTED: readonly (keyof OwnForm)[] = ["exploitability", "harm", "risk", "remedy", "action", "fix_release"];
const OF_NOT_AFFECTED: readonly (keyof OwnForm)[] = ["justification", "impact"];

/** What is sent of it: nothing of another status that was typed before. */
export function ownBody(form: OwnForm): Record<string, string | string[]> {
  const left = new Set<string>([...(form.status === "affected" ? [] : OF_AFFECTED), ...(form.status === "not_affected" ? [] : OF_NOT_AFFECTED)]);
  const stated = Object.entries(form).filter(([key, value]) => !left.has(key) && value.length > 0) as [string, string | string[]][];
  return Object.fromEntries(stated.map(([key, value]) => [key, typeof value === "string" ? value.trim() : value]));
}
