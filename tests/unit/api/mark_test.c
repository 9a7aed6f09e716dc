/* Numbers that only the service can read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "api/mark.h"

static const int64_t numbers[] = {0, 1, 2, 255, 256, 4711, INT64_MAX};

static void a_mark_comes_back_as_its_number(void **state)
{
	const struct tu_secret_key key = {.bytes = {1, 2, 3}};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		char text[TU_MARK_DIGITS + 1], again[TU_MARK_DIGITS + 1];
		int64_t number = -1;

		assert_int_equal(tu_mark_write(&key, numbers[i], text, NULL), TU_OK);
		assert_int_equal(tu_mark_write(&key, numbers[i], again, NULL), TU_OK);
		assert_string_equal(text, again);
		assert_int_equal(strlen(text), TU_MARK_DIGITS);
		assert_true(tu_mark_read(&key, tu_str_c(text), &number));
		assert_int_equal(number, numbers[i]);
	}
}

static void what_was_made_up_is_no_mark(void **state)
{
	const struct tu_secret_key key = {.bytes = {1, 2, 3}}, other = {.bytes = {1, 2, 4}};
	char text[TU_MARK_DIGITS + 1];
	int64_t number;

	(void)state;
	assert_int_equal(tu_mark_write(&key, 4711, text, NULL), TU_OK);
	assert_false(tu_mark_read(&other, tu_str_c(text), &number));
	assert_false(tu_mark_read(&key, tu_str_of(text, TU_MARK_DIGITS - 1), &number));
	assert_false(tu_mark_read(&key, TU_STR(""), &number));
	assert_false(tu_mark_read(&key, TU_STR("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"), &number));
	for (size_t i = 0; i < TU_MARK_DIGITS; i++) {
		char was = text[i];

		text[i] = was == '0' ? '1' : '0';
		assert_false(tu_mark_read(&key, tu_str_c(text), &number));
		text[i] = was;
	}
	assert_true(tu_mark_read(&key, tu_str_c(text), &number));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mark_comes_back_as_its_number),
		cmocka_unit_test(what_was_made_up_is_no_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
