#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <tutela/error.h>

#include "base/utf8.h"

static void returns_what_it_stores(void **state)
{
	struct tu_error err = {0};
	(void)state;

	assert_int_equal(tu_fail(&err, TU_E_LIMIT, 7, "more than %d", 3), TU_E_LIMIT);
	assert_int_equal(err.status, TU_E_LIMIT);
	assert_int_equal(err.offset, 7);
	assert_string_equal(err.message, "more than 3");
	assert_int_equal(tu_fail(NULL, TU_E_IO, 0, "unheard"), TU_E_IO);
	assert_int_equal(tu_error_prefix(NULL, "x"), TU_E_USAGE);
}

static void prefixes_keep_status_and_offset(void **state)
{
	struct tu_error err = {0};
	(void)state;

	(void)tu_fail(&err, TU_E_SYNTAX, 12, "inner");
	assert_int_equal(tu_error_prefix(&err, "%s", "outer"), TU_E_SYNTAX);
	assert_int_equal(err.offset, 12);
	assert_string_equal(err.message, "outer: inner");
}

static void cuts_long_messages_between_characters(void **state)
{
	char text[TU_ERROR_MESSAGE_MAX * 2];
	(void)state;

	/* U+00E9 begins at even, then at odd places */
	for (size_t shift = 0; shift < 2; shift++) {
		struct tu_error err = {0};
		struct tu_str message;

		memset(text, 'x', sizeof(text));
		for (size_t i = shift; i + 2 < sizeof(text); i += 2)
			memcpy(text + i, "\xc3\xa9", 2);
		text[sizeof(text) - 2] = '\0';
		(void)tu_fail(&err, TU_E_SYNTAX, 0, "%s", text);
		message = tu_str_c(err.message);
		assert_in_range(message.len, TU_ERROR_MESSAGE_MAX - 6, TU_ERROR_MESSAGE_MAX - 1);
		assert_int_equal(tu_utf8_invalid_at(message), message.len);
		assert_true(tu_str_ends(message, TU_STR("\xe2\x80\xa6")));
		(void)tu_error_prefix(&err, "%s", text);
		assert_true(tu_str_ends(tu_str_c(err.message), TU_STR("\xe2\x80\xa6")));
	}
}

static void a_message_that_just_fits_is_whole(void **state)
{
	char text[TU_ERROR_MESSAGE_MAX];
	struct tu_error err = {0};
	(void)state;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	(void)tu_fail(&err, TU_E_SYNTAX, 0, "%s", text);
	assert_string_equal(err.message, text);
}

static void every_status_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int a = TU_OK; a <= TU_E_USAGE; a++)
		for (int b = TU_OK; b < a; b++)
			assert_string_not_equal(tu_status_name((enum tu_status)a),
				tu_status_name((enum tu_status)b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(returns_what_it_stores),
		cmocka_unit_test(prefixes_keep_status_and_offset),
		cmocka_unit_test(cuts_long_messages_between_characters),
		cmocka_unit_test(a_message_that_just_fits_is_whole),
		cmocka_unit_test(every_status_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
