/* The parts of /v1/findings/{…} that the list's preview shows. */
import type * as Api from "../../api/types";
export type Detail = Api.FindingDetail;

