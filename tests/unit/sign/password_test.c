/* Which passwords may be chosen, and that one password is one however it is typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "sign/password.h"

static const struct tu_str words[] = {
	TU_STR_INIT("ann.example"), TU_STR_INIT("Ann Example"), TU_STR_INIT("ann@example.org")};

static const struct {
	const char *password;
	bool second_factor;
	const char *says; /* NULL: it may be chosen */
} cases[] = {
	{"fourteen chars", false, "15 to 256"},
	{"fifteen chars :", false, NULL},
	{"eight c.", true, NULL},
	{"seven c", true, "8 to 256"},
	/* characters, not bytes: 15 letters of two bytes, then 14 */
	{"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4"
	 "\xc3\xa9\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xa8",
		false, NULL},
	{"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4"
	 "\xc3\xa9\xc3\xb6\xc3\xbc\xc3\xa4",
		false, "has 14"},
	/* no composition is asked for */
	{"onlysmallletters", false, NULL},
	{"               x", false, NULL},
	/* what many have */
	{"password", true, "many people"},
	{"PassWord123", true, "many people"},
	{"correct horse battery staple", false, "many people"},
	{"correct horse battery", false, NULL},
	/* the context */
	{"tutela12", true, "a name"},
	{"Tutela!2026!!!!", false, "a name"},
	{"tutelatutelatutela", false, "a name"},
	{"ann.example", true, "a name"},
	{"example2026", true, "a name"},
	{"1234example5678", false, "a name"},
	{"the example of ann", false, NULL},
	/* repeats, counts */
	{"aaaaaaaaaaaaaaa", false, "repeats"},
	{"abcabcabcabcabcabc", false, "repeats"},
	{"qwertzuiqwertzui", false, NULL},
	{"hunter22hunter22", false, "repeats"},
	{"23456789", true, "repeats or counts"},
	{"7890123456789012", false, "counts"},
	{"ponmlkjihgfedcba", false, "counts"},
	/* no line of UTF-8 */
	{"fifteen\nand more of it", false, "one line"},
	{"fifteen\xff and more of it", false, "one line"},
};

static void the_rules_of_nist(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const struct tu_password_about about = {
			cases[i].second_factor, words, TU_COUNT(words)};
		struct tu_error err = {0};
		enum tu_status status =
			tu_password_check(tu_str_c(cases[i].password), &about, &err);

		if (status != (cases[i].says ? TU_E_USAGE : TU_OK) ||
			(cases[i].says && !strstr(err.message, cases[i].says)))
			fail_msg("\"%s\": %s", cases[i].password, err.message);
		if (strcmp(cases[i].password, "password") != 0)
			assert_null(strstr(err.message, cases[i].password));
	}
}

static void a_long_one_is_refused_not_cut(void **state)
{
	static char text[TU_PASSWORD_MAX + 1];
	const struct tu_password_about about = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * i % 23);
	assert_int_equal(tu_password_check(tu_str_of(text, 256), &about, NULL), TU_OK);
	assert_int_equal(tu_password_check(tu_str_of(text, 257), &about, NULL), TU_E_USAGE);
	assert_int_equal(
		tu_password_check(tu_str_of(text, sizeof(text)), &about, NULL), TU_E_USAGE);
}

/* "e" with an acute accent, as one character and as two (UAX 15). */
static void another_keyboard_is_the_same_password(void **state)
{
	char hash[TU_PASSWORD_HASH_MAX];
	bool fits;
	struct tu_error err = {0};
	enum tu_status status = tu_password_hash(TU_STR("caf\xc3\xa9 au lait, s'il"), hash, &err);

	(void)state;
	if (status == TU_E_UNSUPPORTED)
		skip(); /* libsodium or libutf8proc is not installed */
	assert_int_equal(status, TU_OK);
	assert_int_equal(
		tu_password_verify(hash, TU_STR("cafe\xcc\x81 au lait, s'il"), &fits, &err), TU_OK);
	assert_true(fits);
	assert_int_equal(
		tu_password_verify(hash, TU_STR("cafe au lait, s'il"), &fits, &err), TU_OK);
	assert_false(fits);
	/* what cannot be one is only wrong */
	assert_int_equal(tu_password_verify(hash, TU_STR("\xff"), &fits, &err), TU_OK);
	assert_false(fits);
	assert_int_equal(tu_password_verify(hash, TU_STR(""), &fits, &err), TU_OK);
	assert_false(fits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rules_of_nist),
		cmocka_unit_test(a_long_one_is_refused_not_cut),
		cmocka_unit_test(another_keyboard_is_the_same_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
