/*
 * Cases of /v1 as a page puts them: the columns of the board, and what a person can do next. What is
 * open in a case is the service's word (conditions). Used by pages/cases.
 */
import type { Deadline } from "./deadlines";
import type { Gaps } from "./gaps";

export interface Case {
  id: string;
  vulnerability: string;
  title: string | null;
  severity: string;
  score: number | null;
  kev: boolean;
  state: "open" | "closed";
  owner: string | null;
  learned_at: string;
  opened: string;
  closed_at: string | null;
  devices: number;
  affected: number;
  undecided: number;
  fixed: number;
  not_affected: number;
  deadline: string | null;
  open_deadlines: number;
  undecided_deadlines: number | null;
  deadline_if_uncontrolled: string | null;
  version: number;
}

export interface CasePage {
  items: Case[];
  next: string | null;
  total: { count: number; exact: boolean };
  gaps: Gaps;
}

export interface CaseEvent {
  id: string;
  device: string;
  event: string;
  at: string;
  evidence: string | null;
  contents: string[];
  by: string;
  recorded: string;
  replaces: string | null;
  replaced_by: string | null;
  taken_back: boolean;
  reason: string | null;
}

export interface CaseItem {
  id: string;
  kind: "note" | "event" | "evidence" | "communication" | "statement";
  name: string;
  text: string;
  device: string | null;
  document: { digest: string; bytes: number } | null;
  by: string;
  at: string;
}

export interface CaseRelease {
  device: string;
  release: string;
  id: string;
  state: "affected" | "undecided" | "not affected" | "fixed";
  uncontrolled: boolean;
  fix: string | null;
  units_open: number | null;
}

export interface CaseDecision {
  id: string;
  device: string;
  name: string;
  state: string;
  status: string;
  risk: string;
  harm: string;
  author: string;
  created: string;
}

export interface CaseDetail {
  case: Case;
  parts: { device: string; state: string; owner: string | null; learned_at: string; opened: string; closed_at: string | null }[];
  releases: CaseRelease[];
  decisions: CaseDecision[];
  deadlines: Deadline[];
  not_computed: { device: string; why: string }[];
  not_assessed: { releases: number; soonest: string | null; would_start: Deadline[] };
  events: CaseEvent[];
  items: CaseItem[];
  conditions: { need: string; device: string; of?: string; words: string }[];
}

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
