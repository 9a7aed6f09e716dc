#include "score/choose.h"

static int version_rank(enum tu_cvss_version version)
{
	static const int ranks[] = {
		[TU_CVSS_3_1] = 0,
		[TU_CVSS_3_0] = 1,
		[TU_CVSS_4_0] = 2,
		[TU_CVSS_2] = 3,
		[TU_CVSS_NONE] = 4,
	};

	return ranks[version];
}

int tu_score__rank(enum tu_score_origin origin, const struct tu_score *score)
{
	int rank = version_rank(score->version) * 16 + (int)origin;

	if (tu_score_tenths(score) != TU_SCORE_UNSTATED)
		return rank;
	/* A vector that cannot be scored says less than a word. */
	return tu_score_severity(score) != TU_SEVERITY_UNKNOWN ? rank + TU_SCORE_RANKS / 4
							       : rank + TU_SCORE_RANKS / 2;
}
