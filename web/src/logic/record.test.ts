import { describe, expect, it } from "vitest";
import { factsOf, reasonOf, restOf, subjectOf } from "./record";

describe("factsOf", () => {
  it("puts before and after side by side", () => {
    expect(factsOf({ before: { role: "viewer" }, after: { role: "analyst", team: { name: "pumps" } } })).toEqual([
      { name: "role", before: "viewer", after: "analyst" },
      { name: "team.name", before: null, after: "pumps" },
    ]);
  });
  it("shows what is no object, and nothing of nothing", () => {
    expect(factsOf({ before: null, after: [1, 2] })).toEqual([{ name: "", before: "–", after: "[1,2]" }]);
    expect(factsOf("text")).toEqual([]);
    expect(factsOf(null)).toEqual([]);
  });
});

it("keeps the rest and the reason apart", () => {
  const body = { after: 1, reason: "asked", from: { a: 1 } };
  expect(reasonOf(body)).toBe("asked");
  expect(restOf(body)).toEqual([{ name: "from.a", before: null, after: "1" }]);
  expect(restOf("x")).toEqual([{ name: "", before: null, after: "x" }]);
  expect(reasonOf({ reason: "" })).toBeNull();
});

it.each([["device:a:b", "device", "a:b"], ["ledger", "", "ledger"]])("reads the subject %s", (subject, kind, name) => {
  expect(subjectOf(subject)).toEqual({ kind, name });
});
