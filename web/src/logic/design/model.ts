/*
 * The design model as the page holds it: the lists of docs/formats/model.md with their items as they
 * came from /v1, and the places of a drawing. Nothing here judges a threat; the service does. Members
 * that this page does not know stay in their item untouched. Used by everything of the design tab.
 */
export const LISTS = ["zones", "elements", "flows", "controls", "components", "credentials", "assumptions", "entries", "states", "views"] as const;
export type ListName = (typeof LISTS)[number];

export interface Item {
  readonly id: string;
  readonly [member: string]: unknown;
}

export type Model = Readonly<Record<ListName, readonly Item[]>> & Readonly<Record<string, unknown>>;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/* Of a view: the places of its elements, and `zone:ID` of zones without an element. */
export type Places = Readonly<Record<string, Point>>;

export interface Design {
  readonly model: Model;
  readonly positions: Readonly<Record<string, Places>>;
}

/* The drawing of the whole graph, which is always there. */
export const WHOLE = "*";

export function zoneKey(id: string): string {
  return `zone:${id}`;
}

const isAll = (value: unknown): boolean => value === "*" || (Array.isArray(value) && value.length === 1 && value[0] === "*");

/* What /v1 said, with every list there. */
export function modelOf(said: unknown): Model {
  const from = (typeof said === "object" && said !== null ? said : {}) as Record<string, unknown>;
  const lists = Object.fromEntries(LISTS.map((list) => [list, Array.isArray(from[list]) ? from[list] : []]));
  /* "all" of a view is said as a list of one word, and written as the word */
  const views = (lists["views"] as Item[]).map((view) => ({ ...view, ...Object.fromEntries(["elements", "flows"].filter((member) => isAll(view[member])).map((member) => [member, "*"])) }));
  return { ...from, ...lists, views } as unknown as Model;
}

export function emptyDesign(): Design {
  return { model: modelOf({}), positions: {} };
}

/* As it is sent: without empty lists. */
export function sentOf(model: Model): Record<string, unknown> {
  return Object.fromEntries(Object.entries(model).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)));
}

export function itemOf(model: Model, list: ListName, id: string): Item | null {
  return model[list].find((item) => item.id === id) ?? null;
}

export function textOf(item: Item | null, member: string): string {
  const value = item?.[member];
  return value === undefined || value === null ? "" : Array.isArray(value) ? value.join(", ") : String(value);
}

export function listOf(item: Item | null, member: string): readonly string[] {
  const value = item?.[member];
  return Array.isArray(value) ? value.map(String) : [];
}

export function factsOf(item: Item | null, member = "facts"): Readonly<Record<string, string>> {
  const value = item?.[member];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, string>) : {};
}

/* What an item is called: its name or title, else what it says, else its id. */
export function nameOf(item: Item | null): string {
  return textOf(item, "name") || textOf(item, "title") || textOf(item, "text") || textOf(item, "match") || textOf(item, "purl") || (item?.id ?? "");
}

/* Which list an id of the drawing belongs to; null: none has it. */
export function listWith(model: Model, id: string): ListName | null {
  return LISTS.find((list) => model[list].some((item) => item.id === id)) ?? null;
}

/* An id that nothing has yet, made of a name: "Hospital gateway" is hospital-gateway. */
export function freeId(model: Model, name: string, otherwise: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40) || otherwise;
  const taken = new Set(LISTS.flatMap((list) => model[list].map((item) => item.id)));
  if (!taken.has(plain)) return plain;
  for (let n = 2; ; n++) if (!taken.has(`${plain}-${n}`)) return `${plain}-${n}`;
}

/* The chain of zones that an element is in, the innermost first; a cycle ends it. */
export function zonesOf(model: Model, zone: string): string[] {
  const parents = new Map(model.zones.map((one) => [one.id, textOf(one, "parent")]));
  const out: string[] = [];
  for (let at = zone; at && parents.has(at) && !out.includes(at); at = parents.get(at) ?? "") out.push(at);
  return out;
}

/* Whether a flow goes over a border: of a zone that only one of its ends is in. */
export function crosses(model: Model, flow: Item): boolean {
  const zone = (end: string): string => textOf(itemOf(model, "elements", textOf(flow, end)), "zone");
  return zone("from") !== zone("to");
}
