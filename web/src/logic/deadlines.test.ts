import { describe, expect, it } from "vitest";
import { checklist, dayThere, DAY, gone, grouped, groupOf, markOf, placed, type Deadline } from "./deadlines";

const NOW = Date.parse("2026-07-09T19:00:00Z");

function row(part: Partial<Deadline>): Deadline {
  return {
    device: "pump", vulnerability: "CVE-2023-44487", case: null, signal: null, rule: "own-triage", title: "First assessment", source: "policy", jurisdiction: null, state: "running", open: true,
    start: "2026-07-01T13:00:00Z", start_assumed: false, due: "2026-07-10T04:59:59Z", due_local: "2026-07-09T23:59:59-05:00", zone: "", stopped: null, late_seconds: null,
    meets: "assessed", needs: ["assessed"], missing: ["assessed"], note: null, listed: true, ...part,
  };
}

describe("groups", () => {
  it.each<[string, Partial<Deadline>, string, string]>([
    ["due today by the maker's day, though tomorrow in UTC", {}, "today", "today"],
    ["missed and open", { state: "missed" }, "missed", "missed"],
    ["missed and done since", { state: "missed", open: false, stopped: "2026-07-12T00:00:00Z" }, "closed", "missed"],
    ["in the week", { due: "2026-07-13T04:59:59Z", due_local: "2026-07-12T23:59:59-05:00" }, "week", "running"],
    ["later", { due: "2026-08-13T04:59:59Z", due_local: "2026-08-12T23:59:59-05:00" }, "later", "running"],
    ["not begun", { state: "waiting", open: false, start: null, due: null, due_local: null }, "waiting", "waiting"],
    ["whether it is waived is open", { state: "conditional", due: null, due_local: null }, "waiting", "waiting"],
    ["a state that is not known is no closed one", { state: "new" as Deadline["state"], open: false, due: null, due_local: null }, "waiting", "waiting"],
    ["off", { state: "waived", open: false }, "closed", "off"],
    ["met", { state: "met", open: false }, "closed", "met"],
  ])("%s", (_, part, group, mark) => {
    expect(groupOf(row(part), NOW)).toBe(group);
    expect(markOf(row(part), NOW)).toBe(mark);
  });
  it("has no empty group, and closed ones newest first", () => {
    const met = (stopped: string): Deadline => row({ state: "met", open: false, stopped });
    const out = grouped([met("2026-01-01T00:00:00Z"), row({ state: "missed" }), met("2026-06-01T00:00:00Z")], NOW);
    expect(out.map((one) => one.group)).toEqual(["missed", "closed"]);
    expect(out[1]?.rows.map((one) => one.stopped)).toEqual(["2026-06-01T00:00:00Z", "2026-01-01T00:00:00Z"]);
  });
});

describe("days", () => {
  it.each([
    ["2026-07-09T23:59:59-05:00", "2026-07-09"],
    ["2026-07-09T23:59:59+09:30", "2026-07-10"],
    ["2026-07-09T23:59:59Z", "2026-07-09"],
  ])("%s", (local, day) => expect(dayThere(NOW, local)).toBe(day));
});

describe("evidence", () => {
  it("lists all, what is missing too that the rule does not name", () => {
    expect(checklist({ needs: ["customers-told", "plan-made"], missing: ["customers-told", "stop:fix"] })).toEqual([
      { word: "customers-told", there: false },
      { word: "plan-made", there: true },
      { word: "stop:fix", there: false },
    ]);
  });
  it("says how much time is gone", () => {
    expect(gone(row({ start: null }), NOW)).toBeNull();
    expect(gone(row({}), NOW)).toBeGreaterThan(0.9);
    expect(gone(row({ state: "missed", due: "2026-07-02T00:00:00Z" }), NOW)).toBe(1);
  });
});

describe("the time line", () => {
  const at = (days: number): Deadline => row({ due: new Date(NOW + days * DAY).toISOString() });
  it("puts labels that would touch into lanes, and counts what has no room", () => {
    const out = placed([at(0), at(0.1), at(0.2), at(5)], NOW, NOW + 10 * DAY, 2, () => 0.3);
    expect(out.marks.map((mark) => mark.lane)).toEqual([0, 1, 0]);
    expect(out.more).toBe(1);
  });
  it("keeps the last label inside, and leaves out what is closed or elsewhere", () => {
    const out = placed([at(9.9), at(11), { ...at(3), open: false }], NOW, NOW + 10 * DAY, 3, () => 0.2);
    expect(out.marks).toHaveLength(1);
    expect(out.marks[0]?.at).toBeCloseTo(0.8);
  });
});
