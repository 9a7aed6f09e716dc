/* What is taken for a credential, and what is not; what roles and keys may do; waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "access/backoff.h"
#include "access/credential.h"

#define TOKEN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void only_one_clear_credential_counts(void **state)
{
	static const struct {
		const char *cookie, *authorization, *api_key;
		bool https;
		enum tu_credential_kind kind;
		const char *text;
	} cases[] = {
		{"", "", "", true, TU_CREDENTIAL_NONE, ""},
		{"theme=dark", "", "", true, TU_CREDENTIAL_NONE, ""},
		{"__Host-tutela=" TOKEN, "", "", true, TU_CREDENTIAL_SESSION, TOKEN},
		{"a=b; __Host-tutela=" TOKEN "; c", "", "", true, TU_CREDENTIAL_SESSION, TOKEN},
		{"tutela=" TOKEN, "", "", false, TU_CREDENTIAL_SESSION, TOKEN},
		/* a neighbouring host can write the plain name */
		{"tutela=" TOKEN, "", "", true, TU_CREDENTIAL_NONE, ""},
		{"__host-tutela=" TOKEN, "", "", true, TU_CREDENTIAL_NONE, ""},
		{"__Host-tutela=" TOKEN "; __Host-tutela=" TOKEN, "", "", true,
			TU_CREDENTIAL_SESSION, TOKEN},
		{"__Host-tutela=" TOKEN "; __Host-tutela=" OTHER, "", "", true, TU_CREDENTIAL_BAD,
			""},
		{"__Host-tutela=", "", "", true, TU_CREDENTIAL_BAD, ""},
		{"__Host-tutela=" TOKEN "0", "", "", true, TU_CREDENTIAL_BAD, ""},
		{"__Host-tutela=\"" TOKEN "\"", "", "", true, TU_CREDENTIAL_BAD, ""},
		{"__Host-tutela=00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff",
			"", "", true, TU_CREDENTIAL_BAD, ""},
		{"", "Bearer tut_1", "", true, TU_CREDENTIAL_KEY, "tut_1"},
		{"", "bearer   tut_1 ", "", true, TU_CREDENTIAL_KEY, "tut_1"},
		{"", "", "tut_1", true, TU_CREDENTIAL_KEY, "tut_1"},
		{"", "Bearer tut_1", "tut_1", true, TU_CREDENTIAL_KEY, "tut_1"},
		{"", "Bearer tut_1", "tut_2", true, TU_CREDENTIAL_BAD, ""},
		{"", "Basic YTpi", "", true, TU_CREDENTIAL_BAD, ""},
		{"", "Basic YTpi", "tut_1", true, TU_CREDENTIAL_BAD, ""},
		{"", "Bearer", "", true, TU_CREDENTIAL_BAD, ""},
		{"", "Bearer ", "", true, TU_CREDENTIAL_BAD, ""},
		/* a key goes first */
		{"__Host-tutela=" TOKEN, "Bearer tut_1", "", true, TU_CREDENTIAL_KEY, "tut_1"},
		{"__Host-tutela=" TOKEN, "Basic YTpi", "", true, TU_CREDENTIAL_BAD, ""},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const struct tu_access_request request = {.cookie = tu_str_c(cases[i].cookie),
			.authorization = tu_str_c(cases[i].authorization),
			.api_key = tu_str_c(cases[i].api_key),
			.https = cases[i].https};
		struct tu_credential found = tu_credential_read(&request);

		if (found.kind != cases[i].kind || !tu_str_eq(found.text, tu_str_c(cases[i].text)))
			fail_msg("case %zu: %d \"%.*s\"", i, (int)found.kind,
				TU_STR_FMT(found.text));
	}
}

