/*
 * The rows of a grid, without any page: an immutable model and the functions that make the next one.
 * parts/Grid shows it, grid-store.ts fills it from the service.
 *
 * - Rows come in pages, each from a cursor that names a place in the server's order. A few pages
 *   around what is seen are kept (KEPT); of the others only cursor and length are known, and they
 *   are asked for again when somebody scrolls back.
 * - The row under the cursor, the selection and what is expanded are kept by identity.
 * - What changes elsewhere never moves a row: facts change in place, rows that left are marked,
 *   new and re-ordered ones are counted, until somebody takes them in (R).
 */

export interface Total {
  count: number;
  exact: boolean;
}

export interface Page<R, G = unknown> {
  items: readonly R[];
  next: string | null;
  total: Total;
  gaps?: G | null;
}

export interface Slot<R> {
  cursor: string; /* "": the first page */
  length: number;
  rows: readonly R[] | null; /* null: not kept now */
}

export interface Line<R> {
  id: string;
  row: R;
  level: 1 | 2;
  parent: string | null;
  left: boolean; /* it is not in the list any more, or not at this place */
  wait: boolean; /* a place for rows that are being read */
}

export interface GridModel<R> {
  slots: readonly Slot<R>[];
  next: string | null; /* after the last slot; null: that is the end */
  total: Total | null; /* null: nothing was read yet */
  at: string | null;
  anchor: string | null; /* where Shift+J began */
  chosen: ReadonlyMap<string, R>;
  open: ReadonlyMap<string, readonly R[] | null>; /* expanded rows; null: being read */
  left: ReadonlySet<string>;
  fresh: ReadonlySet<string>; /* new or re-ordered elsewhere */
  by: string; /* who changed something last */
}

export type Id<R> = (row: R) => string;

export const KEPT = 6;

export function emptyModel<R>(): GridModel<R> {
  return {
    slots: [], next: null, total: null, at: null, anchor: null,
    chosen: new Map(), open: new Map(), left: new Set(), fresh: new Set(), by: "",
  };
}

/* ---- pages ---- */

function known<R>(model: GridModel<R>, id: Id<R>, but: number): Set<string> {
  const out = new Set<string>();
  model.slots.forEach((slot, i) => {
    if (i !== but) slot.rows?.forEach((row) => out.add(id(row)));
  });
  return out;
}

/* Put a page into its slot; a row that another slot has already is not there twice. */
export function putPage<R>(model: GridModel<R>, index: number, cursor: string, page: Page<R>, id: Id<R>): GridModel<R> {
  const others = known(model, id, index);
  const rows = page.items.filter((row) => !others.has(id(row)));
  const slots = [...model.slots];
  const last = index >= slots.length - 1;
  slots[index] = { cursor, rows, length: rows.length };
  const next = last ? page.next : model.next;
  const first = rows[0];
  return keepAround({ ...model, slots, next, total: page.total, at: model.at ?? (first ? id(first) : null) }, index);
}

/* Let go of the pages that are far from one. */
export function keepAround<R>(model: GridModel<R>, index: number): GridModel<R> {
  const from = Math.max(0, index - Math.floor(KEPT / 2));
  const slots = model.slots.map((slot, i) => (slot.rows && (i < from || i >= from + KEPT) ? { ...slot, rows: null } : slot));
  return { ...model, slots };
}

/* A list that was read anew from its beginning. Cursor and selection stay where their rows are
 * still there; the cursor goes to the row that took its place otherwise. */
export function restart<R>(model: GridModel<R>, page: Page<R>, id: Id<R>): GridModel<R> {
  const before = lines(model, id).filter((line) => line.level === 1);
  const place = Math.max(0, before.findIndex((line) => line.id === topOf(model, id, model.at)));
  const ids = page.items.map(id);
  const there = new Set(ids);
  const at = model.at && (there.has(model.at) || there.has(topOf(model, id, model.at) ?? "")) ? model.at : (ids[Math.min(place, ids.length - 1)] ?? null);
  const byId = new Map(page.items.map((row) => [id(row), row]));
  const chosen = new Map([...model.chosen].map(([key, row]) => [key, byId.get(key) ?? row]));
  const open = new Map([...model.open].filter(([key]) => there.has(key)));
  const slots = [{ cursor: "", rows: page.items, length: page.items.length }];
  return { ...model, slots, next: page.next, total: page.total, at, anchor: null, chosen, open, left: new Set(), fresh: new Set(), by: "" };
}

