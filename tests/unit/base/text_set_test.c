/* Sets of texts: each is new once, before and after the table has grown. */
#include "base/text_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void each_text_is_new_once(void **state)
{
	static const int counts[] = {1, 7, 8, 9, 10, 16, 17, 63, 64, 65, 200, 3000};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct tu_arena *arena = tu_arena_new(0);
		struct tu_text_set set = {0};
		struct tu_str copy;
		bool is_new;
		char text[32];

		assert_non_null(arena);
		assert_false(tu_text_set_has(&set, TU_STR("text 0")));
		for (int k = 0; k < 2 * counts[i]; k++) {
			(void)snprintf(text, sizeof(text), "text %d", k % counts[i]);
			assert_int_equal(tu_text_set_has(&set, tu_str_c(text)), k >= counts[i]);
			assert_true(tu_arena_dup(arena, tu_str_c(text), &copy));
			assert_true(tu_text_set_add(&set, arena, copy, &is_new));
			assert_int_equal(is_new, k < counts[i]);
		}
		assert_int_equal(set.count, counts[i]);
		assert_true(set.count <= set.mask); /* a probe for what is not there ends */
		assert_false(tu_text_set_has(&set, TU_STR("another")));
		tu_arena_free(arena);
	}
}

static void the_empty_text_is_a_text(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_text_set set = {0};
	bool is_new;

	(void)state;
	assert_non_null(arena);
	assert_true(tu_text_set_add(&set, arena, TU_STR(""), &is_new));
	assert_true(is_new);
	assert_true(tu_text_set_add(&set, arena, TU_STR(""), &is_new));
	assert_false(is_new);
	tu_arena_free(arena);
}

static void a_full_arena_is_no_memory(void **state)
{
	struct tu_arena *arena = tu_arena_new(64);
	struct tu_text_set set = {0};
	bool is_new;

	(void)state;
	assert_non_null(arena);
	assert_false(tu_text_set_add(&set, arena, TU_STR("a"), &is_new));
	assert_false(tu_text_set_has(&set, TU_STR("a")));
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_is_new_once),
		cmocka_unit_test(the_empty_text_is_a_text),
		cmocka_unit_test(a_full_arena_is_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
