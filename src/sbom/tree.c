#include "sbom/tree.h"

#include "sbom/forest.h"

/* "TUTREE" and a version; in another byte order it is another number. */
static const uint64_t magic = 0x0001454552545554;

struct header {
	uint64_t magic, bytes, text_bytes;
	uint32_t count, root_count, edges, subject;
};

/* What follows the header, in this order; the texts are the rest. */
enum section {
	TEXT_STARTS,
	CHILD_STARTS,
	CHILDREN,
	PARENT_STARTS,
	PARENTS,
	ROOTS,
	UP,
	OUTERMOST,
	SECTIONS
};

struct layout {
	size_t at[SECTIONS + 1]; /* where each begins; the last: where the texts do */
};

/* `count` and `edges` are of 32 bits, so that nothing overflows. */
static struct layout lay_out(const struct header *h)
{
	const size_t sizes[SECTIONS] = {
		[TEXT_STARTS] = ((size_t)h->count * TU_TREE_TEXTS + 2) * sizeof(uint64_t),
		[CHILD_STARTS] = ((size_t)h->count + 1) * sizeof(uint32_t),
		[CHILDREN] = (size_t)h->edges * sizeof(uint32_t),
		[PARENT_STARTS] = ((size_t)h->count + 1) * sizeof(uint32_t),
		[PARENTS] = (size_t)h->edges * sizeof(uint32_t),
		[ROOTS] = (size_t)h->root_count * sizeof(uint32_t),
		[UP] = (size_t)h->count * sizeof(uint32_t),
		[OUTERMOST] = h->count,
	};
	struct layout l = {{sizeof(*h)}};

	for (size_t i = 0; i < SECTIONS; i++)
		l.at[i + 1] = l.at[i] + sizes[i];
	return l;
}

/* ---- packing ---- */

/* The step up of a walk through all that goes level by level: it is a shortest way, and no ring. */
static enum tu_status climb(struct tu_arena *arena, const struct tu_sbom_forest *forest,
	const uint32_t **out_up, struct tu_error *err)
{
	uint32_t *up = tu_arena_array(arena, forest->count, sizeof(*up));
	uint32_t *queue = tu_arena_array(arena, forest->count, sizeof(*queue));
	bool *seen = tu_arena_array(arena, forest->count, sizeof(*seen));
	size_t end = 0;

	if (!up || !queue || !seen)
		return tu_no_memory(err);
	for (size_t i = 0; i < forest->root_count; i++) {
		queue[end++] = forest->roots[i];
		seen[forest->roots[i]] = true;
		up[forest->roots[i]] = TU_NO_COMPONENT;
	}
	for (size_t at = 0; at < end; at++)
		for (uint32_t i = forest->starts[queue[at]]; i < forest->starts[queue[at] + 1];
			i++) {
			uint32_t child = forest->children[i];

			if (seen[child])
				continue;
			seen[child] = true;
			up[child] = queue[at];
			queue[end++] = child;
		}
	*out_up = up;
	return TU_OK;
}

struct packing {
	const struct tu_inventory *inventory; /* with what is above each */
	const struct tu_sbom_tree_words *words;
	struct tu_sbom_forest forest;
	const uint32_t *up;
	uint64_t *text_starts;
};

static void add_texts(const struct packing *p, struct tu_buf *out)
{
	size_t n = 0, begin = out->len;

	for (uint32_t i = 0; i < p->inventory->component_count; i++)
		for (int text = 0; text < TU_TREE_TEXTS; text++) {
			p->text_starts[n++] = out->len - begin;
			p->words->component(
				p->words->self, p->inventory, i, (enum tu_sbom_tree_text)text, out);
		}
	p->text_starts[n++] = out->len - begin;
	p->words->notes(p->words->self, p->inventory, out);
	p->text_starts[n] = out->len - begin;
}

/* The starts of texts are known last, and come first. */
static void write(const struct packing *p, struct tu_buf *out)
{
	const struct tu_sbom_forest *forest = &p->forest;
	const struct tu_sbom_above *above = p->inventory->above;
	struct header h = {magic, 0, 0, (uint32_t)forest->count, (uint32_t)forest->root_count,
		forest->starts[forest->count], p->inventory->subject};
	const struct layout l = lay_out(&h);
	const void *const parts[SECTIONS] = {[TEXT_STARTS] = p->text_starts,
		[CHILD_STARTS] = forest->starts,
		[CHILDREN] = forest->children,
		[PARENT_STARTS] = above->starts,
		[PARENTS] = above->parents,
		[ROOTS] = forest->roots,
		[UP] = p->up,
		[OUTERMOST] = above->outermost};

	tu_buf_add(out, &h, sizeof(h));
	for (size_t i = 0; i < SECTIONS; i++)
		tu_buf_add(out, parts[i], l.at[i + 1] - l.at[i]);
	add_texts(p, out);
	if (out->failed)
		return;
	h.bytes = out->len;
	h.text_bytes = out->len - l.at[SECTIONS];
	memcpy(out->ptr, &h, sizeof(h));
	memcpy(out->ptr + l.at[TEXT_STARTS], p->text_starts,
		l.at[TEXT_STARTS + 1] - l.at[TEXT_STARTS]);
}

