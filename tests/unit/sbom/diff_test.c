/* Comparing inventories: who becomes whose pair, and what of a pair differs. */
#include "read.h"

#include <tutela/sbom_diff.h>

struct both {
	struct tu_arena *arena;
	struct reading a;
	struct reading b;
	const struct tu_sbom_diff *diff;
};

static struct reading read_components(const char *components)
{
	struct reading reading;
	struct tu_buf text;

	tu_buf_init(&text, 1 << 20);
	tu_buf_printf(&text,
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[%s]}",
		components);
	reading = read_good(tu_buf_str(&text), TU_SBOM_CYCLONEDX_JSON);
	tu_buf_done(&text);
	return reading;
}

static struct both compare(const char *a, const char *b)
{
	struct both both = {.arena = tu_arena_new(0)};
	struct tu_error err;

	assert_non_null(both.arena);
	both.a = read_components(a);
	both.b = read_components(b);
	assert_int_equal(
		tu_sbom_diff(both.arena, both.a.inventory, both.b.inventory, &both.diff, &err),
		TU_OK);
	return both;
}

static void both_done(struct both *both)
{
	reading_done(&both->a);
	reading_done(&both->b);
	tu_arena_free(both->arena);
}

static void pairs_are_found_by_the_surest_key(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		enum tu_diff_by by;
	} cases[] = {
		{"{\"name\":\"x\",\"purl\":\"pkg:npm/x@1\"}",
			"{\"name\":\"y\",\"purl\":\"pkg:npm/x@1\"}", TU_DIFF_BY_IDENTITY},
		{"{\"name\":\"x\",\"version\":\"1\"}", "{\"name\":\"x\",\"version\":\"1\"}",
			TU_DIFF_BY_IDENTITY},
		{"{\"name\":\"x\",\"purl\":\"pkg:npm/x@1?a=b\"}",
			"{\"name\":\"x\",\"purl\":\"pkg:npm/x@2\"}", TU_DIFF_BY_PURL},
		{"{\"name\":\"x\",\"version\":\"1\"}", "{\"name\":\"x\",\"version\":\"2\"}",
			TU_DIFF_BY_NAME},
		{"{\"name\":\"x\",\"version\":\"1\"}",
			"{\"name\":\"x\",\"version\":\"1\",\"purl\":\"pkg:npm/x@1\"}",
			TU_DIFF_BY_NAME},
		{"{\"name\":\"x\",\"version\":\"1\",\"purl\":\"pkg:npm/x@1\"}",
			"{\"name\":\"x\",\"version\":\"2\"}", TU_DIFF_BY_NAME},
		{"{\"name\":\"x\",\"hashes\":[{\"alg\":\"MD5\",\"content\":"
		 "\"0123456789abcdef0123456789abcdef\"}]}",
			"{\"name\":\"y\",\"hashes\":[{\"alg\":\"MD5\",\"content\":"
			"\"0123456789abcdef0123456789abcdef\"}]}",
			TU_DIFF_BY_HASH},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct both both = compare(cases[i].a, cases[i].b);

		assert_int_equal(both.diff->pair_count, 1);
		assert_int_equal(both.diff->pairs[0].by, cases[i].by);
		assert_int_equal(both.diff->added_count + both.diff->removed_count, 0);
		both_done(&both);
	}
}

