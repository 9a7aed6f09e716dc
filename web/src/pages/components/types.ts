/* A component in a release, as /v1/components has it. Used by pages/components. */
import type * as Api from "../../api/types";
export type FoundRow = Api.ComponentUse;

