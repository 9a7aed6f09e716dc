/*
 * A page of rows that stand by a time, the newest first, and among those of one time by their
 * public id, the last first: asked of the database from a place on, so that a page costs the same
 * wherever it is and however many rows there are.
 *
 * The place is the last row of the page before; what comes and goes elsewhere moves nothing. The
 * total is counted up to TU_PAGE_COUNT_MAX.
 */
#ifndef TU_PORTFOLIO_PAGE_H
#define TU_PORTFOLIO_PAGE_H

#include "list/query.h"
#include "portfolio/work.h"

enum { TU_PAGE_COUNT_MAX = 10000 };

struct tu_page_ask {
	const struct tu_list_scope *scope; /* NULL: everything */
	/* filters; empty: all. Which there are says the function that takes it. */
	struct tu_str device, state, vulnerability;
	bool has_after; /* after the row of this time and public id */
	int64_t after_at; /* us */
	struct tu_str after_public;
	uint32_t limit; /* rows, 1 or more */
};

struct tu_page_total {
	int64_t count;
	bool exact; /* false: there are at least so many */
};

/* What the statements of a page are bound to: $1 to $3 are place and scope, as follow. */
struct tu_page_bind {
	struct tu_value at, public_id, scope;
};
/* The scope is "" for everything, else the ids of its devices between commas (",4,17,"): a text,
 * since that is what both databases can look into. In the work's arena; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_page_bind(struct tu_work *w, const struct tu_page_ask *ask,
	struct tu_page_bind *out, struct tu_error *err);
/* Run a statement that counts up to one more than TU_PAGE_COUNT_MAX. */
TU_NODISCARD enum tu_status tu_page_count(struct tu_work *w, enum tu_sql sql,
	struct tu_params params, struct tu_page_total *out, struct tu_error *err);

#endif
