/*
 * What can be done in the drawing of a view, by mouse, key or button alike: where things are, what is
 * reached next, moving, connecting, adding, taking out, laying out. Used by Drawing and Canvas.
 */
import { addItem, listedIn, moveTo, newFlow, removeItem, setMember, type Step } from "../../../logic/design/edits";
import { drawn, freePlace, inReadingOrder, membersIn, placed, snap, zoneAfter } from "../../../logic/design/geometry";
import { freeId, itemOf, nameOf, textOf, WHOLE, type Item, type Places, type Point } from "../../../logic/design/model";
import { t } from "../../../words/words";
import type { Chosen, Editing } from "./editing.svelte";
import { layOut } from "./elk";
import { chosenLabel } from "./said";

export class DrawingState {
  from = $state<string | null>(null); /* an element whose flow is being drawn by keys */
  target = $state<string | null>(null);
  laying = $state(false);
  failed = $state(false);
  readonly editing: Editing;
  readonly seen = $derived.by(() => drawn(this.editing.now.model, this.editing.view));
  readonly saved = $derived.by(() => this.editing.now.positions[this.editing.view] ?? {});
  readonly places = $derived.by(() => placed(this.seen, this.saved, this.editing.laid[this.editing.view] ?? {}));
  /* nobody has arranged this view and no layout was made of it yet */
  readonly bare = $derived.by(() => !Object.keys(this.saved).length && !this.editing.laid[this.editing.view] && this.seen.elements.length > 0);
  readonly order = $derived.by(() => inReadingOrder(this.seen, this.places));

  constructor(editing: Editing) {
    this.editing = editing;
  }

  /* A view that was never arranged is laid out to be seen; nothing is changed by that. */
  async settle(): Promise<void> {
    const { view } = this.editing;
    const places = await this.lay();
    if (places) this.editing.laid = { ...this.editing.laid, [view]: places };
    else this.editing.laid = { ...this.editing.laid, [view]: {} };
  }
  /* The others, so that each is arranged when it is chosen or printed. */
  async settleOthers(): Promise<void> {
    const { model } = this.editing.now;
    for (const view of [WHOLE, ...model.views.map((one) => one.id)]) {
      if (this.editing.laid[view] || Object.keys(this.editing.now.positions[view] ?? {}).length) continue;
      const places = await layOut(drawn(model, view)).catch(() => null);
      if (places) this.editing.laid = { ...this.editing.laid, [view]: places };
    }
  }
  async layOut(): Promise<void> {
    const { view } = this.editing;
    const places = await this.lay();
    if (places && view === this.editing.view) this.editing.do(this.moved(places, this.title(view), "laidOut"));
  }
  private async lay(): Promise<Places | null> {
    this.laying = true;
    this.failed = false;
    try {
      return await layOut(this.seen);
    } catch {
      this.failed = true;
      return null;
    } finally {
      this.laying = false;
    }
  }

  title(view: string): string {
    return view === WHOLE ? t("design.whole") : nameOf(itemOf(this.editing.now.model, "views", view));
  }

  /* The first move in a view that nobody arranged keeps the places of all, as they were seen. */
  private moved(places: Places, name: string, what = "moved"): Step | null {
    const all = Object.keys(this.saved).length ? places : { ...this.places, ...places };
    const step = moveTo(this.editing.now, this.editing.view, all, name);
    return step ? { ...step, what } : null;
  }

  /* Things were dragged; an element that was dropped in another zone is in that zone. */
  drop(places: Places): void {
    const snapped = Object.fromEntries(Object.entries(places).map(([key, at]) => [key, snap(at)]));
    const step = this.moved(snapped, this.nameOfKey(Object.keys(places)[0] ?? ""));
    if (!step) return;
    const changes = [...step.changes];
    let zone = "";
    for (const key of Object.keys(places)) {
      const element = itemOf(this.editing.now.model, "elements", key);
      if (!element) continue;
      const to = zoneAfter(this.seen, this.places, element, snapped[key]!);
      if (to === textOf(element, "zone")) continue;
      zone = nameOf(itemOf(this.editing.now.model, "zones", to));
      changes.push(...(setMember(this.editing.now, "elements", key, "zone", to)?.changes ?? []));
    }
    this.editing.do({ ...step, what: zone ? "movedInto" : "moved", name: zone ? `${step.name} → ${zone}` : step.name, changes });
  }

  moveBy(dx: number, dy: number): boolean {
    const { chosen } = this.editing;
    if (!this.editing.may || !chosen || (chosen.list !== "elements" && chosen.list !== "zones")) return false;
    const keys = chosen.list === "zones" ? membersIn(this.seen, chosen.id).filter((key) => this.places[key]) : [chosen.id];
    if (!keys.length) return false;
    const places = Object.fromEntries(keys.map((key) => [key, { x: this.places[key]!.x + dx, y: this.places[key]!.y + dy }]));
    const step = this.moved(places, nameOf(this.editing.item));
    this.editing.do(step ? { ...step, joins: `move/${this.editing.view}/${chosen.id}` } : null);
    return true;
  }

  nameOf(element: string): string {
    return nameOf(itemOf(this.editing.now.model, "elements", element)) || element;
  }
  private nameOfKey(key: string): string {
    const { model } = this.editing.now;
    return nameOf(itemOf(model, "elements", key) ?? itemOf(model, "zones", key.replace(/^zone:/, "")));
  }

