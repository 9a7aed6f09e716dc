/* UUIDs of clients of Dependency-Track. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "connect/dtrack/ids.h"

static void a_public_id_comes_back_from_its_uuid(void **state)
{
	struct tu_dtrack_uuid uuid = tu_dtrack_uuid(TU_STR("0123456789abcdef0123456789abcdef"));
	char id[TU_RANDOM_ID + 1];

	(void)state;
	assert_string_equal(uuid.text, "01234567-89ab-cdef-0123-456789abcdef");
	assert_true(tu_dtrack_uuid_read(tu_dtrack_uuid_str(&uuid), id));
	assert_string_equal(id, "0123456789abcdef0123456789abcdef");
	assert_true(tu_dtrack_uuid_read(TU_STR("01234567-89AB-CDEF-0123-456789ABCDEF"), id));
	assert_string_equal(id, "0123456789abcdef0123456789abcdef");
}

static void what_is_no_uuid_gives_nothing(void **state)
{
	static const char *const texts[] = {"", "0", "0123456789abcdef0123456789abcdef",
		"01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdeff",
		"01234567-89ab-cdef-0123-456789abcdeg", "012345678-9ab-cdef-0123-456789abcdef",
		"01234567--9ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123+456789abcdef",
		"------------------------------------"};
	char id[TU_RANDOM_ID + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		id[0] = 'x';
		assert_false(tu_dtrack_uuid_read(tu_str_c(texts[i]), id));
		assert_string_equal(id, "");
	}
	assert_false(tu_dtrack_uuid_read(TU_STR("01234567-89ab-cdef-0123-\0"
						"56789abcdef"),
		id));
	assert_string_equal(tu_dtrack_uuid(TU_STR("0123456789abcdef0123456789abcde")).text, "");
	assert_string_equal(tu_dtrack_uuid(TU_STR("0123456789abcdef0123456789abcdex")).text, "");
	assert_string_equal(tu_dtrack_uuid((struct tu_str){0}).text, "");
}

static void the_first_half_of_a_longer_key_counts(void **state)
{
	(void)state;
	assert_string_equal(tu_dtrack_uuid(TU_STR("0123456789abcdef0123456789abcdef00ff")).text,
		"01234567-89ab-cdef-0123-456789abcdef");
}

/* Clients keep it: it must be the same in every release of the program. */
static void a_vulnerability_has_the_uuid_of_its_name(void **state)
{
	struct tu_dtrack_uuid one = tu_dtrack_uuid_of_vulnerability(TU_STR("CVE-2021-44228"));
	struct tu_dtrack_uuid two = tu_dtrack_uuid_of_vulnerability(TU_STR("CVE-2021-44229"));

	(void)state;
	assert_string_equal(one.text, "6254dc33-2644-b00a-cecc-0b5e850672f1");
	assert_string_not_equal(one.text, two.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_public_id_comes_back_from_its_uuid),
		cmocka_unit_test(what_is_no_uuid_gives_nothing),
		cmocka_unit_test(the_first_half_of_a_longer_key_counts),
		cmocka_unit_test(a_vulnerability_has_the_uuid_of_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
