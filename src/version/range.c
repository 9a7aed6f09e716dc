/* Intervals and ranges: making them, and asking whether a version lies inside. */
#include <stdlib.h>

#include "version/interval.h"
#include "version/npm.h"

enum { KEY_CEILING = 4 * TU_VERSION_MAX + 64 };

bool tu_bound_make(struct tu_arena *arena, enum tu_scheme scheme, struct tu_str text,
	bool inclusive, struct tu_bound *out_bound)
{
	struct tu_buf key;
	bool fine;

	*out_bound = (struct tu_bound){.inclusive = inclusive};
	if (text.len == 0)
		return true;
	tu_buf_init(&key, KEY_CEILING);
	enum tu_status status = tu_version_key(scheme, text, &key, NULL);
	fine = status != TU_E_NOMEM && tu_arena_dup(arena, text, &out_bound->text) &&
		(status != TU_OK || tu_arena_dup(arena, tu_buf_str(&key), &out_bound->key));
	tu_buf_done(&key);
	return fine;
}

enum tu_status tu_interval_make(struct tu_arena *arena, enum tu_scheme scheme, struct tu_str lo,
	bool lo_inclusive, struct tu_str hi, bool hi_inclusive, struct tu_interval *out_interval)
{
	bool fine = tu_bound_make(arena, scheme, lo, lo_inclusive, &out_interval->lo);

	if (fine && lo.len > 0 && tu_str_eq(lo, hi)) {
		out_interval->hi = out_interval->lo;
		out_interval->hi.inclusive = hi_inclusive;
		return TU_OK;
	}
	if (!fine || !tu_bound_make(arena, scheme, hi, hi_inclusive, &out_interval->hi))
		return TU_E_NOMEM;
	return TU_OK;
}

int tu_bound_cmp_lo(const struct tu_bound *a, const struct tu_bound *b)
{
	if (a->text.len == 0 || b->text.len == 0)
		return (a->text.len != 0) - (b->text.len != 0);
	int cmp = tu_str_cmp(a->key, b->key);
	return cmp != 0 ? cmp : b->inclusive - a->inclusive;
}

int tu_bound_cmp_hi(const struct tu_bound *a, const struct tu_bound *b)
{
	if (a->text.len == 0 || b->text.len == 0)
		return (b->text.len != 0) - (a->text.len != 0);
	int cmp = tu_str_cmp(a->key, b->key);
	return cmp != 0 ? cmp : a->inclusive - b->inclusive;
}

/* Open, or placed in the scheme's order. */
static bool is_placed(const struct tu_bound *bound)
{
	return bound->text.len == 0 || bound->key.len > 0;
}

/* The ends touch or cross: `lo` is the low end of what comes after `hi`. */
static bool reaches(const struct tu_bound *hi, const struct tu_bound *lo)
{
	if (hi->text.len == 0 || lo->text.len == 0)
		return true;
	int cmp = tu_str_cmp(hi->key, lo->key);
	return cmp > 0 || (cmp == 0 && hi->inclusive && lo->inclusive);
}

bool tu_interval_is_empty(const struct tu_interval *interval)
{
	return is_placed(&interval->lo) && is_placed(&interval->hi) &&
		!reaches(&interval->hi, &interval->lo);
}

bool tu_intervals_add(struct tu_intervals *intervals, struct tu_bound lo, struct tu_bound hi)
{
	return TU_VEC_PUSH_IN(
		intervals->arena, &intervals->list, (struct tu_interval){.lo = lo, .hi = hi});
}

/* Of two ends that must both hold, the narrower. One that has no place in the order stays: it must
 * not be lost. */
static struct tu_bound narrower(struct tu_bound a, struct tu_bound b, bool low)
{
	if (!is_placed(&a))
		return a;
	if (!is_placed(&b))
		return b;
	int cmp = low ? tu_bound_cmp_lo(&a, &b) : -tu_bound_cmp_hi(&a, &b);
	return cmp >= 0 ? a : b;
}

