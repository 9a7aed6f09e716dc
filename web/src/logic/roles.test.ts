import { expect, it } from "vitest";
import { initials, mayOf } from "./roles";

it("offers nothing to nobody, and what the service named to somebody", () => {
  expect(mayOf(null, "read")).toBe(false);
  const me = { by: "session" as const, classes: ["read", "write"], everything: true };
  expect(mayOf(me, "write")).toBe(true);
  expect(mayOf(me, "approve")).toBe(false);
});

it.each([["PSIRT lead", "PL"], ["administrator", "A"], ["  ", ""], ["ä b c", "ÄC"], ["😀 x", "😀X"]])("stands for %j", (name, said) => {
  expect(initials(name)).toBe(said);
});
