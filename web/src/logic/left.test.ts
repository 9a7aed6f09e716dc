import { expect, it } from "vitest";
import { left, leftParts } from "./left";

const now = Date.parse("2026-07-09T12:00:00Z");
it.each([
  ["2026-07-09T21:39:00Z", "9 hour 39 minute", false, true],
  ["2026-07-13T21:10:00Z", "4 day 9 hour", false, false],
  ["2026-07-07T22:00:00Z", "1 day 14 hour", true, false],
  ["2026-07-09T12:00:10Z", "0 minute", false, true],
  ["2026-07-11T12:00:00Z", "2 day", false, false],
])("%s", (due, text, late, soon) => {
  const time = left(due, now);
  expect(time && [leftParts(time).flat().join(" "), time.late, time.soon]).toEqual([text, late, soon]);
});
it("knows no time in what is none", () => expect(left("soon", now)).toBeNull());
