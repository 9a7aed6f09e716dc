/* Answers of /v1/deadlines as this page reads them (api/openapi/deadline.yaml). */
import type { Deadline } from "../../logic/deadlines";
import type { Gaps } from "../../logic/gaps";

export interface DeadlinePage {
  items: Deadline[];
  next: string | null;
  total: { count: number; exact: boolean };
  not_computed: { device: string; why: string }[];
  not_assessed: { findings: number; exploited: number };
  unwatched_markets: { device: string; market: string; why: string }[];
  unknown_events: { device: string; decision: string; event: string }[];
  gaps: Gaps;
}

export interface WouldPage {
  items: { device: string; rule: string; title: string; source: string; findings: number; learned_at: string | null; due: string | null }[];
  next: string | null;
}
