/* The product tree of a CSAF document: branches, full product names, relationships. */
#include "advisory/csaf.h"

enum { TREE_BYTES_MAX = 256 << 20, CHAIN_MAX = 8 };

/* What the branches above a product say of it. */
struct path {
	struct tu_str vendor;
	struct tu_str product;
	struct tu_str version;
	bool named; /* by a product_name, not merely by a family */
};

/* Some documents list a system once for each of its packages. */
static bool repeats(const struct csaf_product *known, const struct csaf_product *again)
{
	return tu_str_eq(known->vendor, again->vendor) &&
		tu_str_eq(known->product, again->product) &&
		tu_str_eq(known->version, again->version) && known->component == again->component &&
		known->platform == again->platform;
}

static bool add_product(struct tu_advisory_reader *r, struct csaf_tree *tree, struct tu_json full,
	struct csaf_product product)
{
	struct tu_json id = tu_json_get(full, TU_STR("product_id"));
	struct tu_str text = tu_advisory__text(r, id, ADV_TEXT_MAX);
	uint32_t index;

	product.helper = tu_json_get(full, TU_STR("product_identification_helper"));
	product.at = full;
	if (text.len == 0) {
		tu_advisory__problem(r, id.doc ? id : full, "a product without an id");
		return true;
	}
	if (!tu_intern_add(tree->ids, text, &index))
		return false;
	if (index < tree->products.count && repeats(&tree->products.at[index], &product))
		return true;
	if (index < tree->products.count) {
		tu_advisory__problem(r, id, "a product id that another product has already");
		return true;
	}
	return TU_VEC_PUSH(&tree->products, product);
}

/* "15" and then "SP4" is "15 SP4"; a part that begins with a digit says the whole version. */
static bool lengthen(struct tu_advisory_reader *r, struct tu_str *version, struct tu_str part)
{
	if (version->len == 0 || (part.len && tu_char_is_digit(part.ptr[0]))) {
		*version = part;
		return true;
	}
	tu_buf_clear(&r->text);
	tu_buf_str_add(&r->text, *version);
	tu_buf_byte(&r->text, ' ');
	tu_buf_str_add(&r->text, part);
	return tu_advisory__copy_text(r, version);
}

enum level { OTHER, VENDOR, FAMILY, NAME, VERSION, PART_OF_VERSION };

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
		{TU_STR_INIT("product_version_range"), VERSION},
		{TU_STR_INIT("service_pack"), PART_OF_VERSION},
		{TU_STR_INIT("patch_level"), PART_OF_VERSION},
	};

	for (size_t i = 0; i < TU_COUNT(levels); i++) {
		if (tu_str_eq(levels[i].category, category))
			return levels[i].level;
	}
	return OTHER;
}

static bool step(struct tu_advisory_reader *r, struct tu_json branch, struct path *path)
{
	struct tu_str name = tu_str_trim(
		tu_advisory__text(r, tu_json_get(branch, TU_STR("name")), ADV_NAME_MAX));

	switch (level_of(TU_JSON_STR(branch, "category"))) {
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
		path->version = name;
		break;
	case PART_OF_VERSION:
		return lengthen(r, &path->version, name);
	case OTHER:
		break;
	}
	return true;
}

static bool read_branches(struct tu_advisory_reader *r, struct csaf_tree *tree, struct tu_json list,
	const struct path *above);

/* As deep as the JSON text may be nested. */
static bool read_branch(struct tu_advisory_reader *r, struct csaf_tree *tree, struct tu_json branch,
	const struct path *above)
{
	struct tu_json full = tu_json_get(branch, TU_STR("product"));
	struct path path = *above;

	if (!tu_json_is_object(branch)) {
		tu_advisory__problem(r, branch, "not an object");
		return true;
	}
	if (!step(r, branch, &path))
		return false;
	if (tu_json_is_object(full) &&
		!add_product(r, tree, full,
			(struct csaf_product){.vendor = path.vendor,
				.product = path.product,
				.version = path.version,
				.component = CSAF_NONE,
				.platform = CSAF_NONE}))
		return false;
	return read_branches(r, tree, tu_json_get(branch, TU_STR("branches")), &path);
}

static bool read_branches(struct tu_advisory_reader *r, struct csaf_tree *tree, struct tu_json list,
	const struct path *above)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json branch;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(r, list, "not an array");
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &branch)) {
		if (!read_branch(r, tree, branch, above))
			return false;
	}
	return true;
}

static bool read_full_names(
	struct tu_advisory_reader *r, struct csaf_tree *tree, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json full;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &full)) {
		if (!add_product(r, tree, full,
			    (struct csaf_product){.component = CSAF_NONE, .platform = CSAF_NONE}))
			return false;
	}
	return true;
}

static bool read_relationship(
	struct tu_advisory_reader *r, struct csaf_tree *tree, struct tu_json item)
{
	struct csaf_product product = {0};

	product.component = tu_intern_find(tree->ids, TU_JSON_STR(item, "product_reference"));
	product.platform =
		tu_intern_find(tree->ids, TU_JSON_STR(item, "relates_to_product_reference"));
	if (product.component == CSAF_NONE || product.platform == CSAF_NONE) {
		tu_advisory__problem(
			r, item, "a relationship of a product that the tree does not have");
		return true;
	}
	return add_product(r, tree, tu_json_get(item, TU_STR("full_product_name")), product);
}

static bool read_relationships(
	struct tu_advisory_reader *r, struct csaf_tree *tree, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		if (!read_relationship(r, tree, item))
			return false;
	}
	return true;
}

bool tu_advisory__csaf_tree_read(
	struct tu_advisory_reader *r, struct csaf_tree *tree, struct tu_json product_tree)
{
	static const struct path nothing;

	*tree = (struct csaf_tree){.ids = tu_intern_new(TREE_BYTES_MAX)};
	return tree->ids &&
		read_branches(r, tree, tu_json_get(product_tree, TU_STR("branches")), &nothing) &&
		read_full_names(r, tree, tu_json_get(product_tree, TU_STR("full_product_names"))) &&
		read_relationships(r, tree, tu_json_get(product_tree, TU_STR("relationships")));
}

void tu_advisory__csaf_tree_done(struct csaf_tree *tree)
{
	tu_intern_free(tree->ids);
	TU_VEC_DONE(&tree->products);
}

bool tu_advisory__csaf_tree_find(const struct csaf_tree *tree, struct tu_str id,
	const struct csaf_product **out_what, const struct csaf_product **out_platform)
{
	uint32_t index = tu_intern_find(tree->ids, id);
	const struct csaf_product *what;

	*out_platform = NULL;
	if (index == CSAF_NONE)
		return false;
	what = &tree->products.at[index];
	if (what->platform != CSAF_NONE)
		*out_platform = &tree->products.at[what->platform];
	for (int i = 0; i < CHAIN_MAX && what->component != CSAF_NONE; i++)
		what = &tree->products.at[what->component];
	for (int i = 0; i < CHAIN_MAX && *out_platform && (*out_platform)->platform != CSAF_NONE;
		i++)
		*out_platform = &tree->products.at[(*out_platform)->platform];
	*out_what = what;
	return true;
}
