/*
 * The deadlines of all devices, computed once for as long as they are the same.
 *
 * What they are made of has one state: the head of the ledger (whatever a person could be asked
 * about is recorded in its transaction), the rows that cases follow without a record, and the
 * knowledge base. They change with time alone only at instants that are known beforehand: when
 * something becomes due, or something that is stated for later happens. So a list that was computed
 * is used again where the state is the same and no such instant lies between; the state is read in
 * the transaction that asks. Scope and filters are applied to it for each who asks
 * (tu_deadline_pick()), so that the answer is that of tu_deadline_list(), byte for byte.
 *
 * Threads: any, at once. A held list is read only.
 */
#ifndef TU_PORTFOLIO_DEADLINE_CACHE_H
#define TU_PORTFOLIO_DEADLINE_CACHE_H

#include "base/sha256.h"
#include "portfolio/deadlines.h"

struct tu_deadline_cache;
/* NULL: no memory. */
struct tu_deadline_cache *tu_deadline_cache_new(void);
/* Nobody asks any more; lists that are still held stay until they are dropped. NULL is fine. */
void tu_deadline_cache_free(struct tu_deadline_cache *cache);

struct tu_deadline_asking {
	struct tu_deadline_cache *cache; /* NULL: compute it */
	const struct tu_kb *kb; /* NULL: as of tu_deadline_list() */
	const uint8_t *kb_digest; /* of its file, TU_SHA256_BYTES; NULL: there is none */
};
struct tu_deadline_all;
/* All of all devices, as of the work's transaction and time; drop it at the end. Errors of
 * tu_deadline_list(). */
TU_NODISCARD enum tu_status tu_deadline_hold(struct tu_work *w,
	const struct tu_deadline_asking *asking, struct tu_deadline_all **out_all,
	struct tu_error *err);
const struct tu_deadlines_seen *tu_deadline_all_seen(const struct tu_deadline_all *all);
/* NULL is fine. */
void tu_deadline_drop(struct tu_deadline_all *all);

#endif
