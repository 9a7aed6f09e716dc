#include "sbom/write/write.h"

#include <stdlib.h>
#include <string.h>

#include "sbom/forest.h"

/* ---- the document ---- */

struct tu_str tu_sbom__created_of(const struct tu_sbom_writing *w)
{
	return w->options->created.len ? w->options->created : w->inventory->created;
}

struct tu_str tu_sbom__serial_of(struct tu_sbom_writing *w)
{
	struct tu_str own = w->inventory->serial;
	struct tu_str given = w->options->serial;

	if (!given.len || tu_str_eq(given, own))
		return own;
	if (own.len && !tu_sbom_target_holds_serial(w->target, own) &&
		!w->lost[TU_LOSS_SERIAL].count)
		tu_sbom__lose(w, TU_LOSS_SERIAL, NULL);
	return given;
}

uint32_t tu_sbom__bom_version_of(const struct tu_sbom_writing *w)
{
	struct tu_str own = w->inventory->serial;
	bool renewed = own.len && w->options->serial.len && !tu_str_eq(w->options->serial, own);

	return renewed || !w->inventory->bom_version ? 1 : w->inventory->bom_version;
}

bool tu_sbom__is_utc(struct tu_str text)
{
	static const struct tu_str form = TU_STR_INIT("0000-00-00T00:00:00Z");

	for (size_t i = 0; i < form.len; i++) {
		char c = i < text.len ? text.ptr[i] : '\0';

		if (form.ptr[i] == '0' ? !tu_char_is_digit(c) : c != form.ptr[i])
			return false;
	}
	return text.len == form.len;
}

enum tu_status tu_sbom__need_options(struct tu_sbom_writing *w, struct tu_error *err)
{
	if (tu_sbom_target_holds_serial(w->target, tu_sbom__serial_of(w)) &&
		tu_sbom__is_utc(tu_sbom__created_of(w)))
		return TU_OK;
	return tu_fail(err, TU_E_USAGE, 0,
		"SPDX needs a URI as namespace and a time of creation in UTC: give them as "
		"options");
}

/* RFC 3986, as far as a reader must not stumble: a scheme, something after it, and no character
 * that would end it. SPDX 3 has IRIs (RFC 3987), which may have letters of any script. */
bool tu_sbom__is_uri(struct tu_str text, bool iri)
{
	size_t colon = tu_str_find(text, ':');

	if (colon == 0 || colon + 1 >= text.len || !tu_char_is_alpha(text.ptr[0]))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if ((unsigned char)c <= ' ' || memchr("<>\"{}|\\^`\x7f", c, 10))
			return false;
		if ((unsigned char)c >= 0x80 && !iri)
			return false;
		if (i < colon && !tu_char_is_alnum(c) && c != '+' && c != '-' && c != '.')
			return false;
	}
	return true;
}

bool tu_sbom__is_mail(struct tu_str text)
{
	size_t at = tu_str_find(text, '@');

	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] <= ' ' || memchr("()<>/", text.ptr[i], 5))
			return false;
	}
	return at > 0 && at + 1 < text.len;
}

/* Documents name a few; a hundred thousand must not cost the square. */
bool tu_sbom__is_tool_to_write(const struct tu_sbom_writing *w, size_t tool)
{
	enum { LOOK_MAX = 64 };
	const struct tu_str *tools = w->inventory->tools;

	for (size_t i = 0; i < tool && i < LOOK_MAX; i++) {
		if (tu_str_eq(tools[i], tools[tool]))
			return false;
	}
	return tools[tool].len && !tu_str_eq(tools[tool], w->options->tool);
}

/* ---- components ---- */

static bool is_taken(const struct tu_inventory *inventory, struct tu_str beginning)
{
	for (size_t i = 0; i < inventory->component_count; i++) {
		if (tu_str_starts(inventory->components[i].ref, beginning))
			return true;
	}
	return false;
}

void tu_sbom__make_ids(struct tu_sbom_writing *w, struct tu_str base, struct tu_buf *out)
{
	tu_buf_str_add(out, base);
	while (!out->failed && is_taken(w->inventory, tu_buf_str(out)))
		tu_buf_c(out, "x-");
	w->out->failed = w->out->failed || out->failed;
}

bool tu_sbom__is_seen(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] > ' ')
			return true;
	}
	return false;
}

struct tu_str tu_sbom__name_of(struct tu_sbom_writing *w, const struct tu_component *c)
{
	if (tu_sbom__is_seen(c->name))
		return c->name;
	tu_sbom__lose(w, TU_LOSS_NAME, c);
	return tu_sbom__is_seen(c->purl) ? c->purl : TU_STR("unnamed");
}

bool tu_sbom__is_no_licence(struct tu_str text)
{
	return tu_str_eq(text, TU_STR("NOASSERTION")) || tu_str_eq(text, TU_STR("NONE"));
}

