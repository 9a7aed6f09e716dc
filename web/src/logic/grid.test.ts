import { describe, expect, it } from "vitest";
import * as grid from "./grid";

interface Row {
  id: string;
  fact: string;
}
const id = (row: Row): string => row.id;
const rows = (...ids: string[]): Row[] => ids.map((one) => ({ id: one, fact: "" }));
const numbered = (from: number, to: number): Row[] => rows(...Array.from({ length: to - from }, (_, i) => `r${from + i}`));
const page = (items: Row[], next: string | null = null): grid.Page<Row> => ({ items, next, total: { count: 5000, exact: true } });
const ids = (model: grid.GridModel<Row>): string[] => grid.lines(model, id).map((line) => line.id);

function loaded(...names: string[]): grid.GridModel<Row> {
  return grid.putPage(grid.emptyModel<Row>(), 0, "", page(rows(...names)), id);
}

describe("pages", () => {
  it("stand one after the other, and no row twice", () => {
    let model = grid.putPage(grid.emptyModel<Row>(), 0, "", page(rows("a", "b"), "c1"), id);
    expect([model.at, model.next]).toEqual(["a", "c1"]);
    model = grid.putPage(model, 1, "c1", page(rows("b", "c")), id);
    expect(ids(model)).toEqual(["a", "b", "c"]);
    expect(model.next).toBeNull();
  });

  it("are let go far away and read again", () => {
    let model = grid.emptyModel<Row>();
    for (let i = 0; i < 20; i++) model = grid.putPage(model, i, i ? `c${i}` : "", page(numbered(i * 100, i * 100 + 100), `c${i + 1}`), id);
    expect(model.slots.filter((slot) => slot.rows).length).toBeLessThanOrEqual(grid.KEPT);
    const { before, after } = grid.span(model);
    const all = grid.lines(model, id);
    expect(before + all.length + after).toBe(2000);
    const seen = grid.view(model, all.length, { top: before * 30, height: 600, row: 30 });
    expect(model.slots[seen.want]?.rows).toBeNull();
    expect(seen.above + (seen.to - seen.from) * 30 + seen.below).toBe(2000 * 30);
    model = grid.putPage(model, seen.want, `c${seen.want}`, page(numbered(seen.want * 100, seen.want * 100 + 100), `c${seen.want + 1}`), id);
    expect(grid.span(model).before).toBe(before - 100);
    expect(model.next).toBe("c20");
  });

  it("are asked for near the end only", () => {
    const model = grid.putPage(grid.emptyModel<Row>(), 0, "", page(numbered(0, 200), "c1"), id);
    expect(grid.view(model, 200, { top: 0, height: 600, row: 30 }).want).toBe(-1);
    expect(grid.view(model, 200, { top: 5400, height: 600, row: 30 }).want).toBe(1);
    expect(grid.view(loaded("a"), 1, { top: 0, height: 600, row: 30 }).want).toBe(-1);
  });
});

describe("cursor and selection", () => {
  it("go over the lines and not over the ends", () => {
    const model = loaded("a", "b", "c");
    const all = grid.lines(model, id);
    expect(grid.move(model, all, 1).at).toBe("b");
    expect(grid.move(model, all, 10).at).toBe("c");
    expect(grid.move(model, all, -1).at).toBe("a");
  });

  it("extend both ways from where it began", () => {
    let model = loaded("a", "b", "c", "d");
    const all = grid.lines(model, id);
    model = grid.extend(grid.extend(grid.moveTo(model, "b"), all, 1), all, 1);
    expect([...model.chosen.keys()]).toEqual(["b", "c", "d"]);
    model = grid.toggle(model, all, "c");
    expect([...model.chosen.keys()]).toEqual(["b", "d"]);
    expect(grid.clear(model).chosen.size).toBe(0);
  });

  it("expand a row, and come back to it", () => {
    let model = grid.expand(loaded("a", "b"), "a", null);
    expect(grid.lines(model, id)[1]?.wait).toBe(true);
    expect(grid.move(model, grid.lines(model, id), 1).at).toBe("b");
    model = grid.moveTo(grid.expand(model, "a", rows("a/1", "a/2")), "a/2");
    expect(ids(model)).toEqual(["a", "a/1", "a/2", "b"]);
    expect(grid.collapse(model, "a", id).at).toBe("a");
  });
});

describe("what changes elsewhere", () => {
  it("changes facts in place and moves nothing", () => {
    const model = grid.moveTo(loaded("a", "b", "c"), "b");
    const after = grid.compare(model, 0, page([{ id: "new", fact: "" }, { id: "c", fact: "x" }, { id: "b", fact: "late" }]), id, "Safety");
    expect(ids(after)).toEqual(["a", "b", "c"]);
    expect(grid.lines(after, id).map((line) => line.row.fact)).toEqual(["", "late", "x"]);
    expect([...after.left]).toEqual(["a"]);
    expect([...after.fresh].sort()).toEqual(["b", "new"]);
    expect([grid.changedCount(after), after.at, after.by]).toEqual([3, "b", "Safety"]);
  });

  it("does not say that a row left which was only pushed down", () => {
    const model = grid.putPage(grid.emptyModel<Row>(), 0, "", page(rows("a", "b", "c"), "n"), id);
    const after = grid.compare(model, 0, page(rows("new", "a", "b"), "n2"), id, "");
    expect([...after.left]).toEqual([]);
    expect([...after.fresh]).toEqual(["new"]);
  });

  it("takes in, and keeps cursor and selection by identity", () => {
    let model = grid.moveTo(loaded("a", "b", "c"), "c");
    model = grid.toggle(model, grid.lines(model, id), "c");
    let after = grid.restart(model, page(rows("x", "c", "a")), id);
    expect([after.at, [...after.chosen.keys()], grid.changedCount(after)]).toEqual(["c", ["c"], 0]);
    after = grid.restart(model, page(rows("x", "y")), id);
    expect(after.at).toBe("y");
    expect(grid.restart(model, page([]), id).at).toBeNull();
  });
});

it("says which rows are seen", () => {
  const model = grid.expand(loaded("a", "b", "c"), "a", rows("a/1", "a/2"));
  expect(grid.seenRows(model, grid.lines(model, id), 0, 4)).toEqual({ first: 1, last: 2 });
  expect(grid.seenRows(grid.emptyModel<Row>(), [], 0, 0)).toEqual({ first: 0, last: 0 });
});
