import { expect, it } from "vitest";
import { builtIn, viewOf, type View } from "./views";

const view = (id: string, filter: string, sort: string | null = null): View => ({ id, name: id, filter, sort, columns: null });
const open = view("open", "!closed");
const mine = view("mine", "!closed", "-kev");
const team = view("team", "!closed", "name");
const all = [open, mine, team];
const of = (list: Partial<{ filter: string; sort: string }>, picked = ""): string | null => viewOf(all, [mine, team], { filter: "!closed", sort: "", columns: "", ...list }, picked)?.id ?? null;

it("finds the view that a list shows", () => {
  expect(of({})).toBe("open");
  expect(of({ sort: "name" })).toBe("team");
  expect(of({ sort: "epss" })).toBe("mine");
  expect(of({ sort: "epss" }, "open")).toBe("open");
  expect(of({ filter: "kev:yes" }, "open")).toBeNull();
});

it("has a view of what is due, the soonest first", () => {
  expect(builtIn((key) => key).find((one) => one.id === "findings.dueView")).toMatchObject({ filter: "deadline:yes !closed", sort: "deadline" });
});
