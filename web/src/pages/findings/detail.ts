/* The parts of /v1/findings/{…} that the list's preview shows. */
export interface Detail {
  state: string;
  risk: string;
  harm: string;
  verdict: string;
  explanation: string;
  fixed: string | null;
  release: { device: string; title: string; name: string };
  component: { name: string; version: string | null };
  vulnerability: {
    title: string | null;
    score: { base: number; severity: string; version: string; source: string } | null;
    exploited: { catalogue: string }[];
  };
  evidence: { decisive: boolean; source: string; record: string; version: string | null; range: string | null }[];
  proposal: {
    exploitability: string;
    harm: string;
    harm_unknown: boolean;
    risk: string;
    chain: { decides: boolean; asset: { title: string } | null; hazard: { title: string } | null }[];
  };
  decisions: unknown[];
  statements: unknown[];
  if_uncontrolled: { rule: string; title: string; would_start: boolean; due: string | null }[];
}
