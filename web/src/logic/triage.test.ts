import { expect, it } from "vitest";
import { changesOf, followed } from "./triage";

it("keeps what is typed, follows the rest, and sends only what is typed", () => {
  const base = { kind: "other", severity: "", device: "pump" };
  const mine = { kind: "other", severity: "high", device: "pump" };
  const now = { kind: "report", severity: "low", device: "monitor" };
  const form = followed(base, mine, now);
  expect(form).toEqual({ kind: "report", severity: "high", device: "monitor" });
  expect(changesOf(now, form)).toEqual({ severity: "high" });
  expect(changesOf(now, { ...form, device: " " })).toEqual({ severity: "high", device: null });
});
