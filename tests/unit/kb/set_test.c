/* Sets of rows: each row is found, once, before and after the table has grown. */
#include "kb/builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"

/* Rows are their own numbers; `context` points to the one that is looked for. */
static bool same(const void *context, uint32_t row)
{
	return *(const uint32_t *)context == row;
}

static bool add(struct b_set *set, uint32_t row, uint32_t hash)
{
	struct b_slot *slot = tu_kb__set_slot(set, hash, same, &row);

	assert_non_null(slot);
	if (slot->row_plus_one)
		return false;
	slot->row_plus_one = row + 1;
	set->count++;
	return true;
}

static uint32_t spread(uint32_t row)
{
	return row * 2654435761u;
}

static uint32_t all_alike(uint32_t row)
{
	(void)row;
	return 0xffffffff;
}

/* The table begins with 1,024 slots and grows when two of three are taken. */
static void check_around_growth(uint32_t (*hash)(uint32_t row))
{
	static const uint32_t counts[] = {
		1, 63, 64, 65, 200, 681, 682, 683, 684, 1023, 1024, 1025, 1365, 1366, 1367, 3000};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct b_set set = {0};

		for (uint32_t row = 0; row < counts[i]; row++)
			assert_true(add(&set, row, hash(row)));
		for (uint32_t row = 0; row < counts[i]; row++)
			assert_false(add(&set, row, hash(row)));
		assert_int_equal(set.count, counts[i]);
		assert_true(set.count <= set.mask); /* a probe for what is not there ends */
		tu_free(set.slots);
	}
}

static void finds_all_around_its_growth(void **state)
{
	(void)state;
	check_around_growth(spread);
}

static void finds_all_that_collide(void **state)
{
	(void)state;
	check_around_growth(all_alike);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_all_around_its_growth),
		cmocka_unit_test(finds_all_that_collide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
