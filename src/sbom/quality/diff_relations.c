/*
 * Comparing relationships: those of both documents in the terms of the first one, sorted, side by
 * side. A relationship with an end that only one document has goes or comes with that end, and is
 * no difference of its own.
 */
#include "sbom/quality/diff.h"

#include <stdlib.h>

/* One statement, in the components of the first inventory. */
struct statement {
	uint32_t from;
	uint32_t to; /* of a leaf: 0 */
	struct tu_diff_relation shown;
};

struct statements {
	struct statement *at;
	size_t count;
};

static int compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* What is stated, whoever states it. */
static int compare_statements(const struct statement *x, const struct statement *y)
{
	int order = compare_numbers(x->from, y->from);

	order = order ? order : compare_numbers(x->shown.leaf, y->shown.leaf);
	order = order ? order : compare_numbers(x->shown.relation, y->shown.relation);
	order = order ? order : compare_numbers(x->shown.type, y->shown.type);
	return order ? order : compare_numbers(x->to, y->to);
}

static int compare_for_sort(const void *a, const void *b)
{
	return compare_statements(a, b);
}

/* The component in the terms of the first inventory; false: the other one has none like it, or it
 * is the document itself. */
static bool translate(const struct tu_diff_sides *sides, bool second, uint32_t c, uint32_t *out)
{
	if (c >= (second ? sides->b : sides->a)->component_count)
		return false;
	*out = second ? sides->b_mates[c] - 1 : c;
	return second ? sides->b_mates[c] != 0 : sides->a_mates[c] != 0;
}

static void add_relationship(struct statements *list, const struct tu_diff_sides *sides,
	bool second, const struct tu_relationship *r)
{
	struct statement *next = &list->at[list->count];

	*next = (struct statement){
		.shown = {
			.other = r->to, .relation = r->relation, .type = r->type, .added = second}};
	list->count += translate(sides, second, r->from, &next->from) &&
		translate(sides, second, r->to, &next->to);
}

/* Nesting is containing by another word. */
static void add_relationships(
	struct statements *list, const struct tu_diff_sides *sides, bool second)
{
	const struct tu_inventory *inventory = second ? sides->b : sides->a;

	for (size_t i = 0; i < inventory->relationship_count; i++)
		add_relationship(list, sides, second, &inventory->relationships[i]);
	for (uint32_t i = 0; i < inventory->component_count; i++)
		add_relationship(list, sides, second,
			&(struct tu_relationship){inventory->components[i].parent, i,
				TU_REL_CONTAINS, TU_TYPE_PLAIN});
}

static void add_leaves(struct statements *list, const struct tu_diff_sides *sides, bool second)
{
	const struct tu_inventory *inventory = second ? sides->b : sides->a;

	for (size_t i = 0; i < inventory->leaf_count; i++) {
		struct statement *next = &list->at[list->count];

		*next = (struct statement){
			.shown = {.other = inventory->leaves[i], .leaf = true, .added = second}};
		list->count += translate(sides, second, inventory->leaves[i], &next->from);
	}
}

/* False: no memory. */
static bool gather(struct tu_arena *arena, const struct tu_diff_sides *sides, bool second,
	struct statements *out)
{
	const struct tu_inventory *inventory = second ? sides->b : sides->a;
	size_t room =
		inventory->relationship_count + inventory->leaf_count + inventory->component_count;

	*out = (struct statements){tu_arena_array(arena, room + 1, sizeof(*out->at)), 0};
	if (!out->at)
		return false;
	add_relationships(out, sides, second);
	add_leaves(out, sides, second);
	qsort(out->at, out->count, sizeof(*out->at), compare_for_sort);
	return true;
}

/* Step over a statement and those that repeat it. */
static const struct statement *take(const struct statements *list, size_t *at)
{
	const struct statement *first = &list->at[(*at)++];

	while (*at < list->count && compare_statements(first, &list->at[*at]) == 0)
		(*at)++;
	return first;
}

/* What only one of both lists has, in order. */
static size_t keep_differences(
	const struct statements *a, const struct statements *b, struct statement *out)
{
	size_t i = 0, k = 0, count = 0;

	while (i < a->count || k < b->count) {
		int order = i == a->count ? 1
			: k == b->count	  ? -1
					  : compare_statements(&a->at[i], &b->at[k]);
		const struct statement *first = order <= 0 ? take(a, &i) : NULL;
		const struct statement *second = order >= 0 ? take(b, &k) : NULL;

		if (order < 0)
			out[count++] = *first;
		else if (order > 0)
			out[count++] = *second;
	}
	return count;
}

/* The differences of one component: those of the first document, then those of the second. */
static size_t copy_shown(const struct statement *from, size_t count, struct tu_diff_relation *to)
{
	size_t copied = 0;

	for (int added = 0; added < 2; added++)
		for (size_t i = 0; i < count; i++)
			if (from[i].shown.added == (added != 0))
				to[copied++] = from[i].shown;
	return copied;
}

static void distribute(const struct statement *differences, size_t count,
	struct tu_diff_pair *pairs, size_t pair_count, struct tu_diff_relation *shown)
{
	size_t at = 0;

	for (size_t i = 0; i < pair_count && at < count; i++) {
		size_t end = at;

		while (end < count && differences[end].from == pairs[i].a)
			end++;
		if (end == at)
			continue;
		pairs[i].relations = shown;
		pairs[i].relation_count = copy_shown(&differences[at], end - at, shown);
		pairs[i].fields |= TU_DIFF_RELATIONS;
		shown += end - at;
		at = end;
	}
}

enum tu_status tu_sbom__diff_relations(struct tu_arena *arena, const struct tu_diff_sides *sides,
	struct tu_diff_pair *pairs, size_t pair_count, struct tu_error *err)
{
	struct statements a, b;
	struct statement *differences;
	struct tu_diff_relation *shown;
	size_t count;

	if (!gather(arena, sides, false, &a) || !gather(arena, sides, true, &b))
		return tu_no_memory(err);
	differences = tu_arena_array(arena, a.count + b.count + 1, sizeof(*differences));
	if (!differences)
		return tu_no_memory(err);
	count = keep_differences(&a, &b, differences);
	shown = tu_arena_array(arena, count + 1, sizeof(*shown));
	if (!shown)
		return tu_no_memory(err);
	distribute(differences, count, pairs, pair_count, shown);
	return TU_OK;
}
