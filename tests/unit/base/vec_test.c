#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fault.h"
#include "base/vec.h"

static void keeps_everything_in_order(void **state)
{
	TU_VEC(int) numbers = {0};
	(void)state;

	for (int i = 0; i < 1000; i++)
		assert_true(TU_VEC_PUSH(&numbers, i));
	assert_int_equal(numbers.count, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers.at[i], i);
	TU_VEC_DONE(&numbers);
	assert_null(numbers.at);
	assert_int_equal(numbers.cap, 0);
}

static void lives_in_an_arena_too(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	TU_VEC(struct tu_str) texts = {0};
	(void)state;

	for (int i = 0; i < 100; i++)
		assert_true(TU_VEC_PUSH_IN(arena, &texts, TU_STR("x")));
	for (int i = 0; i < 100; i++)
		assert_true(tu_str_eq(texts.at[i], TU_STR("x")));
	tu_arena_free(arena);
}

static void is_as_before_when_memory_runs_out(void **state)
{
	TU_VEC(int) numbers = {0};
	size_t refused = 0;
	(void)state;

	for (int i = 0; i < 100; i++) {
		bool pushed;

		tu_fault_set(1);
		pushed = TU_VEC_PUSH(&numbers, i);
		tu_fault_set(0);
		refused += !pushed;
		assert_true(pushed || TU_VEC_PUSH(&numbers, i));
	}
	assert_int_equal(refused, 5); /* at 0, 8, 16, 32 and 64 */
	for (int i = 0; i < 100; i++)
		assert_int_equal(numbers.at[i], i);
	TU_VEC_DONE(&numbers);
}

static void refuses_what_overflows(void **state)
{
	void *items = NULL;
	size_t cap = SIZE_MAX / 2 + 1;
	(void)state;

	assert_false(tu_vec_grow(&items, &cap, 0, 8));
	cap = SIZE_MAX / 8;
	assert_false(tu_vec_grow(&items, &cap, 0, 8));
	assert_null(items);
	assert_true(cap == SIZE_MAX / 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_everything_in_order),
		cmocka_unit_test(lives_in_an_arena_too),
		cmocka_unit_test(is_as_before_when_memory_runs_out),
		cmocka_unit_test(refuses_what_overflows),
	};

	return cmocka_run_group_tests_name("vec", tests, NULL, NULL);
}
