#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/metrics.h"

enum { DAY = 86400, LEARNED = 1767225600 /* 2026-01-01 */ };

static void spans_by_nearest_rank(void **state)
{
	int64_t values[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 100};
	struct tu_metric_spans ten = {values, 10}, one = {values, 1}, none = {values, 0};
	(void)state;

	assert_int_equal(tu_metric_mean(&ten), 14);
	assert_int_equal(tu_metric_percentile(&ten, 50), 5);
	assert_int_equal(tu_metric_percentile(&ten, 90), 9);
	assert_int_equal(tu_metric_percentile(&ten, 100), 100);
	assert_int_equal(tu_metric_percentile(&ten, 0), 1);
	assert_int_equal(tu_metric_percentile(&one, 90), 1);
	assert_int_equal(tu_metric_mean(&none), 0);
	assert_int_equal(tu_metric_percentile(&none, 50), 0);
	assert_int_equal(tu_metric_median(&ten), 5);
	assert_int_equal(tu_metric_median(&one), 1);
	assert_int_equal(tu_metric_median(&none), 0);
}

static void the_median_of_two_is_their_mean(void **state)
{
	int64_t values[] = {52, 132};
	struct tu_metric_spans two = {values, 2};
	(void)state;

	assert_int_equal(tu_metric_median(&two), 92);
}

/* A case of one decision with one event. */
struct one {
	struct tu_decision decision;
	struct tu_case_event event;
	const struct tu_decision *decisions[1];
	const struct tu_case_event *events[1];
	struct tu_deadline_case c;
};

static struct tu_deadline_case *fill(
	struct one *one, enum tu_claim_status status, int64_t learned, int64_t fixed)
{
	one->decision = (struct tu_decision){.id = TU_STR("d"), .status = status};
	one->event = (struct tu_case_event){.name = TU_STR("fix-distributed"), .at = fixed};
	one->decisions[0] = &one->decision;
	one->events[0] = &one->event;
	one->c = (struct tu_deadline_case){.learned = learned,
		.events = one->events,
		.event_count = fixed != 0,
		.decisions = one->decisions,
		.decision_count = 1};
	return &one->c;
}

static const struct tu_metric_window *take(
	struct tu_arena *arena, const struct tu_deadline_case *c, int64_t at)
{
	const struct tu_metric_window *windows;
	struct tu_error err;
	size_t count;

	assert_int_equal(tu_metrics_take(arena, c, 1, at, &windows, &count, &err), TU_OK);
	assert_int_equal(count, 2);
	assert_int_equal(windows[0].recorded, windows[1].recorded);
	return &windows[0];
}

static void a_fix_counts_from_its_day(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct one one;
	const struct tu_deadline_case *c =
		fill(&one, TU_CLAIM_AFFECTED, LEARNED, LEARNED + 5 * DAY);
	const struct tu_metric_window *w = take(arena, c, LEARNED + 5 * DAY - 1);
	(void)state;

	assert_int_equal(w->patched, 0);
	assert_int_equal(w->open, 1);
	w = take(arena, c, LEARNED + 5 * DAY);
	assert_int_equal(w->patched, 1);
	assert_int_equal(w->open, 0);
	assert_int_equal(w->to_fix.count, 1);
	assert_int_equal(w->to_fix.at[0], 5 * DAY);
	assert_int_equal(w[1].year, 2026);
	tu_arena_free(arena);
}

static void what_is_not_recorded_stands_apart(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	int64_t at = LEARNED + 100 * DAY;
	struct one one;
	const struct tu_metric_window *w;
	(void)state;

	w = take(arena, fill(&one, TU_CLAIM_FIXED, LEARNED, 0), at);
	assert_int_equal(w->fix_undated, 1);
	assert_int_equal(w->to_fix.count, 0);
	w = take(arena, fill(&one, TU_CLAIM_AFFECTED, 0, LEARNED), at);
	assert_int_equal(w->fix_undated, 1);
	assert_int_equal(w[1].year, -1);
	w = take(arena, fill(&one, TU_CLAIM_FIXED, LEARNED, LEARNED - DAY), at);
	assert_int_equal(w->fixed_before, 1);
	assert_int_equal(w->to_fix.count, 0);
	w = take(arena, fill(&one, TU_CLAIM_NOT_AFFECTED, LEARNED, 0), at);
	assert_int_equal(w->not_affected, 1);
	assert_int_equal(w->patched + w->open, 0);
	w = take(arena, fill(&one, TU_CLAIM_UNDER_INVESTIGATION, LEARNED, 0), at);
	assert_int_equal(w->open, 1);
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_by_nearest_rank),
		cmocka_unit_test(the_median_of_two_is_their_mean),
		cmocka_unit_test(a_fix_counts_from_its_day),
		cmocka_unit_test(what_is_not_recorded_stands_apart),
	};

	return cmocka_run_group_tests_name("report/metrics", tests, NULL, NULL);
}
