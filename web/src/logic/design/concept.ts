/*
 * What is typed into the concept phase of a device and not saved yet: each thing with what it was and
 * what it is to be, so that it can be put over what somebody else has saved meanwhile. What is asked,
 * open or settled is said by the service alone. Used by pages/device/design/concept.
 */
import type * as Api from "../../api/types";

export type Said = Api.Concept;
export type Question = Said["questions"][number];

export interface Change<T> {
  readonly was: T | null;
  readonly now: T | null;
}
export interface Reply {
  readonly answer: "yes" | "no" | "unknown";
  readonly note: string;
}
/* A concern; dates as the service says them, "" where there is none. */
export interface Row {
  readonly stakeholder: string;
  readonly concern: string;
  readonly raised: string;
  readonly answer: string;
  readonly owner: string;
  readonly due: string;
}
export interface Sign {
  readonly by: string;
  readonly at: string;
  readonly note: string;
}
export interface Typed {
  readonly kind: Change<string> | null; /* the class */
  readonly answers: Readonly<Record<string, Change<Reply>>>; /* by question */
  readonly rows: readonly Change<Row>[];
  readonly signs: Readonly<Record<string, Change<Sign>>>; /* by stakeholder */
}
export const NOTHING: Typed = { kind: null, answers: {}, rows: [], signs: {} };

export const CLASSES = ["implant", "wearable", "bedside", "imaging", "cloud-only", "software-only"] as const;
export const STAKEHOLDERS = ["clinician", "patient", "hospital-it", "service", "production", "supplier", "regulatory"] as const;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/* ---- what is saved ---- */

export function replyOf(question: Question | undefined): Reply | null {
  if (!question || (question.state !== "yes" && question.state !== "no" && question.state !== "unknown")) return null;
  return { answer: question.state, note: question.note ?? "" };
}

export function rowOf(row: Said["discussions"][number]): Row {
  return { stakeholder: row.stakeholder, concern: row.concern, raised: row.raised, answer: row.answer ?? "", owner: row.owner ?? "", due: row.due ?? "" };
}

export function signOf(said: Said, stakeholder: string): Sign | null {
  const one = said.stakeholders.find((row) => row.stakeholder === stakeholder);
  return one?.signed_by ? { by: one.signed_by, at: one.signed_at ?? "", note: one.sign_off_note ?? "" } : null;
}

/* ---- typing ---- */

function withChange<T>(all: Readonly<Record<string, Change<T>>>, key: string, saved: T | null, now: T | null): Readonly<Record<string, Change<T>>> {
  const { [key]: _, ...rest } = all;
  return same(saved, now) ? rest : { ...rest, [key]: { was: saved, now } };
}

/* The answer to a question; null takes back what was typed. */
export function answered(said: Said, typed: Typed, id: string, reply: Reply | null): Typed {
  const saved = replyOf(said.questions.find((one) => one.id === id));
  return { ...typed, answers: withChange(typed.answers, id, saved, reply ?? saved) };
}

export function classed(said: Said, typed: Typed, kind: string): Typed {
  const saved = said.class ?? null;
  return { ...typed, kind: kind === (saved ?? "") || !kind ? null : { was: saved, now: kind } };
}

export function signed(said: Said, typed: Typed, stakeholder: string, sign: Sign | null): Typed {
  return { ...typed, signs: withChange(typed.signs, stakeholder, signOf(said, stakeholder), sign) };
}

/* A row of the discussion as it is shown: one of the saved ones, changed or not, or a new one. */
export interface Shown {
  readonly was: Row | null;
  readonly now: Row | null; /* null: taken out */
  readonly isOpen: boolean | null; /* as the service says; null: it has not seen it */
  readonly index: number; /* in typed.rows; -1: as it is saved */
}

/* Two saved rows may be equal: each change is of one of them. */
export function shownRows(said: Said, typed: Typed): Shown[] {
  const left = typed.rows.map((change, index) => ({ change, index }));
  const rows = said.discussions.map((one): Shown => {
    const row = rowOf(one);
    const at = left.findIndex(({ change }) => change.was !== null && same(change.was, row));
    const found = at < 0 ? undefined : left.splice(at, 1)[0];
    return found ? { was: row, now: found.change.now, isOpen: null, index: found.index } : { was: row, now: row, isOpen: one.open, index: -1 };
  });
  return [...rows, ...left.filter(({ change }) => change.was === null).map(({ change, index }): Shown => ({ was: null, now: change.now, isOpen: null, index }))];
}

