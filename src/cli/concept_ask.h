/*
 * Questions of `tutela concept` on a terminal.
 */
#ifndef TU_CLI_CONCEPT_ASK_H
#define TU_CLI_CONCEPT_ASK_H

#include "app/concept.h"

struct tu_concept_asking {
	struct tu_concept_folder *folder;
	const char *by; /* who answers; NULL: it is asked */
	bool again; /* also what was answered with "unknown" */
};

/* Ask what is open, one by one; every answer is in the file before the next question. The end of
 * the input ends it. Errors as of tu_concept_folder_answer(). */
TU_NODISCARD enum tu_status tu_concept_ask(
	const struct tu_concept_asking *asking, struct tu_error *err);

#endif
