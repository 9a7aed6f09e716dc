/*
 * What is asked of ELK, and what its answer means: zones are nodes with their elements inside, flows
 * are edges; back come the places of the elements. The layout itself runs in a worker
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

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.layered.spacing.nodeNodeBetweenLayers": "96",
  "elk.spacing.nodeNode": "32",
  "elk.spacing.componentComponent": "48",
  "elk.aspectRatio": "1.6",
};
const IN_ZONE = { "elk.padding": `[top=${PAD.top},left=${PAD.left},bottom=${PAD.bottom},right=${PAD.right}]` };

/* Ids are made different by kind: an element and a zone may have the same. */
export function toElk(seen: Drawn): ElkNode {
  const zones = new Map<string, ElkNode>(seen.zones.map((zone) => [zone.id, { id: zoneKey(zone.id), layoutOptions: IN_ZONE, children: [] }]));
  const root: ElkNode = { id: "root", layoutOptions: OPTIONS, children: [] };
  for (const zone of seen.zones) (zones.get(textOf(zone, "parent")) ?? root).children!.push(zones.get(zone.id)!);
  for (const element of seen.elements) (zones.get(textOf(element, "zone")) ?? root).children!.push({ id: `e:${element.id}`, ...ELEMENT });
  for (const zone of zones.values()) if (!zone.children!.length) Object.assign(zone, EMPTY_ZONE);
  root.edges = seen.flows.map((flow) => ({ id: `f:${flow.id}`, sources: [`e:${textOf(flow, "from")}`], targets: [`e:${textOf(flow, "to")}`] }));
  return root;
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
