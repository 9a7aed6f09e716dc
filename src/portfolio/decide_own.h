/*
 * Deciding in a case of our own (case_own.h), where there are no findings: what a person states of
 * some releases of one device becomes a proposal, as of decide.h.
 *
 * Nothing is proposed by the program: who says "affected" says how exploitable it is and what harm
 * it can do; the risk follows from the matrix where it is not stated.
 */
#ifndef TU_PORTFOLIO_DECIDE_OWN_H
#define TU_PORTFOLIO_DECIDE_OWN_H

#include "portfolio/case_own.h"
#include "portfolio/decide.h"

enum { TU_DECIDE_OWN_RELEASES_MAX = 200 };

struct tu_decide_own {
	const struct tu_case_row *row;
	const struct tu_case_part *part; /* the device */
	const struct tu_kb *kb;
	const struct tu_sbom_reader *reader;
	const struct tu_str *releases; /* versions */
	size_t release_count;
	struct tu_str component; /* its name in the SBOM */
	struct tu_texts aliases; /* further ids: that of CVE, once there is one */
	struct tu_str supersedes; /* public id of a decision; empty: of none */
	const struct tu_decide_request *stated; /* `by` NULL: the act's person */
};

/*
 * Propose it; recorded, and the device's releases are settled. `*out_id`: its public id.
 * TU_E_USAGE: the case is none of our own, the device has no such release, or as of
 * tu_decide_check(); TU_E_CONFLICT: another decision says something else, or what it supersedes is
 * not current.
 */
TU_NODISCARD enum tu_status tu_decide_own_propose(struct tu_work *w,
	const struct tu_decide_own *own, struct tu_str *out_id, struct tu_error *err);

#endif
