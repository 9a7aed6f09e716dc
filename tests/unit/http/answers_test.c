/* Conditions and encodings of answers, and the table of fixed headers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/answers.h"

static const struct {
	const char *tags, *etag;
	bool matches;
} tags[] = {
	{"\"a\"", "\"a\"", true},
	{"W/\"a\"", "\"a\"", true},
	{"\"b\", \"a\"", "\"a\"", true},
	{" * ", "\"a\"", true},
	{"\"b\"", "\"a\"", false},
	{"a", "\"a\"", false},
	{"", "\"a\"", false},
	{"*", "", false},
	{"", "", false},
};

static void test_etags(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(tags); i++)
		if (tu_http_etag_matches(tu_str_c(tags[i].tags), tu_str_c(tags[i].etag)) !=
			tags[i].matches)
			fail_msg("%s against %s", tags[i].tags, tags[i].etag);
	assert_false(tu_http_etag_matches((struct tu_str){0}, TU_STR("\"a\"")));
}

static const struct {
	const char *accept;
	bool gzip;
} encodings[] = {
	{"gzip", true},
	{"br, GZIP;q=0.5", true},
	{"deflate, x-gzip", true},
	{"*", true},
	{"gzip;q=0", false},
	{"gzip; q=0.000", false},
	{"*, gzip;q=0", false},
	{"*;q=0", false},
	{"identity", false},
	{"gzipped", false},
	{"", false},
};

static void test_encodings(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(encodings); i++)
		if (tu_http_accepts_gzip(tu_str_c(encodings[i].accept)) != encodings[i].gzip)
			fail_msg("%s", encodings[i].accept);
}

static void test_finds_files_by_name(void **state)
{
	static const struct tu_http_static files[] = {
		{.name = "/a"}, {.name = "/a.js"}, {.name = "/b"}};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(files); i++)
		assert_ptr_equal(
			tu_http_static_find(files, TU_COUNT(files), tu_str_c(files[i].name)),
			&files[i]);
	assert_null(tu_http_static_find(files, TU_COUNT(files), TU_STR("/")));
	assert_null(tu_http_static_find(files, TU_COUNT(files), TU_STR("/a.j")));
	assert_null(tu_http_static_find(files, 0, TU_STR("/a")));
}

static void test_nothing_inline_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < tu_http_fixed_count; i++) {
		const struct tu_http_fixed *row = &tu_http_fixed[i];

		assert_true(row->page || row->other);
		assert_true(!row->page || !strstr(row->page, "unsafe-"));
		assert_true(!row->other || !strstr(row->other, "unsafe-"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_etags),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_finds_files_by_name),
		cmocka_unit_test(test_nothing_inline_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
