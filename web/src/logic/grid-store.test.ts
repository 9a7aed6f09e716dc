import { expect, it } from "vitest";
import * as grid from "./grid";
import { GridStore, type Asked, type Source } from "./grid-store";

interface Row {
  id: string;
}
const id = (row: Row): string => row.id;

/* A list of numbered rows whose answers come when the test says. */
class Slow {
  asked: (Asked & { answer: (rows: Row[], next: string | null) => Promise<void>; fail: () => Promise<void> })[] = [];
  source: Source<Row> = {
    id,
    page: (asked) =>
      new Promise((resolve, reject) => {
        const settle = () => new Promise<void>((done) => setTimeout(done, 0));
        this.asked.push({
          ...asked,
          answer: (items, next) => (resolve({ items, next, total: { count: items.length, exact: true } }), settle()),
          fail: () => (reject(new Error("no network")), settle()),
        });
      }),
    children: (row) => Promise.resolve([{ id: `${row.id}/1` }]),
  };
}

function started(): { slow: Slow; store: GridStore<Row> } {
  const slow = new Slow();
  return { slow, store: new GridStore(slow.source, () => undefined) };
}
const rows = (...ids: string[]): Row[] => ids.map((one) => ({ id: one }));
const shown = (store: GridStore<Row>): string[] => grid.lines(store.state.model, id).map((line) => line.id);

it("drops the answer of a question that was overtaken", async () => {
  const { slow, store } = started();
  void store.show({ filter: "a", sort: "" });
  void store.show({ filter: "b", sort: "" });
  await slow.asked[1]?.answer(rows("b"), null);
  await slow.asked[0]?.answer(rows("a"), null);
  expect(shown(store)).toEqual(["b"]);
  expect(slow.asked[0]?.signal.aborted).toBe(true);
});

it("keeps the rows when the next question fails, and says so", async () => {
  const { slow, store } = started();
  void store.show({ filter: "", sort: "" });
  await slow.asked[0]?.answer(rows("a", "b"), null);
  void store.show({ filter: "kve", sort: "" });
  await slow.asked[1]?.fail();
  expect([shown(store), store.state.busy]).toEqual([["a", "b"], false]);
  expect(store.state.problem).toBeInstanceOf(Error);
});

it("asks for the next page once", async () => {
  const { slow, store } = started();
  void store.show({ filter: "", sort: "" });
  await slow.asked[0]?.answer(rows("a"), "n");
  void store.more(1);
  void store.more(1);
  expect(slow.asked.length).toBe(2);
  await slow.asked[1]?.answer(rows("b"), null);
  expect(shown(store)).toEqual(["a", "b"]);
});

it("expands under the same filter, takes in, and keeps what is expanded", async () => {
  const { slow, store } = started();
  void store.show({ filter: "x", sort: "" });
  await slow.asked[0]?.answer(rows("a", "b"), null);
  await store.toggleOpen("a");
  expect(shown(store)).toEqual(["a", "a/1", "b"]);
  void store.takeIn();
  await slow.asked[1]?.answer(rows("new", "a"), null);
  expect(shown(store)).toEqual(["new", "a", "a/1"]);
});

it("marks what changed elsewhere and moves nothing", async () => {
  const { slow, store } = started();
  void store.show({ filter: "", sort: "" });
  await slow.asked[0]?.answer(rows("a", "b"), null);
  void store.look(0, "Safety engineer");
  await slow.asked[1]?.answer(rows("b", "c"), null);
  expect([shown(store), grid.changedCount(store.state.model), store.state.model.by]).toEqual([["a", "b"], 2, "Safety engineer"]);
});
