/*
 * What is in what, as a tree that opens line by line. The service hands out the children of a component
 * in pieces; a line is a place in such a list, and its component is known once the piece is there. Only
 * what is open has an object: 300,000 children cost nothing until they are looked at. A component that
 * several others need stands below each of them; one that is met again below itself is a loop and opens
 * no further. Used by pages/release.
 */
import type * as Api from "../api/types";
export type TreeComponent = Api.SbomComponent;
export type TreeNode = Api.SbomNode;

export const PIECE = 100; /* components that are asked for at once */
const NEAR = 2000; /* lines that the first letters look through */

/* A list that is open: the outermost ones, or the children of a component. */
export interface Branch {
  parent: Branch | null; /* the list that its component is in */
  position: number; /* of that in its list */
  node: string; /* whose children; "": the outermost */
  count: number;
  level: number; /* of its lines; 1: the outermost */
  open: Branch[]; /* of its lines, by position */
  size: number; /* lines in it, those of what is open too */
}

export interface TreeLine {
  key: string; /* the places from a root: "1/8/6" */
  list: Branch;
  position: number; /* in the list, from 1 */
  open: Branch | null;
}

export interface Piece {
  node: string; /* in what; "": the outermost */
  from: number; /* from 0 */
}

/* What a search found: a way in the tree of an SBOM. */
export interface Goal {
  sbom: string;
  way: readonly TreeNode[];
}

export function newTree(roots: number): Branch {
  return { parent: null, position: 0, node: "", count: roots, level: 1, open: [], size: roots };
}

/* ---- the components that are here ---- */

export class TreeStore {
  private readonly lists = new Map<string, Map<number, TreeNode>>();

  put(node: string, rows: readonly TreeNode[]): void {
    const list = this.lists.get(node) ?? new Map<number, TreeNode>();
    for (const row of rows) list.set(row.position, row);
    this.lists.set(node, list);
  }

  /* Of a line; undefined while it is not here. */
  of(line: TreeLine | undefined): TreeNode | undefined {
    return line && this.lists.get(line.list.node)?.get(line.position);
  }

  /* It is met again below itself. */
  loops(line: TreeLine): boolean {
    const node = this.of(line)?.node;
    for (let up: Branch | null = line.list; node && up; up = up.parent) if (up.node === node) return true;
    return false;
  }

  opens(line: TreeLine): boolean {
    return (this.of(line)?.children ?? 0) > 0 && !this.loops(line);
  }

  /* What has to be asked for, so that these lines are whole; each piece once. */
  missing(lines: readonly TreeLine[]): Piece[] {
    const pieces = new Map<string, Piece>();
    for (const line of lines) {
      if (this.of(line)) continue;
      const from = Math.floor((line.position - 1) / PIECE) * PIECE;
      pieces.set(`${line.list.node} ${from}`, { node: line.list.node, from });
    }
    return [...pieces.values()];
  }
}

/* ---- lines ---- */

function wayOf(list: Branch): string {
  return list.parent ? `${wayOf(list.parent)}${list.position}/` : "";
}

/* The line at a place, from 0. */
export function lineAt(tree: Branch, place: number): TreeLine | undefined {
  if (place < 0 || place >= tree.size) return undefined;
  let list = tree;
  let rest = place;
  for (;;) {
    let inside: Branch | null = null;
    let here: Branch | null = null;
    for (const one of list.open) {
      if (rest < one.position - 1) break;
      if (rest === one.position - 1) { here = one; break; }
      if (rest < one.position + one.size) { inside = one; break; }
      rest -= one.size;
    }
    if (!inside) return { key: `${wayOf(list)}${rest + 1}`, list, position: rest + 1, open: here };
    rest -= inside.position;
    list = inside;
  }
}

export function linesFrom(tree: Branch, from: number, count: number): TreeLine[] {
  const lines: TreeLine[] = [];
  for (let place = from; place < Math.min(tree.size, from + count); place++) lines.push(lineAt(tree, place)!);
  return lines;
}

/* Where the line at a position of a list stands. */
export function placeOf(list: Branch, position: number): number {
  const before = list.open.reduce((sum, one) => sum + (one.position < position ? one.size : 0), position - 1);
  return list.parent ? placeOf(list.parent, list.position) + 1 + before : before;
}

function grow(list: Branch | null, by: number): void {
  for (let up = list; up; up = up.parent) up.size += by;
}

/* Open a line; nothing where nothing is in it. */
export function open(store: TreeStore, line: TreeLine): Branch | null {
  const node = store.of(line);
  if (line.open || !node || !store.opens(line)) return line.open;
  const branch: Branch = { parent: line.list, position: line.position, node: node.node, count: node.children, level: line.list.level + 1, open: [], size: node.children };
  line.list.open = [...line.list.open, branch].sort((a, b) => a.position - b.position);
  grow(line.list, branch.size);
  return (line.open = branch);
}

export function close(line: TreeLine): void {
  if (!line.open) return;
  line.list.open = line.list.open.filter((one) => one !== line.open);
  grow(line.list, -line.open.size);
  line.open = null;
}

/* Open the way from a root (first) down to what was found (last): where that stands. */
export function openWay(store: TreeStore, tree: Branch, way: readonly TreeNode[]): number {
  let list = tree;
  let place = 0;
  for (const [index, step] of way.entries()) {
    store.put(list.node, [step]);
    place = placeOf(list, step.position);
    const inside = index < way.length - 1 ? open(store, lineAt(tree, place)!) : null;
    if (!inside) break;
    list = inside;
  }
  return place;
}

/* The next line after `from` whose name begins so, of those that are here and near, or -1. */
export function nextNamed(store: TreeStore, tree: Branch, from: number, start: string): number {
  const want = start.toLowerCase();
  for (let step = 1; step <= Math.min(tree.size, NEAR); step++) {
    const at = (from + step) % tree.size;
    if (store.of(lineAt(tree, at))?.component.name.toLowerCase().startsWith(want)) return at;
  }
  return -1;
}

/* What a key of the tree pattern does: where the cursor is then; null: no key of the tree. */
export function treeKey(store: TreeStore, tree: Branch, at: number, key: string, page: number): number | null {
  const line = lineAt(tree, at);
  if (!line) return null;
  const to = (place: number): number => Math.max(0, Math.min(tree.size - 1, place));
  switch (key) {
    case "ArrowDown": return to(at + 1);
    case "ArrowUp": return to(at - 1);
    case "PageDown": return to(at + page);
    case "PageUp": return to(at - page);
    case "Home": return to(0);
    case "End": return to(tree.size - 1);
    case "ArrowRight": if (line.open) return to(at + 1); open(store, line); return at;
    case "ArrowLeft": if (line.open) { close(line); return at; } return line.list.parent ? placeOf(line.list.parent, line.list.position) : at;
    default: return null;
  }
}
