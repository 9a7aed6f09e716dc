import { expect, it } from "vitest";
import { harmSteps, harmWord, isInForce, riskSign, stateSign } from "./signs";

it("fills only what a person decided", () => {
  expect(riskSign("uncontrolled", true)?.filled).toBe(true);
  expect(riskSign("uncontrolled", false)?.filled).toBe(false);
  expect(riskSign("under assessment", true)?.filled).toBe(false);
  expect(["not assessed", "re-opened", "proposed", "decided", "carried"].map((state) => stateSign(state)?.filled)).toEqual([false, false, false, true, false]);
  expect([isInForce("carried"), isInForce("proposed")]).toEqual([true, false]);
});

it("has no sign for what it does not know, and no harm of none", () => {
  expect([riskSign("fine", true), stateSign("toString"), stateSign("new")]).toEqual([null, null, null]);
  expect([harmSteps("none"), harmSteps("catastrophic"), harmSteps("unknown")]).toEqual([0, 5, -1]);
  expect([harmWord("serious"), harmWord("")]).toEqual(["harm.serious", "harm.unknown"]);
});