bool tu_intervals_clip(struct tu_intervals *intervals, const struct tu_interval *by, size_t count)
{
	struct tu_intervals both = {.arena = intervals->arena, .scheme = intervals->scheme};

	for (size_t i = 0; i < intervals->list.count; i++) {
		const struct tu_interval *a = &intervals->list.at[i];
		for (size_t k = 0; k < count; k++) {
			struct tu_interval part = {
				narrower(a->lo, by[k].lo, true), narrower(a->hi, by[k].hi, false)};
			if (!tu_interval_is_empty(&part) &&
				!tu_intervals_add(&both, part.lo, part.hi))
				return false;
		}
	}
	*intervals = both;
	return true;
}

static int cmp_intervals(const void *a, const void *b)
{
	const struct tu_interval *x = a, *y = b;
	int cmp = tu_bound_cmp_lo(&x->lo, &y->lo);

	return cmp != 0 ? cmp : tu_bound_cmp_hi(&x->hi, &y->hi);
}

static bool all_placed(const struct tu_interval *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_placed(&list[i].lo) || !is_placed(&list[i].hi))
			return false;
	return true;
}

size_t tu_interval_join(
	const struct tu_interval *list, size_t count, struct tu_interval *out_joined)
{
	size_t taken = 1;

	*out_joined = list[0];
	while (taken < count && all_placed(out_joined, 1) && all_placed(&list[taken], 1) &&
		tu_bound_cmp_lo(&out_joined->lo, &list[taken].lo) <= 0 &&
		reaches(&out_joined->hi, &list[taken].lo)) {
		if (tu_bound_cmp_hi(&list[taken].hi, &out_joined->hi) > 0)
			out_joined->hi = list[taken].hi;
		taken++;
	}
	return taken;
}

/* Leaves out the empty ones, sorts and, unless they stay apart, joins; returns how many are left.
 */
static size_t tidy(struct tu_interval *list, size_t count, bool apart)
{
	size_t filled = 0, kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!tu_interval_is_empty(&list[i]))
			list[filled++] = list[i];
	if (filled > 1)
		qsort(list, filled, sizeof(*list), cmp_intervals);
	if (apart)
		return filled;
	for (size_t i = 0; i < filled; kept++) {
		struct tu_interval joined;
		i += tu_interval_join(&list[i], filled - i, &joined);
		list[kept] = joined;
	}
	return kept;
}

const struct tu_range *tu_intervals_range(struct tu_intervals *intervals)
{
	struct tu_range *range = tu_arena_alloc(intervals->arena, sizeof(*range));

	if (!range)
		return NULL;
	range->scheme = intervals->scheme;
	range->npm_prereleases = intervals->apart;
	range->count = intervals->list.count;
	if (range->count > 0 && all_placed(intervals->list.at, range->count))
		range->count = tidy(intervals->list.at, range->count, intervals->apart);
	range->intervals = range->count > 0 ? intervals->list.at : NULL;
	return range;
}

struct event {
	enum tu_event_kind kind;
	struct tu_bound bound;
	size_t order; /* as given: ties keep it */
};

static int cmp_events(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	int cmp = (x->bound.text.len != 0) - (y->bound.text.len != 0);

	if (cmp == 0 && x->bound.text.len != 0)
		cmp = tu_str_cmp(x->bound.key, y->bound.key);
	return cmp != 0 ? cmp : (x->order > y->order) - (x->order < y->order);
}

static enum tu_status read_events(struct tu_intervals *intervals, const struct tu_event *events,
	size_t count, struct event *out, struct tu_error *err)
{
	bool placed = true;

	for (size_t i = 0; i < count; i++) {
		struct tu_str text = events[i].version;
		bool zero = events[i].kind == TU_EVENT_INTRODUCED && tu_str_eq(text, TU_STR("0"));
		if (text.len == 0)
			return tu_fail(err, TU_E_SYNTAX, i, "event %zu has no version", i);
		out[i].kind = events[i].kind;
		out[i].order = i;
		if (!tu_bound_make(intervals->arena, intervals->scheme, zero ? TU_STR("") : text,
			    events[i].kind != TU_EVENT_FIXED && events[i].kind != TU_EVENT_LIMIT,
			    &out[i].bound))
			return tu_no_memory(err);
		placed = placed && is_placed(&out[i].bound);
	}
	if (placed)
		qsort(out, count, sizeof(*out), cmp_events);
	return TU_OK;
}

