import { expect, it } from "vitest";
import { bodyOf, maySend, premiseRows, type DryRun } from "./decide-together";

const said = { error: null, supersedes: null, contradicts: null };
const premises = { component: "curl", advisory: null, source: null, advisory_modified: null, kev: false, score: null, epss: null };
const dry: DryRun = {
  possible: true, conflict: null, differs: ["version"], releases: [], applies: 2, applies_in: 1, closes: 2, opens: 0, statements: [],
  decisions: [
    { ...said, finding: "a", warnings: [], premises: { ...premises, version: "7.76.1" } },
    { ...said, finding: "b", warnings: ["w"], premises: { ...premises, version: "7.88.1" } },
  ],
};

it("says only what is said, and a justification only of what is not affected", () => {
  const form = { status: "affected", justification: "component_not_present", impact: " ", rationale: "why" };
  expect(bodyOf(form, ["a"])).toEqual({ findings: [{ finding: "a" }], status: "affected", rationale: "why" });
  expect(bodyOf({ ...form, status: "not_affected" }, ["a"])).toHaveProperty("justification", "component_not_present");
});

it("has premises that differ first, marked as the service says", () => {
  const { names, rows } = premiseRows(dry);
  expect(names).toEqual(["version", "component", "advisory", "source", "advisory_modified", "kev", "score", "epss"]);
  expect(rows[1]?.values.slice(0, 2).map((one) => [one.value, one.differs])).toEqual([["7.88.1", true], ["curl", false]]);
});

it("sends nothing that was not looked at as a whole", () => {
  expect([maySend(dry, ["a", "b"]), maySend(dry, ["a"]), maySend(null, []), maySend({ ...dry, conflict: "x" }, ["a", "b"]), maySend({ ...dry, possible: false }, ["a", "b"])]).toEqual([true, false, false, false, false]);
});
