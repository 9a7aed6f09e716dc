/* Answers of /v1/deadlines as this page reads them (api/openapi/deadline.yaml). */
import type * as Api from "../../api/types";

export type DeadlinePage = Api.DeadlinePage;
export type WouldPage = Api.WouldBeDeadlinePage;

