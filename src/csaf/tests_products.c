/* Tests of the product tree: branches and what stands at their ends. */
#include <tutela/range.h>

#include "csaf/tests.h"

static struct tu_str name_of(const struct tu_csaf_branch *branch)
{
	return TU_JSON_STR(branch->value, "name");
}

static bool is(const struct tu_csaf_branch *branch, const char *category)
{
	return tu_str_eq(branch->category, tu_str_c(category));
}

/* ---- names under product_version ---- */

static bool has_range_word(struct tu_str text)
{
	static const char *const words[] = {
		"after", "all", "before", "earlier", "later", "prior", "versions"};

	while (text.len) {
		size_t len = 0;
		while (len < text.len && !tu_char_is_space(text.ptr[len]))
			len++;
		for (size_t i = 0; i < TU_COUNT(words); i++)
			if (tu_str_ieq(tu_str_first(text, len), tu_str_c(words[i])))
				return true;
		text = tu_str_from(text, len + 1);
	}
	return false;
}

TU_CSAF_TEST(6_1_31)
{
	for (size_t i = 0; i < csaf->product_tree.branches.count; i++) {
		const struct tu_csaf_branch *branch = &csaf->product_tree.branches.at[i];
		struct tu_str name = name_of(branch);
		if (is(branch, "product_version") &&
			(tu_str_find(name, '<') < name.len || tu_str_find(name, '>') < name.len ||
				has_range_word(name)))
			tu_csaf_fail(csaf, branch->value, "name",
				"\"%.*s\" is a range, not a version",
				TU_STR_FMT(tu_str_first(name, 80)));
	}
}

static bool has_version_mark(struct tu_str name)
{
	return name.len > 1 && tu_char_lower(name.ptr[0]) == 'v' && tu_char_is_digit(name.ptr[1]);
}

TU_CSAF_TEST(6_3_11)
{
	for (size_t i = 0; i < csaf->product_tree.branches.count; i++)
		if (is(&csaf->product_tree.branches.at[i], "product_version") &&
			has_version_mark(name_of(&csaf->product_tree.branches.at[i])))
			tu_csaf_fail(csaf, csaf->product_tree.branches.at[i].value, "name",
				"\"%.*s\" starts with a mark of a version",
				TU_STR_FMT(tu_str_first(
					name_of(&csaf->product_tree.branches.at[i]), 80)));
}

/* ---- names under product_version_range ---- */

static bool is_vers(struct tu_str name)
{
	struct tu_str rest = name;
	size_t slash;

	if (!tu_str_skip(&rest, TU_STR("vers:")))
		return false;
	slash = tu_str_find(rest, '/');
	if (slash == 0 || slash + 1 >= rest.len)
		return false;
	for (size_t i = 0; i < slash; i++)
		if (!tu_char_is_lower(rest.ptr[i]) && !strchr(".-+", rest.ptr[i]) &&
			(i == 0 || !tu_char_is_digit(rest.ptr[i])))
			return false;
	return true;
}

TU_CSAF_TEST(6_2_18)
{
	for (size_t i = 0; i < csaf->product_tree.branches.count; i++)
		if (is(&csaf->product_tree.branches.at[i], "product_version_range") &&
			!is_vers(name_of(&csaf->product_tree.branches.at[i])))
			tu_csaf_fail(csaf, csaf->product_tree.branches.at[i].value, "name",
				"\"%.*s\" is not a vers string",
				TU_STR_FMT(tu_str_first(
					name_of(&csaf->product_tree.branches.at[i]), 80)));
}

static struct tu_str skip_comparator(struct tu_str constraint, bool *out_single)
{
	static const char *const comparators[] = {">=", "<=", "!=", "<", ">", "="};

	for (size_t i = 0; i < TU_COUNT(comparators); i++)
		if (tu_str_skip(&constraint, tu_str_c(comparators[i]))) {
			*out_single = i + 1 == TU_COUNT(comparators);
			return constraint;
		}
	*out_single = true;
	return constraint;
}

/* Constraints joined by "|", each a comparator and a version without signs of its own. */
static bool constraints_fit(struct tu_str text)
{
	struct tu_str constraint, version;
	bool single;

	if (!text.len)
		return false;
	while (tu_str_split(&text, '|', &constraint)) {
		version = skip_comparator(constraint, &single);
		if (!version.len)
			return false;
		for (size_t i = 0; i < version.len; i++)
			if (tu_char_is_space(version.ptr[i]) || strchr("<>=!*", version.ptr[i]))
				return false;
	}
	return true;
}

static bool scheme_known(struct tu_str type)
{
	enum tu_scheme scheme;

	return tu_scheme_by_name(type, &scheme);
}

/* A vers string in its canonical form; of a type that is not known, as far as form goes. */
static void check_vers(struct tu_csaf *csaf, struct tu_json value, struct tu_str name)
{
	struct tu_str rest = tu_str_from(name, strlen("vers:")), type;
	struct tu_error err = {0};
	struct tu_buf canonical;
	size_t slash = tu_str_find(rest, '/');
	enum tu_status status;

	type = tu_str_first(rest, slash);
	rest = tu_str_from(rest, slash + 1);
	if (tu_str_eq(rest, TU_STR("*")))
		return;
	if (tu_str_eq(type, TU_STR("all")) || !constraints_fit(rest)) {
		tu_csaf_fail(csaf, value, "name",
			"\"%.*s\" is not a vers string of the form that is "
			"wanted",
			TU_STR_FMT(tu_str_first(name, 80)));
		return;
	}
	if (!scheme_known(type))
		return;
	tu_buf_init(&canonical, 1 << 20);
	status = tu_range_canonical(csaf->arena, name, &canonical, &err);
	if (status == TU_E_NOMEM)
		tu_csaf_out_of(csaf, status);
	else if (status != TU_OK)
		tu_csaf_fail(csaf, value, "name", "%s", err.message);
	else if (!tu_str_eq(tu_buf_str(&canonical), name))
		tu_csaf_fail(csaf, value, "name", "the canonical form is \"%.*s\"",
			TU_STR_FMT(tu_str_first(tu_buf_str(&canonical), 120)));
	tu_buf_done(&canonical);
}

