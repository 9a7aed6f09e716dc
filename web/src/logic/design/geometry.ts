/*
 * Places of a drawing: boxes of elements, zones drawn around what is in them, and where a thing goes
 * that has no place yet. A zone has no place of its own unless it is empty, so its border is always
 * around its elements. All in the drawing's own units; 1 is a pixel at 100 %.
 */
import { listOf, textOf, WHOLE, zoneKey, zonesOf, type Item, type Model, type Places, type Point } from "./model";

export const ELEMENT = { width: 168, height: 56 } as const;
export const EMPTY_ZONE = { width: 216, height: 108 } as const;
export const PAD = { left: 18, top: 38, right: 18, bottom: 18 } as const;
export const GRID = 8;

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Drawn {
  readonly elements: readonly Item[];
  readonly flows: readonly Item[];
  readonly zones: readonly Item[]; /* outer before inner */
}

/* What a view shows: its elements, the flows of its own between them, and the zones around them. In
   the whole drawing every zone is shown, also one without an element. */
export function drawn(model: Model, view: string): Drawn {
  const own = view === WHOLE ? null : (model.views.find((one) => one.id === view) ?? null);
  const wants = (list: "elements" | "flows"): ((id: string) => boolean) => {
    if (!own || own[list] === "*") return () => true;
    const ids = new Set(listOf(own, list));
    return (id) => ids.has(id);
  };
  const [isElement, isFlow] = [wants("elements"), wants("flows")];
  const elements = model.elements.filter((one) => isElement(one.id));
  const there = new Set(elements.map((one) => one.id));
  const flows = model.flows.filter((one) => isFlow(one.id) && there.has(textOf(one, "from")) && there.has(textOf(one, "to")));
  const used = new Set(elements.flatMap((one) => zonesOf(model, textOf(one, "zone"))));
  const depth = new Map(model.zones.map((one) => [one.id, zonesOf(model, one.id).length]));
  const zones = model.zones.filter((one) => used.has(one.id) || !own || own["elements"] === "*").sort((a, b) => (depth.get(a.id) ?? 0) - (depth.get(b.id) ?? 0));
  return { elements, flows, zones };
}

export function snap(point: Point): Point {
  return { x: Math.round(point.x / GRID) * GRID, y: Math.round(point.y / GRID) * GRID };
}

export function boundsOf(boxes: readonly Box[]): Box | null {
  if (!boxes.length) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return { x, y, width: Math.max(...boxes.map((box) => box.x + box.width)) - x, height: Math.max(...boxes.map((box) => box.y + box.height)) - y };
}

export function elementBox(at: Point): Box {
  return { ...ELEMENT, x: at.x, y: at.y };
}

/* The box of each zone that is shown, around its elements and inner zones. */
export function zoneBoxes(seen: Drawn, places: Places): Map<string, Box> {
  const inside = new Map<string, Box[]>(seen.zones.map((zone) => [zone.id, []]));
  for (const element of seen.elements) {
    const at = places[element.id];
    if (at) inside.get(textOf(element, "zone"))?.push(elementBox(at));
  }
  const out = new Map<string, Box>();
  for (const zone of [...seen.zones].reverse()) {
    const bounds = boundsOf(inside.get(zone.id) ?? []);
    const at = places[zoneKey(zone.id)] ?? { x: 0, y: 0 };
    const box = bounds
      ? { x: bounds.x - PAD.left, y: bounds.y - PAD.top, width: Math.max(bounds.width + PAD.left + PAD.right, 120), height: bounds.height + PAD.top + PAD.bottom }
      : { ...EMPTY_ZONE, x: at.x, y: at.y };
    out.set(zone.id, box);
    inside.get(textOf(zone, "parent"))?.push(box);
  }
  return out;
}

const within = (box: Box, at: Point): boolean => at.x >= box.x && at.x <= box.x + box.width && at.y >= box.y && at.y <= box.y + box.height;

/* The innermost zone that a point is in. */
export function zoneAt(seen: Drawn, boxes: ReadonlyMap<string, Box>, at: Point): string | null {
  return [...seen.zones].reverse().find((zone) => within(boxes.get(zone.id) ?? { x: Infinity, y: 0, width: 0, height: 0 }, at))?.id ?? null;
}

