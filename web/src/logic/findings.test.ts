import { expect, it } from "vitest";
import { findingsOf, findingsSource, pathOf, rowOfFinding, rowOfVulnerability, type Ask, type FindingItem, type VulnerabilityItem } from "./findings";

const facts = { severity: "high" as const, score: 7.5, kev: false, exploited_by: null, epss: null, component: "curl", component_version: "7.88.1", device: "pump", release: "4.4.0", fixable: true,
  first_seen: "2026-01-01T00:00:00Z", state: "not assessed" as const, risk: "under assessment" as const, harm: "serious", deadline: null };
const vulnerability: VulnerabilityItem = { ...facts, name: "CVE-1", undecided: true, releases: 2, components: 2, findings: 2 };
const finding: FindingItem = { ...facts, id: "CVE-1/c/r", vulnerability: "CVE-1", verdict: "undecided", purl: null, status: "none", closed: false };
const signal = new AbortController().signal;

it("says undecided of both, and never hides it", () => {
  expect([rowOfVulnerability(vulnerability).undecided, rowOfFinding(finding).undecided, rowOfFinding({ ...finding, verdict: "affected" }).undecided]).toEqual([true, true, false]);
  expect([pathOf(rowOfFinding(finding)), pathOf(rowOfVulnerability(vulnerability))]).toEqual(["/findings/CVE-1/c/r", null]);
});

it("asks for the findings of a row under the list's filter, each once", async () => {
  const asked: [string, Record<string, string>][] = [];
  const ask: Ask = <T>(path: string, query: Record<string, string>): Promise<T> => {
    asked.push([path, query]);
    return Promise.resolve({ items: [finding], next: null, total: { count: 1, exact: true } } as T);
  };
  const rows = [rowOfVulnerability(vulnerability), rowOfFinding(finding)];
  const list = await findingsOf(rows, findingsSource(ask), "kev:yes", signal);
  expect(list.map((row) => row.id)).toEqual(["CVE-1/c/r"]);
  expect(asked).toEqual([["/v1/vulnerabilities/CVE-1/findings", { filter: "kev:yes", limit: "1000" }]]);
});

it("names the catalogues that say that it is exploited", () => {
  expect(rowOfVulnerability({ ...vulnerability, kev: true, exploited_by: "CISA; ENISA" }).exploitedBy).toBe("CISA, ENISA");
  expect(rowOfFinding(finding).exploitedBy).toBe("");
});
