#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/fault.h"

static bool allocates(void)
{
	void *memory = tu_alloc(1, 1);
	bool got = memory != NULL;

	tu_free(memory);
	return got;
}

static void only_the_named_allocation_fails(void **state)
{
	(void)state;
	for (size_t nth = 1; nth < 5; nth++) {
		tu_fault_set(nth);
		for (size_t i = 1; i < 8; i++)
			assert_int_equal(allocates(), i != nth);
		assert_int_equal(tu_fault_count(), 7);
	}
	tu_fault_set(0);
	assert_int_equal(tu_fault_count(), 0);
	for (size_t i = 0; i < 8; i++)
		assert_true(allocates());
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(only_the_named_allocation_fails)};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
