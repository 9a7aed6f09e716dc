#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/device.h>
#include <tutela/sbom_above.h>

#include "device/glob.h"

static void globs(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} cases[] = {
		{"a", "a", true},
		{"a", "A", true},
		{"a", "ab", false},
		{"a*", "ab", true},
		{"*", "", true},
		{"", "", true},
		{"", "x", false},
		{"*b*", "abc", true},
		{"a*c*e", "abcde", true},
		{"a*c*e", "abcdf", false},
		{"**", "x", true},
		{"*a", "aaab", false},
		{"lib*", "zlib", false},
		{"*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		if (tu_glob_matches(tu_str_c(cases[i].pattern), tu_str_c(cases[i].text)) !=
			cases[i].matches)
			fail_msg("case %zu", i);
}

static void selectors(void **state)
{
	static const struct tu_str cpe[] = {
		TU_STR_INIT("cpe:2.3:a:acme:pump\\:d:1.3:*:*:*:*:*:*:*")};
	static const struct tu_component components[] = {
		{.name = TU_STR_INIT("motor"), .ref = TU_STR_INIT("m"), .parent = TU_NO_COMPONENT},
		{.name = TU_STR_INIT("core"),
			.ref = TU_STR_INIT("m:core"),
			.version = TU_STR_INIT("1.3"),
			.purl = TU_STR_INIT("pkg:npm/@acme/core@1.3?arch=x#sub"),
			.parent = 0,
			.cpes = cpe,
			.cpe_count = 1},
		{.name = TU_STR_INIT("part"), .parent = 1},
	};
	const struct tu_inventory inventory = {.components = components, .component_count = 3};
	static const struct {
		struct tu_selector selector;
		uint32_t component;
		bool matches;
	} cases[] = {
		{{.name = TU_STR_INIT("co*")}, 1, true},
		{{.name = TU_STR_INIT("co*"), .version = TU_STR_INIT("1.*")}, 1, true},
		{{.name = TU_STR_INIT("co*"), .version = TU_STR_INIT("2.*")}, 1, false},
		{{.version = TU_STR_INIT("1.3")}, 1, false},
		{{.name = {NULL, 0}}, 1, false},
		{{.purl = TU_STR_INIT("pkg:npm/@acme/core")}, 1, true},
		{{.purl = TU_STR_INIT("pkg:npm/@acme/core@1.3")}, 1, true},
		{{.purl = TU_STR_INIT("pkg:npm/@acme/core@1.4")}, 1, false},
		{{.purl = TU_STR_INIT("pkg:npm/@acme/*")}, 1, true},
		{{.purl = TU_STR_INIT("pkg:npm/@acme/core")}, 0, false},
		{{.cpe = TU_STR_INIT("cpe:2.3:a:acme:pump\\:d")}, 1, true},
		{{.cpe = TU_STR_INIT("cpe:2.3:a:*:pump\\:d:1.3:*")}, 1, true},
		{{.cpe = TU_STR_INIT("cpe:2.3:o:acme:pump\\:d")}, 1, false},
		{{.ref = TU_STR_INIT("m:*")}, 1, true},
		{{.path = TU_STR_INIT("motor/core")}, 1, true},
		{{.path = TU_STR_INIT("motor/core")}, 2, false},
		{{.path = TU_STR_INIT("motor/**")}, 2, true},
		{{.path = TU_STR_INIT("motor/**")}, 0, false},
		{{.path = TU_STR_INIT("m/m:core/part")}, 2, true},
		{{.path = TU_STR_INIT("*")}, 0, true},
		{{.path = TU_STR_INIT("*")}, 1, false},
		{{.name = TU_STR_INIT("core"), .ref = TU_STR_INIT("other")}, 1, false},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		if (tu_selector_matches(&cases[i].selector, &inventory, cases[i].component) !=
			cases[i].matches)
			fail_msg("case %zu", i);
}

/* gateway -> os -> (linux -> busybox, libc); gateway -> tool -> libc; a -> b -> c -> b, on its own;
 * no nesting: what is above a component is said by relationships alone. */
static const struct tu_component gateway[] = {
	{.name = TU_STR_INIT("Gateway 7"), .parent = TU_NO_COMPONENT},
	{.name = TU_STR_INIT("os"), .parent = TU_NO_COMPONENT},
	{.name = TU_STR_INIT("linux"),
		.version = TU_STR_INIT("6.1"),
		.ref = TU_STR_INIT("ref-linux"),
		.parent = TU_NO_COMPONENT},
	{.name = TU_STR_INIT("busybox"), .parent = TU_NO_COMPONENT},
	{.name = TU_STR_INIT("libc"), .parent = TU_NO_COMPONENT},
	{.name = TU_STR_INIT("tool"), .parent = TU_NO_COMPONENT},
	{.name = TU_STR_INIT("a"), .parent = TU_NO_COMPONENT},
	{.name = TU_STR_INIT("b"), .parent = TU_NO_COMPONENT},
	{.name = TU_STR_INIT("c"), .parent = TU_NO_COMPONENT},
};
enum { GATEWAY, OS, LINUX, BUSYBOX, LIBC, TOOL, A, B, C };
static const struct tu_relationship gateway_below[] = {
	{GATEWAY, OS, TU_REL_DEPENDS_ON},
	{OS, LINUX, TU_REL_CONTAINS},
	{LINUX, BUSYBOX, TU_REL_DEPENDS_ON},
	{LINUX, LIBC, TU_REL_DEPENDS_ON},
	{GATEWAY, TOOL, TU_REL_DEPENDS_ON},
	{TOOL, LIBC, TU_REL_DEPENDS_ON},
	{A, B, TU_REL_DEPENDS_ON},
	{B, C, TU_REL_DEPENDS_ON},
	{C, B, TU_REL_DEPENDS_ON},
};
static const struct {
	const char *path;
	uint32_t component;
	bool matches;
} path_cases[] = {
	{"os/linux/**", BUSYBOX, true},
	{"os/linux/**", LIBC, true},
	{"os/linux/**", LINUX, false},
	{"os/linux/**", TOOL, false},
	{"Gateway 7/os/**", LINUX, true},
	{"Gateway 7/os/**", BUSYBOX, true},
	{"*/os/linux", LINUX, true},
	{"*/linux/**", BUSYBOX, true},
	{"*/*/linux/**", BUSYBOX, true},
	{"linux/**", BUSYBOX, true},
	{"linux/**", TOOL, false},
	{"*", LIBC, true},
	{"**/linux/**", BUSYBOX, true},
	{"**/linux", LINUX, true},
	{"**/linux 6.1/*", LIBC, true},
	{"**/linux 6.2/*", LIBC, false},
	{"**/ref-linux/libc", LIBC, true},
	{"tool/libc", LIBC, true},
	{"Gateway 7/tool/libc", LIBC, true},
	{"os/libc", LIBC, false},
	{"os/**/libc", LIBC, true},
	{"Gateway 7", GATEWAY, true},
	{"Gateway 7/**", GATEWAY, false},
	{"Gateway 7/**", A, false},
	{"a/**", C, true},
	{"a/b/c/b/c", C, true},
	{"a/b/b", B, false},
	{"**", C, true},
	{"**/none/**", C, false},
	{"", C, false},
};

static void paths_follow_dependencies(void **state)
{
	const struct tu_inventory flat = {.components = gateway,
		.component_count = TU_COUNT(gateway),
		.relationships = gateway_below,
		.relationship_count = TU_COUNT(gateway_below),
		.subject = GATEWAY};
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_inventory *inventory;
	(void)state;

	assert_non_null(arena);
	assert_int_equal(tu_sbom_find_above(arena, &flat, &inventory, NULL), TU_OK);
	for (size_t i = 0; i < TU_COUNT(path_cases); i++) {
		const struct tu_selector selector = {.path = tu_str_c(path_cases[i].path)};

		if (tu_selector_matches(&selector, inventory, path_cases[i].component) !=
			path_cases[i].matches)
			fail_msg("%s of %u", path_cases[i].path, path_cases[i].component);
	}
	tu_arena_free(arena);
}

/* Layers of components, each of which depends on all of the next: more paths than can be walked. */
static void many_paths_end(void **state)
{
	enum { WIDTH = 8, LAYERS = 40, COUNT = WIDTH * LAYERS };
	static struct tu_component components[COUNT];
	static struct tu_relationship relationships[WIDTH * WIDTH * (LAYERS - 1)];
	struct tu_inventory wide = {
		.components = components, .component_count = COUNT, .subject = TU_NO_COMPONENT};
	const struct tu_selector all = {.path = TU_STR_INIT("**/x/**/x/**/x")};
	const struct tu_selector none = {.path = TU_STR_INIT("**/x/**/y/**/x")};
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_inventory *inventory;
	(void)state;

	assert_non_null(arena);
	for (uint32_t i = 0; i < COUNT; i++)
		components[i] =
			(struct tu_component){.name = TU_STR_INIT("x"), .parent = TU_NO_COMPONENT};
	for (uint32_t from = 0; from < COUNT - WIDTH; from++)
		for (uint32_t k = 0; k < WIDTH; k++)
			relationships[wide.relationship_count++] = (struct tu_relationship){
				from, (from / WIDTH + 1) * WIDTH + k, TU_REL_DEPENDS_ON};
	wide.relationships = relationships;
	assert_int_equal(tu_sbom_find_above(arena, &wide, &inventory, NULL), TU_OK);
	assert_true(tu_selector_matches(&all, inventory, COUNT - 1));
	assert_false(tu_selector_matches(&none, inventory, COUNT - 1));
	tu_arena_free(arena);
}

/* app uses linux, linux uses busybox; in the second inventory the charger uses busybox, too. */
static void a_shared_component_is_not_meant_alone(void **state)
{
	static const struct tu_component components[] = {
		{.name = TU_STR_INIT("app"), .parent = TU_NO_COMPONENT},
		{.name = TU_STR_INIT("linux"), .parent = TU_NO_COMPONENT},
		{.name = TU_STR_INIT("busybox"), .parent = TU_NO_COMPONENT},
		{.name = TU_STR_INIT("charger"), .parent = TU_NO_COMPONENT},
	};
	static const struct tu_relationship relationships[] = {
		{.from = 0, .to = 1, .relation = TU_REL_DEPENDS_ON},
		{.from = 1, .to = 2, .relation = TU_REL_DEPENDS_ON},
		{.from = 0, .to = 3, .relation = TU_REL_DEPENDS_ON},
		{.from = 3, .to = 2, .relation = TU_REL_DEPENDS_ON},
	};
	const struct tu_selector path = {.path = TU_STR_INIT("linux/**")};
	const struct tu_selector name = {.name = TU_STR_INIT("busybox")};
	(void)state;

	for (size_t shared = 0; shared < 2; shared++) {
		struct tu_arena *arena = tu_arena_new(0);
		const struct tu_inventory inventory = {.subject = 0,
			.components = components,
			.component_count = 4,
			.relationships = relationships,
			.relationship_count = shared ? 4 : 3};
		const struct tu_inventory *above = NULL;
		struct tu_error err;

		assert_int_equal(tu_sbom_find_above(arena, &inventory, &above, &err), TU_OK);
		assert_true(tu_selector_matches(&path, above, 2));
		assert_int_equal(tu_selector_matches_alone(&path, above, 2), !shared);
		assert_true(tu_selector_matches_alone(&name, above, 2));
		assert_false(tu_selector_matches_alone(&path, above, 3));
		tu_arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(globs), cmocka_unit_test(selectors),
		cmocka_unit_test(paths_follow_dependencies), cmocka_unit_test(many_paths_end),
		cmocka_unit_test(a_shared_component_is_not_meant_alone)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
