/* Percent-decoding, queries and cookies of requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/target.h"

struct decoded {
	const char *text, *plain, *form; /* NULL: refused */
};

static const struct decoded decoded[] = {
	{"", "", ""},
	{"a+b", "a+b", "a b"},
	{"a%20b", "a b", "a b"},
	{"%41%6a", "Aj", "Aj"},
	{"%c3%a4", "\xc3\xa4", "\xc3\xa4"},
	{"%252f", "%2f", "%2f"},
	{"%00", NULL, NULL},
	{"%", NULL, NULL},
	{"%4", NULL, NULL},
	{"%zz", NULL, NULL},
	{"%c0%af", NULL, NULL},
	{"%e0%80%af", NULL, NULL},
	{"%ff", NULL, NULL},
};

static void check(const char *text, bool form, const char *expected)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_str out = {0};

	assert_non_null(arena);
	assert_int_equal(tu_http_decode(tu_str_c(text), form, arena, &out), expected != NULL);
	if (expected)
		assert_true(tu_str_eq(out, tu_str_c(expected)));
	tu_arena_free(arena);
}

static void test_decodes_or_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(decoded); i++) {
		check(decoded[i].text, false, decoded[i].plain);
		check(decoded[i].text, true, decoded[i].form);
	}
}

static void test_takes_a_query_apart(void **state)
{
	static const char *const parts[][2] = {
		{"a", "1"}, {"b", ""}, {"c", ""}, {"d", "x=y"}, {"a", "2"}};
	struct tu_str query = TU_STR("a=1&&b&c=&d=x=y&a=2&"), name, value;
	size_t n = 0;

	(void)state;
	while (tu_http_query_next(&query, &name, &value)) {
		assert_true(n < TU_COUNT(parts));
		assert_true(tu_str_eq(name, tu_str_c(parts[n][0])));
		assert_true(tu_str_eq(value, tu_str_c(parts[n][1])));
		n++;
	}
	assert_int_equal(n, TU_COUNT(parts));
}

static void test_finds_a_cookie_once(void **state)
{
	struct tu_str header = TU_STR("a=1; session=abc=d; b=2; twice=x; twice=y; empty=");

	(void)state;
	assert_true(tu_str_eq(tu_http_cookie(header, TU_STR("session")), TU_STR("abc=d")));
	assert_null(tu_http_cookie(header, TU_STR("twice")).ptr);
	assert_null(tu_http_cookie(header, TU_STR("Session")).ptr);
	assert_null(tu_http_cookie(header, TU_STR("sess")).ptr);
	assert_int_equal(tu_http_cookie(header, TU_STR("empty")).len, 0);
	assert_null(tu_http_cookie((struct tu_str){0}, TU_STR("a")).ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decodes_or_refuses),
		cmocka_unit_test(test_takes_a_query_apart),
		cmocka_unit_test(test_finds_a_cookie_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
