/*
 * CVSS vectors: which metrics and values each version has, and their weights.
 */
#ifndef TU_SCORE_CVSS_H
#define TU_SCORE_CVSS_H

#include <tutela/score.h>

enum { TU_CVSS_VALUES_MAX = 6, TU_CVSS_METRICS_MAX = 24 };

struct tu_cvss_value {
	const char *word; /* NULL ends the list */
	int weight; /* in thousandths (2.0) or hundredths (3.x); base metrics only */
	int weight_changed; /* where the scope is changed and that matters, else 0 */
};

struct tu_cvss_metric {
	const char *key;
	bool base; /* a vector must state it */
	struct tu_cvss_value values[TU_CVSS_VALUES_MAX];
};

struct tu_cvss_metrics {
	const struct tu_cvss_metric *metrics; /* the base metrics first */
	size_t count;
};

/* Split `text` (without the version's prefix, which ended at `offset`) into the chosen value of
 * each metric of the table; NULL for one that is not stated. */
TU_NODISCARD enum tu_status tu_cvss_parse(const struct tu_cvss_metrics *table, struct tu_str text,
	size_t offset, const struct tu_cvss_value *out_chosen[TU_CVSS_METRICS_MAX],
	struct tu_error *err);

#endif
