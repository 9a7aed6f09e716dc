/* What /v1/users, /v1/teams, channels, rules and the provider of CSAF answer, as far as the page shows it, and the tabs. */
export interface User {
  id: string;
  login: string;
  name: string | null;
  mail: string | null;
  role: string;
  state: string;
  password: boolean;
  second_factor: boolean;
  created: string;
}

export interface Team {
  id: string;
  name: string;
  users: readonly { id: string; login: string }[];
  devices: readonly string[];
}

export interface Channel {
  id: string;
  name: string;
  kind: string;
  host: string | null;
  person: string | null;
  team: string | null;
  state: string;
}

export interface Rule {
  id: string;
  name: string;
  channel: string;
  events: string;
  device: string | null;
  severity: string | null;
  harm: string | null;
  within_hours: number;
  delivery: string;
  minute: number;
  weekday: number;
  zone: string;
  quiet_from: number;
  quiet_to: number;
  urgent: boolean;
  gap_seconds: number;
  state: string;
}

export interface Notification {
  id: string;
  kind: string;
  channel: string | null;
  rule: string | null;
  person: string | null;
  state: string;
  attempts: number;
  error: string | null;
  at: string;
  done: string | null;
}

export interface Provider {
  enabled: boolean;
  signing: { fingerprint: string | null; why_not: string | null; unsigned: number };
  keys: readonly string[];
}

export const CHANNEL_KINDS = ["mail", "webhook", "slack", "teams"] as const;
export const ROLES = ["viewer", "analyst", "approver", "administrator", "auditor", "customer"] as const;
