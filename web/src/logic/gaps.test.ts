import { expect, it } from "vitest";
import { gapsOf, type Gaps } from "./gaps";

const none: Gaps = {
  releases_without_sbom: 0, releases_without_components: 0, releases_without_data: 0, releases_not_settled: 0,
  components_without_data: 0, devices_in_intake: 0, late_sources: [], knowledge_base: { sha256: "", starter: false, newest: null, oldest_source: null }, releases: 3,
};

it("says nothing only when nothing is missing", () => {
  expect(gapsOf(none)).toEqual([]);
  expect(gapsOf({ ...none, knowledge_base: null, late_sources: null }).map((gap) => gap.key)).toEqual(["gaps.noData", "gaps.lateUnknown"]);
});

it("counts what is missing once", () => {
  const gaps = gapsOf({ ...none, releases_without_components: 2, releases_without_data: 3, late_sources: [{ source: "NVD", freshness: "stale" }] });
  expect(gaps.map((gap) => [gap.key, gap.n, gap.names])).toEqual([
    ["gaps.withoutComponents", 2, ""], ["gaps.withoutData", 1, ""], ["gaps.late", 1, "NVD"],
  ]);
});
