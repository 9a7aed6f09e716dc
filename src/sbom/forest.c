#include "sbom/forest.h"

#include <stdlib.h>

/* Parent in the upper half, child in the lower: sorted, equal ones are neighbours. */
static uint64_t edge(uint32_t from, uint32_t to)
{
	return (uint64_t)from << 32 | to;
}

static int compare_edges(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Relations that say "below". */
static bool goes_down(const struct tu_inventory *inventory, const struct tu_relationship *r)
{
	return (r->relation == TU_REL_DEPENDS_ON || r->relation == TU_REL_CONTAINS) &&
		r->from < inventory->component_count && r->to < inventory->component_count;
}

static size_t gather(const struct tu_inventory *inventory, uint64_t *edges)
{
	size_t count = 0;
	size_t kept = 0;

	for (uint32_t i = 0; i < inventory->component_count; i++)
		if (inventory->components[i].parent != TU_NO_COMPONENT)
			edges[count++] = edge(inventory->components[i].parent, i);
	for (size_t i = 0; i < inventory->relationship_count; i++) {
		const struct tu_relationship *r = &inventory->relationships[i];

		if (goes_down(inventory, r))
			edges[count++] = edge(r->from, r->to);
	}
	qsort(edges, count, sizeof(*edges), compare_edges);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || edges[i] != edges[i - 1])
			edges[kept++] = edges[i];
	return kept;
}

static void spread(struct tu_sbom_forest *forest, const uint64_t *edges, size_t count,
	uint32_t *starts, uint32_t *children)
{
	size_t at = 0;

	for (uint32_t i = 0; i < forest->count; i++) {
		starts[i] = (uint32_t)at;
		for (; at < count && edges[at] >> 32 == i; at++)
			children[at] = (uint32_t)edges[at];
	}
	starts[forest->count] = (uint32_t)at;
	forest->starts = starts;
	forest->children = children;
}

/* Mark all that can be reached; `stack` has room for every component. */
static void reach(
	const struct tu_sbom_forest *forest, uint32_t from, bool *reached, uint32_t *stack)
{
	size_t height = 0;

	if (reached[from])
		return;
	reached[from] = true;
	stack[height++] = from;
	while (height) {
		uint32_t at = stack[--height];

		for (uint32_t i = forest->starts[at]; i < forest->starts[at + 1]; i++) {
			uint32_t child = forest->children[i];

			if (reached[child])
				continue;
			reached[child] = true;
			stack[height++] = child;
		}
	}
}

static void choose_roots(struct tu_sbom_forest *forest, uint32_t subject, bool *named,
	bool *reached, uint32_t *roots, uint32_t *stack)
{
	for (uint32_t i = 0; i < forest->starts[forest->count]; i++)
		named[forest->children[i]] = true;
	if (subject < forest->count) {
		roots[forest->root_count++] = subject;
		reach(forest, subject, reached, stack);
	}
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < forest->count; i++) {
			if (reached[i] || (pass == 0 && named[i]))
				continue;
			roots[forest->root_count++] = i;
			reach(forest, i, reached, stack);
		}
	}
	forest->roots = roots;
}

enum tu_status tu_sbom_forest_build(struct tu_arena *arena, const struct tu_inventory *inventory,
	struct tu_sbom_forest *out_tree, struct tu_error *err)
{
	size_t count = inventory->component_count;
	size_t most = count + inventory->relationship_count;
	uint64_t *edges = tu_arena_array(arena, most, sizeof(*edges));
	uint32_t *starts = tu_arena_array(arena, count + 1, sizeof(*starts));
	uint32_t *children = tu_arena_array(arena, most, sizeof(*children));
	uint32_t *roots = tu_arena_array(arena, count, sizeof(*roots));
	uint32_t *stack = tu_arena_array(arena, count, sizeof(*stack));
	bool *marks = tu_arena_array(arena, count, 2 * sizeof(*marks));

	if (!edges || !starts || !children || !roots || !stack || !marks || most >= UINT32_MAX)
		return tu_no_memory(err);
	*out_tree = (struct tu_sbom_forest){.count = count};
	spread(out_tree, edges, gather(inventory, edges), starts, children);
	choose_roots(out_tree, inventory->subject, marks, marks + count, roots, stack);
	return TU_OK;
}

/* ---- walking ---- */

enum mark { MARK_NEW, MARK_OPEN, MARK_DONE };

struct frame {
	uint32_t component;
	uint32_t next; /* child to visit, an index into forest->children */
};

struct walk {
	const struct tu_sbom_forest *forest;
	size_t depth;
	void (*visit)(void *context, const struct tu_sbom_forest_step *step);
	void *context;
	unsigned char *marks;
	struct frame *frames; /* from the root to where we are */
	size_t height;
	bool *more;
};

static bool has_children(const struct tu_sbom_forest *forest, uint32_t component)
{
	return forest->starts[component] < forest->starts[component + 1];
}

static enum tu_sbom_forest_how how_to_show(const struct walk *w, uint32_t component)
{
	if (w->marks[component] == MARK_OPEN)
		return TU_FOREST_CYCLE;
	if (!has_children(w->forest, component))
		return TU_FOREST_FIRST;
	if (w->marks[component] == MARK_DONE)
		return TU_FOREST_AGAIN;
	return w->height >= w->depth ? TU_FOREST_CUT : TU_FOREST_FIRST;
}

static void enter(struct walk *w, uint32_t component)
{
	struct tu_sbom_forest_step step = {
		.component = component,
		.how = how_to_show(w, component),
		.depth = w->height,
		.more = w->more,
	};

	w->visit(w->context, &step);
	if (step.how != TU_FOREST_FIRST || !has_children(w->forest, component))
		return;
	w->marks[component] = MARK_OPEN;
	w->frames[w->height++] = (struct frame){component, w->forest->starts[component]};
}

static void walk_from(struct walk *w, uint32_t root)
{
	enter(w, root);
	while (w->height) {
		struct frame *frame = &w->frames[w->height - 1];
		uint32_t end = w->forest->starts[frame->component + 1];

		if (frame->next == end) {
			w->marks[frame->component] = MARK_DONE;
			w->height--;
			continue;
		}
		w->more[w->height] = frame->next + 1 < end;
		enter(w, w->forest->children[frame->next++]);
	}
}

enum tu_status tu_sbom_forest_walk(struct tu_arena *arena, const struct tu_sbom_forest *forest,
	size_t depth, void (*visit)(void *context, const struct tu_sbom_forest_step *step),
	void *context, struct tu_error *err)
{
	struct walk w = {.forest = forest, .depth = depth, .visit = visit, .context = context};

	w.marks = tu_arena_array(arena, forest->count, sizeof(*w.marks));
	w.frames = tu_arena_array(arena, forest->count, sizeof(*w.frames));
	w.more = tu_arena_array(arena, forest->count + 1, sizeof(*w.more));
	if (!w.marks || !w.frames || !w.more)
		return tu_no_memory(err);
	for (size_t i = 0; i < forest->root_count; i++)
		walk_from(&w, forest->roots[i]);
	return TU_OK;
}