/* A session's token in a header, as a page of another program sends it. */
static void a_token_may_come_in_a_header(void **state)
{
	static const struct {
		const char *cookie, *bearer, *api_key;
		enum tu_credential_kind kind;
		const char *text;
	} cases[] = {
		{"", "Bearer " TOKEN, "", TU_CREDENTIAL_BEARER, TOKEN},
		{"__Host-tutela=" OTHER, "Bearer " TOKEN, "", TU_CREDENTIAL_BEARER, TOKEN},
		{"", "Bearer " TOKEN "0", "", TU_CREDENTIAL_KEY, TOKEN "0"},
		{"", "", TOKEN, TU_CREDENTIAL_KEY, TOKEN},
		{"", "Bearer " TOKEN, TOKEN, TU_CREDENTIAL_KEY, TOKEN},
		{"", "Bearer " TOKEN, OTHER, TU_CREDENTIAL_BAD, ""},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const struct tu_access_request request = {.cookie = tu_str_c(cases[i].cookie),
			.authorization = tu_str_c(cases[i].bearer),
			.api_key = tu_str_c(cases[i].api_key),
			.https = true};
		struct tu_credential found = tu_credential_read(&request);

		assert_int_equal(found.kind, cases[i].kind);
		assert_true(tu_str_eq(found.text, tu_str_c(cases[i].text)));
	}
}

static void roles_may_what_the_table_says(void **state)
{
	static const struct {
		enum tu_person_role role;
		const char *may;
	} cases[] = {
		{TU_PERSON_VIEWER, "public read self"},
		{TU_PERSON_ANALYST, "public read write setup self"},
		{TU_PERSON_APPROVER, "public read write approve publish setup audit self"},
		{TU_PERSON_ADMINISTRATOR, "public read setup audit admin self"},
		{TU_PERSON_AUDITOR, "public read audit self"},
		{TU_PERSON_CUSTOMER, "public self"},
	};
	uint32_t never = TU_CLASS_BIT(TU_CLASS_APPROVE) | TU_CLASS_BIT(TU_CLASS_PUBLISH) |
		TU_CLASS_BIT(TU_CLASS_ADMIN) | TU_CLASS_BIT(TU_CLASS_SELF);

	(void)state;
	assert_int_equal(TU_COUNT(cases), TU_PERSON_ROLES);
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const struct tu_access who = {.classes = tu_access_role_classes(cases[i].role)};
		struct tu_buf may;

		tu_buf_init(&may, 200);
		for (unsigned class = 0; class < TU_CLASSES; class ++)
			if (tu_access_may(&who, (enum tu_access_class) class))
				tu_buf_printf(&may, "%s%s", may.len ? " " : "",
					tu_access_class_name((enum tu_access_class) class));
		assert_true(tu_str_eq(tu_buf_str(&may), tu_str_c(cases[i].may)));
		tu_buf_done(&may);
	}
	for (uint32_t rights = 0; rights < 1u << TU_RIGHTS; rights++)
		assert_int_equal(tu_access_key_classes(rights) & never, 0);
	assert_int_equal(tu_access_key_classes(0), 0);
}

static void waits_double_up_to_a_limit(void **state)
{
	static const struct {
		enum tu_backoff_kind kind;
		int64_t failures;
		uint32_t seconds;
	} cases[] = {
		{TU_BACKOFF_ACCOUNT, 0, 0},
		{TU_BACKOFF_ACCOUNT, 4, 0},
		{TU_BACKOFF_ACCOUNT, 5, 1},
		{TU_BACKOFF_ACCOUNT, 6, 2},
		{TU_BACKOFF_ACCOUNT, 15, 1024},
		{TU_BACKOFF_ACCOUNT, 16, 2048},
		{TU_BACKOFF_ACCOUNT, 17, 3600},
		{TU_BACKOFF_ACCOUNT, 99, 3600},
		{TU_BACKOFF_ACCOUNT, 100, UINT32_MAX},
		{TU_BACKOFF_ACCOUNT, INT64_MAX, UINT32_MAX},
		{TU_BACKOFF_ADDRESS, 19, 0},
		{TU_BACKOFF_ADDRESS, 20, 1},
		{TU_BACKOFF_ADDRESS, 29, 512},
		{TU_BACKOFF_ADDRESS, 30, 900},
		{TU_BACKOFF_ADDRESS, INT64_MAX, 900},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_int_equal(
			tu_backoff_seconds(cases[i].kind, cases[i].failures), cases[i].seconds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_one_clear_credential_counts),
		cmocka_unit_test(a_token_may_come_in_a_header),
		cmocka_unit_test(roles_may_what_the_table_says),
		cmocka_unit_test(waits_double_up_to_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
