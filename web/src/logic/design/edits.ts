/*
 * Edits of a design as steps that can be taken back. A step says for each thing what it was and what
 * it is; applying the inverse restores the former text exactly, order included. The functions that make
 * a step never change the design that they are given. Used by the editor (pages/device/design).
 */
import { freeId, itemOf, listOf, LISTS, WHOLE, zoneKey, type Design, type Item, type ListName, type Model, type Places, type Point } from "./model";
import { membersOf } from "./schema";

export type Change =
  | { readonly on: "item"; readonly list: ListName; readonly id: string; readonly before: Item | null; readonly after: Item | null; readonly index: number }
  | { readonly on: "root"; readonly member: string; readonly before: unknown; readonly after: unknown }
  | { readonly on: "place"; readonly view: string; readonly key: string; readonly before: Point | null; readonly after: Point | null };

export interface Step {
  readonly what: string; /* a word of words/en/design: said when it is done and undone */
  readonly name: string;
  readonly changes: readonly Change[];
  readonly joins?: string; /* steps of one key, one after the other, are one: typing in a field */
}

/* ---- applying ---- */

function withItem(model: Model, change: Extract<Change, { on: "item" }>): Model {
  const items = [...model[change.list]];
  const at = items.findIndex((item) => item.id === change.id);
  if (change.after === null) {
    if (at >= 0) items.splice(at, 1);
  } else if (at >= 0) items[at] = change.after;
  else items.splice(Math.min(change.index, items.length), 0, change.after);
  return { ...model, [change.list]: items };
}

function withRoot(model: Model, member: string, value: unknown): Model {
  return { ...model, [member]: value } as Model; /* undefined: it keeps its place, and is not sent */
}

function withPlace(positions: Design["positions"], change: Extract<Change, { on: "place" }>): Design["positions"] {
  const { [change.key]: _, ...rest } = positions[change.view] ?? {};
  return { ...positions, [change.view]: change.after ? { ...rest, [change.key]: change.after } : rest };
}

/* Many places at once are one copy of the view, not one for each. */
function withPlaces(positions: Design["positions"], changes: readonly Change[]): Design["positions"] {
  const views = new Map<string, Record<string, Point>>();
  for (const change of changes) {
    if (change.on !== "place" || !change.after) continue;
    const places = views.get(change.view) ?? { ...positions[change.view] };
    places[change.key] = change.after;
    views.set(change.view, places);
  }
  return { ...positions, ...Object.fromEntries(views) };
}

export function apply(design: Design, step: Step): Design {
  let { model, positions } = design;
  positions = withPlaces(positions, step.changes);
  for (const change of step.changes) {
    if (change.on === "item") model = withItem(model, change);
    else if (change.on === "root") model = withRoot(model, change.member, change.after);
    else if (!change.after) positions = withPlace(positions, change);
  }
  return { model, positions };
}

export function inverse(step: Step): Step {
  const changes = [...step.changes].reverse().map((change) => ({ ...change, before: change.after, after: change.before }) as Change);
  return { ...step, changes };
}

/* Two steps as one: the first's former state, the second's new one. */
function joined(first: Step, second: Step): Step {
  const changes = second.changes.map((change) => {
    const was = first.changes.find((one) => sameThing(one, change));
    return was ? ({ ...change, before: was.before } as Change) : change;
  });
  const only = first.changes.filter((one) => !second.changes.some((change) => sameThing(one, change)));
  return { ...second, changes: [...only, ...changes] };
}

function sameThing(a: Change, b: Change): boolean {
  if (a.on === "item" && b.on === "item") return a.list === b.list && a.id === b.id;
  if (a.on === "place" && b.on === "place") return a.view === b.view && a.key === b.key;
  return a.on === "root" && b.on === "root" && a.member === b.member;
}

/* ---- the stack ---- */

const KEPT = 500;

export interface History {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

export const NO_HISTORY: History = { past: [], future: [] };

export function done(history: History, step: Step): History {
  const last = history.past.at(-1);
  const past = last && step.joins !== undefined && last.joins === step.joins && history.future.length === 0 ? [...history.past.slice(0, -1), joined(last, step)] : [...history.past, step].slice(-KEPT);
  return { past, future: [] };
}

/* A field is left: what is typed there next is a step of its own. */
export function sealed(history: History): History {
  const last = history.past.at(-1);
  if (last?.joins === undefined) return history;
  const { joins: _, ...plain } = last;
  return { ...history, past: [...history.past.slice(0, -1), plain] };
}

export function undo(history: History): { step: Step; history: History } | null {
  const last = history.past.at(-1);
  return last ? { step: inverse(last), history: { past: history.past.slice(0, -1), future: [last, ...history.future] } } : null;
}

export function redo(history: History): { step: Step; history: History } | null {
  const next = history.future[0];
  return next ? { step: next, history: { past: [...history.past, next], future: history.future.slice(1) } } : null;
}

/* ---- what is done ---- */

/* An item with a member set; nothing, an empty text and an empty list are "not stated". */
export function withMember(item: Item, member: string, value: unknown): Item {
  const { [member]: _, ...rest } = item;
  const isNothing = value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0) || (typeof value === "object" && Object.keys(value as object).length === 0);
  if (isNothing) return rest as Item;
  /* in its own place, so that a reviewer sees one line changed */
  return (member in item ? Object.fromEntries(Object.entries(item).map(([name, old]) => [name, name === member ? value : old])) : { ...item, [member]: value }) as Item;
}

