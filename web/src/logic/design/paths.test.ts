import { describe, expect, it } from "vitest";
import { drawn } from "./geometry";
import { modelOf } from "./model";
import { crossings, litTone, outside, pathSign, stepsAlong, stepsOf, worstPaths, type Path } from "./paths";

const hop = (flow: string, from: string, to: string, crosses: boolean | null = true) => ({ flow, from, to, crosses, threats: [], controls: [] });
const path = (target: string, state: string, hops: Path["path"] = []): Path => ({ target, state: state as Path["state"], patients: null, patients_at_least: false, path_left_out: false, path: hops, opened_by_loss_of: [] });

const model = modelOf({
  elements: [{ id: "a" }, { id: "b" }, { id: "c" }],
  flows: [{ id: "f1", from: "a", to: "b" }, { id: "f2", from: "b", to: "c" }],
  views: [{ id: "v", elements: ["a", "b"], flows: "*" }],
});

describe("attack paths", () => {
  it("lists the worst first, and what it does not know before all", () => {
    const listed = worstPaths([path("1", "unreachable"), path("2", "no open path"), path("3", "undecided"), path("4", "open"), path("5", "accepted"), path("6", "something new")]);
    expect(listed.map((one) => one.target)).toEqual(["6", "4", "3", "5", "2", "1"]);
  });

  it("has a good sign for nothing but what is closed", () => {
    const words = ["open", "accepted", "undecided", "no open path", "unreachable", "something new"];
    expect(words.filter((word) => pathSign(word).tone === "good")).toEqual(["no open path"]);
    expect(words.filter((word) => litTone(word) === "closed")).toEqual(["no open path"]);
    expect(pathSign("something new").shape).toBe("question");
  });

  it("lights each element and flow, flows by their number on the way", () => {
    expect([...stepsOf(path("c", "open", [hop("f1", "a", "b"), hop("f2", "b", "c")]))]).toEqual([["c", 0], ["f1", 1], ["a", 0], ["b", 0], ["f2", 2]]);
    expect([...stepsOf(path("c", "open"))]).toEqual([["c", 0]]);
    expect(stepsOf(path("a", "open", [hop("f1", "a", "b"), hop("f2", "b", "a"), hop("f1", "a", "b")])).get("f1")).toBe(1);
  });

  it("lights the way of a threat as far as the model has it", () => {
    expect([...stepsAlong(model, ["f1", "gone"], "b")]).toEqual([["b", 0], ["f1", 1], ["a", 0]]);
    expect([...stepsAlong(model, ["f1"], "f2")].map(([id]) => id).sort()).toEqual(["a", "b", "c", "f1", "f2"]);
    expect([...stepsAlong(model, [], "f9")]).toEqual([]);
  });

  it("numbers the flow that a threat is at", () => {
    expect(stepsAlong(model, ["f1", "f2"], "f2").get("f2")).toBe(2);
    expect(stepsAlong(model, ["f1"], "f2").get("f2")).toBe(2);
  });

  it("counts borders, and those that nobody knows", () => {
    expect(crossings({ path: [hop("f1", "a", "b"), hop("f2", "b", "c", false), hop("f3", "c", "a", null)] })).toEqual({ crossed: 1, unknown: 1 });
  });

  it("says what a view does not show", () => {
    const steps = stepsOf(path("c", "open", [hop("f1", "a", "b"), hop("f2", "b", "c")]));
    expect(outside(steps, drawn(model, "*"))).toEqual([]);
    expect(outside(steps, drawn(model, "v"))).toEqual(["c", "f2"]);
  });
});
