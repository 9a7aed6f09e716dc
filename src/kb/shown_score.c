#include "kb/shown_score.h"

#include "kb/kb.h"
#include "score/choose.h"

static enum tu_score_origin origin_of(enum tu_source source, const struct tu_score *score)
{
	static const struct {
		enum tu_source source;
		enum tu_score_origin origin;
	} origins[] = {{TU_SOURCE_CVE, TU_SCORE_OF_CNA}, {TU_SOURCE_CVE_ADP, TU_SCORE_OF_ADP},
		{TU_SOURCE_OSV, TU_SCORE_OF_OSV}};

	if (source == TU_SOURCE_NVD)
		return tu_str_eq(score->scorer, TU_STR("nvd@nist.gov")) ? TU_SCORE_OF_NVD
									: TU_SCORE_OF_NVD_REPEATED;
	for (size_t i = 0; i < TU_COUNT(origins); i++)
		if (origins[i].source == source)
			return origins[i].origin;
	return TU_SCORE_OF_OTHERS;
}

struct tu_shown_score tu_kb__shown_score(const struct tu_kb *kb, uint32_t vulnerability)
{
	const struct kb_vulnerability *row = kb_vulnerability(kb, vulnerability);
	struct tu_shown_score shown = {
		.tenths = TU_SCORE_UNSTATED, .severity = TU_SEVERITY_UNKNOWN};
	int best = TU_SCORE_RANKS;

	for (uint32_t r = row->first_record; r < row[1].first_record; r++) {
		uint32_t record = kb->records[r];
		const struct kb_advisory *advisory = &kb->advisories[record];
		uint32_t scores = advisory[1].first_score - advisory->first_score;

		for (uint32_t s = 0; s < scores; s++) {
			struct tu_score score = tu_kb_score(kb, record, s);
			int rank = tu_score__rank(
				origin_of((enum tu_source)advisory->source, &score), &score);

			if (rank >= best)
				continue;
			best = rank;
			shown = (struct tu_shown_score){true, score, record,
				tu_score_tenths(&score), tu_score_severity(&score)};
		}
	}
	return shown;
}
