/* CVSS scores: which of the equations a vector asks for. */
#include "score/cvss.h"

/* One row a version. */
static const struct {
	uint8_t (*base)(const struct tu_cvss *cvss);
	uint8_t (*temporal)(const struct tu_cvss *cvss, uint8_t base);
	uint8_t (*environmental)(const struct tu_cvss *cvss);
} equations[TU_CVSS_4_0 + 1] = {
	[TU_CVSS_2] = {tu_cvss_base_2, tu_cvss_temporal_2, tu_cvss_environmental_2},
	[TU_CVSS_3_0] = {tu_cvss_base_3, tu_cvss_temporal_3, tu_cvss_environmental_3},
	[TU_CVSS_3_1] = {tu_cvss_base_3, tu_cvss_temporal_3, tu_cvss_environmental_3},
	[TU_CVSS_4_0] = {tu_cvss_base_4, tu_cvss_threat_4, tu_cvss_environmental_4},
};

/* Whether a metric of a range is stated, and not as "not defined", which is 1. */
static bool defines(const struct tu_cvss *cvss, size_t from, size_t to)
{
	unsigned any = 0;

	for (size_t i = from; i < to; i++)
		any |= cvss->values[i];
	return any > 1;
}

static bool defines_threat(const struct tu_cvss *cvss, const struct tu_cvss_metrics *table)
{
	return defines(cvss, table->base_count, table->threat_end);
}

static bool defines_environment(const struct tu_cvss *cvss, const struct tu_cvss_metrics *table)
{
	return defines(cvss, table->threat_end, table->environmental_end);
}

void tu_cvss_score(const struct tu_cvss *cvss, struct tu_cvss_scores *out_scores)
{
	const struct tu_cvss_metrics *table = &tu_cvss_tables[cvss->version];
	uint8_t base = equations[cvss->version].base(cvss);

	*out_scores = (struct tu_cvss_scores){base, TU_SCORE_UNSTATED, TU_SCORE_UNSTATED, base};
	if (defines_threat(cvss, table))
		out_scores->overall = out_scores->threat =
			equations[cvss->version].temporal(cvss, base);
	if (defines_environment(cvss, table))
		out_scores->overall = out_scores->environmental =
			equations[cvss->version].environmental(cvss);
}

const char *tu_cvss_nomenclature(const struct tu_cvss *cvss)
{
	static const char *const names[2][2] = {{"CVSS-B", "CVSS-BE"}, {"CVSS-BT", "CVSS-BTE"}};
	const struct tu_cvss_metrics *table = &tu_cvss_tables[cvss->version];

	return names[defines_threat(cvss, table)][defines_environment(cvss, table)];
}

enum tu_status tu_cvss_base(struct tu_str vector, uint8_t *out_tenths, struct tu_error *err)
{
	struct tu_cvss cvss;
	enum tu_status status = tu_cvss_parse(vector, &cvss, err);

	if (status == TU_OK)
		*out_tenths = equations[cvss.version].base(&cvss);
	return status;
}

uint8_t tu_score_tenths(const struct tu_score *score)
{
	uint8_t tenths;

	if (score->base_tenths != TU_SCORE_UNSTATED)
		return score->base_tenths;
	return tu_cvss_base(score->vector, &tenths, NULL) == TU_OK ? tenths : TU_SCORE_UNSTATED;
}
