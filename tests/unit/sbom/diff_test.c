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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_found_by_the_surest_key),
		cmocka_unit_test(strangers_are_no_pair),
		cmocka_unit_test(versions_that_stay_are_paired_first),
		cmocka_unit_test(copies_are_counted),
		cmocka_unit_test(differences_are_told_apart),
		cmocka_unit_test(subjects_are_paired_whatever_they_are_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
