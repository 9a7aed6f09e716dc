/* What /v1 answers of a device, as far as its page shows it. */
import type * as Api from "../../api/types";

export type Device = Api.Device;
export type Policy = Api.Policy;

/* A column of pages/device/Table. */
export interface Shown<R> {
  label: string;
  text: (row: R) => string;
  href?: (row: R) => string | null;
  num?: boolean;
  dim?: boolean;
  keep?: boolean; /* never on two lines: identifiers, times */
}
