/* The order of deadlines in lists. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/deadline.h>

static const struct tu_deadline wanted[] = {
	{.state = TU_DEADLINE_MISSED, .due = 50},
	{.state = TU_DEADLINE_MISSED, .due = 60},
	{.state = TU_DEADLINE_MISSED, .due = 100, .stopped = 120},
	{.state = TU_DEADLINE_RUNNING, .due = 90},
	{.state = TU_DEADLINE_RUNNING, .due = 95},
	{.state = TU_DEADLINE_CONDITIONAL, .due = 8},
	{.state = TU_DEADLINE_WAITING, .due = 7},
	{.state = TU_DEADLINE_MET, .due = 4, .stopped = 3},
	{.state = TU_DEADLINE_WAIVED, .due = 2},
};

static void order_is_by_urgency(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(wanted); i++)
		for (size_t k = 0; k < TU_COUNT(wanted); k++) {
			int order = tu_deadline_compare(&wanted[i], &wanted[k]);

			if ((order > 0) - (order < 0) != (i > k) - (i < k))
				fail_msg("rows %zu and %zu: %d", i, k, order);
		}
}

static void open_is_what_is_still_to_be_done(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(wanted); i++)
		assert_int_equal(tu_deadline_is_open(&wanted[i]), i < 2 || i == 3 || i == 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_is_by_urgency),
		cmocka_unit_test(open_is_what_is_still_to_be_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