TU_CSAF_TEST(6_1_50)
{
	for (size_t i = 0; !csaf->status && i < csaf->product_tree.branches.count; i++) {
		const struct tu_csaf_branch *branch = &csaf->product_tree.branches.at[i];
		struct tu_str name = name_of(branch);
		if (!is(branch, "product_version_range"))
			continue;
		if (is_vers(name))
			check_vers(csaf, branch->value, name);
		else if (!constraints_fit(name))
			tu_csaf_fail(csaf, branch->value, "name",
				"\"%.*s\" is neither a vers string nor its constraints",
				TU_STR_FMT(tu_str_first(name, 80)));
	}
}

TU_CSAF_TEST(6_1_59)
{
	for (size_t i = 0; i < csaf->product_tree.branches.count; i++) {
		const struct tu_csaf_branch *branch = &csaf->product_tree.branches.at[i];
		struct tu_str name = name_of(branch);
		struct tu_str rest =
			is_vers(name) ? tu_str_from(name, tu_str_find(name, '/') + 1) : name;
		bool single;
		if (!is(branch, "product_version_range") || tu_str_find(rest, '|') < rest.len ||
			tu_str_eq(rest, TU_STR("*")) || tu_str_starts(rest, TU_STR("vers:")))
			continue;
		(void)skip_comparator(rest, &single);
		if (single)
			tu_csaf_fail(csaf, branch->value, "name", "\"%.*s\" is a single version",
				TU_STR_FMT(tu_str_first(name, 80)));
	}
}

TU_CSAF_TEST(6_3_10)
{
	for (size_t i = 0; i < csaf->product_tree.branches.count; i++)
		if (is(&csaf->product_tree.branches.at[i], "product_version_range"))
			tu_csaf_fail(csaf, csaf->product_tree.branches.at[i].value, "category",
				"product_version_range is used");
}

/* ---- paths ---- */

TU_CSAF_TEST(6_1_34)
{
	for (size_t i = 0; i < csaf->product_tree.products.count; i++) {
		const struct tu_csaf_product *product = &csaf->product_tree.products.at[i];
		if (product->branch != TU_CSAF_NONE &&
			csaf->product_tree.branches.at[product->branch].depth > 30)
			tu_csaf_fail(csaf, product->value, NULL,
				"stands below %u branches; 30 are the limit",
				csaf->product_tree.branches.at[product->branch].depth);
	}
}

static const char *const categories[] = {"architecture", "host_name", "language", "legacy",
	"patch_level", "platform", "product_name", "product_version", "product_version_range",
	"service_pack", "specification", "vendor"};

/* Bits of the categories along the path; product_family has none. `out_twice`: one stands twice. */
static uint32_t path_categories(const struct tu_csaf *csaf, uint32_t branch, const char **out_twice)
{
	uint32_t bits = 0;

	*out_twice = NULL;
	for (; branch != TU_CSAF_NONE; branch = csaf->product_tree.branches.at[branch].parent)
		for (size_t i = 0; i < TU_COUNT(categories); i++)
			if (is(&csaf->product_tree.branches.at[branch], categories[i])) {
				if (bits & (1u << i))
					*out_twice = categories[i];
				bits |= 1u << i;
			}
	return bits;
}

TU_CSAF_TEST(6_1_57)
{
	const char *twice;

	for (size_t i = 0; i < csaf->product_tree.products.count; i++) {
		(void)path_categories(csaf, csaf->product_tree.products.at[i].branch, &twice);
		if (twice)
			tu_csaf_fail(csaf, csaf->product_tree.products.at[i].value, NULL,
				"the category %s stands more than once on its path", twice);
	}
}

TU_CSAF_TEST(6_1_58)
{
	const uint32_t both = 1u << 7 | 1u << 8;
	const char *twice;

	for (size_t i = 0; i < csaf->product_tree.products.count; i++)
		if ((path_categories(csaf, csaf->product_tree.products.at[i].branch, &twice) &
			    both) == both)
			tu_csaf_fail(csaf, csaf->product_tree.products.at[i].value, NULL,
				"product_version and product_version_range stand on its path");
}

TU_CSAF_TEST(6_2_16)
{
	for (size_t i = 0; i < csaf->product_tree.products.count; i++)
		if (!tu_json_get(csaf->product_tree.products.at[i].value,
			    TU_STR("product_identification_helper"))
				.doc)
			tu_csaf_fail(csaf, csaf->product_tree.products.at[i].value, NULL,
				"has no product_identification_helper");
}

/* From the end of the path to the tree: version, then name, then vendor. */
TU_CSAF_TEST(6_3_9)
{
	static const char *const wanted[] = {"product_version", "product_name", "vendor"};

	for (size_t i = 0; i < csaf->product_tree.products.count; i++) {
		uint32_t branch = csaf->product_tree.products.at[i].branch;
		size_t met = 0;
		if (branch == TU_CSAF_NONE)
			continue;
		for (; branch != TU_CSAF_NONE;
			branch = csaf->product_tree.branches.at[branch].parent)
			met += met < TU_COUNT(wanted) &&
				is(&csaf->product_tree.branches.at[branch], wanted[met]);
		if (met < TU_COUNT(wanted))
			tu_csaf_fail(csaf, csaf->product_tree.products.at[i].value, NULL,
				"its path does not have vendor, product_name and "
				"product_version in this order");
	}
}
