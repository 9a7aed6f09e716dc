/*
 * What is in what, as lines of a tree that opens line by line: /v1's list of nodes with their parents.
 * A component that several others need stands below each of them; one that is met again below itself
 * is a loop and opens no further. 300,000 nodes: the children are two arrays of numbers, and only what
 * is open has lines. Used by pages/release.
 */
import type * as Api from "../api/types";
export type TreeComponent = Api.SbomComponent;
export type TreeNode = Api.SbomNode;

export interface Children {
  first: Int32Array; /* of node n: list[first[n]] … list[first[n + 1] - 1] */
  list: Int32Array;
  roots: readonly number[];
}

export interface TreeLine {
  key: string; /* the way from a root: "0/8/6" */
  node: number;
  level: number; /* 1: a root */
  position: number; /* among its siblings, from 1 */
  siblings: number;
  children: number;
  open: boolean;
  loop: boolean;
}

export function childrenOf(nodes: readonly TreeNode[]): Children {
  const first = new Int32Array(nodes.length + 1);
  for (const node of nodes) for (const parent of node.parents) first[parent + 1]!++;
  for (let n = 0; n < nodes.length; n++) first[n + 1]! += first[n]!;
  const list = new Int32Array(first[nodes.length]!);
  const next = first.slice();
  nodes.forEach((node, n) => node.parents.forEach((parent) => (list[next[parent]!++] = n)));
  return { first, list, roots: nodes.flatMap((node, n) => (node.root || !node.parents.length ? [n] : [])) };
}

function below(tree: Children, nodes: readonly number[], way: string, level: number): TreeLine[] {
  const above = new Set(way.split("/"));
  return nodes.map((node, index) => {
    const loop = above.has(String(node));
    const children = loop ? 0 : tree.first[node + 1]! - tree.first[node]!;
    return { key: way ? `${way}/${node}` : String(node), node, level, position: index + 1, siblings: nodes.length, children, open: false, loop };
  });
}

export function rootLines(tree: Children): TreeLine[] {
  return below(tree, tree.roots, "", 1);
}

export interface Ways {
  paths: TreeComponent[][]; /* each from the outermost down */
  more: boolean;
}

const WAYS_MAX = 20; /* as the service hands out */
const STEPS_MAX = 100_000;
const DEPTH_MAX = 1000;

/* The ways from where a path may begin to a node: what /v1 says of paths, of a tree that is there. */
export function waysTo(nodes: readonly TreeNode[], node: number): Ways {
  const paths: TreeComponent[][] = [];
  const way: number[] = [];
  const on = new Set<number>();
  let steps = 0;
  let more = false;
  const up = (at: number): void => {
    if (on.has(at) || more) return;
    if (paths.length >= WAYS_MAX || ++steps > STEPS_MAX || way.length > DEPTH_MAX) return void (more = true);
    const one = nodes[at]!;
    on.add(at);
    way.push(at);
    if (one.root) paths.push(way.map((step) => nodes[step]!.component).reverse());
    for (const parent of one.parents) up(parent);
    way.pop();
    on.delete(at);
  };
  up(node);
  return { paths, more };
}

/* The lines with that at `index` opened; as they were when nothing is in it. */
export function opened(tree: Children, lines: readonly TreeLine[], index: number): TreeLine[] {
  const line = lines[index];
  if (!line?.children || line.open) return [...lines];
  const inside = below(tree, [...tree.list.subarray(tree.first[line.node]!, tree.first[line.node + 1]!)], line.key, line.level + 1);
  return lines.slice(0, index).concat({ ...line, open: true }, inside, lines.slice(index + 1));
}

export function closed(lines: readonly TreeLine[], index: number): TreeLine[] {
  const line = lines[index];
  if (!line?.open) return [...lines];
  let end = index + 1;
  while (end < lines.length && lines[end]!.level > line.level) end++;
  return [...lines.slice(0, index), { ...line, open: false }, ...lines.slice(end)];
}

/* The line that this one is in, or -1. */
export function parentLine(lines: readonly TreeLine[], index: number): number {
  const level = lines[index]?.level ?? 1;
  for (let at = index - 1; at >= 0; at--) if (lines[at]!.level < level) return at;
  return -1;
}

/* The next line after `from` whose name begins so; around the end, or -1. */
export function nextNamed(nodes: readonly TreeNode[], lines: readonly TreeLine[], from: number, start: string): number {
  const want = start.toLowerCase();
  for (let step = 1; step <= lines.length; step++) {
    const at = (from + step) % lines.length;
    if (nodes[lines[at]!.node]!.component.name.toLowerCase().startsWith(want)) return at;
  }
  return -1;
}

/* What a key of the tree pattern does to lines and cursor; null: no key of the tree. */
export function treeKey(tree: Children, lines: TreeLine[], at: number, key: string, page: number): { lines: TreeLine[]; at: number } | null {
  const line = lines[at];
  if (!line) return null;
  const to = (index: number): { lines: TreeLine[]; at: number } => ({ lines, at: Math.max(0, Math.min(lines.length - 1, index)) });
  switch (key) {
    case "ArrowDown": return to(at + 1);
    case "ArrowUp": return to(at - 1);
    case "PageDown": return to(at + page);
    case "PageUp": return to(at - page);
    case "Home": return to(0);
    case "End": return to(lines.length - 1);
    case "ArrowRight": return line.open ? to(at + 1) : { lines: opened(tree, lines, at), at };
    case "ArrowLeft": return line.open ? { lines: closed(lines, at), at } : to(line.level > 1 ? parentLine(lines, at) : at);
    default: return null;
  }
}
