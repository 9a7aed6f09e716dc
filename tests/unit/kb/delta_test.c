#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/kb.h>

enum { KB_MAX = 4 * 1024 * 1024 };

static struct tu_span spans[2] = {
	{TU_COVERAGE_AFFECTED, {.hi = {TU_STR_INIT("1.2"), TU_STR_INIT("\x01\x02"), false}}},
	{TU_COVERAGE_AFFECTED, {.hi = {TU_STR_INIT("1.3"), TU_STR_INIT("\x01\x03"), false}}}};

static struct tu_affected_package package(const char *name, size_t span)
{
	return (struct tu_affected_package){.type = TU_STR("npm"),
		.name = tu_str_c(name),
		.versions = {
			.otherwise = TU_COVERAGE_UNAFFECTED, .spans = &spans[span], .count = 1}};
}

struct given {
	const char *id;
	const char *name;
	size_t span;
	bool kev;
	bool withdrawn;
	const char *title;
	float epss;
};

static struct tu_kb *build(const struct given *given, size_t count, struct tu_buf *bytes)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_kb_build_counts counts;
	struct tu_error err = {0};
	struct tu_kb *kb = NULL;

	for (size_t i = 0; i < count; i++) {
		struct tu_affected_package packages[] = {package(given[i].name, given[i].span)};
		struct tu_advisory a = {.source = TU_SOURCE_OSV,
			.id = tu_str_c(given[i].id),
			.database = TU_STR("GHSA"),
			.published = 1000,
			.modified = 2000,
			.title = tu_str_c(given[i].title ? given[i].title : "a title"),
			.state = given[i].withdrawn ? TU_ADVISORY_WITHDRAWN : TU_ADVISORY_PUBLISHED,
			.packages = packages,
			.package_count = 1,
			.has_kev = given[i].kev,
			.epss_score = -1,
			.epss_percentile = -1};
		struct tu_advisory epss = {.source = TU_SOURCE_EPSS,
			.id = a.id,
			.epss_score = given[i].epss,
			.epss_percentile = given[i].epss};

		assert_int_equal(tu_kb_builder_add(builder, &a, &err), TU_OK);
		if (given[i].epss > 0)
			assert_int_equal(tu_kb_builder_add(builder, &epss, &err), TU_OK);
	}
	tu_buf_init(bytes, KB_MAX);
	if (tu_kb_builder_finish(builder, bytes, &counts, &err) ||
		tu_kb_open_memory(bytes->ptr, bytes->len, &kb, &err))
		fail_msg("%s", err.message);
	tu_kb_builder_free(builder);
	return kb;
}

static const struct given before[] = {{"GHSA-a", "left", 0}, {"GHSA-b", "right", 0}};

/* What is different when all becomes `all`. */
static unsigned differences(
	const struct given *all, size_t count, size_t *out_changes, size_t *out_keys)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_kb_diff *diff;
	struct tu_buf x, y;
	struct tu_kb *old_kb = build(before, TU_COUNT(before), &x);
	struct tu_kb *new_kb = build(all, count, &y);
	unsigned found = 0;

	assert_int_equal(tu_kb_compare(arena, old_kb, new_kb, &diff, NULL), TU_OK);
	for (size_t i = 0; i < diff->change_count; i++)
		found |= diff->changes[i].differences;
	*out_changes = diff->change_count;
	*out_keys = diff->key_count;
	tu_kb_close(old_kb);
	tu_kb_close(new_kb);
	tu_buf_done(&x);
	tu_buf_done(&y);
	tu_arena_free(arena);
	return found;
}

static void tells_what_is_different(void **state)
{
	static const struct {
		struct given second;
		unsigned differences;
		size_t keys;
	} cases[] = {
		{{"GHSA-b", "right", 0}, 0, 0},
		{{"GHSA-b", "right", 1}, TU_KB_APPLIES, 1},
		{{"GHSA-b", "up", 0}, TU_KB_APPLIES, 2},
		{{"GHSA-b", "right", 0, .withdrawn = true}, TU_KB_APPLIES, 1},
		{{"GHSA-b", "right", 0, .kev = true}, TU_KB_WEIGHT, 0},
		{{"GHSA-b", "right", 0, .title = "another"}, TU_KB_WORDS, 0},
		{{"GHSA-b", "right", 0, .epss = 0.5f}, TU_KB_EPSS, 0},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const struct given all[] = {before[0], cases[i].second};
		size_t changes, keys;
		unsigned found = differences(all, 2, &changes, &keys);

		if (found != cases[i].differences || keys != cases[i].keys ||
			changes != (found ? 1 : 0))
			fail_msg("case %zu: %u, %zu changes, %zu keys", i, found, changes, keys);
	}
}

static void tells_what_came_and_went(void **state)
{
	const struct given more[] = {before[0], before[1], {"GHSA-c", "up", 0}};
	const struct given other[] = {before[0], {"GHSA-c", "up", 0}};
	size_t changes, keys;
	(void)state;

	assert_true(differences(more, 3, &changes, &keys) & TU_KB_APPLIES);
	assert_int_equal(changes, 1);
	assert_int_equal(keys, 1);
	(void)differences(before, 1, &changes, &keys);
	assert_int_equal(changes, 1);
	(void)differences(other, 2, &changes, &keys);
	assert_int_equal(changes, 2);
	assert_int_equal(keys, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_is_different),
		cmocka_unit_test(tells_what_came_and_went),
	};

	return cmocka_run_group_tests_name("delta", tests, NULL, NULL);
}
