/*
 * Cases as people look at them: the list, and what one consists of. Everything is about the parts
 * in the scope (portfolio/case.h); what is about other devices is not there.
 */
#ifndef TU_PORTFOLIO_CASE_LIST_H
#define TU_PORTFOLIO_CASE_LIST_H

#include "portfolio/case.h"

/* Texts are in the work's arena. */
struct tu_case_seen {
	int64_t id;
	struct tu_str public_id, vuln, title;
	int64_t severity, score; /* as of struct tu_vuln_row */
	bool kev, own, closed;
	struct tu_str owner, owner_public; /* login and public id; empty: nobody */
	int64_t learned_at, opened, closed_at; /* us; closed_at 0: it is open */
	int64_t version;
	int64_t devices;
	int64_t affected, undecided, fixed, not_affected; /* releases */
	int64_t deadline; /* us; the soonest that is not met; 0: none has started */
	int64_t deadlines; /* that have started and are not met */
	/* If the undecided releases were uncontrolled (portfolio/case_would.h): how many deadlines
	 * would have started, and the soonest due of those that are not met; us, 0: none. */
	int64_t would, would_due;
	bool would_unread; /* of some part it cannot be said */
	bool wanted; /* in between: does one of its parts pass the filter? */
};

enum tu_case_state { TU_CASE_ANY, TU_CASE_OPEN, TU_CASE_CLOSED };

/* All must hold; what is empty or 0 asks nothing. */
struct tu_case_filter {
	const struct tu_list_scope *scope;
	int64_t id; /* of one case */
	enum tu_case_state state;
	struct tu_str owner; /* login or public id */
	bool unowned;
	struct tu_str device;
	int64_t deadline_before; /* us: has one that is not met, or would have, and it is earlier */
	const struct tu_kb *kb; /* since when it is exploited; NULL: as soon as it was learned of */
};
struct tu_cases_seen {
	TU_VEC(struct tu_case_seen) list;
};
/* In the order in which they were opened. */
TU_NODISCARD enum tu_status tu_case_list(struct tu_work *w, const struct tu_case_filter *filter,
	struct tu_cases_seen *out, struct tu_error *err);

/* ---- what one consists of ---- */

struct tu_case_release {
	struct tu_str device, release, public_id, state; /* "affected", "undecided", … */
	bool uncontrolled; /* a decision that applies says so */
	struct tu_str fix, fix_public; /* the release that fixes it; empty: none does */
	int64_t units_open; /* -1: not known */
};
struct tu_case_releases {
	TU_VEC(struct tu_case_release) list;
};
TU_NODISCARD enum tu_status tu_case_releases(struct tu_work *w, const struct tu_case_row *row,
	struct tu_case_releases *out, struct tu_error *err);

struct tu_case_decision {
	struct tu_str public_id, device, name, state, status, risk, author;
	int64_t harm, created; /* us */
};
struct tu_case_decisions {
	TU_VEC(struct tu_case_decision) list;
};
/* Also proposed, rejected and superseded ones. */
TU_NODISCARD enum tu_status tu_case_decisions(struct tu_work *w, const struct tu_case_row *row,
	struct tu_case_decisions *out, struct tu_error *err);

struct tu_case_item_seen {
	struct tu_str public_id, kind, name, text, author;
	struct tu_str device; /* empty: of the case as a whole */
	int64_t document_id, bytes; /* 0: none */
	uint8_t digest[TU_SHA256_BYTES]; /* of the document */
	int64_t at; /* us */
};
struct tu_case_items {
	TU_VEC(struct tu_case_item_seen) list;
};
TU_NODISCARD enum tu_status tu_case_items(struct tu_work *w, const struct tu_case_row *row,
	struct tu_case_items *out, struct tu_error *err);

#endif
