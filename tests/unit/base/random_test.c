/* Random bytes and public ids (base/random.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/random.h"

static void bytes_fill_the_whole(void **state)
{
	uint8_t all[1000] = {0}, once[1000];

	(void)state;
	/* A byte stays zero by chance in one draw of 256; in twenty draws never. */
	for (int draw = 0; draw < 20; draw++) {
		assert_int_equal(tu_random_bytes(once, sizeof(once), NULL), TU_OK);
		for (size_t i = 0; i < sizeof(all); i++)
			all[i] |= once[i];
	}
	for (size_t i = 0; i < sizeof(all); i++)
		assert_int_not_equal(all[i], 0);
	assert_int_equal(tu_random_bytes(NULL, 0, NULL), TU_OK);
}

static void ids_are_digits_and_differ(void **state)
{
	char ids[100][TU_RANDOM_ID + 1];

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		assert_int_equal(tu_random_id(ids[i], NULL), TU_OK);
		assert_int_equal(strlen(ids[i]), TU_RANDOM_ID);
		assert_int_equal(strspn(ids[i], "0123456789abcdef"), TU_RANDOM_ID);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(ids[i], ids[k]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_fill_the_whole),
		cmocka_unit_test(ids_are_digits_and_differ),
	};

	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
