/* Token buckets: what a class lets through, and when the next one may come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "http/limits.h"

static const int64_t second = 1000000000;
static const struct tu_http_rate rates[] = {
	{0, 0}, {.burst = 3, .per_minute = 60}, {.burst = 1, .per_minute = 1}, {0, 0}};

static struct tu_limits *limits_new(void)
{
	struct tu_limits *limits = tu_limits_new(rates, TU_COUNT(rates));

	assert_non_null(limits);
	return limits;
}

static void test_a_burst_and_then_the_rate(void **state)
{
	struct tu_limits *limits = limits_new();
	struct tu_str key = TU_STR("key");
	unsigned wait = 99;
	int64_t now = 5 * second;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(tu_limits_take(limits, 1, key, now, &wait));
	assert_int_equal(wait, 0);
	assert_false(tu_limits_take(limits, 1, key, now, &wait));
	assert_int_equal(wait, 1);
	assert_false(tu_limits_take(limits, 1, key, now + second - 1, &wait));
	assert_true(tu_limits_take(limits, 1, key, now + second, &wait));
	assert_false(tu_limits_take(limits, 1, key, now + second, &wait));
	/* Long idle: a full burst, and no more. */
	for (int i = 0; i < 3; i++)
		assert_true(tu_limits_take(limits, 1, key, now + 1000 * second, &wait));
	assert_false(tu_limits_take(limits, 1, key, now + 1000 * second, &wait));
	tu_limits_free(limits);
}

static void test_keys_and_classes_are_apart(void **state)
{
	struct tu_limits *limits = limits_new();
	unsigned wait;

	(void)state;
	assert_true(tu_limits_take(limits, 2, TU_STR("a"), 0, &wait));
	assert_false(tu_limits_take(limits, 2, TU_STR("a"), 0, &wait));
	assert_int_equal(wait, 60);
	assert_true(tu_limits_take(limits, 2, TU_STR("b"), 0, &wait));
	assert_true(tu_limits_take(limits, 1, TU_STR("a"), 0, &wait));
	for (int i = 0; i < 100; i++) {
		assert_true(tu_limits_take(limits, 0, TU_STR("a"), 0, &wait));
		assert_true(tu_limits_take(limits, 3, TU_STR("a"), 0, &wait));
		assert_true(tu_limits_take(limits, 9, TU_STR("a"), 0, &wait));
	}
	tu_limits_free(limits);
}

/* Whatever the random seed is, the bytes of a key are not taken for its class. */
static void test_no_seed_makes_two_keys_one(void **state)
{
	(void)state;
	for (int i = 0; i < 500; i++) {
		struct tu_limits *limits = limits_new();
		unsigned wait;

		assert_true(tu_limits_take(limits, 2, TU_STR("b"), 0, &wait));
		assert_true(tu_limits_take(limits, 1, TU_STR("a"), 0, &wait));
		tu_limits_free(limits);
	}
}

/* A flood of keys takes no memory; a few may be forgotten, never one that was not seen refused. */
static void test_a_flood_of_keys(void **state)
{
	struct tu_limits *limits = limits_new();
	char key[16];
	unsigned wait;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		snprintf(key, sizeof(key), "%d", i);
		assert_true(tu_limits_take(limits, 2, tu_str_c(key), 0, &wait));
	}
	tu_limits_free(limits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_burst_and_then_the_rate),
		cmocka_unit_test(test_keys_and_classes_are_apart),
		cmocka_unit_test(test_no_seed_makes_two_keys_one),
		cmocka_unit_test(test_a_flood_of_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
