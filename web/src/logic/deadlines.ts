/*
 * How deadlines of /v1 are put in order on a page: groups by urgency, marks of the time line with
 * their lanes, the list of evidence. Which deadline there is, its state and what is missing is the
 * service's word. Used by pages/deadlines and pages/cases.
 */
import type * as Api from "../api/types";
export type Deadline = Api.Deadline;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const GROUPS = ["missed", "today", "week", "later", "waiting", "closed"] as const;
export type Group = (typeof GROUPS)[number];
export type Mark = "missed" | "today" | "running" | "met" | "off" | "waiting";

export function keyOf(row: Deadline): string {
  return [row.device, row.vulnerability, row.signal, row.rule, row.start ?? ""].join("\u0001");
}

/* The day of a moment at the offset of "2026-07-09T23:59:59-05:00": the maker's own. */
export function dayThere(now: number, local: string): string {
  const zone = /([+-])(\d\d):(\d\d)$/.exec(local);
  const minutes = zone ? (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : 0;
  return new Date(now + minutes * 60_000).toISOString().slice(0, 10);
}

export function isDueToday(row: Deadline, now: number): boolean {
  return row.due_local !== null && row.due_local.slice(0, 10) === dayThere(now, row.due_local);
}

export function groupOf(row: Deadline, now: number): Group {
  if (row.state === "missed" && row.open) return "missed";
  if (row.state === "running" || (row.open && row.due)) {
    if (isDueToday(row, now)) return "today";
    return row.due && Date.parse(row.due) - now < 7 * DAY ? "week" : "later";
  }
  if (row.state === "met" || row.state === "missed" || row.state === "waived") return "closed";
  return "waiting";
}

/* Groups that have rows, the most urgent first; in each the service's order, closed: newest first. */
export function grouped(rows: readonly Deadline[], now: number): { group: Group; rows: Deadline[] }[] {
  return GROUPS.map((group) => {
    const of = rows.filter((row) => groupOf(row, now) === group);
    if (group === "closed") of.sort((a, b) => (b.stopped ?? b.due ?? "").localeCompare(a.stopped ?? a.due ?? ""));
    return { group, rows: of };
  }).filter((one) => one.rows.length > 0);
}

export function markOf(row: Deadline, now: number): Mark {
  if (row.state === "missed") return "missed";
  if (row.state === "met") return "met";
  if (row.state === "waived") return "off";
  if (row.state === "running") return isDueToday(row, now) ? "today" : "running";
  return "waiting";
}

/* Evidence of a deadline, what is there and what is not; those that are missing and not in the list too. */
export function checklist(row: Pick<Deadline, "needs" | "missing">): { word: string; there: boolean }[] {
  const all = [...row.needs, ...row.missing.filter((word) => !row.needs.includes(word))];
  return all.map((word) => ({ word, there: !row.missing.includes(word) }));
}

/* How much of the time is gone, 0 to 1; null: it has not begun. */
export function gone(row: Deadline, now: number): number | null {
  if (!row.start || !row.due) return null;
  const [start, due] = [Date.parse(row.start), Date.parse(row.due)];
  return due > start ? Math.min(1, Math.max(0, (now - start) / (due - start))) : 1;
}

export interface Placed {
  row: Deadline;
  at: number; /* of the width, 0 to 1 */
  lane: number;
  width: number; /* of the width: of its label */
}

/*
 * Open deadlines of a span as marks with words that do not cover each other: the first lane that is
 * free. `width`: how much of the whole a label of so many letters takes. More lanes than `lanes`: left
 * out and counted, the table has them.
 */
export function placed(rows: readonly Deadline[], from: number, to: number, lanes: number, width: (row: Deadline) => number): { marks: Placed[]; more: number } {
  const ends = Array.from({ length: lanes }, () => -1);
  const marks: Placed[] = [];
  let more = 0;
  const due = rows.flatMap((row) => (row.open && row.due ? [{ row, at: (Date.parse(row.due) - from) / (to - from) }] : []));
  for (const { row, at } of due.filter((one) => one.at >= 0 && one.at <= 1).sort((a, b) => a.at - b.at)) {
    const wide = width(row);
    const left = Math.min(at, 1 - wide);
    const lane = ends.findIndex((end) => end <= left);
    if (lane < 0) more++;
    else {
      ends[lane] = left + wide + 0.006;
      marks.push({ row, at: left, lane, width: wide });
    }
  }
  return { marks, more };
}

/* The beginning of the week of a moment (Monday, of this browser's calendar). */
export function weekStart(now: number): number {
  const date = new Date(now);
  date.setHours(0, 0, 0, 0);
  date.setDate(date.getDate() - ((date.getDay() + 6) % 7));
  return date.getTime();
}
