import { describe, expect, it } from "vitest";
import { arrow, drawn, ELEMENT, elementBox, freePlace, inReadingOrder, lanes, membersIn, placed, zoneAfter, zoneBoxes } from "./geometry";
import { fromElk, toElk, type ElkNode } from "./layout";
import { crosses, modelOf, WHOLE } from "./model";

const model = modelOf({
  zones: [{ id: "inner", parent: "outer" }, { id: "outer" }, { id: "empty" }],
  elements: [{ id: "a", zone: "outer" }, { id: "b", zone: "inner" }, { id: "c", zone: "inner" }, { id: "d" }],
  flows: [{ id: "f1", from: "a", to: "b" }, { id: "f2", from: "b", to: "a" }, { id: "f3", from: "c", to: "d" }],
  views: [{ id: "v", elements: ["a", "b"], flows: "*" }, { id: "all", elements: "*", flows: ["f1"] }],
});
const places = { a: { x: 0, y: 0 }, b: { x: 400, y: 0 }, c: { x: 400, y: 120 }, d: { x: 800, y: 0 }, "zone:empty": { x: 0, y: 400 } };
const whole = drawn(model, WHOLE);

describe("a view", () => {
  it("has its elements, the flows between them and their zones, outer before inner", () => {
    const seen = drawn(model, "v");
    expect(seen.elements.map((one) => one.id)).toEqual(["a", "b"]);
    expect(seen.flows.map((one) => one.id)).toEqual(["f1", "f2"]);
    expect(seen.zones.map((one) => one.id)).toEqual(["outer", "inner"]);
  });
  it("of all has all, empty zones too", () => {
    expect(drawn(model, "all").flows.map((one) => one.id)).toEqual(["f1"]);
    expect(whole.zones.map((one) => one.id)).toEqual(["outer", "empty", "inner"]);
  });
});

describe("zones", () => {
  const boxes = zoneBoxes(whole, places);
  it("are around what is in them, the outer around the inner", () => {
    const [inner, outer] = [boxes.get("inner")!, boxes.get("outer")!];
    for (const id of ["b", "c"] as const) expect(inner.x <= places[id].x && inner.y <= places[id].y && inner.x + inner.width >= places[id].x + ELEMENT.width).toBe(true);
    expect(outer.x).toBeLessThan(0);
    expect(outer.x + outer.width).toBeGreaterThan(inner.x + inner.width);
  });
  it("an element dropped in one is in it; dropped outside it stays in its own", () => {
    const a = model.elements[0]!;
    expect(zoneAfter(whole, places, a, { x: 410, y: 60 })).toBe("inner");
    expect(zoneAfter(whole, places, a, { x: 20, y: 430 })).toBe("empty");
    expect(zoneAfter(whole, places, a, { x: 2000, y: 2000 })).toBe("outer");
    expect(zoneAfter(whole, places, model.elements[3]!, { x: 2000, y: 2000 })).toBe("");
  });
  it("move with all that is in them", () => expect(membersIn(whole, "outer")).toEqual(["a", "b", "c", "zone:outer", "zone:inner"]));
  it("a cycle of zones ends", () => {
    const round = modelOf({ zones: [{ id: "x", parent: "y" }, { id: "y", parent: "x" }], elements: [{ id: "e", zone: "x" }] });
    expect(drawn(round, WHOLE).zones).toHaveLength(2);
    expect(zoneBoxes(drawn(round, WHOLE), { e: { x: 0, y: 0 } }).size).toBe(2);
  });
  it("a border is crossed where the ends are in different zones", () => expect(model.flows.map((flow) => crosses(model, flow))).toEqual([true, true, true]));
});

describe("places", () => {
  it("the saved one wins, then the layout's, then a free one", () => {
    const all = placed(whole, { a: { x: 1, y: 1 } }, { a: { x: 2, y: 2 }, b: { x: 3, y: 300 } });
    expect(all["a"]).toEqual({ x: 1, y: 1 });
    expect(all["b"]).toEqual({ x: 3, y: 300 });
    expect(Object.keys(all).sort()).toEqual(["a", "b", "c", "d", "zone:empty"]);
  });
  it("a free place covers nothing", () => {
    const all: Record<string, { x: number; y: number }> = { ...places };
    const many = modelOf({ elements: Array.from({ length: 40 }, (_, n) => ({ id: `e${n}` })) });
    const seen = drawn(many, WHOLE);
    for (const one of many.elements) all[one.id] = freePlace(seen, all, "");
    const boxes = many.elements.map((one) => elementBox(all[one.id]!));
    for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
  });
  it("are read row by row", () => expect(inReadingOrder(drawn(model, "v"), places).filter((id) => id.length === 1)).toEqual(["a", "b"]));
});

describe("arrows", () => {
  it("two between the same elements are apart", () => {
    const lane = lanes(model.flows);
    expect(lane.get("f3")).toBe(0);
    const [one, two] = [arrow(elementBox(places.a), elementBox(places.b), lane.get("f1")!), arrow(elementBox(places.b), elementBox(places.a), lane.get("f2")!)];
    expect(Math.abs(one.middle.y - two.middle.y)).toBeGreaterThan(10);
  });
  it("one to itself is a loop", () => expect(arrow(elementBox(places.a), elementBox(places.a), 0).path).toMatch(/^M168 14c/));
});

describe("ELK", () => {
  it("gets zones as nodes with their elements, and gives absolute places", () => {
    const root = toElk(whole);
    expect(root.children!.map((one) => one.id)).toEqual(["zone:outer", "zone:empty", "e:d"]);
    expect(root.children![0]!.children!.map((one) => one.id)).toEqual(["zone:inner", "e:a"]);
    const answer: ElkNode = { id: "root", children: [{ id: "zone:outer", x: 10, y: 20, children: [{ id: "e:a", x: 22, y: 44 }] }, { id: "zone:empty", x: 8, y: 200 }] };
    expect(fromElk(answer)).toEqual({ a: { x: 32, y: 64 }, "zone:empty": { x: 8, y: 200 } });
  });
});

describe("a view of all", () => {
  it("is all, however the service says it", () => {
    const model = modelOf({ elements: [{ id: "a" }], views: [{ id: "v", elements: ["*"], flows: ["*"] }, { id: "w", elements: "*" }] });
    expect(["v", "w"].map((view) => drawn(model, view).elements.length)).toEqual([1, 1]);
    expect(model.views[0]).toEqual({ id: "v", elements: "*", flows: "*" });
  });
});