/* The zone that an element is in after it was dropped at a place: that under its middle. Dropped
   outside of all it stays in its own, which then reaches there. */
export function zoneAfter(seen: Drawn, places: Places, element: Item, at: Point): string {
  const others = { ...seen, elements: seen.elements.filter((one) => one.id !== element.id) };
  const own = textOf(element, "zone");
  const boxes = zoneBoxes(others, places);
  const isEmpty = own !== "" && !others.elements.some((one) => zonesOf({ zones: seen.zones } as Model, textOf(one, "zone")).includes(own));
  if (isEmpty && !places[zoneKey(own)]) boxes.delete(own); /* it is only around this element */
  const middle = { x: at.x + ELEMENT.width / 2, y: at.y + ELEMENT.height / 2 };
  return zoneAt({ ...others, zones: others.zones.filter((zone) => boxes.has(zone.id)) }, boxes, middle) ?? own;
}

/* What moves when a zone is moved: its elements and those of its inner zones, and empty zones. */
export function membersIn(seen: Drawn, zone: string): string[] {
  const model = { zones: seen.zones } as Model;
  const elements = seen.elements.filter((one) => zonesOf(model, textOf(one, "zone")).includes(zone)).map((one) => one.id);
  const zones = seen.zones.filter((one) => zonesOf(model, one.id).includes(zone)).map((one) => zoneKey(one.id));
  return [...elements, ...zones];
}

/* Every thing has a place: the saved one, else that of a layout, else a free one beside its like. */
export function placed(seen: Drawn, saved: Places, laid: Places): Places {
  const out: Record<string, Point> = {};
  const keys = [...seen.elements.map((one) => one.id), ...seen.zones.map((one) => zoneKey(one.id))];
  for (const key of keys) {
    const at = saved[key] ?? laid[key];
    if (at) out[key] = at;
  }
  for (const element of seen.elements) if (!out[element.id]) out[element.id] = freePlace(seen, out, textOf(element, "zone"));
  for (const zone of seen.zones) if (!out[zoneKey(zone.id)] && !membersIn(seen, zone.id).some((id) => !id.startsWith("zone:"))) out[zoneKey(zone.id)] = besideAll(seen, out);
  return out;
}

function overlaps(a: Box, b: Box, gap: number): boolean {
  return a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;
}

/* A place in a zone that no element covers: in the rows below its first element. */
export function freePlace(seen: Drawn, places: Places, zone: string): Point {
  const all = seen.elements.flatMap((one) => (places[one.id] ? [elementBox(places[one.id]!)] : []));
  const own = seen.elements.filter((one) => textOf(one, "zone") === zone && places[one.id]).map((one) => elementBox(places[one.id]!));
  const bounds = boundsOf(own);
  const empty = places[zoneKey(zone)];
  const start = bounds ? { x: bounds.x, y: bounds.y } : empty ? { x: empty.x + PAD.left, y: empty.y + PAD.top } : besideAll(seen, places);
  for (let n = 0; n < 2000; n++) {
    const at = { x: start.x + (n % 2) * (ELEMENT.width + 40), y: start.y + Math.floor(n / 2) * (ELEMENT.height + 32) };
    if (!all.some((box) => overlaps(box, elementBox(at), 8))) return at;
  }
  return start;
}

/* Right of all that is there. */
export function besideAll(seen: Drawn, places: Places): Point {
  const boxes = [...zoneBoxes(seen, places)].filter(([id]) => places[zoneKey(id)] || seen.elements.some((one) => textOf(one, "zone") === id && places[one.id])).map(([, box]) => box);
  const bounds = boundsOf([...boxes, ...seen.elements.flatMap((one) => (places[one.id] ? [elementBox(places[one.id]!)] : []))]);
  return bounds ? snap({ x: bounds.x + bounds.width + 48, y: bounds.y }) : { x: 0, y: 0 };
}

/* Where a line from the middle of a box to a point leaves the box: the end of an arrow. */
export function borderPoint(box: Box, to: Point): Point {
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
  const [dx, dy] = [to.x - cx, to.y - cy];
  if (!dx && !dy) return { x: cx, y: cy };
  const part = Math.min(dx ? box.width / 2 / Math.abs(dx) : Infinity, dy ? box.height / 2 / Math.abs(dy) : Infinity);
  return { x: cx + dx * part, y: cy + dy * part };
}

