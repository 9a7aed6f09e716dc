#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <tutela/arena.h>

#include "base/alloc.h"
#include "base/fault.h"

static void refuses_products_that_overflow(void **state)
{
	void *volatile got;
	(void)state;

	got = tu_alloc(SIZE_MAX / 2, 4);
	assert_null(got);
	got = tu_realloc(NULL, SIZE_MAX / 2, 4);
	assert_null(got);
}

static void a_failed_realloc_leaves_the_old_bytes(void **state)
{
	char *bytes = tu_realloc(NULL, 4, 1);
	(void)state;

	assert_non_null(bytes);
	memcpy(bytes, "abc", 4);
	tu_fault_set(1);
	assert_null(tu_realloc(bytes, 8, 1));
	tu_fault_set(0);
	assert_string_equal(bytes, "abc");
	tu_free(bytes);
}

static void nothing_is_still_a_pointer(void **state)
{
	char *zero = tu_alloc(0, 0);
	(void)state;

	assert_non_null(zero);
	zero = tu_realloc(zero, 0, 5);
	assert_non_null(zero);
	tu_free(zero);
	tu_free(NULL);
}

/* Whoever took a refusal for something else and went on has no answer. */
static void a_job_settles_what_was_refused(void **state)
{
	struct tu_arena *arena = tu_arena_new(1 << 20);
	struct tu_error err = {0};
	size_t before = tu_alloc_refused();
	(void)state;

	assert_int_equal(tu_alloc_settle(before, TU_E_SYNTAX, &err), TU_E_SYNTAX);
	assert_null(tu_arena_alloc(arena, 2 << 20));
	assert_int_equal(tu_alloc_settle(before, TU_OK, &err), TU_E_NOMEM);
	assert_int_equal(err.status, TU_E_NOMEM);
	before = tu_alloc_refused();
	assert_non_null(tu_arena_alloc(arena, 16));
	assert_int_equal(tu_alloc_settle(before, TU_OK, &err), TU_OK);
	tu_fault_set(1);
	assert_null(tu_alloc(1, 1));
	tu_fault_set(0);
	assert_int_equal(tu_alloc_settle(before, TU_E_SYNTAX, &err), TU_E_NOMEM);
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_products_that_overflow),
		cmocka_unit_test(a_failed_realloc_leaves_the_old_bytes),
		cmocka_unit_test(nothing_is_still_a_pointer),
		cmocka_unit_test(a_job_settles_what_was_refused),
	};

	return cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
}
