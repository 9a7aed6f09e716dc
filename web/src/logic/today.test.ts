import { describe, expect, test } from "vitest";
import { workOf, type Deadline } from "./today";

const now = Date.parse("2026-07-09T12:00:00Z");
function deadline(part: Partial<Deadline>): Deadline {
  return { device: "pump", vulnerability: "CVE-1", case: "c1", signal: null, rule: "r", title: "Fix", source: "", state: "running", open: true, due: "2026-07-12T00:00:00Z", meets: null, missing: ["fix-distributed"], ...part };
}
const none = { deadlines: [], waiting: [], reopened: [], exploited: 0 };

describe("work of today", () => {
  test("the missed first, the near last, the far not at all", () => {
    const rows = workOf({ ...none, exploited: 4, deadlines: [deadline({ state: "missed", due: "2026-07-01T00:00:00Z" }), deadline({}), deadline({ due: "2026-09-01T00:00:00Z" }), deadline({ due: "2026-07-09T13:00:00Z" })] }, now);
    expect(rows.map((row) => row.kind)).toEqual(["missed", "today", "exploited", "soon"]);
  });
  test("a deadline that an evidence does not end any more is no work", () => {
    expect(workOf({ ...none, deadlines: [deadline({ state: "missed", open: false })] }, now)).toEqual([]);
  });
  test("a first assessment leads to the findings, evidence to the case", () => {
    const [first, second] = workOf({ ...none, deadlines: [deadline({ missing: ["assessed"], device: "a b" }), deadline({ rule: "s" })] }, now);
    expect(first?.act).toBe("assess");
    expect(new URLSearchParams(first?.to.split("?")[1]).get("filter")).toBe('device:"a b" vulnerability:CVE-1');
    expect(second?.to).toBe("/cases/c1");
  });
  test("a report to be acknowledged leads to the report", () => {
    const [first, second] = workOf({ ...none, deadlines: [deadline({ signal: "a1", case: null, device: null, vulnerability: null }), deadline({ signal: "a2", case: null, device: null, vulnerability: null })] }, now);
    expect(first).toMatchObject({ act: "answer", to: "/signals/a1", subject: "", device: "" });
    expect(second?.id).not.toBe(first?.id);
  });
  test("no kind hides another", () => {
    const many = Array.from({ length: 9 }, (_, index) => deadline({ state: "missed", rule: `r${index}` }));
    const rows = workOf({ ...none, deadlines: many, reopened: [{ device: "pump", reopened: 2 }] }, now);
    expect(rows.filter((row) => row.kind === "missed")).toHaveLength(3);
    expect(rows.at(-1)?.n).toBe(2);
  });
});
