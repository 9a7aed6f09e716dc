/*
 * What is asked of ELK, and what its answer means: zones are nodes with their elements inside, flows
 * are edges between neighbours; back come the places of the elements. The layout itself runs in a worker
 * (pages/device/design/elk.ts). Plain, so that it can be tested.
 */
import { ELEMENT, EMPTY_ZONE, PAD, snap, type Drawn } from "./geometry";
import { textOf, zoneKey, type Places, type Point } from "./model";

export interface ElkNode {
  id: string;
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  children?: ElkNode[];
  edges?: { id: string; sources: string[]; targets: string[] }[];
  layoutOptions?: Record<string, string>;
}

/* Zones from left to right by what flows between them; inside, from top to bottom. Each zone is laid
   out by itself: that keeps it compact, and a large design fast. */
const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.layered.spacing.nodeNodeBetweenLayers": "88",
  "elk.spacing.nodeNode": "48",
  "elk.spacing.componentComponent": "48",
  "elk.aspectRatio": "1.6",
};
const IN_ZONE = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.layered.spacing.nodeNodeBetweenLayers": "48",
  "elk.spacing.nodeNode": "28",
  "elk.spacing.componentComponent": "28",
  "elk.aspectRatio": "1",
  "elk.padding": `[top=${PAD.top},left=${PAD.left},bottom=${PAD.bottom},right=${PAD.right}]`,
};

/* Ids are made different by kind: an element and a zone may have the same. */
export function toElk(seen: Drawn): ElkNode {
  const root: ElkNode = { id: "root", layoutOptions: OPTIONS, children: [] };
  const inside = new Map<string, ElkNode>(); /* what a node stands in */
  const zones = new Map<string, ElkNode>(seen.zones.map((zone) => [zone.id, { id: zoneKey(zone.id), layoutOptions: IN_ZONE, children: [] }]));
  const put = (node: ElkNode, zone: string): void => {
    const into = zones.get(zone) ?? root;
    into.children!.push(node);
    inside.set(node.id, into);
  };
  for (const zone of seen.zones) put(zones.get(zone.id)!, textOf(zone, "parent"));
  for (const element of seen.elements) put({ id: `e:${element.id}`, ...ELEMENT }, textOf(element, "zone"));
  for (const zone of zones.values()) if (!zone.children!.length) Object.assign(zone, EMPTY_ZONE);
  addEdges(root, seen, inside);
  return root;
}

/* A flow is an edge between what is next to each other: its ends, or the zones that they are in; one is enough. */
function addEdges(root: ElkNode, seen: Drawn, inside: ReadonlyMap<string, ElkNode>): void {
  const chain = (element: string): ElkNode[] => {
    const out: ElkNode[] = [{ id: `e:${element}` }];
    for (let at = inside.get(`e:${element}`); at; at = inside.get(at.id)) out.push(at);
    return out;
  };
  const drawn = new Set<string>();
  for (const flow of seen.flows) {
    const [from, to] = [chain(textOf(flow, "from")), chain(textOf(flow, "to"))];
    const into = from.find((one) => one === root || to.includes(one)) ?? root;
    const [source, target] = [from, to].map((ends) => ends[ends.indexOf(into) - 1]?.id);
    if (!source || !target || source === target || drawn.has(`${source} ${target}`) || drawn.has(`${target} ${source}`)) continue;
    drawn.add(`${source} ${target}`);
    (into.edges ??= []).push({ id: `f:${flow.id}`, sources: [source], targets: [target] });
  }
}

export function fromElk(root: ElkNode): Places {
  const out: Record<string, Point> = {};
  const walk = (node: ElkNode, x: number, y: number): void => {
    for (const child of node.children ?? []) {
      const at = { x: x + (child.x ?? 0), y: y + (child.y ?? 0) };
      if (child.id.startsWith("e:")) out[child.id.slice(2)] = snap(at);
      else {
        if (!child.children?.length) out[child.id] = snap(at);
        walk(child, at.x, at.y);
      }
    }
  };
  walk(root, 0, 0);
  return out;
}
