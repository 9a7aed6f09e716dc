/* Views of lists of findings: those that everybody has, before the saved ones of /v1/views. */
import type * as Api from "../api/types";
import { tidy } from "./filter";

/* what of a view a list needs; its owner's and the service's own words about it are not */
export type View = Pick<Api.View, "id" | "name" | "filter" | "sort" | "columns"> & { team?: Api.View["team"] };

type Name = "findings.open" | "findings.toDecide" | "findings.reopened" | "findings.kev" | "findings.dueView" | "findings.undecidedView" | "findings.all";

const VIEWS: readonly [Name, string, string?][] = [
  ["findings.open", "!closed"],
  ["findings.toDecide", "not-assessed !closed"],
  ["findings.reopened", "reopened"],
  ["findings.kev", "kev:yes !closed"],
  ["findings.dueView", "deadline:yes !closed", "deadline"],
  ["findings.undecidedView", "verdict:undecided !closed"],
  ["findings.all", ""],
];

export function builtIn(t: (key: Name) => string): View[] {
  return VIEWS.map(([key, filter, sort = null]) => ({ id: key, name: t(key), filter, sort, columns: null }));
}

/* The view that a list shows: of those with its filter the one that was picked, else one's own before those that everybody has. */
export function viewOf(all: readonly View[], saved: readonly View[], list: { filter: string; sort: string; columns: string }, picked: string): View | null {
  const fits = [...saved, ...all].filter((view) => tidy(view.filter) === list.filter);
  const whole = fits.filter((view) => (view.sort ?? "") === list.sort && (view.columns ?? "") === list.columns);
  return fits.find((view) => view.id === picked) ?? whole[0] ?? fits[0] ?? null;
}