static void strangers_are_no_pair(void **state)
{
	static const char *const cases[][2] = {
		{"{\"name\":\"x\"}", "{\"name\":\"y\"}"},
		{"{\"name\":\"x\",\"group\":\"g\"}", "{\"name\":\"x\",\"group\":\"h\"}"},
		/* one name, two packages */
		{"{\"name\":\"x\",\"purl\":\"pkg:npm/x@1\"}",
			"{\"name\":\"x\",\"purl\":\"pkg:pypi/x@1\"}"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct both both = compare(cases[i][0], cases[i][1]);

		assert_int_equal(both.diff->pair_count, 0);
		assert_int_equal(both.diff->added_count, 1);
		assert_int_equal(both.diff->removed_count, 1);
		both_done(&both);
	}
}

/* Of several versions those that stayed are paired before those that changed. */
static void versions_that_stay_are_paired_first(void **state)
{
	struct both both = compare("{\"name\":\"x\",\"version\":\"3\",\"purl\":\"pkg:npm/x@3\"},"
				   "{\"name\":\"x\",\"version\":\"4\",\"purl\":\"pkg:npm/x@4\"}",
		"{\"name\":\"x\",\"version\":\"4\",\"purl\":\"pkg:npm/x@4\"},"
		"{\"name\":\"x\",\"version\":\"5\",\"purl\":\"pkg:npm/x@5\"}");

	(void)state;
	assert_int_equal(both.diff->pair_count, 2);
	assert_int_equal(both.diff->changed, 1);
	assert_int_equal(both.diff->pairs[0].b, 1);
	assert_int_equal(both.diff->pairs[0].fields, TU_DIFF_VERSION);
	assert_int_equal(both.diff->pairs[1].b, 0);
	both_done(&both);
}

static void copies_are_counted(void **state)
{
	struct both both = compare("{\"name\":\"x\"},{\"name\":\"x\"}",
		"{\"name\":\"x\"},{\"name\":\"x\"},{\"name\":\"x\"}");

	(void)state;
	assert_int_equal(both.diff->pair_count, 2);
	assert_int_equal(both.diff->added_count, 1);
	assert_int_equal(both.diff->added[0], 2);
	both_done(&both);
}

static void differences_are_told_apart(void **state)
{
#define HASH "\"hashes\":[{\"alg\":\"MD5\",\"content\":\"0123456789abcdef0123456789abcde"
	static const struct {
		const char *a;
		const char *b;
		unsigned fields;
	} cases[] = {
		{"\"version\":\"1\"", "\"version\":\"2\"", TU_DIFF_VERSION},
		{"\"supplier\":{\"name\":\"a\"}", "\"publisher\":\"b\"", TU_DIFF_SUPPLIER},
		{"\"licenses\":[{\"license\":{\"id\":\"MIT\"}}]", "\"version\":\"\"",
			TU_DIFF_LICENCE},
		{"\"licenses\":[{\"license\":{\"id\":\"MIT\"}},{\"license\":{\"id\":\"ISC\"}}]",
			"\"licenses\":[{\"license\":{\"id\":\"ISC\"}},{\"license\":{\"id\":\"MIT\"}"
			"}]",
			0},
		{HASH "f\"}]", HASH "e\"}]", TU_DIFF_HASHES},
		{"\"scope\":\"optional\"", "\"scope\":\"required\"", 0},
	};
#undef HASH
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		char a[300], b[300];
		struct both both;

		(void)snprintf(a, sizeof(a), "{\"name\":\"x\",%s}", cases[i].a);
		(void)snprintf(b, sizeof(b), "{\"name\":\"x\",%s}", cases[i].b);
		both = compare(a, b);
		assert_int_equal(both.diff->pair_count, 1);
		assert_int_equal(both.diff->pairs[0].fields, cases[i].fields);
		assert_int_equal(both.diff->changed, cases[i].fields != 0);
		both_done(&both);
	}
}

static void subjects_are_paired_whatever_they_are_called(void **state)
{
	static const struct tu_str first =
		TU_STR_INIT("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\","
			    "\"metadata\":{\"component\":{\"name\":\"pump\",\"version\":\"1\"}}}");
	static const struct tu_str second = TU_STR_INIT(
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\","
		"\"metadata\":{\"component\":{\"name\":\"pump mk 2\",\"version\":\"2\"}}}");
	struct reading a = read_good(first, TU_SBOM_CYCLONEDX_JSON);
	struct reading b = read_good(second, TU_SBOM_CYCLONEDX_JSON);
	const struct tu_sbom_diff *diff;
	struct tu_error err;

	(void)state;
	assert_int_equal(tu_sbom_diff(a.arena, a.inventory, b.inventory, &diff, &err), TU_OK);
	assert_int_equal(diff->pair_count, 1);
	assert_int_equal(diff->pairs[0].by, TU_DIFF_BY_SUBJECT);
	reading_done(&a);
	reading_done(&b);
}

/* What differs in the relationships of x, in brief: "-D y" the first states that it depends on y,
 * "+" the second, C contains, P provides, O another, L depends on nothing. */
static void write_relations(const struct tu_diff_pair *pair, const struct reading *a,
	const struct reading *b, struct tu_buf *out)
{
	static const char letters[] = {[TU_REL_DEPENDS_ON] = 'D',
		[TU_REL_CONTAINS] = 'C',
		[TU_REL_PROVIDES] = 'P',
		[TU_REL_OTHER] = 'O'};

	for (size_t i = 0; i < pair->relation_count; i++) {
		const struct tu_diff_relation *r = &pair->relations[i];
		const struct tu_inventory *stating = r->added ? b->inventory : a->inventory;

		tu_buf_printf(out, "%s%c%c", i ? " " : "", r->added ? '+' : '-',
			r->leaf ? 'L' : letters[r->relation]);
		if (!r->leaf)
			tu_buf_str_add(out, stating->components[r->other].name);
	}
}

