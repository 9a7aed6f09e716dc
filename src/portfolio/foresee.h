/*
 * Which deadlines run for a finding, and which a decision would start.
 *
 * Deadlines follow from the approved decisions of a device on one vulnerability. What would be is
 * what tu_deadlines_run() says with one more decision among them: nothing here has a rule of its
 * own.
 */
#ifndef TU_PORTFOLIO_FORESEE_H
#define TU_PORTFOLIO_FORESEE_H

#include <tutela/deadline.h>

#include "portfolio/look.h"

struct tu_foreseen {
	const struct tu_deadline *deadline;
	bool would; /* it does not run yet: the decision would start it */
};

/* By urgency. In the work's arena. */
struct tu_foreseen_list {
	const struct tu_foreseen *at;
	size_t count;
	const struct tu_unwatched *unwatched; /* markets of which no deadline is known */
	size_t unwatched_count;
	int64_t learned; /* seconds; 0: nobody has recorded when it was learned of */
};

struct tu_foresee_of {
	const struct tu_look *look;
	const struct tu_look_finding *finding;
	const struct tu_decision *more; /* among the decisions; NULL: none */
};

/* Those of the finding's vulnerability in its device. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_foresee(struct tu_work *w, const struct tu_foresee_of *of,
	struct tu_foreseen_list *out, struct tu_error *err);

/* With a decision that the risk is uncontrolled, learned of when the case says, else now; `more` is
 * not looked at. */
TU_NODISCARD enum tu_status tu_foresee_uncontrolled(struct tu_work *w,
	const struct tu_foresee_of *of, struct tu_foreseen_list *out, struct tu_error *err);

#endif
