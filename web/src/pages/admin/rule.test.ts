/* The form of a rule of notifications: what is read, what is sent. */
import { describe, expect, it } from "vitest";
import { bodyOfRule, newRule, valuesOfRule } from "./rule";
import type { Rule } from "./types";

const rule: Rule = {
  id: "r1", name: "critical", channel: "c1", events: "finding.new deadline.near", device: "alder-pm-50", severity: "critical", harm: null, within_hours: 48,
  delivery: "week", minute: 485, weekday: 5, zone: "Europe/Berlin", quiet_from: 1320, quiet_to: 360, urgent: true, gap_seconds: 0, state: "off", version: 1, created: "",
};

describe("a rule", () => {
  it("is sent back as it was read", () => {
    const values = valuesOfRule(rule);
    expect([values.at, values.quietFrom, values.quietTo]).toEqual(["08:05", "22:00", "06:00"]);
    const { id: _id, harm: _harm, version: _version, created: _created, ...same } = rule;
    expect(bodyOfRule(values)).toEqual(same);
  });
  it("keeps a kind of event that the page does not know", () => {
    expect(bodyOfRule(valuesOfRule({ ...rule, events: "finding.new of.tomorrow" }))["events"]).toBe("finding.new of.tomorrow");
  });
  it("has no quiet hours where both ends are the same, and leaves out what is empty", () => {
    const values = valuesOfRule({ ...rule, quiet_from: 60, quiet_to: 60, device: null, severity: null, zone: "", within_hours: 0 });
    expect([values.quietFrom, values.quietTo, values.within]).toEqual(["", "", ""]);
    const body = bodyOfRule(values);
    expect(Object.keys(body).some((name) => ["device", "severity", "harm", "zone", "within_hours"].includes(name))).toBe(false);
    expect([body["quiet_from"], body["quiet_to"]]).toEqual([0, 0]);
  });
  it("that is new leaves at once, about all; what is no number goes as it was typed", () => {
    const body = bodyOfRule({ ...newRule("c1", "Europe/Berlin"), name: "all", within: "two days" });
    expect(body).toMatchObject({ channel: "c1", events: "", delivery: "now", within_hours: "two days", urgent: false, state: "on" });
    expect("gap_seconds" in body).toBe(false);
  });
});
