/* Views of lists of findings: those that everybody has, before the saved ones of /v1/views. */
export interface View {
  id: string;
  name: string;
  filter: string;
  sort: string | null;
  columns: string | null;
  team?: string | null;
}

type Name = "findings.open" | "findings.toDecide" | "findings.reopened" | "findings.kev" | "findings.undecidedView" | "findings.all";

const VIEWS: readonly [Name, string][] = [
  ["findings.open", "!closed"],
  ["findings.toDecide", "not-assessed !closed"],
  ["findings.reopened", "reopened"],
  ["findings.kev", "kev:yes !closed"],
  ["findings.undecidedView", "verdict:undecided !closed"],
  ["findings.all", ""],
];

export function builtIn(t: (key: Name) => string): View[] {
  return VIEWS.map(([key, filter]) => ({ id: key, name: t(key), filter, sort: null, columns: null }));
}
