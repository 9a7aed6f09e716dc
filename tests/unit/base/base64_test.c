#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base64.h"

static void follows_the_rfc(void **state)
{
	/* RFC 4648, section 10 */
	static const char *const cases[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
		{"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"}};
	struct tu_buf out;
	(void)state;

	tu_buf_init(&out, 64);
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		uint8_t bytes[8];
		size_t len = strlen(cases[i][0]);

		tu_buf_clear(&out);
		tu_base64_write((const uint8_t *)cases[i][0], len, &out);
		assert_true(tu_str_eq(tu_buf_str(&out), tu_str_c(cases[i][1])));
		assert_true(tu_base64_read(tu_str_c(cases[i][1]), bytes, len));
		assert_memory_equal(bytes, cases[i][0], len);
	}
	tu_buf_done(&out);
}

static void takes_one_form_only(void **state)
{
	static const char *const cases[] = {
		"Zh==", "Zg=", "Zg", "Zg==\n", "Z===", "====", "Zg=a", " Zg=", "Zm8=", "Z-=="};
	uint8_t byte;
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		if (tu_base64_read(tu_str_c(cases[i]), &byte, 1))
			fail_msg("%s was taken", cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_the_rfc),
		cmocka_unit_test(takes_one_form_only),
	};

	return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
