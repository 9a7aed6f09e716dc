/* What is compressed can be read again, by the reader that reads feeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/gzip.h"
#include "base/input.h"

static void check(struct tu_str text)
{
	struct tu_buf packed, plain;

	tu_buf_init(&packed, SIZE_MAX);
	tu_buf_init(&plain, SIZE_MAX);
	assert_int_equal(tu_gzip(text, &packed, NULL), TU_OK);
	assert_int_equal(tu_input_unpack(tu_buf_str(&packed), &plain, NULL), TU_OK);
	assert_true(tu_str_eq(tu_buf_str(&plain), text));
	tu_buf_done(&packed);
	tu_buf_done(&plain);
}

static void test_round_trip(void **state)
{
	static char text[300000];
	uint32_t seed = 1;

	(void)state;
	check(TU_STR(""));
	check(TU_STR("a"));
	check(tu_str_of(text, sizeof(text)));
	for (size_t i = 0; i < sizeof(text); i++) {
		seed = seed * 1664525u + 1013904223u;
		text[i] = (char)(seed >> 24);
	}
	check(tu_str_of(text, sizeof(text)));
}

static void test_the_limit_of_the_buffer(void **state)
{
	static char text[100000];
	struct tu_buf packed;

	(void)state;
	tu_buf_init(&packed, 100);
	assert_int_equal(tu_gzip(tu_str_of(text, sizeof(text)), &packed, NULL), TU_E_NOMEM);
	tu_buf_done(&packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_the_limit_of_the_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
