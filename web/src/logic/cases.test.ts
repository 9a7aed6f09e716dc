import { describe, expect, it } from "vitest";
import { byDevice, conditionsOf, dueOf, laneOf, ownBody, type Case, type CaseRelease, type OwnForm } from "./cases";

function one(part: Partial<Case>): Case {
  return {
    id: "1", vulnerability: "CVE-2022-42889", title: null, severity: "critical", score: 9.8, kev: false, own: false, state: "open", owner: null, owner_id: null, learned_at: "", opened: "", closed_at: null,
    devices: 1, affected: 0, undecided: 0, fixed: 0, not_affected: 1, deadline: null, open_deadlines: 0, undecided_deadlines: 0, deadline_if_uncontrolled: null, version: 1, ...part,
  };
}

describe("the board", () => {
  it.each<[string, Partial<Case>, string]>([
    ["undecided first, though a deadline runs", { undecided: 1, affected: 2, open_deadlines: 3 }, "decide"],
    ["affected", { affected: 1 }, "fix"],
    ["a deadline is open", { open_deadlines: 1 }, "fix"],
    ["nothing is left", {}, "close"],
    ["closed", { state: "closed", undecided: 4 }, "closed"],
  ])("%s", (_, part, lane) => expect(laneOf(one(part))).toBe(lane));
});

describe("what is due", () => {
  it.each<[string | null, string | null, unknown]>([
    [null, null, null],
    ["2026-07-01T00:00:00Z", null, { at: "2026-07-01T00:00:00Z", assumed: false }],
    [null, "2026-07-01T00:00:00Z", { at: "2026-07-01T00:00:00Z", assumed: true }],
    ["2026-07-02T00:00:00Z", "2026-07-01T00:00:00Z", { at: "2026-07-01T00:00:00Z", assumed: true }],
    ["2026-07-02T00:00:00Z", "2026-07-03T00:00:00Z", { at: "2026-07-02T00:00:00Z", assumed: false }],
  ])("%s, %s", (deadline, deadline_if_uncontrolled, want) => expect(dueOf(one({ deadline, deadline_if_uncontrolled }))).toEqual(want));
});

describe("a case", () => {
  it("has its releases by device", () => {
    const row = (device: string, release: string): CaseRelease => ({ device, release, id: release, state: "affected", uncontrolled: true, fix: null, units_open: null });
    expect(byDevice([row("a", "1"), row("b", "2"), row("a", "3")]).map((group) => [group.device, group.releases.length])).toEqual([["a", 2], ["b", 1]]);
  });
  it("says a need of many releases once", () => {
    const out = conditionsOf([
      { need: "owner", device: "a", words: "nobody" },
      { need: "fix", device: "a", of: "1", words: "a 1: no fix" },
      { need: "fix", device: "a", of: "2", words: "a 2: no fix" },
    ]);
    expect(out).toEqual([{ need: "owner", device: "a", of: [], words: "nobody" }, { need: "fix", device: "a", of: ["1", "2"], words: "a 1: no fix" }]);
  });
});

describe("a decision in a case of our own", () => {
  const form: OwnForm = { device: "pump", releases: ["1.0"], component: " Pump ", status: "affected", exploitability: "high", harm: "critical", risk: "", justification: "component_not_present", remedy: "vendor_fix", action: "", fix_release: "1.1", impact: "typed before", rationale: "", role: "", supersedes: "" };
  it.each<[string, Partial<OwnForm>, Record<string, unknown>]>([
    ["affected", {}, { device: "pump", releases: ["1.0"], component: "Pump", status: "affected", exploitability: "high", harm: "critical", remedy: "vendor_fix", fix_release: "1.1" }],
    ["not affected", { status: "not_affected" }, { device: "pump", releases: ["1.0"], component: "Pump", status: "not_affected", justification: "component_not_present", impact: "typed before" }],
    ["fixed", { status: "fixed", supersedes: "a" }, { device: "pump", releases: ["1.0"], component: "Pump", status: "fixed", supersedes: "a" }],
  ])("%s: what belongs to it is sent", (_, changes, body) => {
    expect(ownBody({ ...form, ...changes })).toEqual(body);
  });
});
