#include "csaf/tree.h"

enum { IDS_BYTES = 256 << 20, CHAIN_MAX = 8 };

static void out_of(struct tu_csaf_tree *tree, enum tu_status status)
{
	if (tree->status == TU_OK)
		tree->status = status;
}

static void problem(struct tu_csaf_tree *tree, struct tu_json at, const char *message)
{
	if (tree->problem)
		tree->problem(tree->context, at, message);
}

/* An iterator over an array's items; over anything else: nothing, and it is reported. */
static struct tu_json_iter items_of(struct tu_csaf_tree *tree, struct tu_json list)
{
	if (tu_json_is_array(list))
		return tu_json_iter(list);
	if (tu_json_type(list) > TU_JSON_NULL)
		problem(tree, list, "not an array");
	return (struct tu_json_iter){0};
}

/* ---- paths ---- */

/* NARROWS: an architecture, language, platform and so on, and every category that is not known. */
enum level { LEGACY, VENDOR, FAMILY, NAME, VERSION, RANGE, PART_OF_VERSION, NARROWS };

static enum level level_of(struct tu_str category)
{
	static const struct {
		struct tu_str category;
		enum level level;
	} levels[] = {
		{TU_STR_INIT("vendor"), VENDOR},
		{TU_STR_INIT("product_family"), FAMILY},
		{TU_STR_INIT("product_name"), NAME},
		{TU_STR_INIT("product_version"), VERSION},
		{TU_STR_INIT("product_version_range"), RANGE},
		{TU_STR_INIT("service_pack"), PART_OF_VERSION},
		{TU_STR_INIT("patch_level"), PART_OF_VERSION},
		{TU_STR_INIT("legacy"), LEGACY},
	};

	for (size_t i = 0; i < TU_COUNT(levels); i++) {
		if (tu_str_eq(levels[i].category, category))
			return levels[i].level;
	}
	return NARROWS;
}

/* "2.3.1" is one of "2.3": the inner one says it all. */
static bool begins_with(struct tu_str inner, struct tu_str outer)
{
	return tu_str_starts(inner, outer) &&
		(inner.len == outer.len || !tu_char_is_alnum(inner.ptr[outer.len]));
}

static void take_version(
	struct tu_csaf_path *path, struct tu_str name, bool is_range, uint32_t parent)
{
	bool repeats = !is_range && !path->is_range && begins_with(name, path->version);

	path->blank |= name.len == 0;
	if (path->version.len && !tu_str_eq(name, path->version) && !repeats)
		path->within = parent;
	path->version = name;
	path->is_range = is_range;
}

/* "15" and then "SP4" is "15 SP4", "2.3" and then "2.3.1" is "2.3.1". A part of no version may be
 * one of any: it narrows, and nobody can say to what. */
static void lengthen(struct tu_csaf_tree *tree, struct tu_csaf_path *path, struct tu_str part)
{
	struct tu_str *version = &path->version;
	struct tu_buf text;

	path->blank |= part.len == 0;
	if (version->len == 0) {
		path->narrowed = part.len ? part : TU_STR("?");
		return;
	}
	if (begins_with(part, *version)) {
		*version = part;
		return;
	}
	tu_buf_init(&text, 1 << 20);
	tu_buf_str_add(&text, *version);
	tu_buf_byte(&text, ' ');
	tu_buf_str_add(&text, part);
	if (text.failed || !tu_arena_dup(tree->arena, tu_buf_str(&text), version))
		out_of(tree, TU_E_NOMEM);
	tu_buf_done(&text);
}

static void step(struct tu_csaf_tree *tree, struct tu_json branch, uint32_t parent,
	struct tu_csaf_path *path)
{
	struct tu_str name = tu_str_trim(TU_JSON_STR(branch, "name"));
	enum level level = level_of(TU_JSON_STR(branch, "category"));

	switch (level) {
	case VENDOR:
		path->vendor = name;
		break;
	case FAMILY:
		if (!path->named)
			path->product = name;
		break;
	case NAME:
		path->product = name;
		path->named = true;
		break;
	case VERSION:
	case RANGE:
		take_version(path, name, level == RANGE, parent);
		break;
	case PART_OF_VERSION:
		lengthen(tree, path, name);
		break;
	case NARROWS:
		path->narrowed = name.len ? name : TU_STR("?");
		break;
	case LEGACY:
		break;
	}
}

/* ---- definitions ---- */

static void add_product(
	struct tu_csaf_tree *tree, struct tu_json value, uint32_t branch, struct tu_json combined)
{
	struct tu_json id = tu_json_get(value, TU_STR("product_id"));
	struct tu_csaf_product product = {.value = value,
		.id = tu_json_str(id),
		.branch = branch,
		.combined = combined,
		.part = TU_CSAF_NONE,
		.whole = TU_CSAF_NONE};

