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

/* The ends touch or cross: `lo` is the low end of what comes behind `hi`. */
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

bool tu_intervals_clip(struct tu_intervals *intervals, const struct tu_interval *by, size_t count)
{
	struct tu_intervals both = {.arena = intervals->arena, .scheme = intervals->scheme};

	for (size_t i = 0; i < intervals->list.count; i++) {
		const struct tu_interval *a = &intervals->list.at[i];
		for (size_t k = 0; k < count; k++) {
			struct tu_interval part = *a;
			if (tu_bound_cmp_lo(&by[k].lo, &part.lo) > 0)
				part.lo = by[k].lo;
			if (tu_bound_cmp_hi(&by[k].hi, &part.hi) < 0)
				part.hi = by[k].hi;
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

/* Sorts, leaves out the empty ones and, unless they stay apart, joins those that overlap; returns
 * how many are left. */
static size_t tidy(struct tu_interval *list, size_t count, bool apart)
{
	size_t kept = 0;

	qsort(list, count, sizeof(*list), cmp_intervals);
	for (size_t i = 0; i < count; i++) {
		if (tu_interval_is_empty(&list[i]))
			continue;
		struct tu_interval *last = kept > 0 ? &list[kept - 1] : NULL;
		if (!last || apart || !reaches(&last->hi, &list[i].lo))
			list[kept++] = list[i];
		else if (tu_bound_cmp_hi(&list[i].hi, &last->hi) > 0)
			last->hi = list[i].hi;
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
			return tu_fail(err, TU_E_NOMEM, 0, "no memory for events");
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
		return tu_fail(err, TU_E_NOMEM, 0, "no memory for events");
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
	return *out_range ? TU_OK : tu_fail(err, TU_E_NOMEM, 0, "no memory for a range");
}

enum tu_verdict tu_interval_test(
	const struct tu_interval *interval, struct tu_str version, struct tu_str key)
{
	const struct tu_bound *lo = &interval->lo, *hi = &interval->hi;
	bool unknown = false;

	if (lo->text.len > 0 && tu_str_eq(lo->text, version))
		return lo->inclusive ? TU_INSIDE : TU_OUTSIDE;
	if (hi->text.len > 0 && tu_str_eq(hi->text, version))
		return hi->inclusive ? TU_INSIDE : TU_OUTSIDE;
	if (lo->text.len == 0 && hi->text.len == 0)
		return TU_INSIDE;
	if (key.len == 0)
		return TU_UNDECIDED;
	if (lo->text.len > 0 && lo->key.len > 0) {
		int cmp = tu_str_cmp(key, lo->key);
		if (cmp < 0 || (cmp == 0 && !lo->inclusive))
			return TU_OUTSIDE;
	}
	if (hi->text.len > 0 && hi->key.len > 0) {
		int cmp = tu_str_cmp(key, hi->key);
		if (cmp > 0 || (cmp == 0 && !hi->inclusive))
			return TU_OUTSIDE;
	}
	unknown = !is_placed(lo) || !is_placed(hi);
	return unknown ? TU_UNDECIDED : TU_INSIDE;
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
