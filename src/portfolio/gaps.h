/*
 * What a list cannot know, so that an empty one does not look like a good one.
 */
#ifndef TU_PORTFOLIO_GAPS_H
#define TU_PORTFOLIO_GAPS_H

#include "list/query.h"
#include "portfolio/work.h"

/* Of the releases of a scope. */
struct tu_gaps {
	int64_t devices, releases;
	int64_t devices_in_intake; /* nobody has described them: portfolio/intake.h */
	int64_t releases_without_sbom; /* nothing is known of what is in them */
	int64_t releases_without_components; /* they have one, and it lists none: the same */
	int64_t releases_without_data; /* nothing is known of any component in it; those, too */
	int64_t releases_not_settled; /* something changed of which their findings do not know */
	int64_t components_without_data; /* counted in each release */
};
/*
 * What was read last, of every device, for as long as it is the same: what it is made of has a
 * state (the head of the ledger, and how many releases still have to be settled), which is read in
 * the transaction that asks. NULL where a cache is asked for: read all. Threads: any, at once.
 */
struct tu_gap_cache;
/* NULL: no memory. */
struct tu_gap_cache *tu_gap_cache_new(void);
void tu_gap_cache_free(struct tu_gap_cache *cache); /* NULL is fine */
TU_NODISCARD enum tu_status tu_gaps_of(struct tu_work *w, struct tu_gap_cache *cache,
	const struct tu_list_scope *scope, struct tu_gaps *out, struct tu_error *err);

/* A filter without each of its terms in turn: why a list is empty. */
struct tu_filter_without {
	struct tu_str term, filter; /* what is left out, and what is left */
};
/* In the arena. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_filter_without_each(struct tu_arena *arena, struct tu_str filter,
	struct tu_filter_without **out, size_t *out_count, struct tu_error *err);

#endif