	if (!tu_json_is_object(value) || tree->status)
		return;
	if (product.id.len == 0)
		problem(tree, id.doc ? id : value, "a product without an id");
	if (!tu_intern_add(tree->ids, product.id, &product.number) ||
		!TU_VEC_PUSH_IN(tree->arena, &tree->products, product))
		out_of(tree, TU_E_NOMEM);
}

static void read_branches(struct tu_csaf_tree *tree, struct tu_json list, uint32_t parent);

static void read_branch(struct tu_csaf_tree *tree, struct tu_json value, uint32_t parent)
{
	const struct tu_csaf_branch *above =
		parent == TU_CSAF_NONE ? NULL : &tree->branches.at[parent];
	struct tu_csaf_branch branch = {.value = value,
		.parent = parent,
		.depth = above ? above->depth + 1 : 1,
		.category = TU_JSON_STR(value, "category"),
		.path.within = TU_CSAF_NONE};
	uint32_t index = (uint32_t)tree->branches.count;

	if (above)
		branch.path = above->path;
	if (branch.depth > TU_CSAF_BRANCH_DEPTH_MAX) {
		problem(tree, value, "branches are nested too deep");
		out_of(tree, TU_E_LIMIT);
		return;
	}
	if (!tu_json_is_object(value))
		problem(tree, value, "not an object");
	step(tree, value, parent, &branch.path);
	if (!TU_VEC_PUSH_IN(tree->arena, &tree->branches, branch)) {
		out_of(tree, TU_E_NOMEM);
		return;
	}
	add_product(tree, tu_json_get(value, TU_STR("product")), index, (struct tu_json){0});
	read_branches(tree, tu_json_get(value, TU_STR("branches")), index);
}

static void read_branches(struct tu_csaf_tree *tree, struct tu_json list, uint32_t parent)
{
	struct tu_json_iter iter = items_of(tree, list);
	struct tu_json value;

	while (!tree->status && tu_json_next_item(&iter, &value))
		read_branch(tree, value, parent);
}

/* `member`: where an item has its full_product_name; NULL: it is one. */
static void read_list(struct tu_csaf_tree *tree, struct tu_json list, const char *member)
{
	struct tu_json_iter iter = items_of(tree, list);
	struct tu_json item;

	while (!tree->status && tu_json_next_item(&iter, &item))
		add_product(tree, member ? tu_json_get(item, tu_str_c(member)) : item, TU_CSAF_NONE,
			member ? item : (struct tu_json){0});
}

/* ---- combined products ---- */

static bool is_relationship(struct tu_json item)
{
	static const struct tu_str categories[] = {TU_STR_INIT("default_component_of"),
		TU_STR_INIT("external_component_of"), TU_STR_INIT("installed_on"),
		TU_STR_INIT("installed_with"), TU_STR_INIT("optional_component_of")};

	for (size_t i = 0; i < TU_COUNT(categories); i++)
		if (tu_str_eq(TU_JSON_STR(item, "category"), categories[i]))
			return true;
	return false;
}

static void check_category(
	struct tu_csaf_tree *tree, struct tu_csaf_product *product, struct tu_json item)
{
	if (is_relationship(item))
		return;
	product->contested = true;
	problem(tree, item, "a relationship without a known category");
}

static uint32_t number_at(const struct tu_csaf_tree *tree, struct tu_json item, const char *member)
{
	return tu_intern_find(tree->ids, tu_json_str(tu_json_get(item, tu_str_c(member))));
}

/* A relationship (2.0) says part and whole; a product path (2.1) leads from the part to the whole,
 * which is its last step. */
static void connect(struct tu_csaf_tree *tree, struct tu_csaf_product *product)
{
	struct tu_json item = product->combined, next, last = {0};
	struct tu_json_iter iter;

	if (tu_json_get(item, TU_STR("beginning_product_reference")).doc) {
		iter = items_of(tree, tu_json_get(item, TU_STR("subpaths")));
		while (tu_json_next_item(&iter, &next)) {
			check_category(tree, product, next);
			last = next;
		}
		product->part = number_at(tree, item, "beginning_product_reference");
		product->whole = number_at(tree, last, "next_product_reference");
	} else {
		check_category(tree, product, item);
		product->part = number_at(tree, item, "product_reference");
		product->whole = number_at(tree, item, "relates_to_product_reference");
	}
	if (product->part == TU_CSAF_NONE || product->whole == TU_CSAF_NONE)
		problem(tree, item, "a relationship of a product that the tree does not have");
}

