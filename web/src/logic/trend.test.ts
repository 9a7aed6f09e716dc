import { expect, it } from "vitest";
import { curveOf, linesOf, type Day } from "./trend";

const none = { releases: null, releases_not_known: null, components_without_data: null, findings: null, undecided: null, not_assessed: null, not_assessed_30: null, reopened: null, proposed: null, uncontrolled: null, controlled: null, closed: null, knowledge: null };
const day = (n: number, uncontrolled: number | null, part: Partial<Day> = {}): Day => ({ ...none, day: `2026-07-0${n}`, devices: 1, devices_not_seen: uncontrolled === null ? 1 : 0, findings: uncontrolled, uncontrolled, ...part });

it("draws no line over days without a number", () => {
  const curve = curveOf([day(1, 4), day(2, 2), day(3, null), day(4, null), day(5, 0)], "uncontrolled", 100, 40);
  expect(curve.lines).toEqual(["10,0 30,20", "90,40 90,40"]);
  expect(curve.gaps).toEqual([{ x: 40, width: 40 }]);
  expect([curve.first?.uncontrolled, curve.last?.uncontrolled, curve.days]).toEqual([4, 0, 3]);
});

it("has nothing to draw where nobody looked", () => {
  const curve = curveOf([day(1, null), day(2, null)], "uncontrolled", 100, 40);
  expect([curve.lines, curve.gaps, curve.last]).toEqual([[], [{ x: 0, width: 100 }], null]);
});

it("says why a day has no numbers, in one line for each reason", () => {
  const days = [day(1, null, { devices: 0, devices_not_seen: 0 }), day(2, null), day(3, null), day(4, null, { devices_not_seen: 0 }), day(5, 0)];
  expect(linesOf(days).map((line) => [line.from, line.to, line.why])).toEqual([
    ["2026-07-05", "2026-07-05", null],
    ["2026-07-04", "2026-07-04", "unknown"],
    ["2026-07-02", "2026-07-03", "unseen"],
    ["2026-07-01", "2026-07-01", "none"],
  ]);
});
