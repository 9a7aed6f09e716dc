/*
 * What decisions would do, before anybody signs them: nothing is written.
 */
#ifndef TU_PORTFOLIO_DRY_RUN_H
#define TU_PORTFOLIO_DRY_RUN_H

#include <tutela/issue.h>

#include "portfolio/decide.h"

enum { TU_DRY_RUN_RELEASES = 40 }; /* looked at; the others are counted */

/* What decisions would do to a release when they are approved. */
struct tu_dry_release {
	struct tu_str device, release; /* names */
	bool looked; /* false: it was not looked at */
	int64_t applies; /* findings that one of them decides, also where it is carried to */
	int64_t closes; /* of these, those that are open now and closed then */
	int64_t opens; /* those that are closed now and open then */
};

/* What would be stated of a release, as VEX has it. */
struct tu_dry_statement {
	struct tu_str device, release;
	const struct tu_issue_entry *entry;
};

/* A premise of a decision now; in which decisions it is another. */
struct tu_dry_run {
	const struct tu_dry_release *releases;
	size_t release_count;
	const struct tu_dry_statement *statements;
	size_t statement_count;
	struct tu_str
		conflict; /* approved they would contradict another one: nothing would apply */
};

/* Of decisions that are prepared, without those that have an error. All in the work's arena. */
TU_NODISCARD enum tu_status tu_dry_run(struct tu_work *w, const struct tu_decide_all *all,
	struct tu_dry_run *out, struct tu_error *err);

/* The premises that are not the same in all of them: "version", "advisory", "kev", "score", "epss",
 * "controls", as a set of bits of the table. */
struct tu_premise_word {
	const char *name;
	bool (*same)(const struct tu_premises *a, const struct tu_premises *b);
};
extern const struct tu_premise_word tu_premise_words[];
extern const size_t tu_premise_word_count;

/* ---- who else ---- */

/* A device of another family that has the same vulnerability in the same package, and where no
 * decision applies to it: the decision is offered there, never made. */
struct tu_offer {
	struct tu_str device;
	int64_t findings;
};
struct tu_offers {
	const struct tu_offer *at;
	size_t count;
	bool more; /* there are more findings than were looked at */
};

/* In a snapshot, within the scope of the one who asks. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_offers_of(struct tu_arena *arena,
	const struct tu_list_snapshot *snapshot, const struct tu_decide_one *one,
	struct tu_offers *out, struct tu_error *err);

#endif
