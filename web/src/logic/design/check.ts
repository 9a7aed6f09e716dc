/*
 * What the service says of a design (POST …/design/check), and where it stands in the drawing. The
 * page derives nothing: it sorts what it was told to the element or flow that it is about.
 */
export interface Reason { subject: string; value: string | null }
export interface Disposition { outcome: string; by: string | null; reason: string | null; labelling: string | null; at: string | null; until: string | null }
export interface Threat {
  key: string;
  rule: string;
  title: string;
  at: string;
  element: string | null;
  flow: string | null;
  outcome: string;
  stride: string;
  fda_category: string;
  severity: string;
  reach: number | null;
  reach_is_bound: boolean;
  risk_before: string | null;
  risk_after: string | null;
  controls: readonly string[];
  reasons: readonly Reason[];
  cwe?: readonly string[];
  capec?: readonly string[];
  emb3d?: readonly string[];
  attack_ics?: readonly string[];
  disposition: Disposition | null;
  reopened?: string | null;
  findings?: number;
}
export interface Question { at: string; subject: string; text: string; rules: readonly string[] }
export interface Lint { level: string; rule: string; message: string; at?: string | null; line?: number | null }
export interface Checked {
  threats: readonly Threat[];
  questions: readonly Question[];
  lints: readonly Lint[];
  counts: Readonly<Record<string, number>>;
}

/* Outcomes that are work: everything but what is settled. An outcome that is not known here is work, too. */
const SETTLED = new Set(["mitigated", "accepted", "transferred", "not-applicable"]);

export function isOpen(threat: Pick<Threat, "outcome">): boolean {
  return !SETTLED.has(threat.outcome);
}

export interface Mark { open: number; settled: number; questions: number }

/* For each place how many threats are open, how many settled, how many questions are asked. */
export function marks(checked: Checked | null): Map<string, Mark> {
  const out = new Map<string, Mark>();
  const of = (at: string): Mark => {
    const mark = out.get(at) ?? { open: 0, settled: 0, questions: 0 };
    out.set(at, mark);
    return mark;
  };
  for (const threat of checked?.threats ?? []) {
    if (threat.outcome === "not-applicable") continue;
    if (isOpen(threat)) of(threat.at).open++;
    else of(threat.at).settled++;
  }
  for (const question of checked?.questions ?? []) of(question.at).questions++;
  return out;
}

const SEVERITIES = ["catastrophic", "critical", "serious", "minor", "negligible"];
const OUTCOMES = ["open", "unproven", "accepted", "transferred", "mitigated", "not-applicable"];

/* The worst first: open before settled, then by severity; one of unknown severity stands with the worst. */
export function worstFirst(threats: readonly Threat[]): Threat[] {
  const rank = (list: readonly string[], word: string): number => list.indexOf(word);
  return [...threats].sort((a, b) => rank(OUTCOMES, a.outcome) - rank(OUTCOMES, b.outcome) || rank(SEVERITIES, a.severity) - rank(SEVERITIES, b.severity) || (a.key < b.key ? -1 : 1));
}

/* Asks at most once in `gap` ms, with the newest; an answer that was overtaken is dropped. */
export class Checker<T> {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private last = -Infinity;
  private stop = new AbortController();

  constructor(
    private readonly ask: (signal: AbortSignal) => Promise<T>,
    private readonly tell: (said: T | null, problem: unknown) => void,
    private readonly gap = 500,
    private readonly now: () => number = () => Date.now(),
  ) {}

  want(): void {
    if (this.timer) return;
    this.timer = setTimeout(() => this.run(), Math.max(0, this.last + this.gap - this.now()));
  }

  private run(): void {
    this.timer = null;
    this.last = this.now();
    this.stop.abort();
    const mine = (this.stop = new AbortController());
    this.ask(mine.signal).then(
      (said) => void (mine.signal.aborted || this.tell(said, null)),
      (problem: unknown) => void (mine.signal.aborted || this.tell(null, problem)),
    );
  }

  end(): void {
    if (this.timer) clearTimeout(this.timer);
    this.stop.abort();
  }
}
