/* What /v1/intelligence and /v1/jobs answer, as far as the page shows it. */
export interface Known {
  knowledge_base: { digest: string; starter: boolean; newest: string; vulnerabilities: number; advisories?: number; packages?: number; products?: number; bytes?: number } | null;
  late_sources: number;
  next_sync: string | null;
  last_change: { at?: string | null; matched?: number; facts_added?: number; facts_changed?: number; facts_removed?: number; new_findings?: number; new_releases?: number; worst_harm?: string } | null;
}

export interface Source {
  name: string;
  gives: string;
  enabled: boolean;
  freshness: string;
  last_success: string | null;
  last_error: string | null;
  max_age_seconds: number;
  records: number;
  bytes: number;
}

export interface Job {
  id: string;
  kind: string;
  state: string;
  progress: number;
  result: string | null;
  error: string | null;
  created: string;
}
