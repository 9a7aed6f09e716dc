/* What /v1/posture answers of a device, as far as the page shows it. */
import type * as Api from "../../api/types";
export type Posture = Api.Posture;
export type Release = Api.Release;

export interface List<T> {
  items: T[];
  next: string | null;
  total: { count: number; exact: boolean };
  gaps?: unknown;
}
