/*
 * What the predicates of the profiles (answers.c, answers_support.c) look at besides the component,
 * and where they say why.
 */
#ifndef TU_SBOM_CHECK_H
#define TU_SBOM_CHECK_H

#include <tutela/sbom_check.h>

#include "base/vec.h"

/* What is said of a component's dependencies besides those that are listed. By component. */
enum tu_check_known {
	TU_KNOWN_UNSAID, /* none is listed, and nothing says why */
	TU_KNOWN_LISTED, /* some are listed, or it is known to have none */
	TU_KNOWN_COMPLETENESS /* CycloneDX compositions say how complete they are */
};

struct tu_check_facts {
	const struct tu_inventory *inventory;
	int64_t at; /* the present, seconds since 1970 */
	const bool *linked; /* by component: a relationship or nesting says where it belongs */
	const unsigned char *known; /* by component: enum tu_check_known */
	bool unknowns_unkept; /* some are said to be unknown, and of which is not kept */
	struct tu_arena *arena; /* of the result */
	struct tu_arena *moment; /* reset for each identifier */
	uint32_t rule; /* the one that is asked now */
	TU_VEC(struct tu_check_remark) remarks; /* in the arena */
	bool starved; /* no memory: no answer counts */
};

/* Fill `known`. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_check__know(struct tu_check_facts *facts, struct tu_error *err);

/* Say something about the component and the rule that is asked; printf. */
void tu_check__remark(struct tu_check_facts *facts, const struct tu_component *component,
	const char *fmt, ...) TU_PRINTF(3, 4);

#endif
