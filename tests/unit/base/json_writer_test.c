#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <math.h>

#include "base/json_writer.h"

static void expect(const struct tu_buf *buf, const char *text)
{
	if (buf->failed || !tu_str_eq(tu_buf_str(buf), tu_str_c(text)))
		fail_msg("got %.*s", TU_STR_FMT(tu_buf_str(buf)));
}

static void write_something(struct tu_json_writer *writer)
{
	tu_json_open_object(writer);
	tu_json_member_str(writer, "a", TU_STR("x"));
	tu_json_member_opt(writer, "none", TU_STR(""));
	tu_json_key(writer, "list");
	tu_json_open_array(writer);
	tu_json_add_int(writer, INT64_MIN);
	tu_json_open_object(writer);
	tu_json_close_object(writer);
	tu_json_add_null(writer);
	tu_json_close_array(writer);
	tu_json_member_bool(writer, "b", true);
	tu_json_key(writer, "empty");
	tu_json_open_array(writer);
	tu_json_close_array(writer);
	tu_json_close_object(writer);
}

static void sees_to_commas_and_lines(void **state)
{
	struct tu_buf buf;
	struct tu_json_writer writer;
	(void)state;

	tu_buf_init(&buf, 4096);
	writer = tu_json_writer(&buf, false);
	write_something(&writer);
	expect(&buf,
		"{\"a\":\"x\",\"list\":[-9223372036854775808,{},null],\"b\":true,\"empty\":[]}");
	tu_buf_clear(&buf);
	writer = tu_json_writer(&buf, true);
	write_something(&writer);
	expect(&buf,
		"{\n  \"a\": \"x\",\n  \"list\": [\n    -9223372036854775808,\n    {},\n    null\n "
		" ],\n"
		"  \"b\": true,\n  \"empty\": []\n}");
	tu_buf_done(&buf);
}

enum { LEVELS = 20 };

static void write_deep(struct tu_json_writer *writer)
{
	for (size_t i = 0; i < LEVELS; i++) {
		tu_json_open_object(writer);
		tu_json_member_str(writer, "text", TU_STR("sixteen and more"));
		tu_json_key(writer, "next");
	}
	tu_json_add_null(writer);
	for (size_t i = 0; i < LEVELS; i++)
		tu_json_close_object(writer);
}

/* Deep lines are longer than what is copied at once, and so is what is left at a buffer's end. */
static void fills_a_buffer_to_its_last_byte(void **state)
{
	struct tu_buf whole, buf;
	struct tu_json_writer writer;
	(void)state;

	tu_buf_init(&whole, 1 << 16);
	writer = tu_json_writer(&whole, true);
	write_deep(&writer);
	assert_false(whole.failed);
	assert_true(tu_str_search(tu_buf_str(&whole),
			    TU_STR("\n                                        \"text\": \"six")) <
		whole.len);
	for (size_t limit = whole.len - 64; limit <= whole.len; limit++) {
		tu_buf_init(&buf, limit);
		writer = tu_json_writer(&buf, true);
		write_deep(&writer);
		assert_int_equal(buf.failed, limit < whole.len);
		if (limit == whole.len)
			assert_memory_equal(buf.ptr, whole.ptr, whole.len);
		tu_buf_done(&buf);
	}
	tu_buf_done(&whole);
}

