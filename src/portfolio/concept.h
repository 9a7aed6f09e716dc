/*
 * The concept phase of a device in the store: concept.yaml and the questions of others in
 * questions/, as files of the device (docs/formats/concept.md). The store keeps the texts and asks
 * the core (app/concept_phase.h, concept/change.h): no rule of the concept is here.
 *
 * Errors: of the store, TU_E_NOTFOUND (no such device in the scope), TU_E_CONFLICT (it is not the
 * version that was read), those of the readers with their file; of a change the file is
 * TU_CONCEPT_CHANGE_FILE. Any thread.
 */
#ifndef TU_PORTFOLIO_CONCEPT_H
#define TU_PORTFOLIO_CONCEPT_H

#include "app/concept_phase.h"
#include "concept/change.h"
#include "concept/seed.h"
#include "portfolio/design.h"

struct tu_concept_stored {
	struct tu_design design; /* that the answers seed */
	struct tu_concept_text text; /* file empty: there is none yet */
	const struct tu_concept_text *questions;
	size_t question_count;
	struct tu_concept_phase phase;
	int64_t version; /* of concept.yaml; 1: there is none */
};

/* Read what the store has of it, all in `arena`. `at`: seconds. */
TU_NODISCARD enum tu_status tu_concept_open(const struct tu_design_asked *asked,
	struct tu_arena *arena, int64_t at, struct tu_concept_stored *out_stored,
	struct tu_error *err);

/* Save a change; answers and sign-offs without a name get that of who asks, and what has no date
 * that of now. A pack that is answered is recorded. Nothing is written where nothing changes. */
struct tu_concept_save {
	struct tu_design_asked asked;
	int64_t based_on; /* 0: whatever is there */
	struct tu_concept_change change; /* `pack` is not used */
};
TU_NODISCARD enum tu_status tu_concept_save(
	const struct tu_act *act, const struct tu_concept_save *save, struct tu_error *err);

/* What the answers would add to the model, which is not changed. */
struct tu_concept_proposal {
	const struct tu_model *model; /* with it: the last ones of each list are new; NULL: there is
					 nothing to add */
	struct tu_concept_seeded seeded; /* how many */
	struct tu_str facts; /* lines about elements that are there */
	struct tu_str unknown; /* lines about questions answered with "unknown" */
	struct tu_str device; /* what device.yaml may want, as YAML */
};
/* All in the arena of the design. Errors of the readers where the stored model cannot be read. */
TU_NODISCARD enum tu_status tu_concept_propose(const struct tu_concept_stored *stored,
	struct tu_concept_proposal *out_proposal, struct tu_error *err);

#endif