void tu_sbom__resolved_text(
	struct tu_sbom_writing *w, const struct tu_component *c, struct tu_buf *out)
{
	tu_buf_c(out, "CVEs fixed:");
	for (size_t i = 0; i < c->resolved_count; i++) {
		if (!tu_str_eq(c->resolved[i].source, TU_STR("yocto recipe patch")) ||
			c->resolved[i].detail.len)
			tu_sbom__lose(w, TU_LOSS_RESOLVED_SOURCE, c);
		tu_buf_byte(out, ' ');
		tu_buf_str_add(out, c->resolved[i].id);
	}
	w->out->failed = w->out->failed || out->failed;
}

bool tu_sbom__source_text(
	struct tu_sbom_writing *w, const struct tu_component *c, struct tu_buf *out)
{
	struct tu_str stated = tu_sbom_detail_text(c->detail, TU_TEXT_SOURCE_INFO);
	bool says = tu_str_search(stated, TU_STR("CVEs fixed")) < stated.len;

	if (!stated.len && !c->resolved_count)
		return false;
	tu_buf_init(out, SIZE_MAX / 2);
	tu_buf_str_add(out, stated);
	if (c->resolved_count && !says) {
		tu_buf_c(out, stated.len ? "\n" : "");
		tu_sbom__resolved_text(w, c, out);
	}
	return true;
}

/* ---- the tree ---- */

/* What contains it by relationships that are all alike, so deep that no reader is in trouble. */
enum { NESTED_MAX = 32 };

/* What the subject contains is beside it: that is what the list of components means. */
static void hang_contained(const struct tu_inventory *inventory, uint32_t *parent)
{
	for (size_t i = 0; i < inventory->relationship_count; i++) {
		const struct tu_relationship *r = &inventory->relationships[i];

		if (r->relation == TU_REL_CONTAINS && r->from != TU_NO_COMPONENT &&
			r->to != TU_NO_COMPONENT && r->from != inventory->subject &&
			r->to != inventory->subject && parent[r->to] == TU_NO_COMPONENT)
			parent[r->to] = r->from;
	}
}

/* Circles, and what is too deep, are cut open; nesting of the source is neither. */
static void cut_deep(const struct tu_inventory *inventory, uint32_t *parent)
{
	for (uint32_t i = 0; i < inventory->component_count; i++) {
		uint32_t up = i;
		size_t depth = 0;

		if (inventory->components[i].parent != TU_NO_COMPONENT)
			continue;
		while (up != TU_NO_COMPONENT && depth++ < NESTED_MAX)
			up = parent[up];
		if (up != TU_NO_COMPONENT)
			parent[i] = TU_NO_COMPONENT;
	}
}

static void link_children(const struct tu_inventory *inventory, struct tu_sbom_tree *tree)
{
	size_t count = inventory->component_count;

	for (size_t i = 0; i <= count; i++)
		tree->first[i] = TU_NO_COMPONENT;
	for (size_t i = count; i-- > 0;) {
		uint32_t parent = tree->parent[i];
		size_t slot = parent == TU_NO_COMPONENT ? count : parent;

		tree->next[i] = TU_NO_COMPONENT;
		if (i == inventory->subject && parent == TU_NO_COMPONENT)
			continue;
		tree->next[i] = tree->first[slot];
		tree->first[slot] = (uint32_t)i;
	}
}

bool tu_sbom__grow_tree(struct tu_sbom_writing *w, struct tu_sbom_tree *out_tree)
{
	const struct tu_inventory *inventory = w->inventory;
	size_t count = inventory->component_count + 1;

	out_tree->parent = tu_arena_array(w->arena, count, sizeof(*out_tree->parent));
	out_tree->first = tu_arena_array(w->arena, count, sizeof(*out_tree->first));
	out_tree->next = tu_arena_array(w->arena, count, sizeof(*out_tree->next));
	if (!out_tree->parent || !out_tree->first || !out_tree->next)
		return false;
	for (size_t i = 0; i < inventory->component_count; i++)
		out_tree->parent[i] = inventory->components[i].parent;
	hang_contained(inventory, out_tree->parent);
	cut_deep(inventory, out_tree->parent);
	link_children(inventory, out_tree);
	return true;
}

/* ---- relationships ---- */

static int by_source(const void *a, const void *b)
{
	const struct tu_relationship *first = a;
	const struct tu_relationship *second = b;

	if (first->from != second->from)
		return first->from < second->from ? -1 : 1;
	if (first->relation != second->relation)
		return first->relation < second->relation ? -1 : 1;
	if (first->type != second->type)
		return first->type < second->type ? -1 : 1;
	return (first->to > second->to) - (first->to < second->to);
}

static bool start_edges(struct tu_sbom_writing *w, size_t most, struct tu_sbom_edges *edges)
{
	edges->at = tu_arena_array(w->arena, most + 1, sizeof(*edges->at));
	edges->count = 0;
	return edges->at != NULL;
}

