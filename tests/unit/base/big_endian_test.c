#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <tutela/str.h>

#include "base/big_endian.h"

/* Ledgers and backups are written so. */
static void the_most_significant_byte_is_first(void **state)
{
	static const struct {
		uint64_t number;
		size_t bytes;
		const char *expected;
	} cases[] = {
		{UINT64_C(0x0102030405060708), 8, "\1\2\3\4\5\6\7\10"},
		{UINT64_C(0xfffefdfcfbfaf9f8), 8, "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8"},
		{0x80000001, 4, "\x80\0\0\1"},
		{0x8001, 2, "\x80\1"},
		{0, 4, "\0\0\0\0"},
		{0, 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		char bytes[9];

		memset(bytes, '#', sizeof(bytes));
		tu_big_endian_put(bytes, cases[i].number, cases[i].bytes);
		assert_memory_equal(bytes, cases[i].expected, cases[i].bytes);
		assert_int_equal(bytes[cases[i].bytes], '#');
		assert_true(tu_big_endian_get(bytes, cases[i].bytes) == cases[i].number);
	}
}

static void what_does_not_fit_is_not_written(void **state)
{
	char bytes[2];

	(void)state;
	tu_big_endian_put(bytes, 0x1234567, 2);
	assert_true(tu_big_endian_get(bytes, 2) == 0x4567);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_most_significant_byte_is_first),
		cmocka_unit_test(what_does_not_fit_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
