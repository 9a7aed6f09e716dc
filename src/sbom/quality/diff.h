/* Comparing relationships: what diff.c leaves to diff_relations.c. */
#ifndef TU_SBOM_QUALITY_DIFF_H
#define TU_SBOM_QUALITY_DIFF_H

#include <tutela/sbom_diff.h>

/* Two inventories whose components were paired; `mates`: by component the one of the other
 * inventory + 1, 0 where it is single. */
struct tu_diff_sides {
	const struct tu_inventory *a;
	const struct tu_inventory *b;
	const uint32_t *a_mates;
	const uint32_t *b_mates;
};

/* Give each of the pairs, which are in the order of the first inventory, its relations and
 * TU_DIFF_RELATIONS. In proportion to the relationships, but for sorting them. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_sbom__diff_relations(struct tu_arena *arena,
	const struct tu_diff_sides *sides, struct tu_diff_pair *pairs, size_t pair_count,
	struct tu_error *err);

#endif