enum tu_status tu_range_from_events(struct tu_arena *arena, enum tu_scheme scheme,
	const struct tu_event *events, size_t count, const struct tu_range **out_range,
	struct tu_error *err)
{
	struct tu_intervals intervals = {.arena = arena, .scheme = scheme};
	const struct tu_bound none = {0};
	const struct event *open = NULL;
	bool fine = true;

	struct event *list = tu_arena_array(arena, count, sizeof(*list));
	if (!list)
		return tu_no_memory(err);
	enum tu_status status = read_events(&intervals, events, count, list, err);
	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < count && fine; i++) {
		if (list[i].kind == TU_EVENT_INTRODUCED) {
			open = open ? open : &list[i];
		} else if (open) {
			fine = tu_intervals_add(&intervals, open->bound, list[i].bound);
			open = NULL;
		}
	}
	if (fine && open)
		fine = tu_intervals_add(&intervals, open->bound, none);
	*out_range = fine ? tu_intervals_range(&intervals) : NULL;
	return *out_range ? TU_OK : tu_no_memory(err);
}

/* One end. Identical text decides only where keys cannot: the key of an end need not be that of
 * its text (PEP 440's "<2" ends before 2.dev0). */
static enum tu_verdict test_bound(
	const struct tu_bound *bound, bool low, struct tu_str version, struct tu_str key)
{
	if (bound->text.len == 0)
		return TU_INSIDE;
	if (key.len == 0 || bound->key.len == 0) {
		if (!tu_str_eq(bound->text, version))
			return TU_UNDECIDED;
		return bound->inclusive ? TU_INSIDE : TU_OUTSIDE;
	}
	int cmp = tu_str_cmp(key, bound->key);
	if (cmp == 0)
		return bound->inclusive ? TU_INSIDE : TU_OUTSIDE;
	return (cmp > 0) == low ? TU_INSIDE : TU_OUTSIDE;
}

/* The version is the text of an end that it cannot be compared with. */
static bool is_named(const struct tu_bound *bound, struct tu_str version, struct tu_str key)
{
	return bound->text.len > 0 && (key.len == 0 || bound->key.len == 0) &&
		tu_str_eq(bound->text, version);
}

enum tu_verdict tu_interval_test(
	const struct tu_interval *interval, struct tu_str version, struct tu_str key)
{
	enum tu_verdict lo = test_bound(&interval->lo, true, version, key);
	enum tu_verdict hi = test_bound(&interval->hi, false, version, key);

	if (lo == TU_OUTSIDE || hi == TU_OUTSIDE)
		return TU_OUTSIDE;
	/* A named inclusive end belongs to the interval, wherever the other end is. */
	if (is_named(&interval->lo, version, key) || is_named(&interval->hi, version, key))
		return TU_INSIDE;
	return lo == TU_UNDECIDED || hi == TU_UNDECIDED ? TU_UNDECIDED : TU_INSIDE;
}

static enum tu_verdict test_key(
	const struct tu_range *range, struct tu_str version, struct tu_str key)
{
	enum tu_verdict verdict = TU_OUTSIDE;

	for (size_t i = 0; i < range->count; i++) {
		enum tu_verdict one = tu_interval_test(&range->intervals[i], version, key);
		if (one == TU_INSIDE && range->npm_prereleases &&
			!tu_npm_admits(&range->intervals[i], version))
			one = TU_OUTSIDE;
		if (one == TU_INSIDE)
			return TU_INSIDE;
		if (one == TU_UNDECIDED)
			verdict = TU_UNDECIDED;
	}
	return verdict;
}

enum tu_verdict tu_range_test(const struct tu_range *range, struct tu_str version)
{
	struct tu_buf key;

	tu_buf_init(&key, KEY_CEILING);
	enum tu_status status = tu_version_key(range->scheme, version, &key, NULL);
	enum tu_verdict verdict =
		test_key(range, version, status == TU_OK ? tu_buf_str(&key) : TU_STR(""));
	tu_buf_done(&key);
	return verdict;
}
