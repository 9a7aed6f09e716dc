/*
 * One finding as /v1/findings/{…} has it, and what the page Finding makes of it: rows of premises,
 * the picture of a range, the matrix. Nothing is judged here. Used by pages/finding.
 */
import type * as Api from "../api/types";
export type Text = string | null;

export type Premises = Api.Premises;
export type Duty = Api.Foreseen;
export type Link = Api.ChainLink;
export type Cell = Api.MatrixCell;
export type Earlier = Api.EarlierDecision;
export type Supplier = Api.SupplierStatement;
export type Finding = Api.FindingDetail;

export type Score = Api.Score;
export type Evidence = Api.Evidence;

/* "9.8"; "": the record states a severity and no number. */
export function scoreOf(score: Pick<Score, "base">): string {
  return score.base === undefined ? "" : score.base.toFixed(1);
}

/* "CVSS 3.1, NVD"; by which version and whose, as far as it is said. */
export function madeBy(score: Pick<Score, "version" | "source">): string {
  return score.version ? `CVSS ${score.version}, ${score.source}` : score.source;
}

/* "NVD, CVE-2022-1"; "": it rests on the SBOM alone, and no record says anything. */
export function recordOf(one: Pick<Evidence, "source" | "record">): string {
  return [one.source, one.record].filter(Boolean).join(", ");
}

/* ---- addresses ---- */

export function findingPath(id: string, search = ""): string {
  return `/findings/${id.split("/").map(encodeURIComponent).join("/")}${search}`;
}

export function findingAsk(id: string): string {
  return `/v1/findings/${id.split("/").map(encodeURIComponent).join("/")}`;
}

/* Whether a change of /v1/events is about this finding: its release, its vulnerability, its component, or the knowledge as a whole. */
export function concerns(finding: Pick<Finding, "vulnerability" | "release" | "component">, changed: readonly { kind: string; id: string | null }[]): boolean {
  const names: Readonly<Record<string, string>> = { vulnerability: finding.vulnerability.name, release: finding.release.id, component: finding.component.purl ?? "" };
  return changed.some((one) => one.kind === "knowledge" || (one.id !== null && names[one.kind] === one.id));
}

/* ---- neighbours in the list that the page was opened from ---- */

export interface Beside {
  before: string | null;
  after: string | null;
  at: number; /* from 1; 0: not in the list, or not found within the pages that were asked for */
  total: number;
  exact: boolean;
}

export interface Ids {
  items: { id: string }[];
  next: string | null;
  total: { count: number; exact: boolean };
}

/* Pages of the list, in the service's order, until the finding and the one after it are there. */
export async function besideOf(id: string, page: (cursor: string) => Promise<Ids>, pages = 10): Promise<Beside> {
  const ids: string[] = [];
  let cursor = "";
  let total: Ids["total"] = { count: 0, exact: false };
  for (let asked = 0; asked < pages; asked++) {
    const got = await page(cursor);
    total = got.total;
    for (const one of got.items) ids.push(one.id);
    const at = ids.indexOf(id);
    if (at >= 0 && (at + 1 < ids.length || got.next === null)) return { before: ids[at - 1] ?? null, after: ids[at + 1] ?? null, at: at + 1, total: total.count, exact: total.exact };
    if (got.next === null) break;
    cursor = got.next;
  }
  return { before: null, after: null, at: 0, total: total.count, exact: total.exact };
}

/* ---- premises: then and now ---- */

export type PremiseName = keyof Premises;
export const PREMISES: readonly PremiseName[] = ["component", "version", "source", "advisory", "advisory_modified", "kev", "score", "epss"];

export interface PremiseRow {
  name: PremiseName;
  then: Premises[PremiseName];
  now: Premises[PremiseName];
  same: boolean | null; /* null: it was not written down then, so nothing can be said */
}

export function premiseRows(then: Premises | null, now: Premises): PremiseRow[] {
  return PREMISES.map((name) => {
    const before = then ? then[name] : null;
    return { name, then: before, now: now[name], same: !then || before === null ? null : before === now[name] };
  });
}

/* The decision whose premises are compared: the one that applies, was re-opened, or is the newest. */
export function premiseDecision(finding: Finding): Earlier | null {
  const current = finding.decisions.filter((one) => one.current && one.premises);
  return current.find((one) => one.id === finding.decision) ?? current[0] ?? null;
}

/* What a new decision takes the place of: a current one that names this release. */
export function superseded(finding: Finding): Earlier | null {
  return finding.decisions.find((one) => one.current && one.names_release) ?? null;
}

/* ---- the picture of a range ---- */

export interface RangePicture {
  from: string | null; /* null: from the first version on */
  to: string | null; /* null: no end is known */
  installed: string;
  inside: boolean;
}

/* Only of one range with at most one beginning and one end; else there is no picture, only words. */
export function rangePicture(evidence: Evidence | null): RangePicture | null {
  if (!evidence?.range || !evidence.version || evidence.range.includes("||") || /[()]/.test(evidence.range)) return null;
  const parts = evidence.range.split(",").map((part) => /^\s*(>=|>|<=|<|=)\s*(\S+)\s*$/.exec(part));
  if (parts.some((part) => part === null)) return null;
  const begins = parts.filter((part) => part?.[1]?.startsWith(">"));
  const ends = parts.filter((part) => part?.[1]?.startsWith("<"));
  if (begins.length > 1 || ends.length > 1 || begins.length + ends.length !== parts.length || !parts.length) return null;
  const clean = (text: string | undefined): string | null => (text === undefined || text === "0" ? null : text);
  return { from: clean(begins[0]?.[2]), to: clean(ends[0]?.[2]), installed: evidence.version, inside: evidence.verdict === "affected" };
}

/* ---- the matrix ---- */

const HARMS = ["negligible", "minor", "serious", "critical", "catastrophic"];

/* The highest band first, as people draw it. */
export function matrixRows(cells: readonly Cell[]): { band: string; cells: Cell[] }[] {
  const bands = [...new Set(cells.map((cell) => cell.band))].reverse();
  return bands.map((band) => ({ band, cells: HARMS.flatMap((harm) => cells.find((cell) => cell.band === band && cell.harm === harm) ?? []) }));
}

/* Facts with what each of them changed. */
export function steps(facts: readonly { name: string; text: string; level: number }[]): { text: string; level: number; change: number }[] {
  return facts.map((fact, i) => ({ text: fact.text, level: fact.level, change: i ? fact.level - (facts[i - 1]?.level ?? fact.level) : 0 }));
}

/* Running ones first, then those that would run; one of both only once. */
export function duties(finding: Pick<Finding, "deadlines" | "if_uncontrolled">): (Duty & { only: boolean })[] {
  const now = finding.deadlines.filter((one) => !one.would_start).map((one) => ({ ...one, only: false }));
  const would = finding.if_uncontrolled.filter((one) => !now.some((other) => other.rule === one.rule)).map((one) => ({ ...one, only: true }));
  return [...now, ...would];
}
