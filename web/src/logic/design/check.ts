/*
 * What the service says of a design (POST …/design/check), and where it stands in the drawing. The
 * page derives nothing: it sorts what it was told to the element or flow that it is about.
 */
import type * as Api from "../../api/types";
import type { Sign } from "../signs";

export type Threat = Api.DesignThreat;
export type Checked = Api.DesignCheck;

/* Outcomes that are work: everything but what is settled. An outcome that is not known here is work, too. */
const SETTLED = new Set(["mitigated", "accepted", "transferred", "not-applicable"]);

export function isOpen(threat: { outcome: string }): boolean {
  return !SETTLED.has(threat.outcome);
}

/* Open while rules say it, filled when a person decided. What is not known here is a question mark. */
export function outcomeSign(threat: { outcome: string }): Sign {
  const { outcome } = threat;
  if (outcome === "open") return { shape: "triangle", tone: "bad", filled: false, word: "risk.uncontrolled" };
  if (outcome === "unproven") return { shape: "triangle", tone: "warn", filled: false, word: "risk.uncontrolled" };
  if (outcome === "mitigated") return { shape: "circle", tone: "good", filled: false, word: "risk.controlled" };
  if (SETTLED.has(outcome)) return { shape: outcome === "accepted" ? "half" : "circle", tone: "", filled: true, word: "risk.controlled" };
  return { shape: "question", tone: "void", filled: false, word: "risk.none" };
}

/* A message of a check begins with the id of its place: "c-image: the control is …". */
export function lintPlace(message: string, isThere: (id: string) => boolean): { at: string; rest: string } {
  const colon = message.indexOf(": ");
  const id = colon > 0 ? message.slice(0, colon) : "";
  return id && isThere(id) ? { at: id, rest: message.slice(colon + 2) } : { at: "", rest: message };
}

/* RULE@ELEMENT@FLOW, where "@" and "%" of ids are "%40" and "%25"; `at` is the flow, or the element where there is none. */
export function keyParts(key: string): { rule: string; at: string } {
  const [rule = "", element = "", flow = ""] = key.split("@").map((part) => part.replaceAll("%40", "@").replaceAll("%25", "%"));
  return { rule, at: flow || element };
}

interface Placed { at: string; outcome: string }
export interface Mark { open: number; settled: number; questions: number }

/* For each place how many threats are open, how many settled, how many questions are asked. */
export function marks(checked: { threats: readonly Placed[]; questions: readonly { at: string }[] } | null): Map<string, Mark> {
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
export function worstFirst<T extends Placed & { key: string; severity: string | null }>(threats: readonly T[]): T[] {
  const rank = (list: readonly string[], word: string | null): number => (word === null ? list.length : list.indexOf(word)); /* "unknown" is -1: first */
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
