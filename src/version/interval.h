/*
 * Building ranges out of intervals: what vers strings, events and native syntaxes share.
 */
#ifndef TU_VERSION_INTERVAL_H
#define TU_VERSION_INTERVAL_H

#include <tutela/range.h>

#include "base/vec.h"

struct tu_intervals {
	TU_VEC(struct tu_interval) list;
	struct tu_arena *arena;
	enum tu_scheme scheme;
	bool apart; /* npm: which comparators stood together decides about pre-releases */
};

/* A bound with the key of its text; no key when the scheme cannot order it. An empty text is an
 * open end. False: out of memory. */
bool tu_bound_make(struct tu_arena *arena, enum tu_scheme scheme, struct tu_str text,
	bool inclusive, struct tu_bound *out_bound);

/* Append; false: out of memory. */
bool tu_intervals_add(struct tu_intervals *intervals, struct tu_bound lo, struct tu_bound hi);

/* Take all that lies in both: the lists are AND-ed. False: out of memory. */
bool tu_intervals_clip(struct tu_intervals *intervals, const struct tu_interval *by, size_t count);

/* Order of two bounds that have keys; as low ends, an open end first, an inclusive one before an
 * exclusive one; as high ends an open end last and an exclusive one before an inclusive one. */
int tu_bound_cmp_lo(const struct tu_bound *a, const struct tu_bound *b);
int tu_bound_cmp_hi(const struct tu_bound *a, const struct tu_bound *b);

/* Join as many intervals from the front of a sorted list (count > 0) as touch or overlap each the
 * next. Returns how many these are. */
size_t tu_interval_join(
	const struct tu_interval *list, size_t count, struct tu_interval *out_joined);

/* Nothing can lie between the ends. False where a key is missing. */
bool tu_interval_is_empty(const struct tu_interval *interval);

/* The range: empty intervals left out, the others sorted and, where they overlap and are
 * not to stay apart, joined. Left as they are when an end has no key. NULL: out of memory. */
const struct tu_range *tu_intervals_range(struct tu_intervals *intervals);

#endif