export function setMember(design: Design, list: ListName, id: string, member: string, value: unknown): Step | null {
  const before = itemOf(design.model, list, id);
  if (!before) return null;
  const after = withMember(before, member, value);
  if (JSON.stringify(after) === JSON.stringify(before)) return null;
  return { what: "changed", name: id, joins: `${list}/${id}/${member}`, changes: [{ on: "item", list, id, before, after, index: design.model[list].indexOf(before) }] };
}

export function setRoot(design: Design, member: string, value: string): Step | null {
  const before = design.model[member];
  if ((before ?? "") === value) return null;
  return { what: "changed", name: member, joins: `/${member}`, changes: [{ on: "root", member, before, after: value || undefined }] };
}

/* An item of its own; `view` and `at`: where it is drawn. A view that lists its elements lists it too. */
export function addItem(design: Design, list: ListName, item: Item, drawn?: { view: string; at: Point }): Step {
  const changes: Change[] = [{ on: "item", list, id: item.id, before: null, after: item, index: design.model[list].length }];
  if (drawn) {
    if (list !== "flows") changes.push({ on: "place", view: drawn.view, key: list === "zones" ? zoneKey(item.id) : item.id, before: null, after: drawn.at });
    if (list === "elements" || list === "flows") changes.push(...listedIn(design, drawn.view, list, [item.id]));
  }
  return { what: "added", name: item.id, changes };
}

/* The view lists these, too; a view of "*" does anyway. */
export function listedIn(design: Design, view: string, list: "elements" | "flows", ids: readonly string[]): Change[] {
  const before = view === WHOLE ? null : itemOf(design.model, "views", view);
  if (!before || before[list] === "*") return [];
  const now = listOf(before, list);
  const after = withMember(before, list, [...now, ...ids.filter((id) => !now.includes(id))]);
  return [{ on: "item", list: "views", id: view, before, after, index: design.model.views.indexOf(before) }];
}

/* Two ends and nothing else: what is not stated becomes a question. */
export function newFlow(design: Design, from: string, to: string): Item {
  const taken = new Set(LISTS.flatMap((list) => design.model[list].map((item) => item.id)));
  let n = design.model.flows.length + 1;
  while (taken.has(`f${String(n).padStart(2, "0")}`)) n++;
  return { id: `f${String(n).padStart(2, "0")}`, from, to };
}

/* A new item of a list with what it cannot be without; a flow begins at `from`, where that is an element. */
export function newItem(design: Design, list: ListName, name: string, from: string | null): Item {
  const { model } = design;
  const id = freeId(model, name, list);
  const label = membersOf(list).find((member) => ["name", "title", "text", "match"].includes(member.name))?.name ?? "name";
  if (list === "flows") {
    const first = from ?? model.elements[0]?.id ?? "";
    return newFlow(design, first, model.elements.find((one) => one.id !== first)?.id ?? first);
  }
  const needed = membersOf(list).filter((member) => member.required && member.words);
  const start = (words: readonly string[]): string | number => {
    const word = words.includes("process") ? "process" : words.includes("other") ? "other" : (words[0] ?? "");
    return /^\d+$/.test(word) ? Number(word) : word;
  };
  return { id, ...Object.fromEntries(needed.map((member) => [member.name, start(member.words ?? [])])), [label]: name } as Item;
}

/* Taken out of one view, but not of the graph. */
export function leaveView(design: Design, view: string, list: "elements" | "flows", id: string): Step | null {
  const before = itemOf(design.model, "views", view);
  if (!before || before[list] === "*") return null;
  let after = withMember(before, list, listOf(before, list).filter((one) => one !== id));
  if (list === "elements") {
    const gone = new Set(design.model.flows.filter((flow) => flow["from"] === id || flow["to"] === id).map((flow) => flow.id));
    if (after["flows"] !== "*") after = withMember(after, "flows", listOf(after, "flows").filter((one) => !gone.has(one)));
  }
  return { what: "left", name: id, changes: [{ on: "item", list: "views", id: view, before, after, index: design.model.views.indexOf(before) }] };
}

