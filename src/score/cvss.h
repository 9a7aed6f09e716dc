/*
 * CVSS inside: which metrics and values each version has, and the equations of each.
 *
 * A vector's value of a metric is its place in the metric's list of words, counted from 1; 0 is
 * "not stated". The lists are ordered so that the equations can count with the places: an optional
 * metric has "not defined" first, and a modified metric then the words of its base metric.
 */
#ifndef TU_SCORE_CVSS_H
#define TU_SCORE_CVSS_H

#include <tutela/score.h>

enum { TU_CVSS_WORDS_MAX = 6, TU_CVSS_WORD_MAX = 8 };

enum tu_cvss_group {
	TU_CVSS_BASE,
	TU_CVSS_THREAT, /* temporal in 2.0 and 3.x */
	TU_CVSS_ENVIRONMENTAL,
	TU_CVSS_SUPPLEMENTAL
};

/* Both texts are compared as eight bytes at once: what follows the word is zero. */
struct tu_cvss_word {
	char text[TU_CVSS_WORD_MAX]; /* "N" */
	uint8_t len; /* 0 ends the list */
	int16_t weight; /* of 2.0 and 3.x; the unit is said at each table */
};

struct tu_cvss_metric {
	char key[TU_CVSS_WORD_MAX]; /* "AV:", with its colon */
	uint8_t key_len; /* with the colon */
	uint8_t group; /* enum tu_cvss_group */
	struct tu_cvss_word words[TU_CVSS_WORDS_MAX];
};

struct tu_cvss_metrics {
	enum tu_cvss_version version;
	struct tu_str name; /* "3.1" */
	struct tu_str prefix; /* "CVSS:3.1/"; empty for 2.0 */
	const struct tu_cvss_metric *metrics; /* base metrics first, in canonical order */
	size_t count;
	/* where a group ends and the next begins */
	size_t base_count;
	size_t threat_end;
	size_t environmental_end;
};

/* The places of metrics in their tables. */
enum {
	V2_AV,
	V2_AC,
	V2_AU,
	V2_C,
	V2_I,
	V2_A,
	V2_E,
	V2_RL,
	V2_RC,
	V2_CDP,
	V2_TD,
	V2_CR,
	V2_IR,
	V2_AR
};
enum {
	V3_AV,
	V3_AC,
	V3_PR,
	V3_UI,
	V3_S,
	V3_C,
	V3_I,
	V3_A,
	V3_E,
	V3_RL,
	V3_RC,
	V3_CR,
	V3_IR,
	V3_AR,
	V3_MAV,
	V3_MAC,
	V3_MPR,
	V3_MUI,
	V3_MS,
	V3_MC,
	V3_MI,
	V3_MA
};
enum {
	V4_AV,
	V4_AC,
	V4_AT,
	V4_PR,
	V4_UI,
	V4_VC,
	V4_VI,
	V4_VA,
	V4_SC,
	V4_SI,
	V4_SA,
	V4_E,
	V4_CR,
	V4_IR,
	V4_AR,
	V4_MAV,
	V4_MAC,
	V4_MAT,
	V4_MPR,
	V4_MUI,
	V4_MVC,
	V4_MVI,
	V4_MVA,
	V4_MSC,
	V4_MSI,
	V4_MSA
};

/* Indexed by version; that of TU_CVSS_NONE is empty. */
extern const struct tu_cvss_metrics tu_cvss_tables[TU_CVSS_4_0 + 1];

/* The weight that a vector gives to a metric; a metric that is not stated counts as the first. */
static inline int64_t tu_cvss_weight(
	const struct tu_cvss_metric *metrics, size_t metric, uint8_t value)
{
	return metrics[metric].words[value - (value > 0)].weight;
}

/* Times ten. Each takes a vector of its own version. */
uint8_t tu_cvss_base_2(const struct tu_cvss *cvss);
uint8_t tu_cvss_temporal_2(const struct tu_cvss *cvss, uint8_t base);
uint8_t tu_cvss_environmental_2(const struct tu_cvss *cvss);

uint8_t tu_cvss_base_3(const struct tu_cvss *cvss);
uint8_t tu_cvss_temporal_3(const struct tu_cvss *cvss, uint8_t base);
uint8_t tu_cvss_environmental_3(const struct tu_cvss *cvss);

uint8_t tu_cvss_base_4(const struct tu_cvss *cvss);
uint8_t tu_cvss_threat_4(const struct tu_cvss *cvss, uint8_t base);
uint8_t tu_cvss_environmental_4(const struct tu_cvss *cvss);

#endif