#define DEPENDS(what) "\"dependencies\":[{\"ref\":\"x\"," what "}]"
static const struct {
	const char *a;
	const char *b;
	const char *told; /* of x */
} relationship_cases[] = {
	{DEPENDS("\"dependsOn\":[\"y\"]"), DEPENDS("\"dependsOn\":[\"y\"]"), ""},
	{DEPENDS("\"dependsOn\":[\"y\",\"z\"]"), DEPENDS("\"dependsOn\":[\"z\",\"y\"]"), ""},
	{DEPENDS("\"dependsOn\":[\"y\",\"y\"]"), DEPENDS("\"dependsOn\":[\"y\"]"), ""},
	{DEPENDS("\"dependsOn\":[\"y\"]"), DEPENDS("\"dependsOn\":[\"z\"]"), "-Dy +Dz"},
	{DEPENDS("\"dependsOn\":[\"y\"]"), DEPENDS("\"provides\":[\"y\"]"), "-Dy +Py +L"},
	{DEPENDS("\"dependsOn\":[\"y\"]"), DEPENDS("\"dependsOn\":[]"), "-Dy +L"},
	{DEPENDS("\"dependsOn\":[]"), "\"dependencies\":[]", "-L"},
	/* the other direction is a difference of the other component */
	{DEPENDS("\"dependsOn\":[\"y\"]"),
		"\"dependencies\":[{\"ref\":\"y\",\"dependsOn\":[\"x\"]}]", "-Dy"},
	/* only one of the documents has an end of it */
	{DEPENDS("\"dependsOn\":[\"old\"]"), DEPENDS("\"dependsOn\":[\"new\"]"), ""},
};
#undef DEPENDS

#define DOCUMENT \
	"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[" \
	"{\"name\":\"x\",\"bom-ref\":\"x\"},{\"name\":\"y\",\"bom-ref\":\"y\"}," \
	"{\"name\":\"z\",\"bom-ref\":\"z\"},{\"name\":\"%s\",\"bom-ref\":\"%s\"}],%s}"

static void relationships_are_compared_as_sets(void **state)
{
	(void)state;

	for (size_t i = 0; i < TU_COUNT(relationship_cases); i++) {
		char first[600], second[600];
		const struct tu_sbom_diff *diff;
		struct tu_error err;
		struct reading a, b;
		struct tu_buf told;

		(void)snprintf(
			first, sizeof(first), DOCUMENT, "old", "old", relationship_cases[i].a);
		(void)snprintf(
			second, sizeof(second), DOCUMENT, "new", "new", relationship_cases[i].b);
		a = read_good(tu_str_c(first), TU_SBOM_CYCLONEDX_JSON);
		b = read_good(tu_str_c(second), TU_SBOM_CYCLONEDX_JSON);
		assert_int_equal(
			tu_sbom_diff(a.arena, a.inventory, b.inventory, &diff, &err), TU_OK);
		assert_int_equal(diff->pair_count, 3);
		tu_buf_init(&told, 256);
		write_relations(&diff->pairs[0], &a, &b, &told);
		tu_buf_byte(&told, '\0');
		assert_string_equal(told.ptr, relationship_cases[i].told);
		assert_int_equal(diff->pairs[0].fields,
			relationship_cases[i].told[0] ? TU_DIFF_RELATIONS : 0);
		tu_buf_done(&told);
		reading_done(&a);
		reading_done(&b);
	}
}

static void nesting_is_containing(void **state)
{
	static const struct tu_str nested =
		TU_STR_INIT("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":"
			    "[{\"name\":\"x\",\"components\":[{\"name\":\"y\"}]}]}");
	static const struct tu_str flat = TU_STR_INIT(
		"{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"d\","
		"\"packages\":[{\"SPDXID\":\"SPDXRef-x\",\"name\":\"x\"},"
		"{\"SPDXID\":\"SPDXRef-y\",\"name\":\"y\"}],\"relationships\":["
		"{\"spdxElementId\":\"SPDXRef-y\",\"relationshipType\":\"CONTAINED_BY\","
		"\"relatedSpdxElement\":\"SPDXRef-x\"}]}");
	struct reading a = read_good(nested, TU_SBOM_CYCLONEDX_JSON);
	struct reading b = read_good(flat, TU_SBOM_SPDX_JSON);
	const struct tu_sbom_diff *diff;
	struct tu_error err;

	(void)state;
	assert_int_equal(tu_sbom_diff(a.arena, a.inventory, b.inventory, &diff, &err), TU_OK);
	assert_int_equal(diff->pair_count, 2);
	assert_int_equal(diff->changed, 0);
	reading_done(&a);
	reading_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_found_by_the_surest_key),
		cmocka_unit_test(strangers_are_no_pair),
		cmocka_unit_test(versions_that_stay_are_paired_first),
		cmocka_unit_test(copies_are_counted),
		cmocka_unit_test(differences_are_told_apart),
		cmocka_unit_test(relationships_are_compared_as_sets),
		cmocka_unit_test(nesting_is_containing),
		cmocka_unit_test(subjects_are_paired_whatever_they_are_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
