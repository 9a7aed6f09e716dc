import { describe, expect, it } from "vitest";
import { addItem, apply, removeItem, setMember, type Step } from "./edits";
import { merge, takeTheirs } from "./merge";
import { itemOf, modelOf, type Design } from "./model";

const base: Design = {
  model: modelOf({
    title: "Pump",
    zones: [{ id: "z" }],
    elements: [{ id: "a", kind: "process", name: "A", facts: { os: "Linux", listener: "no" }, functions: ["alarm"] }, { id: "b", kind: "store", name: "B" }],
    flows: [{ id: "f1", from: "a", to: "b" }],
    controls: [{ id: "c", category: 1, covers: ["a", "f1"] }],
  }),
  positions: { "*": { a: { x: 0, y: 0 }, b: { x: 100, y: 0 } } },
};
const after = (...steps: ((design: Design) => Step | null)[]): Design => steps.reduce((design, make) => apply(design, make(design)!), base);
const set = (list: "elements" | "flows" | "controls", id: string, member: string, value: unknown) => (design: Design) => setMember(design, list, id, member, value);

describe("what both did", () => {
  it("is joined where they touched different things", () => {
    const mine = after(set("elements", "a", "name", "Mine"), (d) => addItem(d, "elements", { id: "m", kind: "actor" }));
    const theirs = after(set("elements", "a", "count", 5), set("elements", "b", "name", "Theirs"), (d) => addItem(d, "elements", { id: "t", kind: "actor" }));
    const { design, conflicts } = merge(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(itemOf(design.model, "elements", "a")).toMatchObject({ name: "Mine", count: 5 });
    expect(itemOf(design.model, "elements", "b")).toMatchObject({ name: "Theirs" });
    expect(design.model.elements.map((one) => one.id).sort()).toEqual(["a", "b", "m", "t"]);
  });
  it("is joined fact by fact and word by word", () => {
    const mine = after(set("elements", "a", "facts", { os: "Linux", listener: "yes" }), set("elements", "a", "functions", ["alarm", "log"]));
    const theirs = after(set("elements", "a", "facts", { os: "Debian", listener: "no", mfa: "yes" }), set("elements", "a", "functions", ["update"]));
    const { design, conflicts } = merge(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(itemOf(design.model, "elements", "a")).toMatchObject({ facts: { os: "Debian", listener: "yes", mfa: "yes" }, functions: ["update", "log"] });
  });
  it("alike is no conflict", () => {
    const both = after(set("elements", "a", "name", "Same"));
    expect(merge(base, both, both).conflicts).toEqual([]);
  });
});

describe("a conflict", () => {
  it("names the member with the three texts; mine stands until theirs is taken", () => {
    const mine = after(set("elements", "a", "facts", { os: "QNX", listener: "no" }));
    const theirs = after(set("elements", "a", "facts", { os: "Debian", listener: "no" }));
    const { design, conflicts } = merge(base, mine, theirs);
    expect(conflicts).toEqual([{ list: "elements", id: "a", member: "facts.os", base: "Linux", mine: "QNX", theirs: "Debian" }]);
    expect(itemOf(design.model, "elements", "a")).toMatchObject({ facts: { os: "QNX" } });
    expect(itemOf(takeTheirs(design, conflicts[0]!).model, "elements", "a")).toMatchObject({ facts: { os: "Debian", listener: "no" } });
  });
  it("of the root, too", () => {
    const mine = { ...base, model: { ...base.model, title: "M" } as Design["model"] };
    const theirs = { ...base, model: { ...base.model, title: "T" } as Design["model"] };
    const { design, conflicts } = merge(base, mine, theirs);
    expect(conflicts).toMatchObject([{ list: "", member: "title", mine: "M", theirs: "T" }]);
    expect(takeTheirs(design, conflicts[0]!).model["title"]).toBe("T");
  });
  it("is where one changed what the other took out: nothing typed is lost", () => {
    const mine = after(set("flows", "f1", "protocol", "CAN"));
    const theirs = after((d) => removeItem(d, "flows", "f1"));
    const { design, conflicts } = merge(base, mine, theirs);
    expect(conflicts).toMatchObject([{ list: "flows", id: "f1", member: null, theirs: null }]);
    expect(itemOf(design.model, "flows", "f1")).toMatchObject({ protocol: "CAN" });
    expect(itemOf(takeTheirs(design, conflicts[0]!).model, "flows", "f1")).toBeNull();
  });
  it("is where the other's new flow needs what I took out", () => {
    const mine = after((d) => removeItem(d, "elements", "b"));
    const theirs = after((d) => addItem(d, "flows", { id: "f2", from: "a", to: "b" }));
    const { design, conflicts } = merge(base, mine, theirs);
    expect(itemOf(design.model, "elements", "b")).not.toBeNull();
    expect(conflicts).toMatchObject([{ list: "elements", id: "b", member: null, mine: null }]);
  });
});

describe("taken out by one", () => {
  it("is gone with each mention of it in what the other changed", () => {
    const mine = after(set("controls", "c", "title", "Mine"));
    const theirs = after((d) => removeItem(d, "flows", "f1"));
    const { design, conflicts } = merge(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(itemOf(design.model, "controls", "c")).toMatchObject({ title: "Mine", covers: ["a"] });
  });
});

describe("laws", () => {
  const mine = after(set("elements", "a", "name", "Mine"), (d) => removeItem(d, "flows", "f1"));
  it("who did nothing gets the other's", () => {
    expect(merge(base, base, mine).design.model).toEqual(mine.model);
    expect(merge(base, mine, base).design.model).toEqual(mine.model);
  });
  it("both places are kept; where both moved one thing, mine", () => {
    const moved = (places: Design["positions"]): Design => ({ ...base, positions: places });
    const { design } = merge(base, moved({ "*": { a: { x: 8, y: 0 }, b: { x: 100, y: 0 } } }), moved({ "*": { a: { x: 16, y: 0 }, b: { x: 50, y: 0 } }, v: { a: { x: 1, y: 1 } } }));
    expect(design.positions).toEqual({ "*": { a: { x: 8, y: 0 }, b: { x: 50, y: 0 } }, v: { a: { x: 1, y: 1 } } });
  });
});
