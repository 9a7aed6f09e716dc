/* One-time passwords: the vectors of RFC 4226 and RFC 6238, what is near, and what was used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "access/totp.h"

#define SECOND INT64_C(1000000)

static const struct tu_str secret = TU_STR_INIT("12345678901234567890");

/* RFC 6238, appendix B, SHA-1, eight digits. */
static void agrees_with_rfc_6238(void **state)
{
	static const struct {
		int64_t seconds;
		const char *code;
	} cases[] = {{59, "94287082"}, {1111111109, "07081804"}, {1111111111, "14050471"},
		{1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
	char code[9];

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		assert_int_equal(tu_totp_code(secret, tu_totp_step(cases[i].seconds * SECOND), 8,
					 code, NULL),
			TU_OK);
		assert_string_equal(code, cases[i].code);
	}
}

/* RFC 4226, appendix D: the first counters, six digits. */
static void agrees_with_rfc_4226(void **state)
{
	static const char *const codes[] = {"755224", "287082", "359152", "969429", "338314",
		"254676", "287922", "162583", "399871", "520489"};
	char code[9];

	(void)state;
	for (size_t i = 0; i < TU_COUNT(codes); i++) {
		assert_int_equal(tu_totp_code(secret, (int64_t)i, 6, code, NULL), TU_OK);
		assert_string_equal(code, codes[i]);
	}
}

static int64_t match(const char *code, int64_t seconds, int64_t used)
{
	int64_t step = -1;

	assert_int_equal(
		tu_totp_match(secret,
			&(const struct tu_totp_try){tu_str_c(code), seconds * SECOND, used}, &step,
			NULL),
		TU_OK);
	return step;
}

/* Step 3 (969429) is from 90 to 119 s. */
static void a_code_is_good_for_its_step_and_the_next_ones(void **state)
{
	static const struct {
		const char *code;
		int64_t seconds, used, step;
	} cases[] = {
		{"969429", 59, 0, 0}, /* two steps early */
		{"969429", 60, 0, 3}, /* the step before it */
		{"969429", 90, 0, 3}, {"969429", 119, 0, 3},
		{"969429", 149, 0, 3}, /* the step after it */
		{"969429", 150, 0, 0}, {"969 429", 90, 0, 3}, {" 969429 ", 90, 0, 3},
		{"969429", 90, 2, 3}, {"969429", 90, 3, 0}, /* used */
		{"969429", 90, 9, 0}, /* the clock was set back */
		{"969428", 90, 0, 0}, {"96942", 90, 0, 0}, {"9694290", 90, 0, 0},
		{"96942a", 90, 0, 0}, {"", 90, 0, 0},
		{"755224", 0, 0, 0}, /* step 0 stands for "none" */
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_int_equal(
			match(cases[i].code, cases[i].seconds, cases[i].used), cases[i].step);
}

/* RFC 4648, section 10, without padding. */
static void base32_agrees_with_rfc_4648(void **state)
{
	static const char *const cases[][2] = {{"", ""}, {"f", "MY"}, {"fo", "MZXQ"},
		{"foo", "MZXW6"}, {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"},
		{"foobar", "MZXW6YTBOI"}};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_buf out;

		tu_buf_init(&out, 100);
		tu_base32_write((const uint8_t *)cases[i][0], strlen(cases[i][0]), &out);
		assert_true(tu_str_eq(tu_buf_str(&out), tu_str_c(cases[i][1])));
		tu_buf_done(&out);
	}
}

static void the_uri_says_all(void **state)
{
	const struct tu_totp_uri uri = {TU_STR("Acme & Co"), TU_STR("ann@example.org"), secret};
	struct tu_buf out;

	(void)state;
	tu_buf_init(&out, 1000);
	tu_totp_uri_write(&uri, &out);
	assert_true(tu_str_eq(tu_buf_str(&out),
		TU_STR("otpauth://totp/Acme%20%26%20Co:ann%40example.org?secret="
		       "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme%20%26%20Co&algorithm=SHA1"
		       "&digits=6&period=30")));
	tu_buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_rfc_6238),
		cmocka_unit_test(agrees_with_rfc_4226),
		cmocka_unit_test(a_code_is_good_for_its_step_and_the_next_ones),
		cmocka_unit_test(base32_agrees_with_rfc_4648),
		cmocka_unit_test(the_uri_says_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
