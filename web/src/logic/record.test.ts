import { describe, expect, it } from "vitest";
import { factsOf, reasonOf, restOf, subjectOf, subjectPath } from "./record";

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

it.each([
  ["release:a1", "pump 4.3.1", null, "/releases/a1"],
  ["release:a1", null, null, null], /* it is gone */
  ["signal:b2", "The display stays dark", null, "/signals/b2"],
  ["statement:c3", "pump 4.3.1", null, "/statements/c3"],
  ["case:CVE-2021-44228", null, null, "/cases/CVE-2021-44228"],
  ["device:pump/threats.yaml", null, null, "/devices/pump"],
  ["decision:pump/curl.yaml", null, null, "/devices/pump/statements"],
  ["signature:d4", "A. Lead: pump/curl.yaml", "decision:pump/curl.yaml", "/devices/pump/statements"],
  ["signature:d4", "A. Lead: pump", "statement:c3", "/statements/c3"],
  ["baseline:e5", "pump first", "device:pump", "/devices/pump"],
  ["person:f6", "A. Lead", null, null],
])("%s leads to what it is about", (subject, subject_name, subject_of, to) => {
  expect(subjectPath({ subject, subject_name, subject_of })).toBe(to);
});
