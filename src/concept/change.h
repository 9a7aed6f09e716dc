/*
 * Changes of concept.yaml by somebody who does not edit the file: what was answered, what the
 * discussions and sign-offs are to be. The file is composed here, from its text; every line that
 * says nothing else than before stays as it is.
 *
 * An answer that is in force already is not written again. A sign-off that the change leaves as it
 * is goes where the discussions of its stakeholder change: nobody has agreed to what is there
 * now.
 */
#ifndef TU_CONCEPT_CHANGE_H
#define TU_CONCEPT_CHANGE_H

#include "concept/state.h"

struct tu_concept_change {
	enum tu_device_class device_class; /* UNSTATED: as it is */
	const struct tu_concept_answer *answers; /* to be added: id, reply, by, at, note */
	size_t answer_count;
	/* all of them, as they are to be; without `sets_…` those of the file stay */
	const struct tu_concept_concern *concerns;
	size_t concern_count;
	const struct tu_concept_sign_off *sign_offs;
	size_t sign_off_count;
	bool sets_concerns, sets_sign_offs;
	/* the pack that is read and not recorded, for answers to its questions; NULL: none */
	const struct tu_concept_pack_record *pack;
};

struct tu_concept_changing {
	struct tu_arena *arena;
	const struct tu_concept_state *state; /* of the record as it is */
	struct tu_concept_text text; /* its text; file empty: there is none yet */
	int64_t now;
};

/* What errors of the change have as their file; their pointer is "/answers/2/question",
 * "/discussions/0/concern", "/sign_offs/1". */
#define TU_CONCEPT_CHANGE_FILE "change"

/*
 * The text of the file with the change, in the arena; empty where there is nothing to change. It
 * has been read again and says what it should. Errors as of tu_concept_record_read(), in the change
 * or in the file as it would be; TU_E_UNSUPPORTED as of tu_lines_set().
 */
TU_NODISCARD enum tu_status tu_concept_change(const struct tu_concept_changing *changing,
	const struct tu_concept_change *change, struct tu_str *out_text, struct tu_error *err);

#endif
