#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include <tutela/str.h>

#define S(text) TU_STR(text)

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

static void slices_stay_inside(void **state)
{
	struct tu_str s = S("pump");
	struct tu_str none = {NULL, 0};
	(void)state;

	assert_int_equal(tu_str_from(s, 9).len, 0);
	assert_int_equal(tu_str_first(s, 9).len, 4);
	assert_true(tu_str_eq(tu_str_from(s, 2), S("mp")));
	assert_null(tu_str_from(none, 1).ptr);
	assert_int_equal(tu_str_c(NULL).len, 0);
	assert_true(tu_str_eq(none, S("")));
}

static void orders_bytes_and_prefixes(void **state)
{
	(void)state;
	assert_int_equal(tu_str_cmp(S("a"), S("ab")), -1);
	assert_int_equal(tu_str_cmp(S("b"), S("ab")) > 0, 1);
	assert_int_equal(tu_str_cmp(S("\xff"), S("a")) > 0, 1);
	assert_int_equal(tu_str_cmp((struct tu_str){NULL, 0}, S("")), 0);
}

static void searches_without_leaving_the_text(void **state)
{
	(void)state;
	assert_int_equal(tu_str_find(S("a:b:c"), ':'), 1);
	assert_int_equal(tu_str_rfind(S("a:b:c"), ':'), 3);
	assert_int_equal(tu_str_find((struct tu_str){NULL, 0}, ':'), 0);
	assert_int_equal(tu_str_search(S("abcabd"), S("abd")), 3);
	assert_int_equal(tu_str_search(S("ab"), S("abc")), 2);
	assert_int_equal(tu_str_search(S("ab"), S("")), 0);
	assert_int_equal(tu_str_isearch(S("xxABx"), S("ab")), 2);
	assert_int_equal(tu_str_isearch(S("x"), S("yyy")), 1);
	assert_true(tu_str_starts(S("abc"), S("")));
	assert_false(tu_str_ends(S("bc"), S("abc")));
	assert_true(tu_str_ieq(S("CVE"), S("cve")));
	/* no case outside ASCII: "\xc4" and "\xe4" are not letters here */
	assert_false(tu_str_ieq(S("\xc4"), S("\xe4")));
}

static void splits_and_sees_a_last_empty_part_once(void **state)
{
	static const struct {
		const char *text;
		size_t parts;
	} cases[] = {{"", 1}, {"a", 1}, {",", 2}, {"a,b", 2}, {"a,b,", 3}, {",,", 3}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_str rest = tu_str_c(cases[i].text);
		struct tu_str part;
		size_t parts = 0;

		while (tu_str_split(&rest, ',', &part))
			parts++;
		assert_int_equal(parts, cases[i].parts);
	}
}

static void trims_and_skips(void **state)
{
	struct tu_str s = S("v1.2");
	(void)state;

	assert_true(tu_str_eq(tu_str_trim(S(" \t\r\n x y \v\f")), S("x y")));
	assert_int_equal(tu_str_trim(S("  ")).len, 0);
	assert_false(tu_str_skip(&s, S("V")));
	assert_true(tu_str_skip(&s, S("v")));
	assert_true(tu_str_eq(tu_str_digits(&s), S("1")));
	assert_true(tu_str_eq(s, S(".2")));
}

static void compares_digit_runs_as_numbers_of_any_length(void **state)
{
	static const struct {
		const char *a, *b;
		int order;
	} cases[] = {{"1", "2", -1}, {"10", "9", 1}, {"007", "7", 0}, {"0", "", 0}, {"000", "0", 0},
		{"18446744073709551616", "18446744073709551615", 1},
		{"99999999999999999999999999999999", "100000000000000000000000000000000", -1}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_str a = tu_str_c(cases[i].a);
		struct tu_str b = tu_str_c(cases[i].b);

		assert_int_equal(sign(tu_str_cmp_digits(a, b)), cases[i].order);
		assert_int_equal(sign(tu_str_cmp_digits(b, a)), -cases[i].order);
	}
}

static void reads_small_numbers_up_to_a_limit(void **state)
{
	uint64_t value = 42;
	(void)state;

	assert_true(tu_str_to_u64(S("18446744073709551615"), UINT64_MAX, &value));
	assert_true(value == UINT64_MAX);
	value = 42;
	assert_false(tu_str_to_u64(S("18446744073709551616"), UINT64_MAX, &value));
	assert_false(tu_str_to_u64(S("256"), 255, &value));
	assert_false(tu_str_to_u64(S(""), 255, &value));
	assert_false(tu_str_to_u64(S("-1"), 255, &value));
	assert_false(tu_str_to_u64(S("1 "), 255, &value));
	assert_int_equal(value, 42);
	assert_true(tu_str_to_u64(S("000255"), 255, &value));
	assert_int_equal(value, 255);
}

/* Nothing, a part of a text, and more than printf can count. */
static void is_printed_by_its_length(void **state)
{
	static const struct {
		struct tu_str text;
		const char *shown;
	} rows[] = {{{NULL, 0}, "[]"}, {{"abc", 0}, "[]"}, {{"abc", 2}, "[ab]"},
		{{"abc", (size_t)0x7fffffff + 1}, "[abc]"}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		char out[16];

		(void)snprintf(out, sizeof(out), "[%.*s]", TU_STR_FMT(rows[i].text));
		assert_string_equal(out, rows[i].shown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_stay_inside),
		cmocka_unit_test(is_printed_by_its_length),
		cmocka_unit_test(orders_bytes_and_prefixes),
		cmocka_unit_test(searches_without_leaving_the_text),
		cmocka_unit_test(splits_and_sees_a_last_empty_part_once),
		cmocka_unit_test(trims_and_skips),
		cmocka_unit_test(compares_digit_runs_as_numbers_of_any_length),
		cmocka_unit_test(reads_small_numbers_up_to_a_limit),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
