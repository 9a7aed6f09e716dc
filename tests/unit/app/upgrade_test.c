#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/upgrade.h"

static void branches_depend_on_the_scheme(void **state)
{
	static const struct {
		enum tu_scheme scheme;
		const char *a, *b;
		bool same;
	} cases[] = {
		{TU_SCHEME_OPENSSL, "3.0.2", "3.0.18", true},
		{TU_SCHEME_OPENSSL, "3.0.2", "3.1.0", false},
		{TU_SCHEME_OPENSSL, "1.1.1n", "1.1.1zd", true},
		{TU_SCHEME_KERNEL, "5.15.32", "5.15.161", true},
		{TU_SCHEME_KERNEL, "5.15.32", "5.16", false},
		{TU_SCHEME_KERNEL, "6.1", "6.1.50", true},
		{TU_SCHEME_GENERIC, "2.9.10", "2.9.14", true},
		{TU_SCHEME_GENERIC, "2.9.10", "2.13.9", false},
		{TU_SCHEME_GENERIC, "2.35", "2.40", true},
		{TU_SCHEME_GENERIC, "2.35", "3.0", false},
		{TU_SCHEME_GENERIC, "8.6p1", "8.8", true},
		{TU_SCHEME_GENERIC, "v1.4.4", "1.4.13", true},
		{TU_SCHEME_GENERIC, "banana", "1.2", false},
		{TU_SCHEME_GENERIC, "1.2", "", false},
		{TU_SCHEME_NPM, "4.17.15", "4.18.0", true},
		{TU_SCHEME_NPM, "4.17.15", "5.0.0", false},
		{TU_SCHEME_CARGO, "0.3.1", "0.3.9", true},
		{TU_SCHEME_CARGO, "0.3.1", "0.4.0", false},
		{TU_SCHEME_GOLANG, "v1.20.12", "v1.21.6", true},
		{TU_SCHEME_DEB, "1:1.2.11-1", "1:2.0-3+deb11u1", true},
		{TU_SCHEME_APK, "1.2.11-r0", "1.3.1-r0", true},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		if (tu_upgrade_same_branch(cases[i].scheme, tu_str_c(cases[i].a),
			    tu_str_c(cases[i].b)) != cases[i].same)
			fail_msg("%s and %s", cases[i].a, cases[i].b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(branches_depend_on_the_scheme),
	};

	return cmocka_run_group_tests_name("upgrade", tests, NULL, NULL);
}
