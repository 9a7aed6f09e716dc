/*
 * A concept phase: its questions with those of a pack, what is recorded, and what follows. Of a
 * device folder (concept.h) or of texts that a store has.
 *
 * Ownership: all in the arena that it was opened with. Threads: immutable once read.
 */
#ifndef TU_APP_CONCEPT_PHASE_H
#define TU_APP_CONCEPT_PHASE_H

#include <tutela/threat.h>

#include "concept/pack.h"
#include "concept/state.h"

struct tu_concept_phase {
	struct tu_concept_catalogue catalogue;
	struct tu_concept_pack pack; /* count 0: none was given */
	bool pack_recorded; /* the record has it, from the same bytes */
	bool pack_differs; /* the record has it, from other bytes */
	struct tu_concept_record record;
	struct tu_concept_state state;
	const struct tu_threat_pack *rules; /* the built-in ones, for their titles */
};

/* Read the questions of the program, and take those of a pack in; `pack` may be NULL or without
 * questions. Nothing is recorded yet. Errors as of tu_concept_catalogue_read(). */
TU_NODISCARD enum tu_status tu_concept_phase_open(struct tu_arena *arena,
	const struct tu_concept_pack *pack, struct tu_concept_phase *out_phase,
	struct tu_error *err);

/* Read the record; a text without a file name: there is none. What was read before is replaced;
 * on an error it stays. Errors as of tu_concept_record_read(). */
TU_NODISCARD enum tu_status tu_concept_phase_read(struct tu_arena *arena,
	struct tu_concept_phase *phase, const struct tu_concept_text *text, int64_t now,
	struct tu_error *err);

/* What a threat to consider is called; empty: no built-in rule has this id. */
struct tu_str tu_concept_rule_title(const struct tu_concept_phase *phase, struct tu_str id);

#endif
