/* What an answer cannot know, as keys of words: the member "gaps" of lists. Used by parts/Gaps. */
import type * as Api from "../api/types";
export type Gaps = Api.Gaps;

export type GapKey =
  | "gaps.noData" | "gaps.starter" | "gaps.withoutSbom" | "gaps.withoutComponents" | "gaps.withoutData"
  | "gaps.notSettled" | "gaps.components" | "gaps.intake" | "gaps.late" | "gaps.lateUnknown";

export interface Gap {
  key: GapKey;
  n: number;
  names: string;
}

/* The worst first. None: nothing is missing that the service knows of. */
export function gapsOf(gaps: Gaps): Gap[] {
  const counted: [GapKey, number][] = [
    ["gaps.withoutSbom", gaps.releases_without_sbom],
    ["gaps.withoutComponents", gaps.releases_without_components],
    ["gaps.withoutData", gaps.releases_without_data - gaps.releases_without_components],
    ["gaps.notSettled", gaps.releases_not_settled],
    ["gaps.components", gaps.components_without_data],
    ["gaps.intake", gaps.devices_in_intake],
  ];
  const out: Gap[] = [];
  if (!gaps.knowledge_base) out.push({ key: "gaps.noData", n: 0, names: "" });
  else if (gaps.knowledge_base.starter) out.push({ key: "gaps.starter", n: 0, names: "" });
  for (const [key, n] of counted) if (n > 0) out.push({ key, n, names: "" });
  const late = gaps.late_sources;
  if (!late) out.push({ key: "gaps.lateUnknown", n: 0, names: "" });
  else if (late.length) out.push({ key: "gaps.late", n: late.length, names: late.map((row) => row.source).join(", ") });
  return out;
}
