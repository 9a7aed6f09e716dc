#include <tutela/sbom_above.h>

#include "sbom/forest.h"

/* How many parents each component has, at its index + 1; then where they begin. */
static void count_parents(const struct tu_sbom_forest *forest, uint32_t *starts)
{
	for (uint32_t i = 0; i < forest->starts[forest->count]; i++)
		starts[forest->children[i] + 1]++;
	for (size_t i = 0; i < forest->count; i++)
		starts[i + 1] += starts[i];
}

/* `next`: where the next parent of each component goes. */
static void place_parents(const struct tu_sbom_forest *forest, uint32_t *next, uint32_t *parents)
{
	for (uint32_t parent = 0; parent < forest->count; parent++)
		for (uint32_t i = forest->starts[parent]; i < forest->starts[parent + 1]; i++)
			parents[next[forest->children[i]]++] = parent;
}

static void mark_outermost(const struct tu_sbom_forest *forest,
	const struct tu_inventory *inventory, unsigned char *outermost)
{
	uint32_t subject = inventory->subject;

	for (size_t i = 0; i < forest->count; i++)
		if (inventory->components[i].parent == TU_NO_COMPONENT)
			outermost[i] = TU_SBOM_IS_NOT_NESTED;
	for (size_t i = 0; i < forest->root_count; i++)
		outermost[forest->roots[i]] |= TU_SBOM_IS_ROOT;
	if (subject >= forest->count)
		return;
	for (uint32_t i = forest->starts[subject]; i < forest->starts[subject + 1]; i++)
		outermost[forest->children[i]] |= TU_SBOM_IS_FIRST_LEVEL;
}

enum tu_status tu_sbom_find_above(struct tu_arena *arena, const struct tu_inventory *inventory,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	size_t count = inventory->component_count;
	struct tu_inventory *copy = tu_arena_alloc(arena, sizeof(*copy));
	struct tu_sbom_above *above = tu_arena_alloc(arena, sizeof(*above));
	uint32_t *starts = tu_arena_array(arena, count + 1, sizeof(*starts));
	uint32_t *next = tu_arena_array(arena, count, sizeof(*next));
	unsigned char *outermost = tu_arena_alloc(arena, count);
	struct tu_sbom_forest forest;
	uint32_t *parents;
	enum tu_status status;

	if (!copy || !above || !starts || !next || !outermost)
		return tu_no_memory(err);
	status = tu_sbom_forest_build(arena, inventory, &forest, err);
	if (status != TU_OK)
		return status;
	parents = tu_arena_array(arena, forest.starts[count], sizeof(*parents));
	if (!parents)
		return tu_no_memory(err);
	count_parents(&forest, starts);
	for (size_t i = 0; i < count; i++)
		next[i] = starts[i];
	place_parents(&forest, next, parents);
	mark_outermost(&forest, inventory, outermost);
	*above = (struct tu_sbom_above){starts, parents, outermost};
	*copy = *inventory;
	copy->above = above;
	*out_inventory = copy;
	return TU_OK;
}
