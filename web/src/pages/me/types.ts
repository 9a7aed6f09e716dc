/* What /v1/me/… answers, as far as the page shows it. */
import type * as Api from "../../api/types";
export type Session = Api.Session;
export type Key = Api.Key;

