/* Versions and spans. */
#include "advisory/reader.h"

struct tu_str tu_advisory__version(struct tu_advisory_reader *r, struct tu_json value)
{
	return tu_str_trim(tu_advisory__text(r, value, TU_VERSION_MAX));
}

bool tu_advisory__bound(struct tu_advisory_reader *r, enum tu_scheme scheme, struct tu_str text,
	bool inclusive, struct tu_bound *out_bound)
{
	enum tu_status status;

	*out_bound = (struct tu_bound){.text = text, .inclusive = inclusive};
	if (text.len == 0)
		return true;
	if (r->last_scheme == scheme && tu_str_eq(r->last_bound.text, text)) {
		out_bound->text = r->last_bound.text;
		out_bound->key = r->last_bound.key;
		return true;
	}
	tu_buf_clear(&r->key);
	status = tu_version_key(scheme, text, &r->key, NULL);
	if (status == TU_E_NOMEM ||
		(!status && !tu_arena_dup(r->arena, tu_buf_str(&r->key), &out_bound->key)))
		return false;
	r->last_bound = *out_bound;
	r->last_scheme = scheme;
	return true;
}

bool tu_advisory__single(struct tu_advisory_reader *r, enum tu_scheme scheme, struct tu_str version,
	struct tu_interval *out_interval)
{
	if (!tu_advisory__bound(r, scheme, version, true, &out_interval->lo))
		return false;
	out_interval->hi = out_interval->lo;
	return true;
}

bool tu_advisory__interval_holds(const struct tu_interval *interval, const struct tu_bound *version)
{
	return tu_interval_test(interval, version->text, version->key) == TU_INSIDE;
}

/* ---- the narrower statement applies ---- */

static bool is_placed(const struct tu_bound *bound)
{
	return bound->text.len == 0 || bound->key.len > 0;
}

static bool is_open(const struct tu_bound *bound)
{
	return bound->text.len == 0;
}

/* Both ends have a place in the order, and something lies between them. */
static bool has_order(const struct tu_span *span)
{
	const struct tu_bound *lo = &span->interval.lo;
	const struct tu_bound *hi = &span->interval.hi;
	int order;

	if (!is_placed(lo) || !is_placed(hi))
		return false;
	if (is_open(lo) || is_open(hi))
		return true;
	order = tu_str_cmp(lo->key, hi->key);
	return order < 0 || (order == 0 && lo->inclusive && hi->inclusive);
}

/* Order of two low ends (`low`) or two high ends: the open one lies outermost. */
static int compare_ends(const struct tu_bound *a, const struct tu_bound *b, bool low)
{
	int order;

	if (is_open(a) || is_open(b))
		return low ? is_open(b) - is_open(a) : is_open(a) - is_open(b);
	order = tu_str_cmp(a->key, b->key);
	if (order)
		return order;
	return low ? b->inclusive - a->inclusive : a->inclusive - b->inclusive;
}

static bool lies_within(const struct tu_interval *inner, const struct tu_interval *outer)
{
	int low = compare_ends(&inner->lo, &outer->lo, true);
	int high = compare_ends(&inner->hi, &outer->hi, false);

	return low >= 0 && high <= 0 && (low > 0 || high < 0);
}

static struct tu_bound other_side(struct tu_bound bound)
{
	bound.inclusive = !bound.inclusive;
	return bound;
}

/* Cut `hole` out of the affected span at `index`. */
static bool cut_out(struct tu_advisory_reader *r, size_t index, struct tu_interval hole)
{
	struct tu_span *outer = &r->draft.spans.at[index];
	struct tu_span upper = *outer;
	bool has_lower = compare_ends(&hole.lo, &outer->interval.lo, true) > 0;
	bool has_upper = compare_ends(&hole.hi, &outer->interval.hi, false) < 0;

	upper.interval.lo = other_side(hole.hi);
	if (has_lower)
		outer->interval.hi = other_side(hole.lo);
	else
		*outer = upper;
	return !has_lower || !has_upper || tu_advisory__add_span(r, &upper);
}

bool tu_advisory__settle_spans(struct tu_advisory_reader *r)
{
	enum { LOOKS_MAX = 4000000 };
	size_t count = r->draft.spans.count;

	if (count > 1 && count > LOOKS_MAX / count)
		return true;
	for (size_t i = 0; i < count; i++) {
		struct tu_span inner = r->draft.spans.at[i];

		if (inner.coverage == TU_COVERAGE_AFFECTED || !has_order(&inner))
			continue;
		for (size_t k = 0; k < r->draft.spans.count; k++) {
			const struct tu_span *outer = &r->draft.spans.at[k];

			if (outer->coverage == TU_COVERAGE_AFFECTED && has_order(outer) &&
				lies_within(&inner.interval, &outer->interval) &&
				!cut_out(r, k, inner.interval))
				return false;
		}
	}
	return true;
}
