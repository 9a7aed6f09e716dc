import { expect, it } from "vitest";
import { unreadOf } from "./all";

const page = { items: [1, 2], total: { count: 9, exact: true } };

it("says how many of a list were not read", () => {
  expect(unreadOf({ ...page, next: null })).toBe(0);
  expect(unreadOf({ ...page, next: "more" })).toBe(7);
});

it("does not say it where it is not known", () => {
  expect(unreadOf(null)).toBeNull();
  expect(unreadOf({ ...page, next: "more", total: { count: 1000, exact: false } })).toBeNull();
});
