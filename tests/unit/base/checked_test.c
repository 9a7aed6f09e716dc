#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/checked.h"

static void says_when_sums_and_products_overflow(void **state)
{
	size_t out = 42;
	(void)state;

	assert_true(tu_add(SIZE_MAX - 1, 1, &out));
	assert_true(out == SIZE_MAX);
	assert_false(tu_add(SIZE_MAX, 1, &out));
	assert_true(tu_mul(SIZE_MAX / 2, 2, &out));
	assert_true(out == SIZE_MAX - 1);
	assert_false(tu_mul(SIZE_MAX / 2 + 1, 2, &out));
	assert_true(tu_mul(0, SIZE_MAX, &out));
	assert_int_equal(out, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(says_when_sums_and_products_overflow)};

	return cmocka_run_group_tests_name("checked", tests, NULL, NULL);
}
