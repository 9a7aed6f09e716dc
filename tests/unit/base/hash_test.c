#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* Knowledge bases store tables built with it: these numbers must never change. */
static void is_the_same_in_every_version_of_the_program(void **state)
{
	static const struct {
		const char *text;
		uint64_t hash;
	} cases[] = {{"", UINT64_C(0x670527f286862c69)}, {"a", UINT64_C(0x74030ed2c0bce75e)},
		{"openssl", UINT64_C(0xb1e27db87c479851)},
		{"cpe:2.3:a:b", UINT64_C(0x945a88e87052bbed)},
		{"pkg:deb/debian/curl@7.88.1", UINT64_C(0x263d5a6d63c730ab)}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_true(tu_hash(tu_str_c(cases[i].text)) == cases[i].hash);
	assert_true(tu_hash_seeded(TU_STR("a"), 1) != tu_hash(TU_STR("a")));
}

static void tells_lengths_and_zeros_apart(void **state)
{
	static const char zeros[64];
	uint64_t seen[65];
	(void)state;

	for (size_t len = 0; len < TU_COUNT(seen); len++) {
		seen[len] = tu_hash(tu_str_of(zeros, len));
		for (size_t i = 0; i < len; i++)
			assert_true(seen[i] != seen[len]);
	}
}

/* 100,000 near texts into 2^16 slots by the lower and by the upper half: no slot is crowded. */
static void spreads_near_texts(void **state)
{
	enum { SLOTS = 1 << 16, COUNT = 100000, CROWD = 16 };
	uint8_t *low = calloc(SLOTS, 1);
	uint8_t *high = calloc(SLOTS, 1);
	(void)state;

	assert_non_null(low);
	assert_non_null(high);
	for (uint32_t i = 0; i < COUNT; i++) {
		char text[12] = "lib";
		uint64_t hash;

		memcpy(text + 4, &i, sizeof(i));
		hash = tu_hash(tu_str_of(text, 8));
		assert_true(++low[hash % SLOTS] < CROWD);
		assert_true(++high[hash >> 48] < CROWD);
	}
	free(low);
	free(high);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_same_in_every_version_of_the_program),
		cmocka_unit_test(tells_lengths_and_zeros_apart),
		cmocka_unit_test(spreads_near_texts),
	};

	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