function topOf<R>(model: GridModel<R>, id: Id<R>, of: string | null): string | null {
  for (const [parent, rows] of model.open) if (rows?.some((row) => id(row) === of)) return parent;
  return of;
}

/* ---- lines ---- */

export interface Span {
  before: number; /* rows that are not kept, above the lines */
  after: number;
}

/* What is kept, in order, with the expanded rows' own rows below them. */
export function lines<R>(model: GridModel<R>, id: Id<R>): Line<R>[] {
  const out: Line<R>[] = [];
  for (const slot of model.slots)
    for (const row of slot.rows ?? []) {
      const key = id(row);
      out.push({ id: key, row, level: 1, parent: null, left: model.left.has(key), wait: false });
      if (!model.open.has(key)) continue;
      const under = model.open.get(key);
      if (!under) out.push({ id: `${key}\n…`, row, level: 2, parent: key, left: false, wait: true });
      else for (const child of under) out.push({ id: id(child), row: child, level: 2, parent: key, left: false, wait: false });
    }
  return out;
}

export function span<R>(model: GridModel<R>): Span {
  const kept = model.slots.findIndex((slot) => slot.rows !== null);
  let before = 0;
  let after = 0;
  model.slots.forEach((slot, i) => {
    if (slot.rows) return;
    if (i < kept || kept < 0) before += slot.length;
    else after += slot.length;
  });
  return { before, after };
}

export interface View {
  from: number; /* of the lines */
  to: number;
  above: number; /* pixels */
  below: number;
  want: number; /* the slot that should be read next; -1: none */
}

/* Which lines are to be drawn for a place of the scroll bar. */
export function view<R>(model: GridModel<R>, count: number, scroll: { top: number; height: number; row: number }): View {
  const { before, after } = span(model);
  const margin = 8;
  const first = Math.floor(scroll.top / scroll.row) - before;
  const seen = Math.ceil(scroll.height / scroll.row) + 1;
  const from = Math.min(Math.max(0, first - margin), Math.max(0, count - 1));
  const to = Math.min(count, Math.max(0, first + seen + margin));
  const kept = model.slots.findIndex((slot) => slot.rows !== null);
  let want = -1;
  if (kept > 0 && first < margin) want = kept - 1;
  else if (first + seen + margin * 3 >= count) {
    const behind = model.slots.findIndex((slot, i) => i > kept && slot.rows === null);
    if (behind >= 0) want = behind;
    else if (model.next !== null) want = model.slots.length;
  }
  return { from, to: Math.max(from, to), above: (before + from) * scroll.row, below: (count - Math.max(from, to) + after) * scroll.row, want };
}

/* ---- cursor, selection, expanding ---- */

export function moveTo<R>(model: GridModel<R>, at: string | null): GridModel<R> {
  return { ...model, at, anchor: null };
}

export function indexOf<R>(all: readonly Line<R>[], at: string | null): number {
  return at === null ? -1 : all.findIndex((line) => line.id === at);
}

/* By so many lines, not over an end; places for rows that are being read are passed over. */
export function move<R>(model: GridModel<R>, all: readonly Line<R>[], by: number): GridModel<R> {
  const now = indexOf(all, model.at);
  const step = by < 0 ? -1 : 1;
  let to = Math.min(all.length - 1, Math.max(0, now < 0 ? 0 : now + by));
  while (all[to]?.wait) to += step;
  const line = all[to];
  return line ? moveTo(model, line.id) : model;
}

export function toggle<R>(model: GridModel<R>, all: readonly Line<R>[], at: string | null): GridModel<R> {
  const line = all[indexOf(all, at)];
  if (!line || line.wait) return model;
  const chosen = new Map(model.chosen);
  if (!chosen.delete(line.id)) chosen.set(line.id, line.row);
  return { ...model, chosen, anchor: line.id };
}

