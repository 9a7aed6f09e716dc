/*
 * Deciding on findings of the portfolio: from what a person states to proposals of decisions, one
 * for each finding, all or none. `tutela decide` in a device folder fills in and checks the same
 * (app/decide.h).
 *
 * A finding with a decision that names its release is decided again only by a decision that
 * supersedes that one: who says so has seen it. Of two persons who decide at the same
 * time one is first; the other gets TU_E_CONFLICT.
 */
#ifndef TU_PORTFOLIO_DECIDE_H
#define TU_PORTFOLIO_DECIDE_H

#include "app/decide.h"
#include "portfolio/foresee.h"

enum { TU_DECIDE_FINDINGS_MAX = 200 };

struct tu_decide_on {
	struct tu_finding_name finding;
	struct tu_str supersedes; /* public id of the decision; empty: there is none */
	const struct tu_decide_request *stated; /* of this finding; NULL: what the ask states */
};

struct tu_decide_ask {
	const struct tu_list_scope *scope;
	const struct tu_kb *kb;
	const struct tu_sbom_reader *reader;
	const struct tu_decide_request *stated; /* `by` NULL: the act's person */
	const struct tu_decide_on *on;
	size_t count; /* 1 to TU_DECIDE_FINDINGS_MAX, each finding once */
};

/* One decision in the making. In the work's arena. */
struct tu_decide_one {
	const struct tu_decide_on *on;
	struct tu_look *look; /* findings of one release share it; NULL: it was not found */
	struct tu_look_finding finding;
	const struct tu_assessment_row *supersedes; /* NULL: none */
	const struct tu_assessment_row *obstacle; /* what is in the way; NULL: nothing */
	struct tu_deciding deciding; /* its warnings */
	struct tu_str name, text; /* of the decision's file */
	uint8_t digest[TU_SHA256_BYTES];
	const struct tu_decision *decision; /* as read back; NULL: there is an error */
	struct tu_error error; /* status TU_OK: none */
};

struct tu_decide_all {
	struct tu_decide_one *at;
	size_t count;
	size_t errors; /* how many have one */
};

/* Fill in and check all of them; nothing is written. What is wrong with one is its error; the
 * status is for what ends the whole. `to_write`: as of portfolio/look.h. TU_E_USAGE: too many, or
 * one twice. */
TU_NODISCARD enum tu_status tu_decide_prepare(struct tu_work *w, const struct tu_decide_ask *ask,
	bool to_write, struct tu_decide_all *out, struct tu_error *err);

/* Propose all of them, or none: the error of the first that has one, with `*out` filled in.
 * Recorded for each; the releases of their devices are settled. `out_ids`: `ask->count` public ids.
 */
TU_NODISCARD enum tu_status tu_decide_propose(struct tu_work *w, const struct tu_decide_ask *ask,
	struct tu_decide_all *out, struct tu_str *out_ids, struct tu_error *err);

/* A copy with NUL, for the members of tu_decide_request; NULL: no memory. */
char *tu_decide__c_text(struct tu_arena *arena, struct tu_str text);

#endif
