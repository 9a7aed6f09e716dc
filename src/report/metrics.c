#include "report/metrics.h"

#include <stdlib.h>

#include "base/time.h"

/* What one case says as of a time. */
struct summary {
	enum tu_claim_status status; /* the worst of its decisions that stand */
	int64_t learned; /* 0: not recorded */
	int64_t fix; /* when a fix became available; 0: not recorded */
};

static int64_t first_event(const struct tu_deadline_case *c, struct tu_str name, int64_t at)
{
	for (size_t i = 0; i < c->event_count; i++) /* by time */
		if (!c->events[i]->corrected && c->events[i]->at <= at &&
			tu_str_eq(c->events[i]->name, name))
			return c->events[i]->at;
	return 0;
}

static enum tu_claim_status worst_status(const struct tu_deadline_case *c)
{
	enum tu_claim_status worst = TU_CLAIM_NOT_AFFECTED;

	for (size_t i = 0; i < c->decision_count; i++)
		if (!tu_decision_is_superseded(c->decisions[i], c->decisions, c->decision_count) &&
			tu_claim_rank(c->decisions[i]->status) > tu_claim_rank(worst))
			worst = c->decisions[i]->status;
	return worst;
}

static struct summary ask(const struct tu_deadline_case *c, int64_t at)
{
	int64_t available = first_event(c, TU_STR("fix-available"), at);
	int64_t distributed = first_event(c, TU_STR("fix-distributed"), at);

	return (struct summary){
		.status = worst_status(c),
		.learned = c->learned,
		.fix = available && (!distributed || available < distributed) ? available
									      : distributed,
	};
}

static void add_fix(struct tu_metric_window *w, const struct summary *t)
{
	w->patched++;
	if (!t->fix || !t->learned) {
		w->fix_undated++;
	} else if (t->fix < t->learned) {
		w->fixed_before++;
	} else {
		w->to_fix.at[w->to_fix.count++] = t->fix - t->learned;
	}
	if (!t->fix)
		return;
	w->fix_out++;
	if (!w->oldest_fix || t->fix < w->oldest_fix)
		w->oldest_fix = t->fix;
}

static void add(struct tu_metric_window *w, const struct summary *t)
{
	w->recorded++;
	if (t->status == TU_CLAIM_NOT_AFFECTED)
		w->not_affected++;
	else if (t->status == TU_CLAIM_FIXED || t->fix)
		add_fix(w, t);
	else
		w->open++;
}

static int64_t year_of(int64_t seconds)
{
	int64_t year, month, day;

	if (!seconds)
		return -1;
	tu_time_civil(seconds / 86400, &year, &month, &day);
	return year;
}

static int compare_spans(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* One window; `year` 0 takes all. */
static bool fill(struct tu_arena *arena, const struct summary *summaries, size_t count,
	int64_t year, struct tu_metric_window *out)
{
	*out = (struct tu_metric_window){.year = year};
	out->to_fix.at = tu_arena_array(arena, count, sizeof(*out->to_fix.at));
	if (!out->to_fix.at)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!year || year_of(summaries[i].learned) == year)
			add(out, &summaries[i]);
	if (out->to_fix.count)
		qsort(out->to_fix.at, out->to_fix.count, sizeof(int64_t), compare_spans);
	return true;
}

/* The years of a list, rising and each once; their number. */
static size_t list_years(const struct summary *summaries, size_t count, int64_t *years)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		years[i] = year_of(summaries[i].learned);
	if (count)
		qsort(years, count, sizeof(*years), compare_spans);
	for (size_t i = 0; i < count; i++)
		if (!kept || years[i] != years[kept - 1])
			years[kept++] = years[i];
	return kept;
}

enum tu_status tu_metrics_take(struct tu_arena *arena, const struct tu_deadline_case *cases,
	size_t case_count, int64_t at, const struct tu_metric_window **out_windows,
	size_t *out_count, struct tu_error *err)
{
	struct summary *summaries = tu_arena_array(arena, case_count, sizeof(*summaries));
	int64_t *years = tu_arena_array(arena, case_count, sizeof(*years));
	struct tu_metric_window *windows;
	size_t year_count;
	bool fine;

	if (!summaries || !years)
		return tu_no_memory(err);
	for (size_t i = 0; i < case_count; i++)
		summaries[i] = ask(&cases[i], at);
	year_count = list_years(summaries, case_count, years);
	windows = tu_arena_array(arena, year_count + 1, sizeof(*windows));
	fine = windows && fill(arena, summaries, case_count, 0, &windows[0]);
	for (size_t i = 0; i < year_count && fine; i++)
		fine = fill(arena, summaries, case_count, years[i], &windows[i + 1]);
	*out_windows = windows;
	*out_count = year_count + 1;
	return fine ? TU_OK : tu_no_memory(err);
}

int64_t tu_metric_mean(const struct tu_metric_spans *spans)
{
	int64_t sum = 0;

	for (size_t i = 0; i < spans->count; i++)
		sum += spans->at[i];
	return spans->count ? sum / (int64_t)spans->count : 0;
}

int64_t tu_metric_median(const struct tu_metric_spans *spans)
{
	size_t half = spans->count / 2;

	if (!spans->count)
		return 0;
	if (spans->count % 2)
		return spans->at[half];
	return spans->at[half - 1] + (spans->at[half] - spans->at[half - 1]) / 2;
}

int64_t tu_metric_percentile(const struct tu_metric_spans *spans, unsigned percent)
{
	size_t rank = (spans->count * percent + 99) / 100;

	return spans->count ? spans->at[rank ? rank - 1 : 0] : 0;
}