/* The row that is shown as `shown` is to be `now`; null takes it out. */
export function rowSet(typed: Typed, shown: Shown | null, now: Row | null): Typed {
  if (!shown) return now ? { ...typed, rows: [...typed.rows, { was: null, now }] } : typed;
  const rest = typed.rows.filter((_, index) => index !== shown.index);
  const isNothing = shown.was === null ? now === null : same(shown.was, now);
  return { ...typed, rows: isNothing ? rest : shown.index < 0 ? [...typed.rows, { was: shown.was, now }] : typed.rows.map((one, index) => (index === shown.index ? { ...one, now } : one)) };
}

export function countOf(typed: Typed): number {
  return (typed.kind ? 1 : 0) + Object.keys(typed.answers).length + typed.rows.length + Object.keys(typed.signs).length;
}

/* Stakeholders whose sign-off goes with what is typed: the discussion is another, and nobody has signed anew. */
export function fallen(said: Said, typed: Typed): string[] {
  const touched = new Set(typed.rows.flatMap((change) => [change.was?.stakeholder, change.now?.stakeholder]));
  return said.stakeholders.filter((one) => one.signed_by && touched.has(one.stakeholder) && !typed.signs[one.stakeholder]).map((one) => one.stakeholder);
}

/* ---- saving ---- */

const orNull = (text: string): string | null => text.trim() || null;

/* The body of the PUT: answers that are new; lists as they are to be, where they are changed. */
export function bodyOf(said: Said, typed: Typed): Record<string, unknown> {
  const answers = Object.entries(typed.answers).flatMap(([question, { now }]) => (now ? [{ question, answer: now.answer, note: orNull(now.note) }] : []));
  const discussions = shownRows(said, typed).flatMap(({ now }) => (now ? [{ stakeholder: now.stakeholder, concern: now.concern, raised: now.raised || null, answer: orNull(now.answer), owner: orNull(now.owner), due: now.due || null }] : []));
  const signs = STAKEHOLDERS.flatMap((stakeholder) => {
    const change = typed.signs[stakeholder];
    const sign = change ? change.now : signOf(said, stakeholder); /* what falls with a discussion, the service takes out */
    return sign ? [{ stakeholder, by: orNull(sign.by), at: sign.at || null, note: orNull(sign.note) }] : [];
  });
  return {
    ...(typed.kind?.now ? { class: typed.kind.now } : {}),
    ...(answers.length ? { answers } : {}),
    ...(typed.rows.length ? { discussions } : {}),
    ...(Object.keys(typed.signs).length ? { sign_offs: signs } : {}),
  };
}

/* ---- somebody else was first ---- */

export interface Conflict {
  readonly on: "class" | "answer" | "row" | "sign";
  readonly id: string; /* question, stakeholder; of a row its concern as it was */
  readonly mine: string | Reply | Row | Sign | null;
  readonly theirs: string | Reply | Row | Sign | null; /* a row: null, it is another or gone */
}

interface Over<T> {
  readonly kept: Change<T> | null;
  readonly theirs: T | null | undefined; /* undefined: no conflict */
}

/* A change over what is saved now. */
function over<T>(change: Change<T>, saved: T | null): Over<T> {
  if (same(change.now, saved)) return { kept: null, theirs: undefined };
  return { kept: { was: saved, now: change.now }, theirs: same(change.was, saved) ? undefined : saved };
}

function overAll<T>(all: Readonly<Record<string, Change<T>>>, saved: (key: string) => T | null, tell: (key: string, mine: T | null, theirs: T | null) => void): Readonly<Record<string, Change<T>>> {
  const out: Record<string, Change<T>> = {};
  for (const [key, change] of Object.entries(all)) {
    const { kept, theirs } = over(change, saved(key));
    if (kept) out[key] = kept;
    if (kept && theirs !== undefined) tell(key, kept.now, theirs);
  }
  return out;
}

