/*
 * What the answers of the concept phase would add to the design, as the service proposes it: chosen
 * by a person and made one step of the editor, which is undone, checked and saved like any other.
 * Used by pages/device/design/concept/Seed.
 */
import type * as Api from "../../api/types";
import { listOf, modelOf, textOf, type Design, type Item, type ListName } from "./model";
import { withMember, type Change, type Step } from "./edits";

export type Proposal = Api.ConceptSeed;
const LISTS = ["zones", "elements", "flows", "views"] as const;
export type SeedList = (typeof LISTS)[number];

/* What would be added and is not there by now, by list. */
export function proposed(seed: Proposal, design: Design): Readonly<Record<SeedList, Item[]>> {
  const model = modelOf(seed.model);
  const there = new Set(design.model.elements.concat(design.model.flows).map((one) => one.id));
  const isThere = (list: ListName, id: string): boolean => (list === "elements" || list === "flows" ? there.has(id) : design.model[list].some((one) => one.id === id));
  const of = (list: SeedList): Item[] => model[list].filter((one) => seed.added[list].includes(one.id) && !isThere(list, one.id));
  return { zones: of("zones"), elements: of("elements"), flows: of("flows"), views: of("views") };
}

export const keyOf = (list: SeedList, id: string): string => `${list}/${id}`;

/* The choice with what the chosen things need: a flow its ends, an element its zone. */
export function needed(items: Readonly<Record<SeedList, Item[]>>, chosen: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(chosen);
  const need = (list: SeedList, id: string): void => {
    if (id && items[list].some((one) => one.id === id)) all.add(keyOf(list, id));
  };
  for (const flow of items.flows) if (all.has(keyOf("flows", flow.id))) for (const end of ["from", "to"]) need("elements", textOf(flow, end));
  for (const element of items.elements) if (all.has(keyOf("elements", element.id))) need("zones", textOf(element, "zone"));
  return all;
}

/* A view of what there is then. */
function viewOf(view: Item, has: (list: ListName, id: string) => boolean): Item {
  let out = view;
  for (const list of ["elements", "flows"] as const) if (Array.isArray(view[list])) out = withMember(out, list, listOf(view, list).filter((id) => has(list, id)));
  return out;
}

/* One step that adds what is chosen; null: nothing is. */
export function takeOver(seed: Proposal, design: Design, chosen: ReadonlySet<string>): Step | null {
  const items = proposed(seed, design);
  const all = needed(items, chosen);
  const has = (list: ListName, id: string): boolean => design.model[list].some((one) => one.id === id) || all.has(`${list}/${id}`);
  const changes = LISTS.flatMap((list) => {
    const start = design.model[list].length;
    return items[list].filter((one) => all.has(keyOf(list, one.id))).map((one, n): Change => ({ on: "item", list, id: one.id, before: null, after: list === "views" ? viewOf(one, has) : one, index: start + n }));
  });
  return changes.length ? { what: "seeded", name: "", changes } : null;
}
