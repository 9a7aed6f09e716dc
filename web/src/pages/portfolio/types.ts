/* What /v1/posture answers of a device, as far as the page shows it. */
export interface Posture {
  device: string;
  title: string;
  releases: number;
  drafts: number;
  in_field: number;
  without_sbom: number;
  without_components: number;
  releases_without_data: number;
  unsettled: number;
  components: number;
  without_purl: number;
  without_data: number;
  findings: number;
  undecided: number;
  uncontrolled: number;
  controlled: number;
  closed: number;
  reopened: number;
  proposed: number;
  not_assessed: number;
  not_assessed_30: number;
  not_assessed_90: number;
  next_deadline: string | null;
  next_deadline_of: string | null;
  draft_findings: number;
  draft_without_sbom: number;
}

export interface Release {
  id: string;
  device: string;
  name: string;
  state: string;
  released: string | null;
  support_end: string | null;
  has_sbom: boolean;
  settled: boolean;
  components: number;
  components_without_data: number;
  findings: number | null;
  affected: number | null;
  undecided: number | null;
}

export interface List<T> {
  items: T[];
  next: string | null;
  total: { count: number; exact: boolean };
  gaps?: unknown;
}
