/*
 * The components of an inventory as a forest: by nesting and by dependency.
 *
 * Ownership: a forest lives in the arena. The work is linear in components and relationships.
 */
#ifndef TU_SBOM_FOREST_H
#define TU_SBOM_FOREST_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/sbom.h>

struct tu_sbom_forest {
	size_t count; /* components */
	const uint32_t *starts; /* by component: its children begin here; one more at the end */
	const uint32_t *children; /* each child of a component once, in document order */
	const uint32_t *roots; /* the subject, what nobody names, then one of each unreached ring */
	size_t root_count;
};

enum tu_sbom_forest_how {
	TU_FOREST_FIRST, /* what is below it follows */
	TU_FOREST_AGAIN, /* what is below it was shown */
	TU_FOREST_CYCLE, /* it stands above itself: cut */
	TU_FOREST_CUT /* there is more below it than the depth allows */
};

struct tu_sbom_forest_step {
	uint32_t component;
	enum tu_sbom_forest_how how;
	size_t depth; /* 0: a root */
	const bool *more; /* by depth from 1 to this one: has it a next sibling? */
};

/* TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_sbom_forest_build(struct tu_arena *arena,
	const struct tu_inventory *inventory, struct tu_sbom_forest *out_tree,
	struct tu_error *err);

/* Walk it in order, each component's children once. `depth`: levels below the roots, SIZE_MAX:
 * all. */
TU_NODISCARD enum tu_status tu_sbom_forest_walk(struct tu_arena *arena,
	const struct tu_sbom_forest *forest, size_t depth,
	void (*visit)(void *context, const struct tu_sbom_forest_step *step), void *context,
	struct tu_error *err);

#endif
