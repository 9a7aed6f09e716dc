#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/cpe.h>

#include "ident/cpe_split.h"

static int make_arena(void **state)
{
	*state = tu_arena_new(0);
	return *state ? 0 : -1;
}

static int free_arena(void **state)
{
	tu_arena_free(*state);
	return 0;
}

static struct tu_cpe parsed(void **state, const char *text)
{
	struct tu_cpe cpe = {{{NULL, 0}}};

	assert_int_equal(tu_cpe_parse(*state, tu_str_c(text), &cpe, NULL), TU_OK);
	return cpe;
}

static void plain_text_and_attributes_lead_to_each_other(void **state)
{
	struct tu_buf attr, plain;

	(void)state;
	tu_buf_init(&attr, 1024);
	tu_buf_init(&plain, 1024);
	tu_cpe_attr_from_plain(TU_STR("Foo Bar!.NET"), &attr);
	assert_true(tu_str_eq(tu_buf_str(&attr), TU_STR("foo_bar\\!.net")));
	tu_cpe_attr_plain(tu_buf_str(&attr), &plain);
	assert_true(tu_str_eq(tu_buf_str(&plain), TU_STR("foo_bar!.net")));
	tu_buf_clear(&attr);
	tu_cpe_attr_from_plain(TU_STR(""), &attr);
	assert_true(tu_str_eq(tu_buf_str(&attr), TU_STR("*")));
	tu_buf_done(&attr);
	tu_buf_done(&plain);
}

/* DESIGN: a name without vendor and product would match everything. */
static void a_double_wildcard_never_matches(void **state)
{
	struct tu_cpe wild = parsed(state, "cpe:2.3:a:*:*:*:*:*:*:*:*:*:*");
	struct tu_cpe other = parsed(state, "cpe:2.3:a:x:y:1:*:*:*:*:*:*:*");

	assert_int_equal(tu_cpe_compare(&wild, &other), TU_CPE_UNDEFINED);
	assert_int_equal(tu_cpe_compare(&other, &wild), TU_CPE_UNDEFINED);
	assert_int_equal(tu_cpe_compare(&wild, &wild), TU_CPE_UNDEFINED);
}

static void attributes_compare_as_the_table_says(void **state)
{
	static const struct {
		struct tu_str source, target;
		enum tu_cpe_relation want;
	} cases[] = {
		{TU_STR_INIT("*"), TU_STR_INIT("*"), TU_CPE_EQUAL},
		{TU_STR_INIT("*"), TU_STR_INIT("-"), TU_CPE_SUPERSET},
		{TU_STR_INIT("*"), TU_STR_INIT("a"), TU_CPE_SUPERSET},
		{TU_STR_INIT("-"), TU_STR_INIT("*"), TU_CPE_SUBSET},
		{TU_STR_INIT("-"), TU_STR_INIT("-"), TU_CPE_EQUAL},
		{TU_STR_INIT("-"), TU_STR_INIT("a"), TU_CPE_DISJOINT},
		{TU_STR_INIT("a"), TU_STR_INIT("-"), TU_CPE_DISJOINT},
		{TU_STR_INIT("a"), TU_STR_INIT("a"), TU_CPE_EQUAL},
		{TU_STR_INIT("a"), TU_STR_INIT("b"), TU_CPE_DISJOINT},
		{TU_STR_INIT("a"), TU_STR_INIT("*"), TU_CPE_SUBSET},
		{TU_STR_INIT("a*"), TU_STR_INIT("ab"), TU_CPE_SUPERSET},
		{TU_STR_INIT("a*"), TU_STR_INIT("b"), TU_CPE_DISJOINT},
		{TU_STR_INIT("a"), TU_STR_INIT("a*"), TU_CPE_UNDEFINED},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_int_equal(
			tu_cpe_attr_compare(cases[i].source, cases[i].target), cases[i].want);
}

static void errors_name_the_byte(void **state)
{
	struct tu_cpe cpe;
	struct tu_error err;

	assert_int_equal(tu_cpe_parse(*state, TU_STR("cpe:2.3:x:a:b:*:*:*:*:*:*:*:*"), &cpe, &err),
		TU_E_SYNTAX);
	assert_int_equal(err.offset, 8);
	assert_int_equal(tu_cpe_parse(*state, TU_STR("cpe:/a:a%zz"), &cpe, &err), TU_E_SYNTAX);
	assert_int_equal(err.offset, 8);
}

/* What is written is taken apart where it is as reading would take it apart. */
static void a_written_name_is_taken_apart_in_place(void **state)
{
	static const char *const names[] = {"cpe:2.3:a:*:*:*:*:*:*:*:*:*:*",
		"cpe:2.3:o:a\\:b:c\\\\:1\\.2:-:*:*:*:linux:*:x\\*",
		"cpe:/a:vendor:product:1.0:p1:~~lts~node.js~~",
		"cpe:2.3:a:*foo:bar??:\\-:*:*:*:*:*:*:\\:"};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_cpe read, split;
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 4096);
	for (size_t i = 0; i < TU_COUNT(names); i++) {
		assert_int_equal(tu_cpe_parse(arena, tu_str_c(names[i]), &read, NULL), TU_OK);
		tu_buf_clear(&text);
		tu_cpe_write(&read, &text);
		assert_true(tu_cpe__split(tu_buf_str(&text), &split));
		for (size_t k = 0; k < TU_CPE_ATTRS; k++)
			assert_true(tu_str_eq(read.attr[k], split.attr[k]));
	}
	assert_false(tu_cpe__split(TU_STR("cpe:2.3:a:b:c:1:*:*:*:*:*:*"), &split));
	assert_false(tu_cpe__split(TU_STR("cpe:2.3:a:b:c:1:*:*:*:*:*:*:*:*"), &split));
	assert_false(tu_cpe__split(TU_STR("cpe:2.3:a:b:c:1:*:*:*:*:*:*:"), &split));
	assert_false(tu_cpe__split(TU_STR("cpe:/a:b:c"), &split));
	assert_false(tu_cpe__split(TU_STR(""), &split));
	tu_buf_done(&text);
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_and_attributes_lead_to_each_other),
		cmocka_unit_test(a_double_wildcard_never_matches),
		cmocka_unit_test(attributes_compare_as_the_table_says),
		cmocka_unit_test(a_written_name_is_taken_apart_in_place),
		cmocka_unit_test(errors_name_the_byte),
	};

	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
