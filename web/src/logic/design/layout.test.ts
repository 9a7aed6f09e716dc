import { describe, expect, it } from "vitest";
import { drawn } from "./geometry";
import { fromElk, toElk } from "./layout";
import { modelOf } from "./model";

const model = modelOf({
  zones: [{ id: "pump" }, { id: "rt", parent: "pump" }, { id: "net" }, { id: "empty" }],
  elements: [{ id: "ui", zone: "pump" }, { id: "motor", zone: "rt" }, { id: "alarm", zone: "rt" }, { id: "gateway", zone: "net" }, { id: "pump" }],
  flows: [
    { id: "f1", from: "motor", to: "alarm" },
    { id: "f2", from: "ui", to: "motor" },
    { id: "f3", from: "alarm", to: "ui" },
    { id: "f4", from: "gateway", to: "motor" },
    { id: "f5", from: "ui", to: "gateway" },
    { id: "f6", from: "motor", to: "motor" },
  ],
});
const root = toElk(drawn(model, "*"));
const zone = (id: string): NonNullable<typeof root.children>[number] => [root, ...(root.children ?? []), ...(root.children ?? []).flatMap((one) => one.children ?? [])].find((one) => one.id === id)!;

describe("what is asked of the layout", () => {
  it("has elements in their zones, and zones in theirs", () => {
    expect(root.children?.map((one) => one.id)).toEqual(["zone:pump", "zone:net", "zone:empty", "e:pump"]);
    expect(zone("zone:pump").children?.map((one) => one.id)).toEqual(["zone:rt", "e:ui"]);
  });
  it("has an edge where neighbours are, once for both directions, none to itself", () => {
    expect(zone("zone:rt").edges?.map((one) => one.id)).toEqual(["f:f1"]);
    expect(zone("zone:pump").edges).toEqual([{ id: "f:f2", sources: ["e:ui"], targets: ["zone:rt"] }]);
    expect(root.edges).toEqual([{ id: "f:f4", sources: ["zone:net"], targets: ["zone:pump"] }]);
  });
  it("gives places of elements and of empty zones, from the origin of all", () => {
    const said = { id: "root", children: [{ id: "zone:pump", x: 10, y: 20, children: [{ id: "e:ui", x: 5, y: 6 }] }, { id: "zone:empty", x: 90, y: 90 }] };
    expect(fromElk(said)).toEqual({ ui: { x: 16, y: 24 }, "zone:empty": { x: 88, y: 88 } });
  });
});
