/*
 * What the predicates of the profiles (profiles.c) look at besides the component.
 */
#ifndef TU_SBOM_CHECK_H
#define TU_SBOM_CHECK_H

#include <tutela/sbom_check.h>

struct tu_check_facts {
	const struct tu_inventory *inventory;
	/* By component: a relationship or nesting says where it belongs. */
	const bool *linked;
};

#endif
