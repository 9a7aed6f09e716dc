#include "show/sbom_tree.h"

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

static void spread(struct tu_sbom_tree *tree, const uint64_t *edges, size_t count, uint32_t *starts,
	uint32_t *children)
{
	size_t at = 0;

	for (uint32_t i = 0; i < tree->count; i++) {
		starts[i] = (uint32_t)at;
		for (; at < count && edges[at] >> 32 == i; at++)
			children[at] = (uint32_t)edges[at];
	}
	starts[tree->count] = (uint32_t)at;
	tree->starts = starts;
	tree->children = children;
}

/* Mark all that can be reached; `stack` has room for every component. */
static void reach(const struct tu_sbom_tree *tree, uint32_t from, bool *reached, uint32_t *stack)
{
	size_t height = 0;

	if (reached[from])
		return;
	reached[from] = true;
	stack[height++] = from;
	while (height) {
		uint32_t at = stack[--height];

		for (uint32_t i = tree->starts[at]; i < tree->starts[at + 1]; i++) {
			uint32_t child = tree->children[i];

			if (reached[child])
				continue;
			reached[child] = true;
			stack[height++] = child;
		}
	}
}

static void choose_roots(struct tu_sbom_tree *tree, uint32_t subject, bool *named, bool *reached,
	uint32_t *roots, uint32_t *stack)
{
	for (uint32_t i = 0; i < tree->starts[tree->count]; i++)
		named[tree->children[i]] = true;
	if (subject < tree->count) {
		roots[tree->root_count++] = subject;
		reach(tree, subject, reached, stack);
	}
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < tree->count; i++) {
			if (reached[i] || (pass == 0 && named[i]))
				continue;
			roots[tree->root_count++] = i;
			reach(tree, i, reached, stack);
		}
	}
	tree->roots = roots;
}

enum tu_status tu_sbom_tree_build(struct tu_arena *arena, const struct tu_inventory *inventory,
	struct tu_sbom_tree *out_tree, struct tu_error *err)
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
	*out_tree = (struct tu_sbom_tree){.count = count};
	spread(out_tree, edges, gather(inventory, edges), starts, children);
	choose_roots(out_tree, inventory->subject, marks, marks + count, roots, stack);
	return TU_OK;
}

/* ---- walking ---- */

enum mark { MARK_NEW, MARK_OPEN, MARK_DONE };

struct frame {
	uint32_t component;
	uint32_t next; /* child to visit, an index into tree->children */
};

struct walk {
	const struct tu_sbom_tree *tree;
	size_t depth;
	void (*visit)(void *context, const struct tu_sbom_tree_step *step);
	void *context;
	unsigned char *marks;
	struct frame *frames; /* from the root to where we are */
	size_t height;
	bool *more;
};

static bool has_children(const struct tu_sbom_tree *tree, uint32_t component)
{
	return tree->starts[component] < tree->starts[component + 1];
}

static enum tu_sbom_tree_how how_to_show(const struct walk *w, uint32_t component)
{
	if (w->marks[component] == MARK_OPEN)
		return TU_TREE_CYCLE;
	if (!has_children(w->tree, component))
		return TU_TREE_FIRST;
	if (w->marks[component] == MARK_DONE)
		return TU_TREE_AGAIN;
	return w->height >= w->depth ? TU_TREE_CUT : TU_TREE_FIRST;
}

static void enter(struct walk *w, uint32_t component)
{
	struct tu_sbom_tree_step step = {
		.component = component,
		.how = how_to_show(w, component),
		.depth = w->height,
		.more = w->more,
	};

	w->visit(w->context, &step);
	if (step.how != TU_TREE_FIRST || !has_children(w->tree, component))
		return;
	w->marks[component] = MARK_OPEN;
	w->frames[w->height++] = (struct frame){component, w->tree->starts[component]};
}

static void walk_from(struct walk *w, uint32_t root)
{
	enter(w, root);
	while (w->height) {
		struct frame *frame = &w->frames[w->height - 1];
		uint32_t end = w->tree->starts[frame->component + 1];

		if (frame->next == end) {
			w->marks[frame->component] = MARK_DONE;
			w->height--;
			continue;
		}
		w->more[w->height] = frame->next + 1 < end;
		enter(w, w->tree->children[frame->next++]);
	}
}

enum tu_status tu_sbom_tree_walk(struct tu_arena *arena, const struct tu_sbom_tree *tree,
	size_t depth, void (*visit)(void *context, const struct tu_sbom_tree_step *step),
	void *context, struct tu_error *err)
{
	struct walk w = {.tree = tree, .depth = depth, .visit = visit, .context = context};

	w.marks = tu_arena_array(arena, tree->count, sizeof(*w.marks));
	w.frames = tu_arena_array(arena, tree->count, sizeof(*w.frames));
	w.more = tu_arena_array(arena, tree->count + 1, sizeof(*w.more));
	if (!w.marks || !w.frames || !w.more)
		return tu_no_memory(err);
	for (size_t i = 0; i < tree->root_count; i++)
		walk_from(&w, tree->roots[i]);
	return TU_OK;
}
