/* How things of a design are called in sentences: in labels, in what is read aloud, in lists. */
import type { Editing } from "./editing.svelte";
import type { Mark, Threat } from "../../../logic/design/check";
import { itemOf, listWith, nameOf, textOf, type Item, type ListName, type Model } from "../../../logic/design/model";
import { t, tOr } from "../../../words/words";

export function listWord(list: ListName): string {
  return t(`design.list.${list}`);
}

export function memberWord(list: ListName | "", member: string): string {
  return tOr(`design.m.${list}.${member}`, tOr(`design.m.${member}`, member.replace(/_/g, " ")));
}

/* A value of the model's own words, in the reader's language where it is known. */
export function valueWord(member: string, value: string): string {
  return tOr(`design.v.${member}.${value}`, value);
}

/* A value of an item in words: names for ids, words for words. */
export function shownValue(model: Model, member: string, value: unknown, assets: readonly { id: string; name: string }[] = []): string {
  if (value === undefined || value === null || value === "") return "";
  if (value === true || value === false) return t(value ? "design.yes" : "design.no");
  if (value === "*") return t("design.all");
  if (Array.isArray(value)) return value.map((one) => shownValue(model, member, one, assets)).join(", ");
  if (typeof value === "object") return Object.entries(value).map(([name, said]) => `${name}: ${String(said)}`).join("; ");
  const text = String(value);
  if (member === "assets") return assets.find((one) => one.id === text)?.name || text;
  return listWith(model, text) && NAMES.has(member) ? nameIn(model, text) : valueWord(member, text);
}

/* Members whose values are ids of the model. */
const NAMES = new Set(["zone", "parent", "from", "to", "covers", "elements", "flows", "states", "store", "accepted_by", "about", "at"]);

export function outcomeWord(outcome: string): string {
  return tOr(`design.outcome.${outcome}`, outcome);
}

/* "at most 150": a search that was cut has only a bound. */
export function reachShort(threat: Threat): string {
  return threat.reach === null ? t("design.unknown") : threat.reach_is_bound ? t("design.most", { n: threat.reach }) : String(threat.reach);
}

export function reachWords(threat: Threat): string {
  if (threat.reach === null) return t("design.patientsUnknown");
  return t(threat.reach_is_bound ? "design.patientsMost" : "design.patientsN", { n: threat.reach });
}

function markWords(mark: Mark | undefined): string[] {
  if (!mark) return [];
  return [mark.open ? t("design.openN", { n: mark.open }) : "", mark.questions ? t("design.questionsN", { n: mark.questions }) : ""].filter(Boolean);
}

export function nameIn(model: Model, id: string): string {
  const list = listWith(model, id);
  return list ? nameOf(itemOf(model, list, id)) : id;
}

/* "Hospital gateway, process in Pump network, 2 threats open, 1 question". */
export function elementLabel(model: Model, item: Item, mark: Mark | undefined): string {
  const zone = textOf(item, "zone");
  const kind = valueWord("kind", textOf(item, "kind"));
  return [nameOf(item), zone ? t("design.kindIn", { kind, zone: nameOf(itemOf(model, "zones", zone)) || zone }) : kind, ...markWords(mark)].join(", ");
}

export function flowLabel(model: Model, item: Item, mark: Mark | undefined): string {
  const end = (member: string): string => nameIn(model, textOf(item, member));
  return [t("design.flowFromTo", { name: textOf(item, "name") || item.id, from: end("from"), to: end("to") }), ...markWords(mark)].join(", ");
}

/* `step`: on the way that is lit; an element is 0. */
export function litLabel(label: string, step: number | undefined): string {
  return step === undefined ? label : `${label}, ${step ? t("design.lit.step", { n: step }) : t("design.lit.label")}`;
}

export function zoneLabel(item: Item): string {
  const role = textOf(item, "role");
  return [t("design.zoneNamed", { name: nameOf(item) }), role ? valueWord("role", role) : ""].filter(Boolean).join(", ");
}

export function chosenLabel(editing: Editing, list: ListName, id: string): string {
  const { model } = editing.now;
  const item = itemOf(model, list, id);
  if (!item) return id;
  if (list === "elements") return elementLabel(model, item, editing.marks.get(id));
  if (list === "flows") return flowLabel(model, item, editing.marks.get(id));
  return list === "zones" ? zoneLabel(item) : `${listWord(list)}: ${nameOf(item)}`;
}

/* By the design that is saved, else by what stands here: what the service says is of the former. */
export function savedName(editing: Editing, id: string): string {
  return listWith(editing.base.model, id) ? nameIn(editing.base.model, id) : nameIn(editing.now.model, id);
}

export function pathState(state: string): string {
  return tOr(`design.path.state.${state}`, state);
}
