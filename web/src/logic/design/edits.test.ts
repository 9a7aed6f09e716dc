import { describe, expect, it } from "vitest";
import { addItem, apply, countOf, done, inverse, leaveView, moveTo, newFlow, NO_HISTORY, redo, removeItem, sealed, setMember, setRoot, stepBetween, undo, type Step } from "./edits";
import { freeId, listOf, modelOf, sentOf, type Design } from "./model";

const design: Design = {
  model: modelOf({
    release: "1.0",
    zones: [{ id: "ward", name: "Ward" }, { id: "pump", name: "Pump", parent: "ward" }],
    elements: [{ id: "nurse", kind: "actor", zone: "ward" }, { id: "ui", kind: "process", zone: "pump", facts: { os: "Linux" } }, { id: "motor", kind: "process", zone: "pump" }],
    flows: [{ id: "f01", from: "nurse", to: "ui", carries: ["command"] }, { id: "f02", from: "ui", to: "motor" }],
    controls: [{ id: "c1", category: 1, covers: ["f01", "ui", "motor"] }],
    entries: [{ id: "e1", position: "touch", at: "f01" }],
    views: [{ id: "v1", kind: "global", elements: "*", flows: "*" }, { id: "v2", kind: "use-case", elements: ["nurse", "ui"], flows: ["f01"] }],
  }),
  positions: { v2: { nurse: { x: 0, y: 0 }, ui: { x: 200, y: 0 } } },
};

/* Every step that a person can do, from the same design. */
const STEPS: [string, Step | null][] = [
  ["a member is set", setMember(design, "elements", "ui", "name", "Screen")],
  ["a member is taken out", setMember(design, "elements", "ui", "facts", {})],
  ["the root is set", setRoot(design, "title", "Pump")],
  ["the root is emptied", setRoot(design, "release", "")],
  ["an element is added to a view", addItem(design, "elements", { id: "new", kind: "store" }, { view: "v2", at: { x: 8, y: 8 } })],
  ["a flow is added", addItem(design, "flows", newFlow(design, "motor", "ui"))],
  ["an element is removed with all that hangs on it", removeItem(design, "elements", "ui")],
  ["a zone is removed", removeItem(design, "zones", "pump")],
  ["a flow is removed", removeItem(design, "flows", "f01")],
  ["something leaves a view", leaveView(design, "v2", "elements", "ui")],
  ["something is moved", moveTo(design, "v2", { ui: { x: 300, y: 40 }, nurse: { x: 0, y: 0 } }, "ui")],
];

describe("a step and its inverse", () => {
  it.each(STEPS)("%s: the inverse gives the former text exactly, order included", (_, step) => {
    expect(step).not.toBeNull();
    const after = apply(design, step!);
    expect(JSON.stringify(after)).not.toBe(JSON.stringify(design));
    expect(JSON.stringify(apply(after, inverse(step!)))).toBe(JSON.stringify({ ...apply(design, { what: "", name: "", changes: [] }) }));
    expect(countOf(stepBetween(design, after))).toBeGreaterThan(0);
    expect(stepBetween(after, apply(design, stepBetween(design, after))).changes).toEqual([]);
  });
});

describe("removing", () => {
  const after = apply(design, removeItem(design, "elements", "ui")!);
  it("takes the flows without an end and every mention with it", () => {
    expect(after.model.flows).toEqual([]);
    expect(listOf(after.model.controls[0]!, "covers")).toEqual(["motor"]);
    expect(after.model.entries[0]).toEqual({ id: "e1", position: "touch" });
    expect(listOf(after.model.views[1]!, "elements")).toEqual(["nurse"]);
    expect(after.positions["v2"]).toEqual({ nurse: { x: 0, y: 0 } });
  });
  it("leaves a view of all as it is", () => expect(after.model.views[0]).toBe(design.model.views[0]));
  it("of what is not there does nothing", () => expect(removeItem(design, "elements", "none")).toBeNull());
});

describe("the stack", () => {
  it("goes back and forth", () => {
    const step = setMember(design, "elements", "ui", "name", "Screen")!;
    const history = done(NO_HISTORY, step);
    const back = undo(history)!;
    expect(apply(apply(design, step), back.step)).toEqual(design);
    const again = redo(back.history)!;
    expect(apply(design, again.step).model.elements[1]).toMatchObject({ name: "Screen" });
    expect(undo(back.history)).toBeNull();
    expect(redo(again.history)).toBeNull();
  });
  it("takes typing in one field as one step, until the field is left", () => {
    let now = design;
    let history = NO_HISTORY;
    const type = (text: string): void => {
      const step = setMember(now, "elements", "ui", "name", text)!;
      now = apply(now, step);
      history = done(history, step);
    };
    type("S");
    type("Sc");
    expect(history.past).toHaveLength(1);
    expect(apply(now, undo(history)!.step)).toEqual(design);
    history = sealed(history);
    type("Scr");
    expect(history.past).toHaveLength(2);
  });
  it("forgets what was undone when something else is done", () => {
    const back = undo(done(NO_HISTORY, STEPS[0]![1]!))!;
    expect(done(back.history, STEPS[2]![1]!).future).toEqual([]);
  });
});

describe("new things", () => {
  it("get an id of their name that nothing else has", () => {
    expect(freeId(design.model, "Hospital gateway", "e")).toBe("hospital-gateway");
    expect(freeId(design.model, "UI", "e")).toBe("ui-2");
    expect(freeId(design.model, "Überwachung", "e")).toBe("uberwachung");
    expect(freeId(design.model, "监护", "element")).toBe("element");
  });
  it("a flow states its ends and nothing else", () => expect(newFlow(design, "ui", "motor")).toEqual({ id: "f03", from: "ui", to: "motor" }));
  it("what is not stated is not sent", () => {
    expect(sentOf(modelOf({ elements: [{ id: "a" }] }))).toEqual({ elements: [{ id: "a" }] });
    expect(setMember(design, "flows", "f01", "carries", [])!.changes[0]).toMatchObject({ after: { id: "f01", from: "nurse", to: "ui" } });
  });
  it("a changed member stays in its place", () => {
    const step = setMember(design, "flows", "f01", "from", "motor")!;
    expect(Object.keys(apply(design, step).model.flows[0]!)).toEqual(["id", "from", "to", "carries"]);
  });
});
