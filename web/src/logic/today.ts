/*
 * What is to be done today, from what /v1 says: deadlines that were missed or are near, exploited
 * findings that nobody has looked at, decisions that wait for a signature, decisions that opened
 * again. The service judges and sorts each list; here they are put one below the other, the most
 * urgent kind first. Used by pages/portfolio and pages/device.
 */
import type * as Api from "../api/types";
import { term } from "./filter";
import { pathOf } from "./router";

/* what of them this list needs */
export type Deadline = Pick<Api.Deadline, "device" | "vulnerability" | "case" | "signal" | "rule" | "title" | "source" | "state" | "open" | "due" | "meets" | "missing">;
export type Waiting = Pick<Api.Decision, "id" | "device" | "vulnerability" | "state" | "status" | "risk" | "harm" | "findings" | "reopened">;

export interface Reopened {
  device: string;
  reopened: number;
}

export type WorkKind = "missed" | "today" | "soon" | "exploited" | "sign" | "reopened";
export type WorkAct = "assess" | "evidence" | "review" | "decide" | "answer";

export interface Work {
  kind: WorkKind;
  id: string;
  act: WorkAct;
  subject: string; /* the vulnerability; "" where it is about several */
  device: string; /* its name; "": all */
  why: string; /* the rule's title */
  n: number;
  due: string | null;
  to: string;
}

export interface Sources {
  deadlines: readonly Deadline[];
  waiting: readonly Waiting[];
  reopened: readonly Reopened[];
  exploited: number; /* exploited findings that are not assessed */
  device?: string; /* of one device only */
}

const DAY = 86_400_000;
export const SOON = 7 * DAY;

export function findingsPath(...terms: string[]): string {
  return `/findings?${new URLSearchParams({ filter: terms.join(" ") })}`;
}

export function kindOf(row: Deadline, now: number): WorkKind {
  if (row.state === "missed") return "missed";
  return row.due && new Date(row.due).toDateString() === new Date(now).toDateString() ? "today" : "soon";
}

function ofDeadline(row: Deadline, now: number): Work {
  const of = { kind: kindOf(row, now), subject: row.vulnerability ?? "", device: row.device ?? "", why: row.title ?? row.rule, n: 1, due: row.due };
  if (row.signal) return { ...of, id: `${row.signal}/${row.rule}`, act: "answer", to: pathOf("signals", row.signal) };
  const assess = row.missing?.includes("assessed") ?? false;
  const to = assess || !row.case ? findingsPath(term("device", of.device), term("vulnerability", of.subject)) : pathOf("cases", row.case);
  return { ...of, id: `${of.device}/${of.subject}/${row.rule}/${row.due ?? ""}`, act: assess ? "assess" : "evidence", to };
}

function ofWaiting(row: Waiting): Work {
  return { kind: "sign", id: row.id, act: "review", subject: row.vulnerability, device: row.device, why: "", n: row.findings, due: null, to: findingsPath(term("device", row.device), term("vulnerability", row.vulnerability), "state:proposed") };
}

/* At most `most` of each kind, so that none hides another. */
export function workOf(said: Sources, now: number, most = 3): Work[] {
  const rows = said.deadlines.filter((row) => row.open && (row.state === "missed" || (row.due !== null && Date.parse(row.due) - now < SOON))).map((row) => ofDeadline(row, now));
  const only = said.device ? [term("device", said.device)] : [];
  const exploited: Work[] = said.exploited > 0 ? [{ kind: "exploited", id: "exploited", act: "assess", subject: "", device: said.device ?? "", why: "", n: said.exploited, due: null, to: findingsPath(...only, "kev:yes", "state:not-assessed") }] : [];
  const reopened: Work[] = said.reopened
    .filter((row) => row.reopened > 0)
    .map((row) => ({ kind: "reopened", id: `reopened/${row.device}`, act: "decide", subject: "", device: row.device, why: "", n: row.reopened, due: null, to: findingsPath(term("device", row.device), "state:reopened") }));
  const of = (kind: WorkKind): Work[] => rows.filter((row) => row.kind === kind).slice(0, most);
  const near = (row: Work): boolean => row.due !== null && Date.parse(row.due) - now < 2 * DAY;
  const soon = of("soon");
  return [...of("missed"), ...of("today"), ...soon.filter(near), ...exploited, ...said.waiting.map(ofWaiting).slice(0, most), ...reopened.slice(0, most), ...soon.filter((row) => !near(row))];
}
