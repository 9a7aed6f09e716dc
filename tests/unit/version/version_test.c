#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <tutela/version.h>

static void names_lead_to_schemes_and_back(void **state)
{
	enum tu_scheme scheme;

	(void)state;
	for (int i = 1; i < TU_SCHEME_COUNT_; i++) {
		assert_true(tu_scheme_by_name(tu_scheme_name((enum tu_scheme)i), &scheme));
		assert_int_equal(scheme, i);
	}
	assert_true(tu_scheme_by_name(TU_STR("Alpine"), &scheme));
	assert_int_equal(scheme, TU_SCHEME_APK);
	assert_false(tu_scheme_by_name(TU_STR("nothing"), &scheme));
	assert_int_equal(scheme, TU_SCHEME_NONE);
	assert_true(tu_str_eq(tu_scheme_name(TU_SCHEME_NONE), TU_STR("none")));
	assert_true(tu_str_eq(tu_scheme_name((enum tu_scheme)9999), TU_STR("none")));
}

static void without_a_scheme_only_the_same_text_is_equal(void **state)
{
	(void)state;
	assert_int_equal(tu_version_compare(TU_SCHEME_NONE, TU_STR("x"), TU_STR("x")), TU_EQUAL);
	assert_int_equal(
		tu_version_compare(TU_SCHEME_NONE, TU_STR("1"), TU_STR("2")), TU_UNORDERED);
}

static void a_failed_key_leaves_the_buffer_alone(void **state)
{
	struct tu_error err = {0};
	struct tu_buf out;

	(void)state;
	tu_buf_init(&out, 1024);
	tu_buf_c(&out, "before");
	assert_int_equal(
		tu_version_key(TU_SCHEME_NPM, TU_STR("1.2.3-a..b"), &out, &err), TU_E_SYNTAX);
	assert_true(tu_str_eq(tu_buf_str(&out), TU_STR("before")));
	assert_non_null(strstr(err.message, "1.2.3-a..b"));
	assert_int_equal(tu_version_key(TU_SCHEME_NPM, TU_STR(""), &out, &err), TU_E_SYNTAX);
	assert_int_equal(tu_version_key(TU_SCHEME_DEB, TU_STR("1\0002"), &out, &err), TU_E_SYNTAX);
	assert_int_equal(err.offset, 1);
	assert_int_equal(out.len, 6);
	tu_buf_done(&out);
}

/* Numbers never become machine integers: they differ in the last of 4,096 digits. */
static void long_numbers_are_compared_digit_by_digit(void **state)
{
	char a[TU_VERSION_MAX + 1], b[TU_VERSION_MAX];

	(void)state;
	memset(a, '9', sizeof(a));
	memset(b, '9', sizeof(b));
	b[sizeof(b) - 1] = '8';
	for (int i = 1; i < TU_SCHEME_COUNT_; i++) {
		enum tu_order order = tu_version_compare((enum tu_scheme)i,
			tu_str_of(a, TU_VERSION_MAX), tu_str_of(b, TU_VERSION_MAX));
		if (i == TU_SCHEME_NPM || i == TU_SCHEME_DATETIME)
			assert_int_equal(order, TU_UNORDERED);
		else
			assert_int_equal(order, TU_GREATER);
	}
	struct tu_buf out;
	tu_buf_init(&out, 1024 * 1024);
	assert_int_equal(
		tu_version_key(TU_SCHEME_DEB, tu_str_of(a, sizeof(a)), &out, NULL), TU_E_LIMIT);
	tu_buf_done(&out);
}

static void a_megabyte_is_refused_in_every_scheme(void **state)
{
	enum { MEGABYTE = 1024 * 1024 };
	char *text = malloc(MEGABYTE);

	(void)state;
	assert_non_null(text);
	memset(text, '1', MEGABYTE);
	for (int i = 1; i < TU_SCHEME_COUNT_; i++)
		assert_int_equal(tu_version_compare(
					 (enum tu_scheme)i, tu_str_of(text, MEGABYTE), TU_STR("1")),
			TU_UNORDERED);
	free(text);
}

static void a_buffer_that_is_full_is_no_memory(void **state)
{
	struct tu_buf out;

	(void)state;
	tu_buf_init(&out, 2);
	assert_int_equal(tu_version_key(TU_SCHEME_DEB, TU_STR("1.2.3-4"), &out, NULL), TU_E_NOMEM);
	tu_buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_lead_to_schemes_and_back),
		cmocka_unit_test(without_a_scheme_only_the_same_text_is_equal),
		cmocka_unit_test(a_failed_key_leaves_the_buffer_alone),
		cmocka_unit_test(long_numbers_are_compared_digit_by_digit),
		cmocka_unit_test(a_megabyte_is_refused_in_every_scheme),
		cmocka_unit_test(a_buffer_that_is_full_is_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
