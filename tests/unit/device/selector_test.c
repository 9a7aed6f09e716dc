#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/device.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(globs), cmocka_unit_test(selectors)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
