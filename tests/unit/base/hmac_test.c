/* HMAC: the vectors of RFC 2202 (SHA-1) and RFC 4231 (SHA-256). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/hmac.h"

static void agrees_with_the_rfcs(void **state)
{
	static const struct {
		enum tu_hmac_hash hash;
		char key;
		size_t key_len; /* of that byte; 0: the key is "Jefe" */
		const char *text, *code;
	} cases[] = {
		{TU_HMAC_SHA1, 0x0b, 20, "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"},
		{TU_HMAC_SHA1, 0, 0, "what do ya want for nothing?",
			"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
		{TU_HMAC_SHA1, (char)0xaa, 80,
			"Test Using Larger Than Block-Size Key - Hash Key First",
			"aa4ae5e15272d00e95705637ce8a3b55ed402112"},
		{TU_HMAC_SHA256, 0x0b, 20, "Hi There",
			"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{TU_HMAC_SHA256, 0, 0, "what do ya want for nothing?",
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{TU_HMAC_SHA256, (char)0xaa, 131,
			"Test Using Larger Than Block-Size Key - Hash Key First",
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		char key[131], digits[2 * TU_HMAC_MAX + 1];
		uint8_t code[TU_HMAC_MAX];

		memset(key, cases[i].key, sizeof(key));
		assert_int_equal(tu_hmac(cases[i].hash,
					 cases[i].key_len ? tu_str_of(key, cases[i].key_len)
							  : TU_STR("Jefe"),
					 tu_str_c(cases[i].text), code, NULL),
			TU_OK);
		for (size_t j = 0; j < TU_HMAC_MAX; j++)
			(void)snprintf(digits + 2 * j, 3, "%02x", code[j]);
		assert_memory_equal(digits, cases[i].code, strlen(cases[i].code));
	}
}

static void secrets_are_compared_whole(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {{"", "", true}, {"a", "a", true}, {"a", "b", false}, {"a", "ab", false},
		{"ab", "a", false}, {"", "a", false}, {"abcd", "abce", false}};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_int_equal(
			tu_same_secret(tu_str_c(cases[i].a), tu_str_c(cases[i].b)), cases[i].same);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_rfcs),
		cmocka_unit_test(secrets_are_compared_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
