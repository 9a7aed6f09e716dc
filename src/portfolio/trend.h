/*
 * How devices stood on the days before: a row for each device and day of UTC, as it was when
 * somebody looked last. The service looks every hour (service/job_trend.c).
 *
 * A day without a row is a day on which nobody looked, not one on which nothing was there: it has
 * no numbers, and neither has the sum over devices of which one was not looked at. A device without
 * a release of which something is known has none either.
 */
#ifndef TU_PORTFOLIO_TREND_H
#define TU_PORTFOLIO_TREND_H

#include "list/query.h"
#include "portfolio/work.h"

enum { TU_TREND_DAYS_MAX = 400 };

/* Of releases that were released, as portfolio/posture.h has them. */
struct tu_trend_counts {
	int64_t releases;
	int64_t unknown; /* releases of which nothing is known: no SBOM, or no data on any component
			  */
	int64_t components_unknown; /* no data on them */
	int64_t findings, undecided, not_assessed, not_assessed_30, reopened, proposed;
	int64_t uncontrolled, controlled, closed;
	int64_t newest; /* seconds: the newest record of the knowledge base; 0: there was none */
};
struct tu_trend_row {
	int64_t device_id;
	struct tu_trend_counts counts;
};
struct tu_trend_rows {
	int64_t day; /* days since 1970, of w->act->at */
	const struct tu_trend_row *at;
	size_t count;
};

/* Look at every device of a scope; in the work's arena. */
TU_NODISCARD enum tu_status tu_trend_look(struct tu_work *w, const struct tu_list_snapshot *list,
	const struct tu_list_scope *scope, struct tu_trend_rows *out, struct tu_error *err);
/* Keep what was seen, in place of what was kept of that day. Nothing is recorded: it follows from
 * what is. */
TU_NODISCARD enum tu_status tu_trend_keep(
	struct tu_work *w, const struct tu_trend_rows *rows, struct tu_error *err);

/* The sum over devices on one day. */
struct tu_trend_day {
	int64_t day;
	int64_t devices; /* that were there by its end */
	int64_t not_seen; /* nobody looked at these */
	bool is_known; /* `counts` says something: all were looked at, and of one something is known
			*/
	struct tu_trend_counts counts; /* newest: the oldest of the devices' */
};
struct tu_trend_of {
	const struct tu_list_scope *scope;
	struct tu_str device; /* its name; empty: all of the scope */
	const struct tu_trend_rows *now; /* in place of what was kept of that day; NULL: none */
	int64_t last; /* day */
	size_t days; /* 1 to TU_TREND_DAYS_MAX, the last of them is `last` */
};
/* `out` has place for of->days, the earliest first. TU_E_NOTFOUND: no such device in the scope. */
TU_NODISCARD enum tu_status tu_trend_read(struct tu_work *w, const struct tu_trend_of *of,
	struct tu_trend_day *out, struct tu_error *err);

/* The day of UTC that a time is on. */
static inline int64_t tu_trend_day_of(int64_t us)
{
	return us / (INT64_C(86400) * 1000000);
}

#endif
