/*
 * The curve of a number over days, of /v1/trends: runs of days that have one, and the gaps between
 * them. A day without a number is a gap, never a zero and never a line from one side to the other.
 * Used by parts/Trend.
 */
import type * as Api from "../api/types";

export type Day = Api.Trend;
export type Figure = "uncontrolled" | "not_assessed_30";

export interface Curve {
  lines: string[]; /* points of SVG polylines; a run of one day is a point twice */
  gaps: { x: number; width: number }[];
  max: number;
  first: Day | null; /* with a number */
  last: Day | null;
  days: number; /* with a number */
}

/* In a box of `width` by `height`; each day is a column, 0 is at the bottom. */
export function curveOf(days: readonly Day[], figure: Figure, width: number, height: number): Curve {
  const max = Math.max(1, ...days.map((day) => day[figure] ?? 0));
  const step = width / Math.max(1, days.length);
  const known = days.filter((day) => day[figure] !== null);
  const curve: Curve = { lines: [], gaps: [], max, first: known[0] ?? null, last: known.at(-1) ?? null, days: known.length };
  let run: string[] = [];
  const end = (): void => {
    if (run.length) curve.lines.push((run.length === 1 ? [...run, ...run] : run).join(" "));
    run = [];
  };
  days.forEach((day, index) => {
    const value = day[figure];
    if (value !== null) return void run.push(`${round((index + 0.5) * step)},${round(height - (value / max) * height)}`);
    end();
    const gap = curve.gaps.at(-1);
    if (gap && index && days[index - 1]![figure] === null) gap.width = round((index + 1) * step - gap.x);
    else curve.gaps.push({ x: round(index * step), width: round(step) });
  });
  end();
  return curve;
}

function round(n: number): number {
  return Math.round(n * 100) / 100;
}

export type Why = "none" | "unseen" | "unknown"; /* no device was there; not all were looked at; nothing was known */

export interface Line {
  from: string;
  to: string; /* the same, where it has numbers */
  why: Why | null; /* null: it has numbers */
  day: Day;
}

export function whyNot(day: Day): Why | null {
  if (day.findings !== null) return null;
  if (!day.devices) return "none";
  return day.devices_not_seen ? "unseen" : "unknown";
}

/* The same as a table, the newest first: days without numbers for one reason are one line. */
export function linesOf(days: readonly Day[]): Line[] {
  const out: Line[] = [];
  for (const day of [...days].reverse()) {
    const why = whyNot(day);
    const last = out.at(-1);
    if (why && last?.why === why) last.from = day.day;
    else out.push({ from: day.day, to: day.day, why, day });
  }
  return out;
}
