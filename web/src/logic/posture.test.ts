import { expect, test } from "vitest";
import { isCounted, releasesNotKnown } from "./posture";

const row = { in_field: 0, without_sbom: 0, without_components: 0, releases_without_data: 0, unsettled: 0 };
test("no number where nothing can be counted", () => {
  expect(isCounted(row)).toBe(false);
  expect(isCounted({ ...row, in_field: 2, without_sbom: 2 })).toBe(false);
  expect(isCounted({ ...row, in_field: 2, without_sbom: 1, releases_without_data: 1 })).toBe(false);
  expect(isCounted({ ...row, in_field: 2, without_sbom: 1 })).toBe(true);
  expect(isCounted({ ...row, in_field: 1, unsettled: 1 })).toBe(true);
});
test("how many releases are not in the numbers", () => {
  expect(releasesNotKnown({ ...row, in_field: 3, without_sbom: 1, without_components: 1, releases_without_data: 1 })).toBe(2);
  expect(releasesNotKnown({ ...row, in_field: 1, unsettled: 1 })).toBe(1);
});
