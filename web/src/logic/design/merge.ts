/*
 * Two people changed one design: theirs is saved, mine is not. Joined by id and member, from what both
 * began with. What only one of them touched is taken; what both changed alike is no conflict; what they
 * changed differently is one, and mine stands until somebody chooses. Nothing of mine is dropped.
 * Used when a save is refused (412) and when somebody else's save is heard of.
 */
import { LISTS, type Design, type Item, type ListName, type Model, type Places } from "./model";
import { membersOf } from "./schema";
import { apply, removeItem, withMember, withoutMentions } from "./edits";

export interface Conflict {
  readonly list: ListName | ""; /* "": the root */
  readonly id: string;
  readonly member: string | null; /* null: one took the whole item out, the other changed or uses it */
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/* Lists of ids and words: added by one is there, taken out by one is not. */
function joinedSet(base: readonly unknown[], mine: readonly unknown[], theirs: readonly unknown[]): unknown[] {
  const gone = new Set(base.filter((one) => !mine.includes(one) || !theirs.includes(one)));
  return [...theirs, ...mine.filter((one) => !theirs.includes(one))].filter((one) => !gone.has(one));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Joined {
  value: unknown;
  clash: boolean;
}

function joinedValue(base: unknown, mine: unknown, theirs: unknown): Joined {
  if (same(mine, theirs) || same(theirs, base)) return { value: mine, clash: false };
  if (same(mine, base)) return { value: theirs, clash: false };
  if ([mine, theirs].every(Array.isArray)) return { value: joinedSet(Array.isArray(base) ? base : [], mine as unknown[], theirs as unknown[]), clash: false };
  return { value: mine, clash: true };
}

/* The members of three forms of one thing. */
function joinedMembers(base: Record<string, unknown>, mine: Record<string, unknown>, theirs: Record<string, unknown>, clash: (member: string) => void): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const member of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const three = [base[member], mine[member], theirs[member]] as const;
    const isFacts = three.slice(1).every(isMap) && (three[0] === undefined || isMap(three[0]));
    const { value, clash: both } = isFacts ? { value: joinedMembers((three[0] ?? {}) as Record<string, unknown>, three[1] as Record<string, unknown>, three[2] as Record<string, unknown>, (fact) => clash(`${member}.${fact}`)), clash: false } : joinedValue(...three);
    if (both) clash(member);
    if (value !== undefined) out[member] = value;
  }
  return out;
}

/* A member, or a fact of it: "facts.os". */
export function memberAt(item: unknown, path: string): unknown {
  const [member, fact] = path.split(/\.(.*)/s);
  const value = isMap(item) ? item[member ?? ""] : undefined;
  return fact === undefined ? value : isMap(value) ? value[fact] : undefined;
}

export function withMemberAt(item: Item, path: string, value: unknown): Item {
  const [member, fact] = path.split(/\.(.*)/s) as [string, string | undefined];
  if (fact === undefined) return withMember(item, member, value);
  const { [fact]: _, ...rest } = (isMap(item[member]) ? item[member] : {}) as Record<string, unknown>;
  return withMember(item, member, value === undefined ? rest : { ...rest, [fact]: value });
}

function joinedList(list: ListName, base: readonly Item[], mine: readonly Item[], theirs: readonly Item[], conflicts: Conflict[]): Item[] {
  const of = (items: readonly Item[]): Map<string, Item> => new Map(items.map((item) => [item.id, item]));
  const [b, m, t] = [of(base), of(mine), of(theirs)];
  const out = new Map<string, Item>();
  const take = (id: string): void => {
    const [was, my, their] = [b.get(id), m.get(id), t.get(id)];
    if (my && their) {
      const clash = (member: string): void => void conflicts.push({ list, id, member, base: memberAt(was, member), mine: memberAt(my, member), theirs: memberAt(their, member) });
      out.set(id, joinedMembers(was ?? {}, my, their, clash) as Item);
    } else if (!was) out.set(id, (my ?? their)!);
    else if ((my && !same(my, was)) || (their && !same(their, was))) {
      conflicts.push({ list, id, member: null, base: was, mine: my ?? null, theirs: their ?? null });
      if (my) out.set(id, my); /* mine stands: changed by me, taken out by them; else it stays out */
    }
  };
  for (const item of theirs) take(item.id);
  for (const item of mine) if (!t.has(item.id)) take(item.id);
  return inOrderOf(mine, out, theirs);
}

