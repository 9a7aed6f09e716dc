/* What /v1/intelligence and /v1/jobs answer, as far as the page shows it. */
import type * as Api from "../../api/types";
export type Known = Api.Intelligence;
export type Source = Api.Source;
export type Job = Api.Job;