/* Rows have no name: one that somebody else has changed is not found any more, and mine is added. */
function overRows(rows: readonly Change<Row>[], said: Said, tell: (row: Row, mine: Row | null) => void): Change<Row>[] {
  const left = said.discussions.map(rowOf);
  return rows.flatMap((change) => {
    const at = left.findIndex((row) => same(row, change.was));
    if (change.was !== null && at >= 0) {
      left.splice(at, 1);
      return [change];
    }
    if (change.now && left.some((row) => same(row, change.now))) return [];
    if (change.was !== null) tell(change.was, change.now);
    return change.now ? [{ was: null, now: change.now }] : [];
  });
}

/* What is typed, over what is saved now; mine stays until somebody chooses. */
export function rebase(typed: Typed, theirs: Said): { typed: Typed; conflicts: Conflict[] } {
  const conflicts: Conflict[] = [];
  const kind = typed.kind ? over(typed.kind, theirs.class ?? null) : null;
  if (kind?.kept && kind.theirs !== undefined) conflicts.push({ on: "class", id: "", mine: kind.kept.now, theirs: kind.theirs });
  const answers = overAll(typed.answers, (id) => replyOf(theirs.questions.find((one) => one.id === id)), (id, mine, their) => conflicts.push({ on: "answer", id, mine, theirs: their }));
  const rows = overRows(typed.rows, theirs, (row, mine) => conflicts.push({ on: "row", id: row.concern, mine, theirs: null }));
  const signs = overAll(typed.signs, (who) => signOf(theirs, who), (id, mine, their) => conflicts.push({ on: "sign", id, mine, theirs: their }));
  return { typed: { kind: kind?.kept ?? null, answers, rows, signs }, conflicts };
}

/* Theirs is chosen: mine is given up. */
export function takeTheirs(typed: Typed, conflict: Conflict): Typed {
  const without = <T>(all: Readonly<Record<string, T>>): Readonly<Record<string, T>> => Object.fromEntries(Object.entries(all).filter(([key]) => key !== conflict.id));
  if (conflict.on === "class") return { ...typed, kind: null };
  if (conflict.on === "answer") return { ...typed, answers: without(typed.answers) };
  if (conflict.on === "sign") return { ...typed, signs: without(typed.signs) };
  return { ...typed, rows: typed.rows.filter((one) => !(one.was === null && same(one.now, conflict.mine))) };
}

/* A draft of another build or of something else is none. */
export function typedOf(text: string): Typed | null {
  try {
    const said = JSON.parse(text) as Partial<Typed> | null;
    if (!said || typeof said.answers !== "object" || !Array.isArray(said.rows) || typeof said.signs !== "object") return null;
    return { kind: said.kind ?? null, answers: said.answers, rows: said.rows, signs: said.signs };
  } catch {
    return null;
  }
}

/* ---- going through the questions ---- */

export type Filter = "open" | "asked" | "all";

/* Open: without an answer, or unknown, or contradicted. */
export function isOpen(question: Question): boolean {
  return question.state === "open" || question.state === "unknown" || question.contradicted === true;
}

export function filtered(questions: readonly Question[], filter: Filter): Question[] {
  return questions.filter((one) => filter === "all" || (filter === "open" ? isOpen(one) : one.state !== "not asked"));
}

/* By subject, in the order of asking. */
export function grouped(questions: readonly Question[]): { subject: string; questions: Question[] }[] {
  const groups: { subject: string; questions: Question[] }[] = [];
  for (const one of questions) {
    const last = groups.at(-1);
    if (last?.subject === one.subject) last.questions.push(one);
    else groups.push({ subject: one.subject, questions: [one] });
  }
  return groups;
}

/* The one before or after; at an end it stays. */
export function beside(questions: readonly Question[], id: string | null, step: 1 | -1): string | null {
  const at = questions.findIndex((one) => one.id === id);
  const next = at < 0 ? 0 : Math.min(questions.length - 1, Math.max(0, at + step));
  return questions[next]?.id ?? null;
}