/* Their order; what only mine has comes after what stood before it in mine. */
function inOrderOf(mine: readonly Item[], out: ReadonlyMap<string, Item>, theirs: readonly Item[]): Item[] {
  const ids = theirs.map((item) => item.id).filter((id) => out.has(id));
  mine.forEach((item, i) => {
    if (!out.has(item.id) || ids.includes(item.id)) return;
    const before = mine.slice(0, i).reverse().find((one) => ids.includes(one.id));
    ids.splice(before ? ids.indexOf(before.id) + 1 : ids.length, 0, item.id);
  });
  return ids.map((id) => out.get(id)!);
}

/* What one took out and the other's part still needs comes back, and is shown. */
function restored(model: Model, from: readonly Design[], conflicts: Conflict[]): Model {
  let out = model;
  for (const list of LISTS)
    for (const item of out[list])
      for (const member of membersOf(list)) {
        if (!member.required || member.kind !== "one") continue;
        const id = String(item[member.name] ?? "");
        const target = member.lists?.[0] as ListName;
        if (!id || out[target].some((one) => one.id === id)) continue;
        const kept = from.map((design) => design.model[target].find((one) => one.id === id)).find(Boolean);
        if (!kept) continue;
        const [mine, theirs] = from.slice(1).map((design) => design.model[target].find((one) => one.id === id) ?? null);
        if (!conflicts.some((one) => one.list === target && one.id === id && one.member === null)) conflicts.push({ list: target, id, member: null, base: kept, mine: mine ?? null, theirs: theirs ?? null });
        out = { ...out, [target]: [...out[target], kept] };
      }
  return out;
}

/* Mentions of what is in none any more go with it. */
function cleaned(model: Model, from: readonly Design[]): Model {
  let out = model;
  for (const list of LISTS) {
    const there = new Set(out[list].map((item) => item.id));
    const gone = new Set(from.flatMap((design) => design.model[list].map((item) => item.id)).filter((id) => !there.has(id)));
    if (gone.size) out = withoutMentions(out, list, gone);
  }
  return out;
}

function joinedPlaces(base: Places = {}, mine: Places = {}, theirs: Places = {}): Places {
  const out: Record<string, Places[string]> = {};
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const { value } = joinedValue(base[key], mine[key], theirs[key]); /* where both moved it, mine stands: no conflict worth a question */
    if (value) out[key] = value as Places[string];
  }
  return out;
}

export function merge(base: Design, mine: Design, theirs: Design): { design: Design; conflicts: Conflict[] } {
  const conflicts: Conflict[] = [];
  const rootOf = (model: Model): Record<string, unknown> => Object.fromEntries(Object.entries(model).filter(([name]) => !(LISTS as readonly string[]).includes(name)));
  const clash = (member: string): void => void conflicts.push({ list: "", id: "", member, base: memberAt(base.model, member), mine: memberAt(mine.model, member), theirs: memberAt(theirs.model, member) });
  const root = joinedMembers(rootOf(base.model), rootOf(mine.model), rootOf(theirs.model), clash);
  const lists = Object.fromEntries(LISTS.map((list) => [list, joinedList(list, base.model[list], mine.model[list], theirs.model[list], conflicts)]));
  const model = cleaned(restored({ ...root, ...lists } as Model, [base, mine, theirs], conflicts), [base, mine, theirs]);
  const positions = Object.fromEntries([...new Set([...Object.keys(theirs.positions), ...Object.keys(mine.positions)])].map((view) => [view, joinedPlaces(base.positions[view], mine.positions[view], theirs.positions[view])]));
  return { design: { model, positions }, conflicts };
}

/* Their side of a conflict in place of mine. */
export function takeTheirs(design: Design, conflict: Conflict): Design {
  const { list, id, member, theirs } = conflict;
  if (list === "") {
    const { [member ?? ""]: _, ...rest } = design.model;
    return { ...design, model: (theirs === undefined ? rest : { ...rest, [member ?? ""]: theirs }) as Model };
  }
  const items = design.model[list];
  if (member === null) {
    const step = theirs === null ? removeItem(design, list, id) : null;
    if (step) return apply(design, step);
    const others = items.filter((item) => item.id !== id);
    const next = theirs ? (items.length === others.length ? [...items, theirs as Item] : items.map((item) => (item.id === id ? (theirs as Item) : item))) : others;
    return { ...design, model: { ...design.model, [list]: next } };
  }
  return { ...design, model: { ...design.model, [list]: items.map((item) => (item.id === id ? withMemberAt(item, member, theirs) : item)) } };
}