enum tu_status tu_sbom_tree_pack(struct tu_arena *arena, const struct tu_inventory *inventory,
	const struct tu_sbom_tree_words *words, struct tu_buf *out, struct tu_error *err)
{
	struct packing p = {.inventory = inventory,
		.words = words,
		.text_starts = tu_arena_array(arena, inventory->component_count * TU_TREE_TEXTS + 2,
			sizeof(*p.text_starts))};
	enum tu_status status = p.text_starts ? TU_OK : tu_no_memory(err);

	if (status == TU_OK && !inventory->above)
		status = tu_sbom_find_above(arena, inventory, &p.inventory, err);
	if (status == TU_OK)
		status = tu_sbom_forest_build(arena, inventory, &p.forest, err);
	if (status == TU_OK)
		status = climb(arena, &p.forest, &p.up, err);
	if (status != TU_OK)
		return status;
	write(&p, out);
	return out->failed ? tu_fail(err, TU_E_LIMIT, 0, "the tree of the SBOM is too large")
			   : TU_OK;
}

/* ---- opening ---- */

/* Rising from 0 to `end`. */
static bool are_starts(const uint32_t *starts, uint32_t count, uint32_t end)
{
	bool ok = starts[0] == 0 && starts[count] == end;

	for (uint32_t i = 0; i < count; i++)
		ok &= starts[i] <= starts[i + 1];
	return ok;
}

static bool are_components(const uint32_t *list, size_t len, uint32_t count)
{
	bool ok = true;

	for (size_t i = 0; i < len; i++)
		ok &= list[i] < count;
	return ok;
}

static bool are_ups(const struct tu_sbom_tree *t)
{
	bool ok = true;

	for (uint32_t i = 0; i < t->count; i++)
		ok &= t->up[i] < t->count || t->up[i] == TU_NO_COMPONENT;
	return ok;
}

static bool are_texts(const struct tu_sbom_tree *t)
{
	const size_t last = (size_t)t->count * TU_TREE_TEXTS + 1;
	bool ok = t->text_starts[0] == 0 && t->text_starts[last] == t->texts.len;

	for (size_t i = 0; i < last; i++)
		ok &= t->text_starts[i] <= t->text_starts[i + 1];
	return ok;
}

enum tu_status tu_sbom_tree_open(
	struct tu_str bytes, struct tu_sbom_tree *out, struct tu_error *err)
{
	struct header h = {0};
	struct layout l;

	if (bytes.len >= sizeof(h))
		memcpy(&h, bytes.ptr, sizeof(h));
	l = lay_out(&h);
	if (h.magic != magic || h.bytes != bytes.len || l.at[SECTIONS] > bytes.len ||
		bytes.len - l.at[SECTIONS] != h.text_bytes)
		return tu_fail(err, TU_E_CORRUPT, 0, "not the tree of an SBOM");
#define AT(type, section) ((const type *)(const void *)(bytes.ptr + l.at[section]))
	*out = (struct tu_sbom_tree){h.count, h.root_count, h.subject, AT(uint32_t, ROOTS),
		AT(uint32_t, CHILD_STARTS), AT(uint32_t, CHILDREN), AT(uint32_t, UP),
		{AT(uint32_t, PARENT_STARTS), AT(uint32_t, PARENTS), AT(unsigned char, OUTERMOST)},
		AT(uint64_t, TEXT_STARTS), tu_str_from(bytes, l.at[SECTIONS])};
#undef AT
	if (!are_starts(out->child_starts, h.count, h.edges) ||
		!are_components(out->children, h.edges, h.count) ||
		!are_starts(out->above.starts, h.count, h.edges) ||
		!are_components(out->above.parents, h.edges, h.count) ||
		!are_components(out->roots, h.root_count, h.count) || !are_ups(out) ||
		!are_texts(out) || (h.subject >= h.count && h.subject != TU_NO_COMPONENT))
		return tu_fail(err, TU_E_CORRUPT, 0, "the tree of an SBOM is damaged");
	return TU_OK;
}

