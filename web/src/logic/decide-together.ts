/*
 * Deciding several findings together: one decision for each, all or none (/v1/decisions/dry-run and
 * /v1/decisions). What would be, and which premises differ, is the service's to say; here it is
 * only put in rows. Used by pages/findings/DecideTogether.
 */
import type * as Api from "../api/types";
export const TOGETHER_MAX = 200; /* as the service takes */

export interface Together {
  status: string;
  justification: string;
  impact: string;
  rationale: string;
}

export type Value = string | number | boolean | null;

export type DryDecision = Api.DryDecision;
export type DryRun = Api.DryRun;

/* The body of both requests. What is empty is not said. */
export function bodyOf(form: Together, findings: readonly string[]): Record<string, unknown> {
  const said = Object.entries(form).filter(([key, value]) => value.trim() && (key !== "justification" || form.status === "not_affected"));
  return { findings: findings.map((finding) => ({ finding })), ...Object.fromEntries(said) };
}

export interface PremiseRow {
  finding: string;
  values: { name: string; value: Value; differs: boolean }[];
  error: string | null;
  warnings: string[];
}

/* Those that differ first: they are what has to be looked at. */
export function premiseRows(dry: DryRun): { names: string[]; rows: PremiseRow[] } {
  const all = new Set(dry.decisions.flatMap((one) => Object.keys(one.premises ?? {}) as (keyof Api.Premises)[]));
  const names = [...all].sort((a, b) => Number(dry.differs.includes(b)) - Number(dry.differs.includes(a)));
  const rows = dry.decisions.map(({ finding, error, warnings, premises }) => ({
    finding, error, warnings,
    values: names.map((name) => ({ name, value: premises?.[name] ?? null, differs: dry.differs.includes(name) })),
  }));
  return { names, rows };
}

/* May it be sent? Only what the service has just looked at, and said yes to as a whole. */
export function maySend(dry: DryRun | null, asked: readonly string[]): boolean {
  return dry !== null && dry.possible && !dry.conflict && dry.decisions.length === asked.length && dry.decisions.every((one, i) => !one.error && one.finding === asked[i]);
}
