#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/utf8.h"
#include "show/paint.h"

static struct tu_buf out;

static int set_up(void **state)
{
	(void)state;
	tu_buf_init(&out, 1 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tu_buf_done(&out);
	return 0;
}

static void expect(const char *text)
{
	if (out.failed || !tu_str_eq(tu_buf_str(&out), tu_str_c(text)))
		fail_msg("got \"%.*s\", not \"%s\"", TU_STR_FMT(tu_buf_str(&out)), text);
	tu_buf_clear(&out);
}

static void hostile_text_is_harmless(void **state)
{
	static const struct {
		struct tu_str text;
		const char *shown;
	} cases[] = {
		{TU_STR_INIT("\x1b[2J\x1b]0;title\x07"), "\\x1b[2J\\x1b]0;title\\x07"},
		{TU_STR_INIT("a\nb\r\nc\td"), "a b  c d"},
		{TU_STR_INIT("a\0b"), "a\\x00b"},
		{TU_STR_INIT("\x7f\x08"), "\\x7f\\x08"},
		{TU_STR_INIT("\xc2\x9b"
			     "31m"),
			"\\x9b31m"}, /* CSI of one character */
		{TU_STR_INIT("\x9b"
			     "31m"),
			"\xef\xbf\xbd"
			"31m"},
		{TU_STR_INIT("abc\xe2\x80\xae"
			     "cba"),
			"abc<U+202E>cba"},
		{TU_STR_INIT("\xe2\x81\xa6x\xe2\x81\xa9"), "<U+2066>x<U+2069>"},
		{TU_STR_INIT("a\xe2\x80\x8b"
			     "b"),
			"a<U+200B>b"},
		{TU_STR_INIT("a\xe2\x80\xa8"
			     "b"),
			"a<U+2028>b"},
		{TU_STR_INIT("\xef\xbb\xbfx"), "<U+FEFF>x"},
		{TU_STR_INIT("a\xc2\xad"
			     "b"),
			"a\\xadb"},
		{TU_STR_INIT("\xef\xbf\xb9x"), "<U+FFF9>x"},
		{TU_STR_INIT("\xf3\xa0\x80\xa1"), "<U+E0021>"},
		{TU_STR_INIT("\xf3\xa0\x84\x80"), "<U+E0100>"},
		{TU_STR_INIT("\xc0\xaf\xff"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{TU_STR_INIT("caf\xc3\xa9 \xe6\x97\xa5"), "caf\xc3\xa9 \xe6\x97\xa5"},
		{TU_STR_INIT(""), ""},
	};
	struct tu_paint paint = {&out, false};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		tu_paint(&paint, TU_HUE_RED, cases[i].text);
		expect(cases[i].shown);
	}
}

/* Whatever goes in: valid UTF-8 without control characters comes out. */
static void no_byte_or_pair_gets_through(void **state)
{
	struct tu_paint paint = {&out, false};
	(void)state;

	for (unsigned pair = 0; pair < 0x10000; pair++) {
		char bytes[2] = {(char)(pair >> 8), (char)(pair & 0xff)};
		struct tu_str shown;
		uint32_t point;

		tu_buf_clear(&out);
		tu_paint(&paint, TU_HUE_PLAIN, tu_str_of(bytes, 2));
		shown = tu_buf_str(&out);
		while (shown.len) {
			assert_true(tu_utf8_next(&shown, &point));
			assert_true(point >= 0x20 && (point < 0x7f || point > 0x9f));
		}
	}
}

static void columns_are_those_of_the_terminal(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
	} cases[] = {{"abc", 3}, {"\xc3\xa9", 1}, {"e\xcc\x81", 1}, {"\xe6\x97\xa5\xe6\x9c\xac", 4},
		{"\xef\xbd\x81", 2}, {"\xed\x95\x9c", 2}, {"\xf0\x9f\x8f\xa5", 2}, {"\x1b", 4},
		{"\xe2\x80\xae", 8}, {"\xff", 1}, {"\n", 1}, {"", 0}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_int_equal(tu_paint_columns(tu_str_c(cases[i].text)), cases[i].columns);
}

static void cells_are_filled_and_cut_by_columns(void **state)
{
	struct tu_paint paint = {&out, false};
	struct tu_str japanese = TU_STR("\xe6\x97\xa5\xe6\x9c\xac"); /* two of two columns */
	(void)state;

	tu_paint_cell(&paint, TU_HUE_PLAIN, japanese, 6, false);
	expect("\xe6\x97\xa5\xe6\x9c\xac  ");
	tu_paint_cell(&paint, TU_HUE_PLAIN, TU_STR("7"), 3, true);
	expect("  7");
	tu_paint_cell(&paint, TU_HUE_PLAIN, TU_STR("long"), 2, false);
	expect("long");
	tu_paint_cut(&paint, TU_HUE_PLAIN, japanese, 4);
	expect("\xe6\x97\xa5\xe6\x9c\xac");
	tu_paint_cut(&paint, TU_HUE_PLAIN, japanese, 3);
	expect("\xe6\x97\xa5\xe2\x80\xa6");
	tu_paint_cut(&paint, TU_HUE_PLAIN, japanese, 2);
	expect("\xe2\x80\xa6");
	tu_paint_cut(&paint, TU_HUE_PLAIN, TU_STR("abc"), 0);
	expect("abc");
	/* an escape is shown whole or not at all */
	tu_paint_cut(&paint, TU_HUE_PLAIN,
		TU_STR("a\x1b"
		       "bcd"),
		4);
	expect("a\xe2\x80\xa6");
	for (size_t width = 1; width < 12; width++) {
		tu_paint_cut(
			&paint, TU_HUE_PLAIN, TU_STR("a\xe6\x97\xa5\x1b\xe6\x9c\xac tail"), width);
		assert_true(tu_paint_columns(tu_buf_str(&out)) <= width);
		tu_buf_clear(&out);
	}
}

static void colour_only_where_it_is_wanted(void **state)
{
	struct tu_paint paint = {&out, true};
	(void)state;

	tu_paint_c(&paint, TU_HUE_BRIGHT_RED, "x");
	expect("\x1b[1;31mx\x1b[0m");
	tu_paint_c(&paint, TU_HUE_PLAIN, "x");
	expect("x");
	paint.colour = false;
	tu_paint_c(&paint, tu_paint_severity(TU_SEVERITY_CRITICAL), "x");
	expect("x");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hostile_text_is_harmless),
		TEST(no_byte_or_pair_gets_through),
		TEST(columns_are_those_of_the_terminal),
		TEST(cells_are_filled_and_cut_by_columns),
		TEST(colour_only_where_it_is_wanted),
	};

	return cmocka_run_group_tests_name("paint", tests, NULL, NULL);
}
