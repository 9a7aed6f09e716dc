/*
 * Another knowledge base becomes the current one: facts and scores follow.
 *
 * 1. tu_rematch_plan() compares the two files: which vulnerabilities changed, and under which keys
 *    records could be found that now say something else. Needs no database.
 * 2. tu_rematch_apply() is one transaction: components with such a key are matched again, each by
 *    itself; their facts and the scores of changed vulnerabilities are replaced; the new file is
 *    named. From its commit on, lists show the new state.
 * 3. Releases whose references or decisions may depend on what changed are due; each is settled in
 *    a transaction of its own (tu_rematch_settle()), so that decisions re-open. What is due is
 *    in the database: a process that ends in between loses nothing.
 *
 * Law: facts after a re-match are those of a full re-match, and those of scans of all SBOMs.
 */
#ifndef TU_PORTFOLIO_REMATCH_H
#define TU_PORTFOLIO_REMATCH_H

#include "portfolio/settle.h"

struct tu_rematch_plan {
	struct tu_arena *arena;
	const struct tu_kb
		*old_kb; /* NULL: none was current, or it is not at hand: all is matched */
	const struct tu_kb *new_kb;
	const struct tu_kb_diff *diff; /* NULL without old_kb */
	struct tu_match_keys keys;
};

/* Both verified; borrowed. The plan lives in `arena`. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_rematch_plan(struct tu_arena *arena, const struct tu_kb *old_kb,
	const struct tu_kb *new_kb, struct tu_rematch_plan *out_plan, struct tu_error *err);

/* "New for us": 3 findings in 2 releases, harm up to serious. */
struct tu_rematch_summary {
	size_t matched; /* components that were matched again */
	size_t vulnerabilities; /* whose scores or texts were replaced */
	size_t facts_added, facts_changed, facts_removed;
	size_t new_findings; /* a new fact counts in each release that has the component */
	size_t new_releases; /* that have one */
	int64_t worst_harm; /* enum tu_harm by the references as they were: a component that had no
			       finding before gets its harm when its release is settled */
};

/*
 * `before`: the row that was current when the plan was made, of plan->old_kb; the new file is in
 * the database already (tu_knowledge_put()). TU_E_CONFLICT when another one has become current.
 * Recorded as "knowledge.name" and "rematch", with a change for each component and vulnerability.
 */
TU_NODISCARD enum tu_status tu_rematch_apply(struct tu_work *w, const struct tu_rematch_plan *plan,
	const struct tu_knowledge_row *before, struct tu_rematch_summary *out_summary,
	struct tu_error *err);

/*
 * Settle releases that are due with an id above `from`, at most `limit` of them; `after` becomes
 * the last one's id, from which the next call goes on, and 0 when none is left. A release that
 * cannot be settled ends it with an error that names it; it stays due.
 */
struct tu_rematch_settling {
	const struct tu_kb *kb;
	const struct tu_sbom_reader *reader; /* NULL: in place */
	int64_t from;
	size_t limit;
	int64_t after;
	int64_t failed; /* the release that ended it; 0: none */
	size_t settled; /* of this call */
	size_t reopened; /* decisions that are re-opened in them */
};
TU_NODISCARD enum tu_status tu_rematch_settle(
	struct tu_work *w, struct tu_rematch_settling *settling, struct tu_error *err);

#endif