/* ---- asking ---- */

static struct tu_str text_at(const struct tu_sbom_tree *tree, size_t n)
{
	return tu_str_of(tree->texts.ptr + tree->text_starts[n],
		tree->text_starts[n + 1] - tree->text_starts[n]);
}

struct tu_str tu_sbom_tree_text(
	const struct tu_sbom_tree *tree, uint32_t component, enum tu_sbom_tree_text text)
{
	return text_at(tree, (size_t)component * TU_TREE_TEXTS + text);
}

struct tu_str tu_sbom_tree_notes(const struct tu_sbom_tree *tree)
{
	return text_at(tree, (size_t)tree->count * TU_TREE_TEXTS);
}

struct tu_sbom_tree_list tu_sbom_tree_below(const struct tu_sbom_tree *tree, uint32_t component)
{
	const uint32_t *starts = tree->child_starts;

	if (component == TU_NO_COMPONENT)
		return (struct tu_sbom_tree_list){tree->roots, tree->root_count};
	return (struct tu_sbom_tree_list){
		tree->children + starts[component], starts[component + 1] - starts[component]};
}

uint32_t tu_sbom_tree_place(const struct tu_sbom_tree *tree, uint32_t parent, uint32_t child)
{
	struct tu_sbom_tree_list list = tu_sbom_tree_below(tree, parent);

	for (uint32_t i = 0; i < list.count; i++)
		if (list.at[i] == child)
			return i;
	return UINT32_MAX;
}

/* All that can be reached from one, level by level; `seen` is clean before and after. */
static struct tu_sbom_tree_count count_one(
	const struct tu_sbom_tree *tree, uint32_t from, unsigned char *seen, uint32_t *queue)
{
	uint32_t end = 0, at = 0, next = from;
	bool exact = true;

	seen[from] = 1;
	for (;;) {
		struct tu_sbom_tree_list list = tu_sbom_tree_below(tree, next);

		for (uint32_t i = 0; i < list.count && exact; i++) {
			if (seen[list.at[i]])
				continue;
			exact = end < TU_TREE_BELOW_MAX;
			if (exact)
				seen[queue[end++] = list.at[i]] = 1;
		}
		if (at == end || !exact)
			break;
		next = queue[at++];
	}
	for (uint32_t i = 0; i < end; i++)
		seen[queue[i]] = 0;
	seen[from] = 0;
	return (struct tu_sbom_tree_count){end, exact};
}

enum tu_status tu_sbom_tree_count_below(struct tu_arena *arena, const struct tu_sbom_tree *tree,
	struct tu_sbom_tree_list components, struct tu_sbom_tree_count *out_counts,
	struct tu_error *err)
{
	unsigned char *seen = tu_arena_alloc(arena, (size_t)tree->count + 1);
	uint32_t *queue = tu_arena_array(arena, TU_TREE_BELOW_MAX, sizeof(*queue));

	if (!seen || !queue)
		return tu_no_memory(err);
	for (uint32_t i = 0; i < components.count; i++)
		out_counts[i] = count_one(tree, components.at[i], seen, queue);
	return TU_OK;
}

/* Steps up, no more than there are components: what is damaged may have a ring. */
static uint32_t depth_of(const struct tu_sbom_tree *tree, uint32_t component)
{
	uint32_t depth = 1;

	while (tree->up[component] != TU_NO_COMPONENT && depth <= tree->count) {
		component = tree->up[component];
		depth++;
	}
	return depth;
}

enum tu_status tu_sbom_tree_way(struct tu_arena *arena, const struct tu_sbom_tree *tree,
	uint32_t component, struct tu_sbom_tree_list *out_way, struct tu_error *err)
{
	const uint32_t depth = depth_of(tree, component);
	uint32_t *steps = tu_arena_array(arena, depth, sizeof(*steps));

	if (!steps)
		return tu_no_memory(err);
	for (uint32_t i = depth; i-- > 0; component = tree->up[component])
		steps[i] = component;
	*out_way = (struct tu_sbom_tree_list){steps, depth};
	return TU_OK;
}

uint32_t tu_sbom_tree_find(const struct tu_sbom_tree *tree, struct tu_str text, uint32_t from)
{
	for (; from < tree->count; from++) {
		struct tu_str all = tu_sbom_tree_text(tree, from, TU_TREE_FIND);

		if (tu_str_search(all, text) < all.len || text.len == 0)
			break;
	}
	return from;
}
