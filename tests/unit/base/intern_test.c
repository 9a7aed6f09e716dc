#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <tutela/buf.h>

#include "base/fault.h"
#include "base/intern.h"

static struct tu_str numbered(char text[32], int n)
{
	return tu_str_of(text, (size_t)snprintf(text, 32, "component-%d", n));
}

static void counts_ids_in_order_of_first_sight(void **state)
{
	struct tu_intern *intern = tu_intern_new(0);
	char text[32];
	uint32_t id;
	(void)state;

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 5000; i++) {
			assert_true(tu_intern_add(intern, numbered(text, i), &id));
			assert_int_equal(id, i);
			/* a table without a free slot would search for ever */
			assert_true(tu_intern_find(intern, TU_STR("absent")) == TU_INTERN_NONE);
		}
	assert_int_equal(tu_intern_count(intern), 5000);
	for (int i = 0; i < 5000; i++)
		assert_true(tu_str_eq(tu_intern_str(intern, (uint32_t)i), numbered(text, i)));
	tu_intern_free(intern);
}

static void copies_and_tells_apart(void **state)
{
	struct tu_intern *intern = tu_intern_new(0);
	char text[] = "abc";
	uint32_t id;
	(void)state;

	assert_true(tu_intern_add(intern, tu_str_of(text, 3), &id));
	text[0] = 'x';
	assert_int_equal(tu_intern_find(intern, TU_STR("abc")), id);
	assert_true(tu_intern_find(intern, TU_STR("xbc")) == TU_INTERN_NONE);
	assert_true(tu_intern_find(intern, TU_STR("")) == TU_INTERN_NONE);
	assert_true(tu_intern_add(intern, (struct tu_str){NULL, 0}, &id));
	assert_int_equal(tu_intern_find(intern, TU_STR("")), id);
	assert_true(tu_intern_add(intern, TU_STR("a\0b"), &id));
	assert_true(tu_intern_find(intern, TU_STR("a\0c")) == TU_INTERN_NONE);
	tu_intern_free(intern);
	tu_intern_free(NULL);
}

static void stays_usable_at_its_ceiling(void **state)
{
	struct tu_intern *intern = tu_intern_new(64 * 1024);
	struct tu_buf big;
	uint32_t id = 77;
	(void)state;

	tu_buf_init(&big, 1 << 20);
	assert_true(tu_buf_reserve(&big, 100 * 1024));
	memset(big.ptr, 'x', 100 * 1024);
	big.len = 100 * 1024;
	assert_false(tu_intern_add(intern, tu_buf_str(&big), &id));
	assert_int_equal(id, 77);
	assert_int_equal(tu_intern_count(intern), 0);
	assert_true(tu_intern_add(intern, TU_STR("small"), &id));
	assert_int_equal(id, 0);
	tu_buf_done(&big);
	tu_intern_free(intern);
}

/* Foreseeing changes nothing, whether the string is known, new, or the table grows in between. */
static void foreseeing_is_only_a_hint(void **state)
{
	struct tu_intern *intern = tu_intern_new(0);
	uint32_t foreseen[3000];
	char text[32];
	uint32_t id;
	(void)state;

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 3000; i++)
			foreseen[i] = tu_intern_foresee(intern, numbered(text, i));
		assert_int_equal(tu_intern_count(intern), round ? 3000 : 0);
		for (int i = 0; i < 3000; i++) {
			tu_intern_fetch(intern, foreseen[i]);
			assert_true(tu_intern_add(intern, numbered(text, i), &id));
			assert_int_equal(id, i);
			/* a table without a free slot would search for ever */
			assert_true(tu_intern_find(intern, TU_STR("absent")) == TU_INTERN_NONE);
		}
	}
	tu_intern_free(intern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_ids_in_order_of_first_sight),
		cmocka_unit_test(copies_and_tells_apart),
		cmocka_unit_test(stays_usable_at_its_ceiling),
		cmocka_unit_test(foreseeing_is_only_a_hint),
	};

	return cmocka_run_group_tests_name("intern", tests, NULL, NULL);
}
