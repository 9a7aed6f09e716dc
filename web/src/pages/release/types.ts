/* What /v1 says of a release and its SBOM. Used by pages/release. */
import type * as Api from "../../api/types";

export type ReleaseRow = Api.Release;
export type Note = Api.SbomNote;
export type Tree = Api.SbomTree;
export type Paths = Api.SbomPaths;
export type Quality = Api.SbomQuality;
export type Diff = Api.SbomDiff;
export type Vulnerability = Api.SbomTurn;
export type Taken = Api.SbomReport;
export type Build = Api.Build;
export type Publication = Api.Publication;

/* A remark of the reader or of a writer: where, what, how often. */

/* What the service says of an SBOM that it took. */

export const FORMATS = ["cyclonedx-1.6-json", "cyclonedx-1.6-xml", "cyclonedx-1.7-json", "cyclonedx-1.7-xml", "spdx-2.3-json", "spdx-2.3-tv", "spdx-3.0.1-json"] as const;
export const PROFILES = ["ntia", "fda", "cisa-2025", "bsi-tr-03183-2"] as const;
export const LEVELS = ["public", "customer", "internal"] as const;