/* Move and take everything between the beginning and here into the selection. */
export function extend<R>(model: GridModel<R>, all: readonly Line<R>[], by: number): GridModel<R> {
  const anchor = model.anchor ?? model.at;
  const moved = move(model, all, by);
  return chooseTo({ ...moved, anchor }, all, moved.at);
}

export function chooseTo<R>(model: GridModel<R>, all: readonly Line<R>[], at: string | null): GridModel<R> {
  const a = indexOf(all, model.anchor ?? model.at);
  const b = indexOf(all, at);
  if (a < 0 || b < 0) return model;
  const chosen = new Map(model.chosen);
  for (const line of all.slice(Math.min(a, b), Math.max(a, b) + 1)) if (!line.wait) chosen.set(line.id, line.row);
  return { ...model, at, anchor: model.anchor ?? model.at, chosen };
}

export function choose<R>(model: GridModel<R>, rows: readonly R[], id: Id<R>): GridModel<R> {
  const chosen = new Map(model.chosen);
  for (const row of rows) chosen.set(id(row), row);
  return { ...model, chosen };
}

export function clear<R>(model: GridModel<R>): GridModel<R> {
  return { ...model, chosen: new Map(), anchor: null };
}

export function expand<R>(model: GridModel<R>, parent: string, rows: readonly R[] | null): GridModel<R> {
  return { ...model, open: new Map(model.open).set(parent, rows) };
}

export function collapse<R>(model: GridModel<R>, parent: string, id: Id<R>): GridModel<R> {
  const open = new Map(model.open);
  const under = open.get(parent);
  open.delete(parent);
  return { ...model, open, at: under?.some((row) => id(row) === model.at) ? parent : model.at };
}

/* ---- what changed elsewhere ---- */

/* Compare what is kept with the same places of the list read anew: `fresh` begins where the slot
 * does. Facts change in place. A row left only when a row that stood behind it is still there, or
 * nothing comes any more: otherwise it may only have been pushed down, out of what was read. */
export function compare<R>(model: GridModel<R>, index: number, fresh: Page<R>, id: Id<R>, by: string): GridModel<R> {
  const slot = model.slots[index];
  if (!slot?.rows) return model;
  const now = new Map(fresh.items.map((row) => [id(row), row]));
  const had = known(model, id, -1);
  const left = new Set(model.left);
  const added = new Set(model.fresh);
  const rows = slot.rows.map((row) => now.get(id(row)) ?? row);
  let last = slot.rows.length - 1;
  if (fresh.next !== null) while (last >= 0 && !now.has(id(slot.rows[last] as R))) last--;
  slot.rows.forEach((row, i) => {
    if (now.has(id(row))) left.delete(id(row));
    else if (i < last || fresh.next === null) left.add(id(row));
  });
  const reach = fresh.items.findLastIndex((row) => had.has(id(row)));
  fresh.items.forEach((row, i) => {
    if (!had.has(id(row)) && (i < reach || fresh.next === null)) added.add(id(row));
  });
  for (const key of moved(slot.rows.map(id), fresh.items.map(id))) added.add(key);
  const chosen = new Map([...model.chosen].map(([key, row]) => [key, now.get(key) ?? row]));
  const slots = model.slots.map((other, i) => (i === index ? { ...slot, rows } : other));
  return { ...model, slots, chosen, left, fresh: added, by: by || model.by, total: fresh.total };
}

/* Of those in both, which stand before one that stood before them. */
function moved(before: readonly string[], after: readonly string[]): string[] {
  const place = new Map(before.map((key, i) => [key, i]));
  const out: string[] = [];
  let highest = -1;
  for (const key of after) {
    const was = place.get(key);
    if (was === undefined) continue;
    if (was < highest) out.push(key);
    else highest = was;
  }
  return out;
}

/* "4 changed: refresh". */
export function changedCount<R>(model: GridModel<R>): number {
  return model.left.size + model.fresh.size;
}

/* "Rows 1–29 of 402": of what is seen, by the rows of level 1. */
export function seenRows<R>(model: GridModel<R>, all: readonly Line<R>[], from: number, to: number): { first: number; last: number } {
  const { before } = span(model);
  const tops = (end: number): number => all.slice(0, Math.max(0, end)).filter((line) => line.level === 1).length;
  const last = before + tops(to);
  return { first: Math.min(last, before + tops(from) + 1), last };
}
