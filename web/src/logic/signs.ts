/*
 * Which sign stands for a risk, a state and a harm as the service names them. A filled sign: a
 * person decided; an open one: the program proposes, or nobody has looked. A word that is not known
 * here has no sign and is shown as it came: nothing is taken for something better.
 */
import type en from "../words/en/signs";

export type SignWord = keyof typeof en;
export type Tone = "bad" | "good" | "warn" | "void" | "";
export type Shape = "triangle" | "circle" | "dashed" | "half" | "again" | "pen" | "carry" | "question";

export interface Sign {
  shape: Shape;
  tone: Tone;
  filled: boolean;
  word: SignWord;
}

/* In force: what a decision of the maker says, its own release's or a carried one. */
export function isInForce(state: string): boolean {
  return state === "decided" || state === "carried";
}

export function riskSign(risk: string, decided: boolean): Sign | null {
  if (risk === "uncontrolled") return { shape: "triangle", tone: "bad", filled: decided, word: "risk.uncontrolled" };
  if (risk === "controlled") return { shape: "circle", tone: "good", filled: decided, word: "risk.controlled" };
  if (risk === "under assessment" || risk === "undecided") return { shape: "dashed", tone: "void", filled: false, word: "risk.none" };
  return null;
}

const STATES: Record<string, Sign> = {
  "not assessed": { shape: "dashed", tone: "void", filled: false, word: "state.notAssessed" },
  investigating: { shape: "half", tone: "void", filled: false, word: "state.investigating" },
  "re-opened": { shape: "again", tone: "warn", filled: false, word: "state.reopened" },
  proposed: { shape: "pen", tone: "", filled: false, word: "state.proposed" },
  carried: { shape: "carry", tone: "", filled: false, word: "state.carried" },
  decided: { shape: "circle", tone: "", filled: true, word: "state.decided" },
  supplier: { shape: "circle", tone: "void", filled: false, word: "state.supplier" },
};

export function stateSign(state: string): Sign | null {
  return Object.hasOwn(STATES, state) ? (STATES[state] ?? null) : null;
}

const HARMS = ["none", "negligible", "minor", "serious", "critical", "catastrophic"];

/* 0 to 5 steps; -1: not known, and never shown as none. */
export function harmSteps(harm: string): number {
  return HARMS.indexOf(harm);
}

export function harmWord(harm: string): SignWord {
  return HARMS.includes(harm) ? (`harm.${harm}` as SignWord) : "harm.unknown";
}
