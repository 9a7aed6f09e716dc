#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "feed/download.h"

static void pauses_double_and_are_spread(void **state)
{
	uint64_t seed = 7, other = 8;
	bool spread = false;
	(void)state;

	for (uint32_t tries = 0; tries < 20; tries++) {
		uint64_t whole = tries < 6 ? (uint64_t)1000 << tries : 60000;
		uint64_t pause = tu_backoff(1000, tries, &seed);

		assert_true(pause <= whole && pause >= whole / 2);
		spread |= pause != tu_backoff(1000, tries, &other);
	}
	assert_true(spread);
	assert_int_equal(tu_backoff(0, 5, &seed), 0);
	seed = other = 3;
	assert_int_equal(tu_backoff(1000, 4, &seed), tu_backoff(1000, 4, &other));
}

static void retry_after_is_seconds_or_a_date(void **state)
{
	const int64_t now = 1445412480; /* Wed, 21 Oct 2015 07:28:00 GMT */
	uint64_t seconds;
	(void)state;

	assert_true(tu_retry_after(TU_STR(" 120 "), now, &seconds) && seconds == 120);
	assert_true(tu_retry_after(TU_STR("Wed, 21 Oct 2015 07:29:30 GMT"), now, &seconds));
	assert_int_equal(seconds, 90);
	assert_true(tu_retry_after(TU_STR("Wed, 21 Oct 2015 07:00:00 GMT"), now, &seconds));
	assert_int_equal(seconds, 0);
	assert_false(tu_retry_after(TU_STR(""), now, &seconds));
	assert_false(tu_retry_after(TU_STR("soon"), now, &seconds));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pauses_double_and_are_spread),
		cmocka_unit_test(retry_after_is_seconds_or_a_date),
	};

	return cmocka_run_group_tests_name("download", tests, NULL, NULL);
}
