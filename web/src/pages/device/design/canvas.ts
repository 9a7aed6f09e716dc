/* From a design to what Svelte Flow draws, and back. Ids have their kind before them: e:, z:, f:. */
import type { Edge, Node } from "@xyflow/svelte";
import type { Mark } from "../../../logic/design/check";
import { ELEMENT, lanes, zoneBoxes, type Drawn } from "../../../logic/design/geometry";
import type { Lit } from "../../../logic/design/paths";
import { crosses, textOf, zoneKey, type Item, type Model, type Places, type Point } from "../../../logic/design/model";
import type { Chosen } from "./editing.svelte";
import { elementLabel, flowLabel, litLabel, zoneLabel } from "./said";

export interface Look {
  model: Model;
  seen: Drawn;
  places: Places;
  marks: ReadonlyMap<string, Mark>;
  chosen: Chosen | null;
  target: string | null; /* the element that C would connect to */
  lit: Lit | null;
  may: boolean;
  uid: string;
}

export type ElementData = { item: Item; mark: Mark | undefined; here: boolean; target: boolean; lit: boolean; faint: boolean; label: string; dom: string; may: boolean };
export type ZoneData = { item: Item; here: boolean; label: string; dom: string };
export type FlowData = { item: Item; mark: Mark | undefined; here: boolean; lit: boolean; step: number; faint: boolean; lane: number; border: boolean };
export type ElementNodeType = Node<ElementData, "element">;
export type ZoneNodeType = Node<ZoneData, "zone">;
export type FlowEdgeType = Edge<FlowData, "flow">;
export type AnyNode = ElementNodeType | ZoneNodeType;

const PLAIN = { ariaRole: "none", domAttributes: { "aria-roledescription": undefined } } as const;

export function nodesOf(look: Look, before: readonly AnyNode[]): AnyNode[] {
  const { seen, places, chosen } = look;
  const steps = look.lit?.steps;
  const picked = new Set(before.filter((node) => node.selected).map((node) => node.id));
  const boxes = zoneBoxes(seen, places);
  const zones = seen.zones.map((item, depth): ZoneNodeType => {
    const box = boxes.get(item.id) ?? { x: 0, y: 0, width: 0, height: 0 };
    const data = { item, here: chosen?.list === "zones" && chosen.id === item.id, label: zoneLabel(item), dom: `${look.uid}-z-${item.id}` };
    return { id: `z:${item.id}`, type: "zone", position: { x: box.x, y: box.y }, width: box.width, height: box.height, zIndex: depth, data, connectable: false, dragHandle: ".zone-head", ...PLAIN };
  });
  const elements = seen.elements.map((item): ElementNodeType => {
    const mark = look.marks.get(item.id);
    const data = { item, mark, here: chosen?.list === "elements" && chosen.id === item.id, target: look.target === item.id, lit: steps?.has(item.id) ?? false, faint: steps !== undefined && !steps.has(item.id), label: litLabel(elementLabel(look.model, item, mark), steps?.get(item.id)), dom: `${look.uid}-e-${item.id}`, may: look.may };
    return { id: `e:${item.id}`, type: "element", position: places[item.id] ?? { x: 0, y: 0 }, ...ELEMENT, zIndex: 1000, data, selected: picked.has(`e:${item.id}`), ...PLAIN };
  });
  return [...zones, ...elements];
}

export function edgesOf(look: Look): FlowEdgeType[] {
  const lane = lanes(look.seen.flows);
  const steps = look.lit?.steps;
  return look.seen.flows.map((item) => {
    const mark = look.marks.get(item.id);
    const data = { item, mark, here: look.chosen?.list === "flows" && look.chosen.id === item.id, lit: steps?.has(item.id) ?? false, step: steps?.get(item.id) ?? 0, faint: steps !== undefined && !steps.has(item.id), lane: lane.get(item.id) ?? 0, border: crosses(look.model, item) };
    return { id: `f:${item.id}`, type: "flow", source: `e:${textOf(item, "from")}`, target: `e:${textOf(item, "to")}`, data, ariaLabel: litLabel(flowLabel(look.model, item, mark), steps?.get(item.id)), zIndex: data.here ? 900 : data.lit ? 700 : 500, domAttributes: { "aria-roledescription": undefined } };
  });
}

export function placesOf(nodes: readonly AnyNode[]): Record<string, Point> {
  return Object.fromEntries(nodes.map((node) => [node.type === "zone" ? zoneKey(node.data.item.id) : node.data.item.id, { x: node.position.x, y: node.position.y }]));
}

/* While something is dragged: the zones around it, and no new object for what is not changed by that. */
export function withZones(nodes: readonly AnyNode[], seen: Drawn, places: Places, but: string | null): readonly AnyNode[] {
  const boxes = zoneBoxes(seen, places);
  let isOther = false;
  const out = nodes.map((node) => {
    if (node.type !== "zone" || node.id === but) return node;
    const box = boxes.get(node.data.item.id);
    if (!box || (box.x === node.position.x && box.y === node.position.y && box.width === node.width && box.height === node.height)) return node;
    isOther = true;
    return { ...node, position: { x: box.x, y: box.y }, width: box.width, height: box.height };
  });
  return isOther ? out : nodes;
}