static void escapes_what_must_be_and_repairs_what_is_no_text(void **state)
{
	struct tu_buf buf;
	(void)state;

	tu_buf_init(&buf, 4096);
	tu_json_quote(TU_STR("\"\\/\b\f\n\r\t\x01\x1f\x7f\0é"), &buf);
	expect(&buf, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\\u0000é\"");
	tu_buf_clear(&buf);
	tu_json_quote(TU_STR("a\xff\xc3z\xed\xa0\x80"), &buf);
	expect(&buf, "\"a\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	tu_buf_done(&buf);
}

/* `text` is all 'a' but one byte, which is written as `inner`. */
static void expect_quoted(const char *text, size_t len, size_t at, struct tu_str inner)
{
	char wanted[64];
	struct tu_buf buf;

	memset(wanted, 'a', sizeof(wanted));
	wanted[0] = '"';
	memcpy(wanted + 1 + at, inner.ptr, inner.len);
	wanted[inner.len + len] = '"';
	tu_buf_init(&buf, 4096);
	tu_json_quote(tu_str_of(text, len), &buf);
	assert_int_equal(buf.len, len + inner.len + 1);
	assert_memory_equal(buf.ptr, wanted, buf.len);
	tu_buf_done(&buf);
}

/* Several bytes are looked at together: each byte, at each place among plain ones, in texts of many
 * lengths. */
static void escapes_a_byte_wherever_it_is(void **state)
{
	enum { LONGEST = 40 };
	struct tu_buf one;
	(void)state;

	tu_buf_init(&one, 4096);
	for (unsigned c = 0; c < 0x100; c++) {
		char text[LONGEST];

		tu_buf_clear(&one);
		text[0] = (char)c;
		tu_json_quote(tu_str_of(text, 1), &one);
		for (size_t len = 1; len <= LONGEST; len++) {
			for (size_t at = 0; at < len; at++) {
				memset(text, 'a', sizeof(text));
				text[at] = (char)c;
				expect_quoted(text, len, at, tu_str_of(one.ptr + 1, one.len - 2));
			}
		}
	}
	tu_buf_done(&one);
}

static void writes_a_text_in_place(void **state)
{
	struct tu_buf buf;
	struct tu_json_writer writer;
	size_t start;
	(void)state;

	tu_buf_init(&buf, 4096);
	writer = tu_json_writer(&buf, false);
	tu_json_open_array(&writer);
	for (size_t i = 0; i < 3; i++) {
		start = tu_json_open_text(&writer);
		tu_buf_c(&buf, i == 0 ? "" : i == 1 ? "plain" : "not \"so\"\n");
		tu_json_close_text(&writer, start);
	}
	tu_json_close_array(&writer);
	expect(&buf, "[\"\",\"plain\",\"not \\\"so\\\"\\n\"]");
	tu_buf_done(&buf);
	tu_buf_init(&buf, 4);
	writer = tu_json_writer(&buf, false);
	start = tu_json_open_text(&writer);
	tu_buf_c(&buf, "too long");
	tu_json_close_text(&writer, start);
	assert_true(buf.failed);
	tu_buf_done(&buf);
}

static void writes_numbers_that_every_reader_takes(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {{0, "0"}, {-0.0, "0"}, {-1e-9, "0"}, {9.8, "9.8"}, {0.97565, "0.97565"},
		{-0.5, "-0.5"}, {1e-6, "0.000001"}, {100, "100"}, {0.1, "0.1"},
		{1e12, "1000000000000"}, {123456.789, "123456.789"}, {0.9999996, "1"},
		{1e300 * 1e300, "null"}};
	struct tu_buf buf;
	(void)state;

	tu_buf_init(&buf, 4096);
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_json_writer writer = tu_json_writer(&buf, false);

		tu_buf_clear(&buf);
		tu_json_add_number(&writer, cases[i].value);
		expect(&buf, cases[i].text);
	}
	tu_buf_clear(&buf);
	tu_json_add_number(&(struct tu_json_writer){.buf = &buf, .first = true}, (double)NAN);
	expect(&buf, "null");
	tu_buf_done(&buf);
}

/* The program that uses the library may have set any locale; where none with a comma is installed
 * this test has nothing to ask. */
static void never_asks_the_locale(void **state)
{
	static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8"};
	struct tu_buf buf;
	size_t i = 0;
	(void)state;

	while (i < TU_COUNT(names) && !setlocale(LC_NUMERIC, names[i]))
		i++;
	if (i == TU_COUNT(names)) {
		print_message("# skipping: no locale with a decimal comma is installed\n");
		skip();
	}
	tu_buf_init(&buf, 100);
	tu_json_add_number(&(struct tu_json_writer){.buf = &buf, .first = true}, 0.5);
	expect(&buf, "0.5");
	tu_buf_done(&buf);
	(void)setlocale(LC_NUMERIC, "C");
}

static void a_full_buffer_is_told_at_the_end(void **state)
{
	struct tu_buf buf;
	struct tu_json_writer writer;
	(void)state;

	for (size_t ceiling = 0; ceiling < 60; ceiling++) {
		tu_buf_init(&buf, ceiling);
		writer = tu_json_writer(&buf, true);
		write_something(&writer);
		tu_json_add_number(&writer, 1.25);
		assert_true(buf.failed);
		tu_buf_done(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sees_to_commas_and_lines),
		cmocka_unit_test(fills_a_buffer_to_its_last_byte),
		cmocka_unit_test(escapes_what_must_be_and_repairs_what_is_no_text),
		cmocka_unit_test(escapes_a_byte_wherever_it_is),
		cmocka_unit_test(writes_a_text_in_place),
		cmocka_unit_test(writes_numbers_that_every_reader_takes),
		cmocka_unit_test(never_asks_the_locale),
		cmocka_unit_test(a_full_buffer_is_told_at_the_end),
	};

	return cmocka_run_group_tests_name("json_writer", tests, NULL, NULL);
}