static bool same_identifier(struct tu_json a, struct tu_json b, const char *member)
{
	return tu_str_eq(tu_json_str(tu_json_get(a, tu_str_c(member))),
		tu_json_str(tu_json_get(b, tu_str_c(member))));
}

/* Some documents list a system once for each of its packages. */
static bool repeats(const struct tu_csaf_tree *tree, const struct tu_csaf_product *known,
	const struct tu_csaf_product *again)
{
	const struct tu_csaf_path *a = tu_csaf_tree_path(tree, known);
	const struct tu_csaf_path *b = tu_csaf_tree_path(tree, again);
	struct tu_json ours = tu_json_get(known->value, TU_STR("product_identification_helper"));
	struct tu_json theirs = tu_json_get(again->value, TU_STR("product_identification_helper"));

	return tu_str_eq(a->vendor, b->vendor) && tu_str_eq(a->product, b->product) &&
		tu_str_eq(a->version, b->version) && known->part == again->part &&
		known->whole == again->whole && same_identifier(ours, theirs, "purl") &&
		same_identifier(ours, theirs, "cpe");
}

/* The first definition of an id counts. */
static void settle(struct tu_csaf_tree *tree)
{
	tree->count = tu_intern_count(tree->ids);
	tree->first = tu_arena_array(tree->arena, tree->count, sizeof(*tree->first));
	if (!tree->first) {
		out_of(tree, TU_E_NOMEM);
		return;
	}
	if (tree->count)
		memset(tree->first, 0xff, tree->count * sizeof(*tree->first));
	for (size_t i = 0; i < tree->products.count; i++) {
		struct tu_csaf_product *product = &tree->products.at[i];
		uint32_t *first = &tree->first[product->number];

		if (product->combined.doc)
			connect(tree, product);
		if (*first == TU_CSAF_NONE)
			*first = (uint32_t)i;
		else if (!repeats(tree, &tree->products.at[*first], product)) {
			tree->products.at[*first].contested = true;
			problem(tree, product->value,
				"a product id that another product has already");
		}
	}
}

/* ---- the whole ---- */

void tu_csaf_tree_read(struct tu_csaf_tree *tree, struct tu_json product_tree)
{
	tree->ids = tu_intern_new(IDS_BYTES);
	if (!tree->ids) {
		out_of(tree, TU_E_NOMEM);
		return;
	}
	read_branches(tree, tu_json_get(product_tree, TU_STR("branches")), TU_CSAF_NONE);
	read_list(tree, tu_json_get(product_tree, TU_STR("full_product_names")), NULL);
	read_list(tree, tu_json_get(product_tree, TU_STR("relationships")), "full_product_name");
	read_list(tree, tu_json_get(product_tree, TU_STR("product_paths")), "full_product_name");
	if (tree->status == TU_OK)
		settle(tree);
}

void tu_csaf_tree_done(struct tu_csaf_tree *tree)
{
	tu_intern_free(tree->ids);
	tree->ids = NULL;
}

const struct tu_csaf_product *tu_csaf_tree_product(const struct tu_csaf_tree *tree, uint32_t number)
{
	return number < tree->count && tree->first[number] != TU_CSAF_NONE
		? &tree->products.at[tree->first[number]]
		: NULL;
}

const struct tu_csaf_product *tu_csaf_tree_find(const struct tu_csaf_tree *tree, struct tu_str id)
{
	return tu_csaf_tree_product(tree, tu_intern_find(tree->ids, id));
}

const struct tu_csaf_path *tu_csaf_tree_path(
	const struct tu_csaf_tree *tree, const struct tu_csaf_product *product)
{
	static const struct tu_csaf_path nothing = {.within = TU_CSAF_NONE};

	return product->branch == TU_CSAF_NONE ? &nothing
					       : &tree->branches.at[product->branch].path;
}

bool tu_csaf_tree_resolve(const struct tu_csaf_tree *tree, const struct tu_csaf_product *product,
	const struct tu_csaf_product **out_what, const struct tu_csaf_product **out_whole)
{
	const struct tu_csaf_product *whole =
		product->combined.doc ? tu_csaf_tree_product(tree, product->whole) : NULL;
	bool alone = !product->combined.doc;

	for (int i = 0; i < CHAIN_MAX && product && product->combined.doc; i++)
		product = tu_csaf_tree_product(tree, product->part);
	for (int i = 0; i < CHAIN_MAX && whole && whole->combined.doc; i++)
		whole = tu_csaf_tree_product(tree, whole->whole);
	*out_what = product;
	*out_whole = whole;
	return product && (alone || whole);
}
