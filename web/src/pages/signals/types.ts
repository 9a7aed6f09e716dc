/* What /v1/signals answers, as far as the pages show it. */
export const KINDS = ["researcher", "complaint", "service", "supplier", "customer", "authority", "internal", "other"] as const;
export const SEVERITIES = ["none", "low", "medium", "high", "critical"] as const;

export interface Signal {
  id: string;
  source: string;
  kind: string;
  title: string;
  state: string;
  severity: string | null;
  device: string | null;
  case: string | null;
  vulnerability: string | null;
  duplicate_of: string | null;
  reporter: string | null;
  credit: string | null;
  reason: string | null;
  received: string;
  learned: string;
  acknowledge_by: string;
  acknowledgement: string;
  acknowledged: string | null;
  embargo: string | null;
  bytes: number;
}

export interface SignalDetail {
  signal: Signal;
  documents: readonly { id: string; name: string; bytes: number; digest: string; at: string }[];
  log: readonly { id: string; kind: string; text: string; author: string | null; at: string }[];
}
