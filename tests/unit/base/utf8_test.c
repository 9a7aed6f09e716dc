#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"

/* RFC 3629, section 4: the edges of every row, and what lies just beyond. */
static void knows_the_edges(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		uint32_t point;
	} good[] = {{"\x01", 1, 1}, {"\x7f", 1, 0x7f}, {"\xc2\x80", 2, 0x80},
		{"\xdf\xbf", 2, 0x7ff}, {"\xe0\xa0\x80", 3, 0x800}, {"\xed\x9f\xbf", 3, 0xd7ff},
		{"\xee\x80\x80", 3, 0xe000}, {"\xef\xbf\xbf", 3, 0xffff},
		{"\xf0\x90\x80\x80", 4, 0x10000}, {"\xf4\x8f\xbf\xbf", 4, 0x10ffff}};
	static const char *const bad[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2",
		"\xc2\x41", "\xe0\x9f\xbf", "\xe1\x80", "\xe1\x80\x41", "\xed\xa0\x80",
		"\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf1\x80\x80", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xfe", "\xff"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(good); i++) {
		struct tu_str s = tu_str_c(good[i].bytes);
		uint32_t point;

		assert_int_equal(tu_utf8_len(s), good[i].len);
		assert_int_equal(tu_utf8_invalid_at(s), s.len);
		assert_true(tu_utf8_next(&s, &point));
		assert_int_equal(point, good[i].point);
		assert_int_equal(s.len, 0);
	}
	for (size_t i = 0; i < TU_COUNT(bad); i++) {
		struct tu_str s = tu_str_c(bad[i]);
		uint32_t point;

		assert_int_equal(tu_utf8_len(s), 0);
		assert_int_equal(tu_utf8_invalid_at(s), 0);
		assert_false(tu_utf8_next(&s, &point));
		assert_ptr_equal(s.ptr, bad[i]);
	}
	assert_int_equal(tu_utf8_len(TU_STR("")), 0);
	assert_int_equal(tu_utf8_len(TU_STR("\0")), 1);
	assert_int_equal(tu_utf8_invalid_at(TU_STR("ok \xe2\x82\xac \xe2\x82")), 7);
}

static void cuts_between_characters(void **state)
{
	struct tu_str s = TU_STR("a\xe2\x82\xac\xf0\x9f\x8f\xa5z");
	static const size_t lens[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 9, 9};
	(void)state;

	for (size_t max = 0; max < TU_COUNT(lens); max++)
		assert_int_equal(tu_utf8_first(s, max).len, lens[max]);
	/* no character to respect: at most three bytes are given up */
	assert_in_range(tu_utf8_first(TU_STR("\x80\x80\x80\x80\x80\x80\x80"), 6).len, 3, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_edges),
		cmocka_unit_test(cuts_between_characters),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
