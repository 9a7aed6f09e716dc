/*
 * The cases in memory, so that a page of them costs a walk over numbers and not a question for
 * each.
 *
 * What tu_case_list() says of every case is kept as it was read: the parts, how their releases
 * stand, their soonest deadline, and what would be due if what is undecided were uncontrolled. It
 * is of one state, which is read in the transaction that asks: the head of the ledger, and the
 * number of the last transaction that wrote anything of a case (`cases.touched`; tu_case__touch()).
 * Where the state is another, the cases with a later number are read again; those of a
 * vulnerability that `change` names get its title and scores; those of a device that has another
 * device.yaml, and all where another knowledge base is in use, are asked again what would be due.
 * So an answer is never of less than its transaction sees, and there is no time in which a deadline
 * that is about to be computed looks like none.
 *
 * When something is due is data: it does not change with the clock. Where it does (a listing or an
 * event that is stated for later) it is asked again from that instant on, and once a day, for the
 * system may get other rules of a time zone; not all cases at one time of the day.
 *
 * Threads: any, at once; who brings it up to date keeps the others waiting.
 */
#ifndef TU_PORTFOLIO_CASE_INDEX_H
#define TU_PORTFOLIO_CASE_INDEX_H

#include "base/sha256.h"
#include "portfolio/case_list.h"

struct tu_case_index;
/* NULL: no memory. */
struct tu_case_index *tu_case_index_new(void);
void tu_case_index_free(struct tu_case_index *index); /* NULL is fine */

struct tu_case_asking {
	struct tu_case_index *index;
	const struct tu_kb *kb; /* NULL: as of struct tu_case_filter */
	const uint8_t *kb_digest; /* of its file, TU_SHA256_BYTES; NULL: there is none */
};

enum tu_case_order {
	TU_CASE_BY_DEADLINE, /* the soonest that is not met, or would be due; those without are last
			      */
	TU_CASE_BY_OPENED /* the newest first */
};

struct tu_case_wish {
	const struct tu_case_filter *filter; /* `id` and `kb` ask nothing here */
	enum tu_case_order order;
	bool has_after; /* after the case of this place and public id */
	int64_t after;
	struct tu_str after_public;
	size_t limit; /* cases; 0: count them only */
};

/* Cases of one place stand by their public id. */
int64_t tu_case_place(const struct tu_case_seen *seen, enum tu_case_order order);

struct tu_cases_page {
	struct tu_cases_seen seen; /* in the work's arena */
	size_t total; /* of the filter, on all pages */
};
/* Bring it up to what the transaction sees, so that who asks next need not. */
TU_NODISCARD enum tu_status tu_case_index_follow(
	struct tu_work *w, const struct tu_case_asking *asking, struct tu_error *err);
/* What tu_case_list() gives for the filter, in order, from a place on. Errors of tu_case_list(). */
TU_NODISCARD enum tu_status tu_case_page(struct tu_work *w, const struct tu_case_asking *asking,
	const struct tu_case_wish *wish, struct tu_cases_page *out, struct tu_error *err);

#endif
