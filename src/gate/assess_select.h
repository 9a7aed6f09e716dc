/*
 * Which findings of an assessment a list shows: --component, --only and --limit.
 */
#ifndef TU_GATE_ASSESS_SELECT_H
#define TU_GATE_ASSESS_SELECT_H

#include "app/assess.h"
#include "gate/gate.h"

struct tu_assess_selection {
	const char *component; /* name (ASCII case folded), ref or purl; NULL: all */
	const struct tu_gate *only; /* those for which one of its rules holds; NULL: all */
	size_t limit; /* at most so many; SIZE_MAX: all */
};

struct tu_assess_selected {
	const struct tu_assessment *const *at; /* what matters most first */
	size_t count;
	size_t matching; /* before the limit */
};

/* Select from the assessments in the order of tu_assess_compare. TU_E_NOTFOUND where the SBOM has
 * no such component; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_assess_select(const struct tu_assess_answer *assessing,
	const struct tu_assess_selection *selection, struct tu_assess_selected *out,
	struct tu_error *err);

#endif
