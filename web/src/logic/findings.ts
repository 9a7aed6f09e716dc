/*
 * Rows of the findings list: a vulnerability with the findings below it, in one shape, as /v1 has
 * them. Used by pages/findings.
 */
import type * as Api from "../api/types";
import type { Page } from "./grid";
import type { Source } from "./grid-store";

export interface FindingRow {
  id: string;
  path: string | null; /* of a finding: what /v1/findings/… has; null: a vulnerability */
  name: string;
  severity: string;
  score: number | null;
  kev: boolean;
  exploitedBy: string; /* catalogues, with commas between them; empty: none lists it */
  epss: number | null;
  component: string;
  version: string | null;
  components: number;
  device: string;
  release: string;
  releases: number;
  findings: number;
  undecided: boolean;
  fixable: boolean;
  firstSeen: string;
  state: string;
  risk: string;
  harm: string;
  deadline: string | null;
}

interface Common {
  severity: string;
  score: number | null;
  kev: boolean;
  exploited_by: string | null;
  epss: number | null;
  component: string;
  component_version: string | null;
  device: string;
  release: string;
  fixable: boolean;
  first_seen: string;
  state: string;
  risk: string;
  harm: string;
  deadline: string | null;
}

export type VulnerabilityItem = Api.Vulnerability;
export type FindingItem = Api.Finding;

function common(item: Common): Omit<FindingRow, "id" | "path" | "name" | "components" | "releases" | "findings" | "undecided"> {
  const { severity, score, kev, epss, component, device, release, fixable, state, risk, harm, deadline } = item;
  return { severity, score, kev, exploitedBy: item.exploited_by?.replaceAll("; ", ", ") ?? "", epss, component, version: item.component_version, device, release, fixable, firstSeen: item.first_seen, state, risk, harm, deadline };
}

export function rowOfVulnerability(item: VulnerabilityItem): FindingRow {
  const { name, components, releases, findings, undecided } = item;
  return { ...common(item), id: name, path: null, name, components, releases, findings, undecided };
}

export function rowOfFinding(item: FindingItem): FindingRow {
  return { ...common(item), id: item.id, path: item.id, name: item.vulnerability, components: 1, releases: 1, findings: 1, undecided: item.verdict === "undecided" };
}

/* How the page asks; the client of /v1 is given by the page. */
export type Ask = <T>(path: string, query: Record<string, string>, signal: AbortSignal) => Promise<T>;

interface Answer<T> {
  items: T[];
  next: string | null;
  total: Page<T>["total"];
  gaps?: unknown;
}

export const BELOW = 1000; /* findings that are shown below one row */

function said(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
}

export function findingsSource(ask: Ask): Source<FindingRow> {
  return {
    id: (row) => row.id,
    page: async ({ filter, sort, cursor, limit, signal }) => {
      const page = await ask<Answer<VulnerabilityItem>>("/v1/vulnerabilities", said({ filter, sort, cursor, limit: String(limit) }), signal);
      return { ...page, items: page.items.map(rowOfVulnerability) };
    },
    children: async (row, { filter, sort, signal }) => {
      const path = `/v1/vulnerabilities/${encodeURIComponent(row.name)}/findings`;
      const page = await ask<Answer<FindingItem>>(path, said({ filter, sort, limit: String(BELOW) }), signal);
      return page.items.map(rowOfFinding);
    },
  };
}

/* The findings that an action on rows is about: those listed under them, each once. */
export async function findingsOf(rows: readonly FindingRow[], source: Source<FindingRow>, filter: string, signal: AbortSignal): Promise<FindingRow[]> {
  const out = new Map<string, FindingRow>();
  for (const row of rows) {
    const below = row.path ? [row] : ((await source.children?.(row, { filter, sort: "", signal })) ?? []);
    for (const one of below) out.set(one.id, one);
  }
  return [...out.values()];
}

export function pathOf(row: FindingRow): string | null {
  return row.path ? `/findings/${row.path.split("/").map(encodeURIComponent).join("/")}` : null;
}
