import { describe, expect, it } from "vitest";
import { apply, inverse } from "./edits";
import { emptyDesign, type Design } from "./model";
import { keyOf, needed, proposed, takeOver, type Proposal } from "./seed";

const SEED: Proposal = {
  design_version: "1",
  model: {
    zones: [{ id: "z", name: "Zone" }, { id: "y" }],
    elements: [{ id: "old", kind: "process" }, { id: "a", kind: "process", zone: "z" }, { id: "b", kind: "actor", zone: "y" }, { id: "c", kind: "store", zone: "z" }],
    flows: [{ id: "f", from: "a", to: "b" }, { id: "g", from: "a", to: "c" }],
    views: [{ id: "v", kind: "use-case", elements: ["a", "b", "c"], flows: ["f", "g"] }, { id: "w", kind: "global", elements: "*", flows: "*" }],
  },
  added: { zones: ["z", "y"], elements: ["a", "b", "c"], flows: ["f", "g"], views: ["v", "w"] },
  facts: [], unknown: [], device: "",
};
const OLD: Design = { model: { ...emptyDesign().model, elements: [{ id: "old", kind: "process" }] }, positions: {} };
const ids = (design: Design): string[] => (["zones", "elements", "flows", "views"] as const).flatMap((list) => design.model[list].map((one) => one.id));

describe("a proposal", () => {
  it("is what is not there by now", () => {
    expect(proposed(SEED, OLD).elements.map((one) => one.id)).toEqual(["a", "b", "c"]);
    const more: Design = { ...OLD, model: { ...OLD.model, elements: [...OLD.model.elements, { id: "f" }] } };
    expect(proposed(SEED, more).flows.map((one) => one.id)).toEqual(["g"]);
    expect(proposed({ ...SEED, model: null }, OLD)).toEqual({ zones: [], elements: [], flows: [], views: [] });
  });

  it("brings what a choice needs", () => {
    expect([...needed(proposed(SEED, OLD), new Set([keyOf("flows", "f")]))].sort()).toEqual(["elements/a", "elements/b", "flows/f", "zones/y", "zones/z"]);
  });

  it("is one step, which is taken back as one", () => {
    const step = takeOver(SEED, OLD, new Set([keyOf("flows", "f"), keyOf("views", "v"), keyOf("views", "w")]));
    const now = apply(OLD, step!);
    expect(ids(now)).toEqual(["z", "y", "old", "a", "b", "f", "v", "w"]);
    expect(now.model.views).toEqual([{ id: "v", kind: "use-case", elements: ["a", "b"], flows: ["f"] }, { id: "w", kind: "global", elements: "*", flows: "*" }]);
    expect(ids(apply(now, inverse(step!)))).toEqual(["old"]);
    expect(takeOver(SEED, OLD, new Set())).toBeNull();
  });
});