  /* ---- choosing ---- */

  choose(chosen: Chosen | null): void {
    this.editing.seal();
    this.editing.chosen = chosen;
    if (chosen) this.editing.note = chosenLabel(this.editing, chosen.list, chosen.id);
  }
  private chosenOf(id: string): Chosen {
    return { list: this.seen.elements.some((one) => one.id === id) ? "elements" : "zones", id };
  }
  next(by: 1 | -1): boolean {
    if (this.from) return this.nextTarget(by), true;
    const { chosen } = this.editing;
    const flow = chosen?.list === "flows" ? itemOf(this.editing.now.model, "flows", chosen.id) : null;
    const at = this.order.indexOf(flow ? textOf(flow, "from") : (chosen?.id ?? ""));
    const to = at < 0 ? (by > 0 ? 0 : this.order.length - 1) : at + by;
    const id = this.order[to];
    if (id === undefined) return false;
    this.choose(this.chosenOf(id));
    return true;
  }
  /* The flows at the chosen element, one after the other. */
  nextFlow(): void {
    const { chosen } = this.editing;
    const now = chosen?.list === "flows" ? itemOf(this.editing.now.model, "flows", chosen.id) : null;
    const element = now ? this.atElement : chosen?.list === "elements" ? chosen.id : null;
    if (!element) return;
    this.atElement = element;
    const flows = this.seen.flows.filter((flow) => flow["from"] === element || flow["to"] === element);
    const next = flows[(now ? flows.findIndex((flow) => flow.id === now.id) + 1 : 0) % Math.max(1, flows.length)];
    if (next) this.choose({ list: "flows", id: next.id });
    else this.editing.note = t("design.noFlows");
  }
  private atElement: string | null = null;

  /* ---- connecting by keys ---- */

  begin(): void {
    const { chosen } = this.editing;
    if (chosen?.list !== "elements" || !this.editing.may) return void (this.editing.note = t("design.connectWhat"));
    this.from = chosen.id;
    this.target = null;
    this.nextTarget(1);
  }
  private nextTarget(by: 1 | -1): void {
    const elements = this.order.filter((id) => this.chosenOf(id).list === "elements");
    const at = elements.indexOf(this.target ?? this.from ?? "");
    this.target = elements[(at + by + elements.length) % elements.length] ?? null;
    if (this.target) this.editing.note = t("design.connectTo", { name: nameOf(itemOf(this.editing.now.model, "elements", this.target)) });
  }
  finish(): void {
    const [from, to] = [this.from, this.target];
    this.from = this.target = null;
    if (from && to) this.connect(from, to);
  }
  connect(from: string, to: string): void {
    const flow = newFlow(this.editing.now, from, to);
    const step = addItem(this.editing.now, "flows", flow);
    this.editing.do({ ...step, changes: [...step.changes, ...listedIn(this.editing.now, this.editing.view, "flows", [flow.id])] });
    this.choose({ list: "flows", id: flow.id });
  }
  /* true: there was something to step back from */
  back(): boolean {
    if (this.from) {
      this.from = this.target = null;
      this.editing.note = t("design.connectNot");
      return true;
    }
    if (!this.editing.chosen && !this.editing.lit) return false;
    if (this.editing.chosen) this.choose(null);
    else this.editing.lit = null;
    return true;
  }

  /* ---- adding and taking out ---- */

  addElement(kind: string, name: string, at: Point | null = null): void {
    const { model } = this.editing.now;
    const { chosen } = this.editing;
    const zone = chosen?.list === "zones" ? chosen.id : chosen?.list === "elements" ? textOf(itemOf(model, "elements", chosen.id), "zone") : "";
    const item: Item = { id: freeId(model, name, kind), kind, name, ...(zone ? { zone } : {}) };
    const place = snap(zone || !at ? freePlace(this.seen, this.places, zone) : at);
    this.editing.do(this.withAll(addItem(this.editing.now, "elements", item, { view: this.editing.view, at: place })));
    this.choose({ list: "elements", id: item.id });
  }
  addZone(name: string, at: Point | null): void {
    const { model } = this.editing.now;
    const { chosen } = this.editing;
    const parent = chosen?.list === "zones" ? chosen.id : "";
    const item: Item = { id: freeId(model, name, "zone"), name, ...(parent ? { parent } : {}) };
    this.editing.do(this.withAll(addItem(this.editing.now, "zones", item, { view: this.editing.view, at: snap(freePlace(this.seen, this.places, parent || (at ? "" : parent))) })));
    this.choose({ list: "zones", id: item.id });
  }
  private withAll(step: Step): Step {
    if (Object.keys(this.saved).length) return step;
    const seen = moveTo(this.editing.now, this.editing.view, this.places, "");
    return { ...step, changes: [...(seen?.changes ?? []), ...step.changes] };
  }
  remove(): void {
    const { chosen } = this.editing;
    if (!chosen || !this.editing.may) return;
    const at = this.order.indexOf(chosen.id);
    this.editing.do(removeItem(this.editing.now, chosen.list, chosen.id));
    const next = this.order[Math.min(Math.max(at, 0), this.order.length - 1)];
    this.editing.chosen = next === undefined ? null : this.chosenOf(next);
  }
}
