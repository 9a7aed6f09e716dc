import { expect, test } from "vitest";
import { PAUSE, visitNow } from "./visit";

test("a visit goes on until half an hour without one", () => {
  const first = visitNow(null, 1000);
  expect(first).toEqual({ before: null, seen: 1000 });
  const again = visitNow(first, 2000);
  expect(again).toEqual({ before: null, seen: 2000 });
  const later = visitNow(again, 2000 + PAUSE + 1);
  expect(later.before).toBe(2000);
  expect(visitNow(later, later.seen + 5).before).toBe(2000);
});
