import { expect, it } from "vitest";
import { childrenOf, closed, nextNamed, opened, rootLines, treeKey, waysTo, type TreeNode } from "./tree";

const node = (name: string, parents: number[], root = false): TreeNode => ({ component: { name, pointer: "" }, kind: "library", root, parents });
const nodes = [node("device", [], true), node("curl", [0]), node("openssl", [0, 1]), node("zlib", [2, 3])];
const tree = childrenOf(nodes);
const keys = (lines: readonly { key: string }[]): string[] => lines.map((line) => line.key);

it("opens a component below each that needs it, and a loop no further", () => {
  let lines = opened(tree, rootLines(tree), 0);
  expect(keys(lines)).toEqual(["0", "0/1", "0/2"]);
  lines = opened(tree, opened(tree, opened(tree, lines, 1), 2), 3);
  expect(keys(lines)).toEqual(["0", "0/1", "0/1/2", "0/1/2/3", "0/1/2/3/3", "0/2"]);
  expect(lines[4]).toMatchObject({ loop: true, children: 0, level: 5, siblings: 1 });
  expect(keys(closed(lines, 1))).toEqual(["0", "0/1", "0/2"]);
});

it("shows also what nothing contains", () => {
  expect(keys(rootLines(childrenOf([node("a", [], true), node("lost", [])])))).toEqual(["0", "1"]);
});

it.each([
  ["ArrowDown", 1, 2], ["ArrowUp", 0, 0], ["Home", 2, 0], ["End", 0, 2], ["ArrowLeft", 2, 0], ["PageDown", 0, 2],
])("%s moves from %d to %d", (key, from, to) => {
  expect(treeKey(tree, opened(tree, rootLines(tree), 0), from, key, 10)?.at).toBe(to);
});

it("opens and closes by keys, and finds by the first letters", () => {
  const open = treeKey(tree, rootLines(tree), 0, "ArrowRight", 10)!;
  expect(open.lines.length).toBe(3);
  expect(treeKey(tree, open.lines, 0, "ArrowLeft", 10)!.lines.length).toBe(1);
  expect(nextNamed(nodes, open.lines, 0, "OP")).toBe(2);
  expect(treeKey(tree, open.lines, 0, "x", 10)).toBeNull();
});

it("takes 300,000 nodes", () => {
  const many = [node("root", [], true), ...Array.from({ length: 300_000 }, (_, n) => node(`c${n}`, [n % 7 ? 0 : n]))];
  expect(rootLines(childrenOf(many)).length).toBe(1);
  expect(opened(childrenOf(many), rootLines(childrenOf(many)), 0)[0]?.open).toBe(true);
}, 60_000);

it("says each way to a component, a loop once, and that there are more", () => {
  const names = (at: number): string[] => waysTo(nodes, at).paths.map((path) => path.map((one) => one.name).join(" "));
  expect(names(3)).toEqual(["device openssl zlib", "device curl openssl zlib"]);
  expect(names(0)).toEqual(["device"]);
  expect(waysTo([node("a", [], true), node("lost", [])], 1)).toEqual({ paths: [], more: false });
  const many = [node("device", [], true), ...Array.from({ length: 30 }, (_, i) => node(`m${i}`, [0])), node("all", Array.from({ length: 30 }, (_, i) => i + 1))];
  expect(waysTo(many, 31)).toMatchObject({ more: true, paths: { length: 20 } });
});
