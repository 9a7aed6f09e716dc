/*
 * One finding as /v1/findings/{…} has it, and what the page Finding makes of it: rows of premises,
 * the picture of a range, the matrix. Nothing is judged here. Used by pages/finding.
 */
export type Text = string | null;

export interface Premises {
  component: Text;
  version: Text;
  advisory: Text;
  source: Text;
  advisory_modified: Text;
  kev: boolean | null;
  score: number | null;
  epss: number | null;
}

export interface Duty {
  rule: string;
  title: string;
  source: string;
  state: string;
  would_start: boolean;
  start: Text;
  due: Text;
  stopped: Text;
  lacking: string[];
  note: Text;
}

export interface Score {
  version: string;
  base: number;
  severity: string;
  vector: string;
  source: string;
  scorer: string;
}

export interface Evidence {
  decisive: boolean;
  verdict: string;
  reason: string;
  record: string;
  source: string;
  record_date?: Text;
  by: string;
  identifier?: Text;
  version?: Text;
  about?: Text;
  scheme?: Text;
  range?: Text;
  vers?: Text;
  fixed?: Text;
}

export interface Link {
  component: string;
  version: Text;
  asset: { id: string; title: string; rationale: Text } | null;
  hazard: { id: string; title: string; reference: Text } | null;
  loss: string[];
  harm: string;
  counts: boolean;
  decides: boolean;
}

export interface Cell {
  band: string;
  harm: string;
  risk: Text;
  open?: number;
}

export interface Earlier {
  id: string;
  name: string;
  state: string;
  status: string;
  risk: string;
  author: string;
  created: string;
  signed_by: Text;
  signed_at: Text;
  current: boolean;
  names_release?: boolean;
  valid?: boolean;
  changed_why?: Text;
  justification?: Text;
  impact?: Text;
  rationale?: Text;
  decided_by?: Text;
  decided_at?: Text;
  expires?: Text;
  premises?: Premises;
}

export interface Supplier {
  status: Text;
  justification: Text;
  impact: Text;
  author: Text;
  trusted: boolean;
  applies: boolean;
  why: string;
  said: Text;
}

export interface Finding {
  id: string;
  release: { id: string; device: string; title: string; name: string; state: string; settled: boolean };
  component: { id: string; name: string; version: Text; purl: Text };
  where: { component: { name: string; pointer?: string }; path: string[] }[];
  places: number;
  vulnerability: {
    name: string;
    title: Text;
    aliases: string[];
    references: string[];
    severity: string;
    score: Score | null;
    scores: Score[];
    epss: { probability?: number; score?: number; date?: Text } | number | null;
    exploited: { catalogue: string; date_added: Text; withdrawn: boolean | Text }[];
  };
  verdict: string;
  reason: string;
  explanation: string;
  statement: Text;
  fixed: Text;
  evidence: Evidence[];
  state: string;
  assessed: boolean;
  closed: boolean;
  since: Text;
  decision: Text;
  reopened_why: Text;
  status: string;
  risk: string;
  harm: string;
  proposed: { decision: string; status: string; risk: string; harm: string } | null;
  conflict: Text;
  proposal: {
    exploitability: string;
    level: number;
    facts: { name: string; text: string; level: number }[];
    harm: string;
    harm_unknown: boolean;
    harm_why: Text;
    privacy: string;
    risk: string;
    risk_why: Text;
    response: string;
    chain: Link[];
  };
  matrix: Cell[];
  learned: Text;
  deadlines: Duty[];
  if_uncontrolled: Duty[];
  markets_without_rules: { market: Text; why: string }[];
  premises: Premises;
  decisions: Earlier[];
  statements: Supplier[];
  knowledge_base: { sha256: string; newest: Text; oldest_source: { source: string; newest: Text } | null };
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
