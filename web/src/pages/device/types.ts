/* What /v1 answers of a device, as far as its page shows it. */
import type { Cell } from "../../logic/matrix-yaml";

export interface Device {
  id: string;
  name: string;
  title: string;
  intake: boolean;
  releases: number;
  version: number;
}

export interface Policy {
  version: number;
  policy: string;
  approved_by: string | null;
  approved_at: string | null;
  bands: { name: string; from: number }[];
  matrix: Cell[];
  acceptance: string | null;
  epss_high: number;
  score_raise: number;
  decision_days: number;
  undecided_days: number;
  approvals: number;
  deciders: string[];
  trusted_suppliers: string[];
  time_zone: string | null;
}

/* A column of pages/device/Table. */
export interface Shown<R> {
  label: string;
  text: (row: R) => string;
  href?: (row: R) => string | null;
  num?: boolean;
  dim?: boolean;
  keep?: boolean; /* never on two lines: identifiers, times */
}
