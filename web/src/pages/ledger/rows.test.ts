import { expect, it } from "vitest";
import { keyed } from "./rows";

const record = { n: null, at: "2026-07-01T00:00:00Z", actor: "a", actor_name: null, action: "x", subject: "s", subject_name: null, subject_of: null, body: null, hash: null };

it("tells records without a number apart, and keeps the number where there is one", () => {
  const page = keyed({ items: [record, record, { ...record, n: 7 }], next: null, total: { count: 3, exact: true } });
  expect(new Set(page.items.map((row) => row.key)).size).toBe(3);
  expect(page.items[2]?.key).toBe("7");
});
