/*
 * What changed between two baselines of a design (GET …/design/diff), by the thing that it is about.
 * The service compares and judges; this only sorts. Used by pages/device/design/Compare.
 */
import type * as Api from "../../api/types";

export type Diff = Api.DesignDiff;
export type Change = Api.DesignChange;
export type Baseline = Api.DesignBaseline;

/* A value as it was stated: lists and maps come as JSON, all else as text. */
export function stated(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export interface Thing {
  readonly list: string; /* "": the design itself */
  readonly id: string;
  readonly change: Change["change"];
  readonly members: readonly Change[]; /* of one that is there before and after */
}

/* One entry a thing, in the order in which they came. */
export function things(changes: readonly Change[]): Thing[] {
  const out = new Map<string, Thing & { members: Change[] }>();
  for (const change of changes) {
    const key = `${change.list ?? ""}/${change.id ?? ""}`;
    const is = change.member === undefined ? change.change : "changed";
    const thing = out.get(key) ?? { list: change.list ?? "", id: change.id ?? "", change: is, members: [] };
    if (change.member !== undefined) thing.members.push(change);
    out.set(key, thing);
  }
  return [...out.values()];
}

export type Verdict = "same" | "words" | "may";

/* What a comparison comes to. Only what the service says is of words alone is. */
export function verdict(diff: Pick<Diff, "words_only" | "changes" | "threats" | "questions">): Verdict {
  if (!diff.changes.length && !diff.threats.length && diff.questions.before === diff.questions.after) return "same";
  return diff.words_only ? "words" : "may";
}
