/* A rule of notifications: from what /v1 answers to the fields of its form, and back. Used by RuleDialog. */
import type { Rule } from "./types";

/* The kinds that /v1 takes; a rule may have one that is not among them: it stays (eventsOf). */
export const EVENTS = [
  "finding.new", "vulnerability.exploited", "decision.propose", "decision.approve", "decision.reject", "case.open", "case.reopen", "case.close", "case.event",
  "signal.receive", "statement.draft", "statement.move", "release.sbom", "release.state", "deadline.near", "deadline.missed", "job.quarantined", "message.quarantined", "source.late",
] as const;
export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export const HARMS = ["negligible", "minor", "serious", "critical", "catastrophic"] as const;
export const DELIVERIES = ["now", "day", "week"] as const;

export interface RuleValues {
  name: string;
  channel: string;
  events: string[]; /* none: all */
  device: string;
  severity: string;
  harm: string;
  within: string;
  delivery: string;
  at: string; /* "08:00" */
  weekday: string;
  zone: string;
  quietFrom: string;
  quietTo: string;
  urgent: boolean;
  gap: string;
  on: boolean;
}

export function newRule(channel: string, zone: string): RuleValues {
  return { name: "", channel, events: [], device: "", severity: "", harm: "", within: "", delivery: "now", at: "08:00", weekday: "1", zone, quietFrom: "", quietTo: "", urgent: false, gap: "", on: true };
}

export function eventsOf(rule: { events: string }): string[] {
  return rule.events.split(" ").filter((one) => one);
}

export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

export function minuteOf(clock: string): number {
  const [hours, minutes] = clock.split(":");
  return Number(hours ?? 0) * 60 + Number(minutes ?? 0);
}

export function valuesOfRule(rule: Rule): RuleValues {
  const isQuiet = rule.quiet_from !== rule.quiet_to;
  return {
    name: rule.name,
    channel: rule.channel,
    events: eventsOf(rule),
    device: rule.device ?? "",
    severity: rule.severity ?? "",
    harm: rule.harm ?? "",
    within: rule.within_hours ? String(rule.within_hours) : "",
    delivery: rule.delivery,
    at: clockOf(rule.minute),
    weekday: String(rule.weekday),
    zone: rule.zone,
    quietFrom: isQuiet ? clockOf(rule.quiet_from) : "",
    quietTo: isQuiet ? clockOf(rule.quiet_to) : "",
    urgent: rule.urgent,
    gap: String(rule.gap_seconds),
    on: rule.state === "on",
  };
}

/* What is no number goes as it was typed: the service says what is wrong. */
function numberOf(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

export function bodyOfRule(values: RuleValues): Record<string, unknown> {
  const { name, channel, delivery, device, severity, harm, zone, urgent } = values;
  const given = Object.fromEntries(Object.entries({ device, severity, harm, zone }).filter(([, value]) => value !== ""));
  return {
    name,
    channel,
    events: values.events.join(" "),
    ...given,
    ...(values.within === "" ? {} : { within_hours: numberOf(values.within) }),
    ...(values.gap === "" ? {} : { gap_seconds: numberOf(values.gap) }),
    delivery,
    minute: minuteOf(values.at),
    weekday: Number(values.weekday),
    quiet_from: minuteOf(values.quietFrom || "0:0"),
    quiet_to: minuteOf(values.quietTo || "0:0"),
    urgent,
    state: values.on ? "on" : "off",
  };
}