/* Where an item names others: without those that are gone. null: it cannot be without them. */
function without(list: ListName, item: Item, target: ListName, gone: ReadonlySet<string>): Item | null {
  let out = item;
  for (const member of membersOf(list)) {
    if (!member.lists?.includes(target)) continue;
    const value = item[member.name];
    if (typeof value === "string" && member.kind === "one" && gone.has(value)) {
      if (member.required) return null;
      out = withMember(out, member.name, undefined);
    } else if (Array.isArray(value) && value.some((one) => gone.has(String(one)))) out = withMember(out, member.name, value.filter((one) => !gone.has(String(one))));
  }
  return out;
}

/* A model in which nothing names what is gone; what cannot be without it stays as it is. */
export function withoutMentions(model: Model, target: ListName, gone: ReadonlySet<string>): Model {
  const lists = LISTS.map((list) => [list, model[list].map((item) => without(list, item, target, gone) ?? item)] as const);
  return { ...model, ...Object.fromEntries(lists) };
}

/* Taken out, with what cannot be without it (a flow without an end) and each mention of it. */
export function removeItem(design: Design, list: ListName, id: string): Step | null {
  if (!itemOf(design.model, list, id)) return null;
  const now = new Map<string, { list: ListName; id: string; before: Item; after: Item | null; index: number }>();
  const queue: [ListName, string][] = [[list, id]];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [of, name] = next;
    const gone = new Set([name]);
    for (const other of LISTS)
      design.model[other].forEach((item, index) => {
        const key = `${other}/${item.id}`;
        const seen = now.get(key);
        if (seen && seen.after === null) return;
        const after = other === of && item.id === name ? null : without(other, seen?.after ?? item, of, gone);
        if (after === (seen?.after ?? item)) return;
        now.set(key, { list: other, id: item.id, before: item, after, index });
        if (after === null && !(other === of && item.id === name)) queue.push([other, item.id]);
      });
  }
  const changes: Change[] = [...now.values()].sort((a, b) => b.index - a.index).map((one) => ({ on: "item", ...one }));
  for (const [view, places] of Object.entries(design.positions)) {
    const key = list === "zones" ? zoneKey(id) : id;
    const before = list === "zones" || list === "elements" ? places[key] : undefined;
    if (before) changes.push({ on: "place", view, key, before, after: null });
  }
  return { what: "removed", name: id, changes };
}

/* Things of a drawing are somewhere else. */
export function moveTo(design: Design, view: string, places: Places, name: string): Step | null {
  const now = design.positions[view] ?? {};
  const changes: Change[] = [];
  for (const [key, after] of Object.entries(places)) {
    const before = now[key] ?? null;
    if (before?.x !== after.x || before.y !== after.y) changes.push({ on: "place", view, key, before, after });
  }
  return changes.length ? { what: "moved", name, changes } : null;
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/* What leads from one design to another, as one step: what a draft keeps. */
export function stepBetween(from: Design, to: Design): Step {
  const changes: Change[] = [];
  for (const list of LISTS) {
    const before = new Map(from.model[list].map((item) => [item.id, item]));
    const after = new Set(to.model[list].map((item) => item.id));
    from.model[list].forEach((item, index) => void (after.has(item.id) || changes.push({ on: "item", list, id: item.id, before: item, after: null, index })));
    to.model[list].forEach((item, index) => void (same(before.get(item.id), item) || changes.push({ on: "item", list, id: item.id, before: before.get(item.id) ?? null, after: item, index })));
  }
  for (const member of new Set([...Object.keys(from.model), ...Object.keys(to.model)])) {
    if ((LISTS as readonly string[]).includes(member) || same(from.model[member], to.model[member])) continue;
    changes.push({ on: "root", member, before: from.model[member], after: to.model[member] });
  }
  for (const view of new Set([...Object.keys(from.positions), ...Object.keys(to.positions)])) {
    const [was, is] = [from.positions[view] ?? {}, to.positions[view] ?? {}];
    for (const key of new Set([...Object.keys(was), ...Object.keys(is)]))
      if (was[key]?.x !== is[key]?.x || was[key]?.y !== is[key]?.y) changes.push({ on: "place", view, key, before: was[key] ?? null, after: is[key] ?? null });
  }
  return { what: "changed", name: "", changes };
}

/* What a person counts: places of a view are one thing. */
export function countOf(step: Step): number {
  const views = new Set(step.changes.flatMap((change) => (change.on === "place" ? [change.view] : [])));
  return step.changes.filter((change) => change.on !== "place").length + views.size;
}
