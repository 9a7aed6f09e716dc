/* What /v1/signals answers, as far as the pages show it. */
import type * as Api from "../../api/types";
export const KINDS = ["researcher", "complaint", "service", "supplier", "customer", "authority", "internal", "other"] as const;
export const SEVERITIES = ["none", "low", "medium", "high", "critical"] as const;

export type Signal = Api.Signal;
export type SignalDetail = Api.SignalDetail;