static void put_in_order(struct tu_sbom_edges *edges)
{
	size_t kept = 0;

	if (!edges->count)
		return;
	qsort(edges->at, edges->count, sizeof(*edges->at), by_source);
	for (size_t i = 0; i < edges->count; i++) {
		if (kept == 0 || by_source(&edges->at[kept - 1], &edges->at[i]) != 0)
			edges->at[kept++] = edges->at[i];
	}
	edges->count = kept;
}

static void lose_edge(struct tu_sbom_writing *w, const struct tu_relationship *r)
{
	tu_sbom__lose(w, TU_LOSS_RELATION,
		r->to == TU_NO_COMPONENT ? NULL : &w->inventory->components[r->to]);
}

/* The document itself describes; it has no other relationships that a reader would understand. */
static bool is_of_components(const struct tu_relationship *r)
{
	return r->to != TU_NO_COMPONENT &&
		(r->from != TU_NO_COMPONENT || r->relation == TU_REL_DESCRIBES);
}

static void describe(struct tu_sbom_edges *edges, uint32_t component)
{
	edges->at[edges->count++] = (struct tu_relationship){
		TU_NO_COMPONENT, component, TU_REL_DESCRIBES, TU_TYPE_PLAIN};
}

static bool describes_something(const struct tu_sbom_edges *edges)
{
	for (size_t i = 0; i < edges->count; i++) {
		if (edges->at[i].from == TU_NO_COMPONENT)
			return true;
	}
	return false;
}

/* SPDX 2.3, 11.1: a document describes something. Where the source does not say what, it is what
 * nothing is above of. */
static bool describe_roots(struct tu_sbom_writing *w, struct tu_sbom_edges *edges)
{
	struct tu_sbom_forest forest;
	struct tu_error err;

	if (tu_sbom_forest_build(w->arena, w->inventory, &forest, &err))
		return false;
	for (size_t i = 0; i < forest.root_count; i++)
		describe(edges, forest.roots[i]);
	if (forest.root_count)
		tu_sbom__lose(w, TU_LOSS_ROOTS, &w->inventory->components[forest.roots[0]]);
	return true;
}

bool tu_sbom__flat_edges(struct tu_sbom_writing *w, struct tu_sbom_edges *out_edges)
{
	const struct tu_inventory *inventory = w->inventory;
	size_t most = inventory->relationship_count + 2 * inventory->component_count + 1;

	if (!start_edges(w, most, out_edges))
		return false;
	for (size_t i = 0; i < inventory->relationship_count; i++) {
		if (is_of_components(&inventory->relationships[i]))
			out_edges->at[out_edges->count++] = inventory->relationships[i];
		else
			lose_edge(w, &inventory->relationships[i]);
	}
	for (uint32_t i = 0; i < inventory->component_count; i++) {
		if (inventory->components[i].parent != TU_NO_COMPONENT)
			out_edges->at[out_edges->count++] = (struct tu_relationship){
				inventory->components[i].parent, i, TU_REL_CONTAINS, TU_TYPE_PLAIN};
	}
	if (inventory->subject != TU_NO_COMPONENT)
		describe(out_edges, inventory->subject);
	else if (!describes_something(out_edges) && !describe_roots(w, out_edges))
		return false;
	put_in_order(out_edges);
	return true;
}

static bool is_told_by_tree(const struct tu_inventory *inventory, const struct tu_sbom_tree *tree,
	const struct tu_relationship *r)
{
	if (r->to == TU_NO_COMPONENT)
		return false;
	return (r->relation == TU_REL_DESCRIBES && r->to == inventory->subject) ||
		(r->relation == TU_REL_CONTAINS && r->from != TU_NO_COMPONENT &&
			tree->parent[r->to] == r->from);
}

bool tu_sbom__tree_edges(
	struct tu_sbom_writing *w, const struct tu_sbom_tree *tree, struct tu_sbom_edges *out_edges)
{
	const struct tu_inventory *inventory = w->inventory;

	if (!start_edges(w, inventory->relationship_count, out_edges))
		return false;
	for (size_t i = 0; i < inventory->relationship_count; i++) {
		const struct tu_relationship *r = &inventory->relationships[i];
		bool kept = r->from != TU_NO_COMPONENT && r->to != TU_NO_COMPONENT &&
			(r->relation == TU_REL_DEPENDS_ON || r->relation == TU_REL_PROVIDES);

		if (kept) {
			out_edges->at[out_edges->count] = *r;
			out_edges->at[out_edges->count++].type = TU_TYPE_PLAIN;
			if (r->type != TU_TYPE_PLAIN)
				tu_sbom__lose(
					w, TU_LOSS_RELATION_TYPE, &inventory->components[r->to]);
		} else if (!is_told_by_tree(inventory, tree, r))
			lose_edge(w, r);
	}
	put_in_order(out_edges);
	return true;
}