export interface Arrow {
  readonly path: string;
  readonly middle: Point;
  readonly end: Point; /* the tip, and where it points to: degrees */
  readonly angle: number;
}

const round = (value: number): number => Math.round(value * 10) / 10;

function angleOf(from: Point, to: Point): number {
  return round((Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI);
}

/* The line of a flow. Several between two elements are bent aside from each other: `lane` is 0, 1, -1, 2 … */
export function arrow(from: Box, to: Box, lane: number): Arrow {
  const middleOf = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const [a, b] = [middleOf(from), middleOf(to)];
  if (from.x === to.x && from.y === to.y) {
    const [x, y] = [from.x + from.width, from.y + 14];
    return { path: `M${x} ${y}c36 -30 36 44 0 24`, middle: { x: x + 30, y: y + 10 }, end: { x, y: y + 24 }, angle: 210 };
  }
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const bend = { x: (-(b.y - a.y) / length) * lane * 52, y: ((b.x - a.x) / length) * lane * 52 };
  const control = { x: (a.x + b.x) / 2 + bend.x, y: (a.y + b.y) / 2 + bend.y };
  const [start, end] = [borderPoint(from, lane ? control : b), borderPoint(to, lane ? control : a)];
  const ends = { end: { x: round(end.x), y: round(end.y) }, angle: angleOf(lane ? control : start, end) };
  const first = `M${round(start.x)} ${round(start.y)}`;
  if (!lane) return { path: `${first}L${ends.end.x} ${ends.end.y}`, middle: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }, ...ends };
  return { path: `${first}Q${round(control.x)} ${round(control.y)} ${ends.end.x} ${ends.end.y}`, middle: { x: (start.x + 2 * control.x + end.x) / 4, y: (start.y + 2 * control.y + end.y) / 4 }, ...ends };
}

/* The lane of each flow among those between the same two elements; the sign follows the direction. */
export function lanes(flows: readonly Item[]): Map<string, number> {
  const pairs = new Map<string, Item[]>();
  for (const flow of flows) {
    const key = [textOf(flow, "from"), textOf(flow, "to")].sort().join("\n");
    pairs.set(key, [...(pairs.get(key) ?? []), flow]);
  }
  const out = new Map<string, number>();
  for (const pair of pairs.values())
    pair.forEach((flow, i) => {
      const lane = pair.length === 1 ? 0 : i - (pair.length - 1) / 2;
      out.set(flow.id, textOf(flow, "from") <= textOf(flow, "to") ? lane : -lane || 0);
    });
  return out;
}

/* What is reached by J and K: zones and elements from top left to bottom right, in rows. */
export function inReadingOrder(seen: Drawn, places: Places): string[] {
  const boxes = zoneBoxes(seen, places);
  const all = [
    ...seen.elements.map((one) => ({ id: one.id, at: places[one.id] ?? { x: 0, y: 0 } })),
    ...seen.zones.map((one) => ({ id: one.id, at: boxes.get(one.id) ?? { x: 0, y: 0 } })),
  ];
  const row = (y: number): number => Math.round(y / (ELEMENT.height + 16));
  return all.sort((a, b) => row(a.at.y) - row(b.at.y) || a.at.x - b.at.x || (a.id < b.id ? -1 : 1)).map((one) => one.id);
}

/* A text in at most `most` lines of about `width` letters, cut where it is longer; for pictures. */
export function linesOf(text: string, width: number, most: number): string[] {
  const out: string[] = [];
  for (const word of text.split(/\s+/u)) {
    const last = out.at(-1);
    if (last !== undefined && last.length + word.length < width) out[out.length - 1] = `${last} ${word}`;
    else out.push(word);
  }
  const cut = (line: string): string => (line.length > width ? `${[...line].slice(0, width - 1).join("")}…` : line);
  if (out.length <= most) return out.map(cut);
  return [...out.slice(0, most - 1).map(cut), cut(`${out.slice(most - 1).join(" ")}`)];
}
