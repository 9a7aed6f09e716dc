import { expect, it } from "vitest";
import { close, lineAt, linesFrom, newTree, nextNamed, open, openWay, placeOf, treeKey, TreeStore, type Branch, type TreeNode } from "./tree";

const node = (name: string, position: number, children = 0): TreeNode => ({
  node: name, position, component: { name, pointer: "" }, stated: { kind: "library", supplier: null, licences: [], support: null, support_end: null },
  root: false, parents: 1, children, below: { count: children, exact: true },
});
const keys = (tree: Branch): string[] => linesFrom(tree, 0, tree.size).map((line) => line.key);

/* device: curl (openssl), openssl (zlib), and zlib is in itself. */
function example(): { store: TreeStore; tree: Branch; at: (place: number) => NonNullable<ReturnType<typeof lineAt>> } {
  const store = new TreeStore();
  store.put("", [node("device", 1, 2)]);
  store.put("device", [node("curl", 1, 1), node("openssl", 2, 1)]);
  store.put("curl", [node("openssl", 1, 1)]);
  store.put("openssl", [node("zlib", 1, 1)]);
  store.put("zlib", [node("zlib", 1, 1)]);
  const tree = newTree(1);
  const at = (place: number) => lineAt(tree, place)!;
  open(store, at(0));
  return { store, tree, at };
}

it("opens a component below each that needs it, and a loop no further", () => {
  const { store, tree, at } = example();
  for (const place of [1, 2, 3]) open(store, at(place));
  expect(keys(tree)).toEqual(["1", "1/1", "1/1/1", "1/1/1/1", "1/1/1/1/1", "1/2"]);
  expect(at(4)).toMatchObject({ position: 1, list: { level: 5, count: 1 } });
  expect([3, 4].map((place) => [store.loops(at(place)), store.opens(at(place))])).toEqual([[false, true], [true, false]]);
  open(store, at(4));
  expect(tree.size).toBe(6);
  open(store, at(5));
  expect(keys(tree).slice(-2)).toEqual(["1/2", "1/2/1"]);
  close(at(1));
  expect(keys(tree)).toEqual(["1", "1/1", "1/2", "1/2/1"]);
  expect(linesFrom(tree, 0, 9).map((line) => placeOf(line.list, line.position))).toEqual([0, 1, 2, 3]);
});

it.each([
  ["ArrowDown", 1, 2], ["ArrowUp", 0, 0], ["Home", 2, 0], ["End", 0, 2], ["ArrowLeft", 2, 0], ["PageDown", 0, 2],
])("%s moves from %d to %d", (key, from, to) => {
  const { store, tree } = example();
  expect(treeKey(store, tree, from, key, 10)).toBe(to);
});

it("opens and closes by keys, and finds by the first letters", () => {
  const { store } = example();
  const tree = newTree(1);
  expect([treeKey(store, tree, 0, "ArrowRight", 10), tree.size]).toEqual([0, 3]);
  expect(nextNamed(store, tree, 0, "OP")).toBe(2);
  expect([treeKey(store, tree, 0, "ArrowLeft", 10), tree.size]).toEqual([0, 1]);
  expect(treeKey(store, tree, 0, "x", 10)).toBeNull();
});

it("has 300,000 lines at once, and asks for those that are looked at", () => {
  const store = new TreeStore();
  store.put("", [node("device", 1, 300_000)]);
  const tree = newTree(1);
  open(store, lineAt(tree, 0)!);
  expect(tree.size).toBe(300_001);
  expect(lineAt(tree, 300_000)).toMatchObject({ key: "1/300000", position: 300_000, list: { level: 2, count: 300_000 } });
  expect(lineAt(tree, 300_001)).toBeUndefined();
  expect(store.missing(linesFrom(tree, 90, 40))).toEqual([{ node: "device", from: 0 }, { node: "device", from: 100 }]);
  expect(treeKey(store, tree, 0, "End", 10)).toBe(300_000);
  expect(store.opens(lineAt(tree, 5)!)).toBe(false);
  store.put("device", Array.from({ length: 100 }, (_, at) => node(`c${at}`, at + 101)));
  expect(store.missing(linesFrom(tree, 90, 40))).toEqual([{ node: "device", from: 0 }]);
  expect(store.of(lineAt(tree, 101))?.component.name).toBe("c0");
});

it("opens the way to what was found, also where nothing of it is here yet", () => {
  const store = new TreeStore();
  const tree = newTree(1);
  const way = [node("device", 1, 5000), node("app", 4321, 30), node("deep", 17)];
  const at = openWay(store, tree, way);
  expect(lineAt(tree, at)?.key).toBe("1/4321/17");
  expect(tree.size).toBe(1 + 5000 + 30);
  expect(store.of(lineAt(tree, at))?.node).toBe("deep");
  expect([openWay(store, tree, way), tree.size]).toEqual([at, 5031]);
  expect(openWay(store, tree, [way[0]!])).toBe(0);
});
