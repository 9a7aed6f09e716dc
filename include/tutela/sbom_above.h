/*
 * What is above each component of an inventory: the tree of `tutela sbom show`, upwards.
 *
 * Ownership: lives in the arena. Threads: may be shared.
 */
#ifndef TUTELA_SBOM_ABOVE_H
#define TUTELA_SBOM_ABOVE_H

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/sbom.h>

TU_BEGIN_C

/* What each component is directly below, by nesting and by the relationships "depends on" and
 * "contains": the tree of `sbom show` upwards. */
struct tu_sbom_above {
	const uint32_t *starts; /* by component: its parents begin here; one more at the end */
	const uint32_t *parents; /* each parent of a component once */
	const unsigned char
		*outermost; /* by component: where a path may begin, of the bits below */
};
enum {
	TU_SBOM_IS_ROOT = 1, /* nothing is above it, or it was chosen in a ring */
	TU_SBOM_IS_FIRST_LEVEL = 2, /* directly below the subject */
	TU_SBOM_IS_NOT_NESTED = 4 /* in another component, whatever depends on it */
};

/* A copy of the inventory that borrows all of it and has `above`. Linear in components and
 * relationships but for sorting these. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_sbom_find_above(struct tu_arena *arena,
	const struct tu_inventory *inventory, const struct tu_inventory **out_inventory,
	struct tu_error *err);

TU_END_C

#endif
