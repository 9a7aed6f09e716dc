/* What /v1 says of a release and its SBOM. Used by pages/release. */
import type { TreeComponent, TreeNode } from "../../logic/tree";

export interface ReleaseRow {
  id: string;
  device: string;
  name: string;
  state: "draft" | "released" | "withdrawn";
  released: string | null;
  support_end: string | null;
  has_sbom: boolean;
  locked: boolean;
  settled: boolean | null;
  components: number | null;
  components_without_data: number | null;
  findings: number | null;
  affected: number | null;
  undecided: number | null;
  version: number;
}

/* A remark of the reader or of a writer: where, what, how often. */
export interface Note {
  pointer: string;
  message: string;
  count: number;
}

export interface Tree {
  subject: number | null;
  nodes: TreeNode[];
  notes: Note[];
  notes_left_out: number;
  gaps: unknown;
}

export interface Paths {
  components: { component: TreeComponent; paths: TreeComponent[][]; more: boolean }[];
  gaps: unknown;
}

export interface Quality {
  profile: string;
  profile_title: string;
  score: number;
  passed: boolean;
  components_judged: number;
  files_not_judged: number;
  rules: { element: string; title: string; scope: string; required: boolean; clause: string; asked: number; present: number; missing: number; undecided: number }[];
  components: { component: TreeComponent; missing: string[]; undecided: string[] }[];
}

export interface Diff {
  equal: boolean;
  same: number;
  added: TreeComponent[];
  removed: TreeComponent[];
  changed: { from: TreeComponent; to: TreeComponent; changes: { field: string; from?: unknown; to?: unknown }[] }[];
  vulnerabilities: { came: Vulnerability[]; went: Vulnerability[]; changed_verdict: Vulnerability[] } | null;
  gaps: unknown;
}

export interface Vulnerability {
  id: string;
  severity: string;
  kev: unknown;
  from?: { verdict: string; component: TreeComponent };
  to?: { verdict: string; component: TreeComponent };
}

/* What the service says of an SBOM that it took. */
export interface Taken {
  format: string;
  spec_version: string;
  components: number;
  distinct_components: number;
  new_components: number;
  components_without_data: number;
  findings: number | null;
  carried: number;
  reopened: number;
  proposed: number;
  corrected: boolean;
  conflict: string | null;
  notes: Note[];
  notes_left_out: number;
  vulnerabilities: { now: number; came: number; went: number };
  quality: { profile: string; score: number; passed: boolean }[];
}

export interface Build {
  id: string;
  number: number;
  received: string;
  sender: string;
  current: boolean;
  sha256: string;
  bytes: number;
  stored_bytes: number | null;
  dropped: string | null;
}

export interface Publication {
  artifact: string;
  kind: string;
  path: string | null;
  type: string;
  level: string;
  revision: number;
  current: boolean;
  since: string;
}

export const FORMATS = ["cyclonedx-1.6-json", "cyclonedx-1.6-xml", "cyclonedx-1.7-json", "cyclonedx-1.7-xml", "spdx-2.3-json", "spdx-2.3-tv", "spdx-3.0.1-json"] as const;
export const PROFILES = ["ntia", "fda", "cisa-2025", "bsi-tr-03183-2"] as const;
export const LEVELS = ["public", "customer", "internal"] as const;
