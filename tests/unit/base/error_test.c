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

static void a_place_is_in_members_and_the_text_is_made_of_them(void **state)
{
	static const struct {
		const char *file;
		struct tu_error_place place;
		const char *text;
	} cases[] = {
		{"", {0}, "wrong"},
		{"a.json", {0}, "a.json: wrong"},
		{"a.json", {.line = 3}, "a.json:3: wrong"},
		{"a.json", {.line = 3, .column = 7}, "a.json:3:7: wrong"},
		{"a.json", {.line = 3, .column = 7, .pointer = "/b/0"}, "a.json:3:7: /b/0: wrong"},
		{"a.json", {.pointer = "/b/0"}, "a.json: /b/0: wrong"},
		{"", {.line = 3}, "line 3: wrong"},
		{"", {.line = 3, .column = 7}, "line 3, column 7: wrong"},
		{"", {.line = 3, .column = 7, .pointer = "/b"}, "line 3, column 7, /b: wrong"},
		{"", {.pointer = "/b"}, "/b: wrong"},
	};
	char text[TU_ERROR_TEXT_MAX];
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tu_error err;

		assert_int_equal(
			tu_fail_at(&err, TU_E_SYNTAX, &cases[i].place, "wr%s", "ong"), TU_E_SYNTAX);
		assert_string_equal(err.message, "wrong");
		if (cases[i].file[0])
			(void)tu_error_in_file(&err, "%s", cases[i].file);
		assert_string_equal(tu_error_text(&err, text, sizeof(text)), cases[i].text);
		assert_int_equal(tu_error_flatten(&err), TU_E_SYNTAX);
		assert_string_equal(err.message, cases[i].text);
		assert_int_equal(err.line, 0);
	}
	assert_int_equal(tu_error_in_file(NULL, "x"), TU_E_USAGE);
	assert_int_equal(tu_error_flatten(NULL), TU_E_USAGE);
}

static void a_file_in_a_file_names_both(void **state)
{
	struct tu_error err;
	char text[TU_ERROR_TEXT_MAX];
	(void)state;

	(void)tu_fail_at(
		&err, TU_E_SYNTAX, &(struct tu_error_place){.line = 2, .pointer = "/a"}, "wrong");
	(void)tu_error_in_file(&err, "in.json");
	(void)tu_error_prefix(&err, "context");
	(void)tu_error_in_file(&err, "out.tar");
	assert_string_equal(
		tu_error_text(&err, text, sizeof(text)), "out.tar: in.json:2: /a: context: wrong");
	(void)tu_fail(&err, TU_E_IO, 0, "anew");
	assert_string_equal(tu_error_text(&err, text, sizeof(text)), "anew");
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
		cmocka_unit_test(a_place_is_in_members_and_the_text_is_made_of_them),
		cmocka_unit_test(a_file_in_a_file_names_both),
		cmocka_unit_test(cuts_long_messages_between_characters),
		cmocka_unit_test(a_message_that_just_fits_is_whole),
		cmocka_unit_test(every_status_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
