/*
 * The three measures that FDA's premarket cybersecurity guidance asks for, derived from
 * the events that decisions record and from nothing else.
 */
#ifndef TU_REPORT_METRICS_H
#define TU_REPORT_METRICS_H

#include <tutela/assess.h>

/* Durations that were measured, in seconds. */
struct tu_metric_spans {
	int64_t *at; /* rising */
	size_t count;
};

/* Vulnerabilities that became known in one window of time. */
struct tu_metric_window {
	int64_t year; /* 0: all; -1: when is not recorded */
	size_t recorded; /* with a decision or an investigation */
	size_t not_affected; /* decided: the device is not affected */
	size_t patched; /* of the others: fixed, or a fix was distributed */
	size_t open; /* of the others: not patched */
	struct tu_metric_spans to_fix; /* learned to the first fix that was available */
	size_t fixed_before; /* patched before it was learned of */
	size_t fix_undated; /* patched; when is not recorded */
	size_t fix_out; /* a fix is available; whether it is installed is not known */
	int64_t oldest_fix; /* when the first of these became available; 0: none */
};

/* Windows: all, then by the year in which they were learned of. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_metrics_take(struct tu_arena *arena,
	const struct tu_deadline_case *cases, size_t case_count, int64_t at,
	const struct tu_metric_window **out_windows, size_t *out_count, struct tu_error *err);

/* Mean, median (of an even number the mean of the middle two) and nearest-rank percentile, in
 * seconds; 0 when there are none. */
int64_t tu_metric_mean(const struct tu_metric_spans *spans);
int64_t tu_metric_median(const struct tu_metric_spans *spans);
int64_t tu_metric_percentile(const struct tu_metric_spans *spans, unsigned percent);

#endif
