import { expect, it } from "vitest";
import { choiceOf, columnsOf, nextSort, sortState, toggleColumn } from "./columns";

const all = [{ id: "risk" }, { id: "name", fixed: true }, { id: "kev", from: 1400 }, { id: "purl", from: Infinity }];
const ids = (choice: string, width: number): string => choiceOf(columnsOf(all, choice, width));

it("shows by width, and by choice", () => {
  expect([ids("", 1280), ids("", 1440)]).toEqual(["risk,name", "risk,name,kev"]);
  expect(ids("purl, risk ,nonsense", 1280)).toBe("risk,name,purl");
  expect(ids("nonsense", 1280)).toBe("risk,name");
});

it("takes columns in and away, but for those that must stay", () => {
  const shown = columnsOf(all, "", 1280);
  expect(toggleColumn(all, shown, "kev")).toBe("risk,name,kev");
  expect(toggleColumn(all, shown, "risk")).toBe("name");
  expect(toggleColumn(all, shown, "name")).toBe("risk,name");
});

it("goes round the orders of a column", () => {
  const falling = ["", "-harm", "harm", ""];
  falling.slice(1).forEach((next, i) => expect(nextSort(falling[i] ?? "", "harm", true)).toBe(next));
  expect(nextSort("-harm", "name", false)).toBe("name");
  expect([sortState("-harm", "harm"), sortState("harm", "harm"), sortState("harm", "name")]).toEqual(["descending", "ascending", "none"]);
});
