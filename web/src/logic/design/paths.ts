/*
 * Attack paths as the service finds them (GET …/design/paths): in which order they are listed, which
 * sign they have, and what of them is lit in a drawing. The page finds no path itself. What is
 * undecided stays that: it is never shown as closed.
 */
import type * as Api from "../../api/types";
import type { Sign } from "../signs";
import type { Drawn } from "./geometry";
import { itemOf, textOf, type Model } from "./model";

export type Paths = Api.DesignPaths;
export type Path = Api.DesignPath;

/* What is lit: elements and flows of one way; a flow has its number on the way, an element 0. */
export interface Lit {
  readonly of: string; /* id of the path's target, or the key of a threat */
  readonly title: string;
  readonly threat?: boolean;
  readonly state: string; /* of Path; that of a threat's way is "open" or "accepted" */
  readonly steps: ReadonlyMap<string, number>;
}

const ORDER = ["open", "undecided", "accepted", "no open path", "unreachable"];

/* The worst first; an answer that is not known here stands with the worst. Among equals as the service has them. */
export function worstPaths(paths: readonly Path[]): Path[] {
  return [...paths].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

export function pathSign(state: string): Sign {
  if (state === "open") return { shape: "triangle", tone: "bad", filled: false, word: "risk.uncontrolled" };
  if (state === "accepted") return { shape: "half", tone: "", filled: true, word: "risk.controlled" };
  if (state === "no open path") return { shape: "circle", tone: "good", filled: false, word: "risk.controlled" };
  if (state === "unreachable") return { shape: "dashed", tone: "", filled: false, word: "risk.none" };
  return { shape: "question", tone: "void", filled: false, word: "risk.none" };
}

/* How a state is drawn: what is not known here as undecided. */
export function litTone(state: string): "open" | "accepted" | "undecided" | "closed" {
  if (state === "open" || state === "accepted") return state;
  return state === "no open path" ? "closed" : "undecided";
}

export function stepsOf(path: Pick<Path, "target" | "path">): Map<string, number> {
  const steps = new Map<string, number>([[path.target, 0]]);
  for (const [index, hop] of path.path.entries()) {
    if (!steps.get(hop.flow)) steps.set(hop.flow, index + 1);
    steps.set(hop.from, 0).set(hop.to, 0);
  }
  return steps;
}

/* The same of a threat's widest way: its flows in order, then the place of the threat. What is not in the model is left out. */
export function stepsAlong(model: Model, flows: readonly string[], at: string): Map<string, number> {
  const way = flows.includes(at) ? flows : [...flows, at];
  const hops = way.flatMap((id) => {
    const flow = itemOf(model, "flows", id);
    return flow ? [{ flow: id, from: textOf(flow, "from"), to: textOf(flow, "to"), crosses: null, threats: [], controls: [] }] : [];
  });
  const steps = stepsOf({ target: at, path: hops });
  if (!itemOf(model, "elements", at) && !itemOf(model, "flows", at)) steps.delete(at);
  return steps;
}

/* Borders that are crossed, and hops of which nobody knows. */
export function crossings(path: Pick<Path, "path">): { crossed: number; unknown: number } {
  return { crossed: path.path.filter((hop) => hop.crosses === true).length, unknown: path.path.filter((hop) => hop.crosses === null).length };
}

/* Of what is lit, what a view does not show. */
export function outside(steps: ReadonlyMap<string, number>, seen: Drawn): string[] {
  const shown = new Set([...seen.elements, ...seen.flows].map((one) => one.id));
  return [...steps.keys()].filter((id) => !shown.has(id));
}
