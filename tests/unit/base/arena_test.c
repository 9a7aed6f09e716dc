#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/arena.h>

#include "base/fault.h"

static void hands_out_zeroed_aligned_memory(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	(void)state;

	assert_non_null(arena);
	for (size_t size = 1; size < 5000; size += 37) {
		char *bytes = tu_arena_alloc(arena, size);

		assert_non_null(bytes);
		assert_int_equal((uintptr_t)bytes % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(bytes[i], 0);
		memset(bytes, 0xaa, size);
	}
	tu_arena_free(arena);
}

static void stops_at_its_ceiling(void **state)
{
	struct tu_arena *arena = tu_arena_new(100 * 1024);
	size_t got = 0;
	(void)state;

	assert_null(tu_arena_alloc(arena, 200 * 1024));
	while (tu_arena_alloc(arena, 1000))
		got += 1000;
	assert_in_range(got, 60 * 1024, 100 * 1024);
	tu_arena_reset(arena);
	assert_non_null(tu_arena_alloc(arena, 1000));
	tu_arena_free(arena);
}

/* What a fresh arena could serve, one that was reset can serve too. */
static void a_reset_gives_the_whole_ceiling_back(void **state)
{
	struct tu_arena *arena = tu_arena_new(100 * 1024);
	(void)state;

	assert_non_null(tu_arena_alloc(arena, 60 * 1024));
	tu_arena_reset(arena);
	assert_non_null(tu_arena_alloc(arena, 90 * 1024));
	tu_arena_reset(arena);
	for (size_t i = 0; i < 80; i++)
		assert_non_null(tu_arena_alloc(arena, 1024));
	assert_int_equal(tu_arena_used(arena), 80 * 1024);
	tu_arena_free(arena);
}

static void text_is_packed_and_copied(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_str copy;
	char text[] = "abc";
	(void)state;

	assert_true(tu_arena_dup(arena, tu_str_of(text, 3), &copy));
	text[0] = 'x';
	assert_true(tu_str_eq(copy, TU_STR("abc")));
	assert_true(tu_arena_dup(arena, (struct tu_str){NULL, 0}, &copy));
	assert_non_null(copy.ptr);
	assert_int_equal((uintptr_t)tu_arena_alloc(arena, 1) % 16, 0);
	assert_non_null(tu_arena_alloc(arena, 0));
	tu_arena_free(NULL);
	tu_arena_free(arena);
}

static void refuses_products_that_overflow(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	(void)state;

	assert_null(tu_arena_array(arena, SIZE_MAX / 2, 3));
	assert_null(tu_arena_alloc(arena, SIZE_MAX));
	tu_arena_free(arena);
}

static void fails_the_allocation_that_a_test_names(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	(void)state;

	assert_non_null(tu_arena_alloc(arena, 10));
	tu_fault_set(2);
	assert_non_null(tu_arena_alloc(arena, 10));
	assert_null(tu_arena_alloc(arena, 10));
	assert_non_null(tu_arena_alloc(arena, 10));
	tu_fault_set(0);
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_out_zeroed_aligned_memory),
		cmocka_unit_test(stops_at_its_ceiling),
		cmocka_unit_test(a_reset_gives_the_whole_ceiling_back),
		cmocka_unit_test(text_is_packed_and_copied),
		cmocka_unit_test(refuses_products_that_overflow),
		cmocka_unit_test(fails_the_allocation_that_a_test_names),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
