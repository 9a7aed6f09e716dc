#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/range.h>

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

static enum tu_verdict verdict_of(const struct tu_range *range, const char *version)
{
	return tu_range_test(range, tu_str_c(version));
}

static void assert_written(const struct tu_range *range, const char *want)
{
	struct tu_buf out;

	tu_buf_init(&out, 4096);
	tu_range_write(range, &out);
	tu_buf_byte(&out, '\0');
	assert_false(out.failed);
	assert_string_equal(out.ptr, want);
	tu_buf_done(&out);
}

static void events_come_in_any_order(void **state)
{
	static const struct tu_event events[] = {{TU_EVENT_FIXED, TU_STR_INIT("2.5.0")},
		{TU_EVENT_INTRODUCED, TU_STR_INIT("2.0.0")}, {TU_EVENT_FIXED, TU_STR_INIT("1.2.0")},
		{TU_EVENT_INTRODUCED, TU_STR_INIT("0")}};
	const struct tu_range *range;

	assert_int_equal(
		tu_range_from_events(*state, TU_SCHEME_NPM, events, 4, &range, NULL), TU_OK);
	assert_written(range, "vers:npm/<1.2.0|>=2.0.0|<2.5.0");
	assert_int_equal(verdict_of(range, "0.0.1"), TU_INSIDE);
	assert_int_equal(verdict_of(range, "1.2.0"), TU_OUTSIDE);
	assert_int_equal(verdict_of(range, "2.4.9"), TU_INSIDE);
	assert_int_equal(verdict_of(range, "not a version"), TU_UNDECIDED);
}

static void last_affected_is_affected_and_an_open_end_stays_open(void **state)
{
	static const struct tu_event last[] = {{TU_EVENT_INTRODUCED, TU_STR_INIT("1.0.0")},
		{TU_EVENT_LAST_AFFECTED, TU_STR_INIT("1.5.0")}};
	const struct tu_range *range;

	assert_int_equal(tu_range_from_events(*state, TU_SCHEME_NPM, last, 2, &range, NULL), TU_OK);
	assert_int_equal(verdict_of(range, "1.5.0"), TU_INSIDE);
	assert_int_equal(verdict_of(range, "1.5.1"), TU_OUTSIDE);
	assert_int_equal(tu_range_from_events(*state, TU_SCHEME_NPM, last, 1, &range, NULL), TU_OK);
	assert_int_equal(verdict_of(range, "9.0.0"), TU_INSIDE);
}

static void an_end_without_place_makes_undecided_not_outside(void **state)
{
	struct tu_interval interval;

	assert_int_equal(tu_interval_make(*state, TU_SCHEME_NPM, TU_STR("1.0.0"), true,
				 TU_STR("junk"), false, &interval),
		TU_OK);
	struct tu_buf key;
	tu_buf_init(&key, 1024);
	assert_int_equal(tu_version_key(TU_SCHEME_NPM, TU_STR("2.0.0"), &key, NULL), TU_OK);
	assert_int_equal(
		tu_interval_test(&interval, TU_STR("2.0.0"), tu_buf_str(&key)), TU_UNDECIDED);
	tu_buf_clear(&key);
	assert_int_equal(tu_version_key(TU_SCHEME_NPM, TU_STR("0.9.0"), &key, NULL), TU_OK);
	assert_int_equal(
		tu_interval_test(&interval, TU_STR("0.9.0"), tu_buf_str(&key)), TU_OUTSIDE);
	assert_int_equal(tu_interval_test(&interval, TU_STR("junk"), TU_STR("")), TU_OUTSIDE);
	tu_buf_done(&key);
}

/* What AND-s with an end that cannot be ordered must not lose it. */
static void a_comparator_without_place_is_not_lost(void **state)
{
	const struct tu_range *range;

	assert_int_equal(tu_range_parse_native(*state, TU_SCHEME_DEB,
				 TU_STR(">= 1.0, << 2.0, >> a:1"), &range, NULL),
		TU_OK);
	assert_int_equal(verdict_of(range, "1.5"), TU_UNDECIDED);
	assert_int_equal(verdict_of(range, "3.0"), TU_OUTSIDE);
}

static void errors_name_the_byte(void **state)
{
	const struct tu_range *range = NULL;
	struct tu_error err;

	assert_int_equal(
		tu_range_parse(*state, TU_STR("vers:npm/1.0.0||2.0.0"), &range, &err), TU_E_SYNTAX);
	assert_int_equal(err.offset, 15);
	assert_int_equal(
		tu_range_parse(*state, TU_STR("vers:npm/<1%zz"), &range, &err), TU_E_SYNTAX);
	assert_int_equal(err.offset, 11);
	assert_int_equal(
		tu_range_parse(*state, TU_STR("vers:moon/1"), &range, &err), TU_E_UNSUPPORTED);
	assert_int_equal(err.offset, 5);
	assert_null(range);
}

static void the_canonical_form_is_sorted_and_says_nothing_twice(void **state)
{
	struct tu_str given = TU_STR("vers:NPM/>=2.0.0|=1%2E0.0|1.0.0|<1.10.0|!=1.9.0");
	struct tu_buf out;

	tu_buf_init(&out, 4096);
	assert_int_equal(tu_range_canonical(*state, given, &out, NULL), TU_OK);
	assert_true(tu_str_eq(tu_buf_str(&out), TU_STR("vers:npm/1.0.0|!=1.9.0|<1.10.0|>=2.0.0")));
	tu_buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_come_in_any_order),
		cmocka_unit_test(last_affected_is_affected_and_an_open_end_stays_open),
		cmocka_unit_test(an_end_without_place_makes_undecided_not_outside),
		cmocka_unit_test(a_comparator_without_place_is_not_lost),
		cmocka_unit_test(errors_name_the_byte),
		cmocka_unit_test(the_canonical_form_is_sorted_and_says_nothing_twice),
	};

	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
