import { describe, expect, test } from "vitest";
import { withCells } from "./matrix-yaml";

const flow = `family: Pump
# the matrix: of 2026
policy:
  version: 3
  matrix:
    low:    {negligible: controlled, serious: controlled} # low: {serious: controlled}
    high:   {negligible: controlled, serious: uncontrolled}
  acceptance: "matrix: low"
`;

describe("a cell of the matrix in device.yaml", () => {
  test("only its word changes", () => {
    const after = withCells(flow, [{ band: "low", harm: "serious", risk: "uncontrolled" }, { band: "high", harm: "serious", risk: "controlled" }]);
    expect(after?.split("\n")[5]).toBe("    low:    {negligible: controlled, serious: uncontrolled} # low: {serious: controlled}");
    expect(after?.split("\n")[6]).toBe("    high:   {negligible: controlled, serious: controlled}");
    expect(after?.split("\n").filter((_, at) => at !== 5 && at !== 6)).toEqual(flow.split("\n").filter((_, at) => at !== 5 && at !== 6));
  });
  test("cells on lines of their own", () => {
    const block = "policy:\n  matrix:\n    low:\n      minor: controlled\n      serious: controlled # why\n    high:\n      minor: controlled\n      serious: uncontrolled\n";
    expect(withCells(block, [{ band: "low", harm: "serious", risk: "uncontrolled" }])).toBe(block.replace("serious: controlled # why", "serious: uncontrolled # why"));
  });
  test("what is written otherwise is not touched", () => {
    const cell = { band: "low", harm: "serious", risk: "uncontrolled" };
    expect(withCells("family: Pump\n", [cell])).toBeNull();
    expect(withCells("policy:\n  matrix: *usual\n", [cell])).toBeNull();
    expect(withCells("policy:\n  matrix:\n    low: &l {minor: controlled}\n", [cell])).toBeNull();
    expect(withCells("policy: {matrix: {low: {serious: controlled}}}\n", [cell])).toBeNull();
    expect(withCells('policy:\n  matrix:\n    low: {serious: "controlled"}\n', [cell])).toBeNull();
  });
});
