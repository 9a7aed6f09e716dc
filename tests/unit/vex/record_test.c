/* Whose record an id is of, where its page is, and which weaknesses there are. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "vex/record.h"

static void ids_have_their_source_and_page(void **state)
{
	static const struct {
		const char *id;
		const char *source; /* NULL: not known */
		const char *page;
	} rows[] = {
		{"CVE-2022-37434", "NVD", "https://nvd.nist.gov/vuln/detail/CVE-2022-37434"},
		{"GHSA-35jh-r3h4-6jhm", "GITHUB",
			"https://github.com/advisories/GHSA-35jh-r3h4-6jhm"},
		{"SNYK-JS-LODASH-1", "SNYK", "https://security.snyk.io/vuln/SNYK-JS-LODASH-1"},
		{"sonatype-2021-1", "OSSINDEX", ""},
		{"PYSEC-2021-1", "OSV", "https://osv.dev/vulnerability/PYSEC-2021-1"},
		{"RHSA-2024:1234", "OSV", "https://osv.dev/vulnerability/RHSA-2024:1234"},
		{"openSUSE-SU-2024:1", "OSV", "https://osv.dev/vulnerability/openSUSE-SU-2024:1"},
		{"CURL-CVE-2023-1", "OSV", "https://osv.dev/vulnerability/CURL-CVE-2023-1"},
		{"CVE-2022-1 x", "NVD", ""}, /* it would need an escape */
		{"GO-2024-<b>", "OSV", ""},
		{"CVE-", NULL, ""},
		{"CVE", NULL, ""},
		{"cve-2022-37434", NULL, ""},
		{"XCVE-2022-1", NULL, ""},
		{"ACME-1", NULL, ""},
		{"", NULL, ""},
	};
	struct tu_buf page;

	(void)state;
	tu_buf_init(&page, 4096);
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_record_kind *kind = tu_record_kind(tu_str_c(rows[i].id));

		assert_int_equal(kind != NULL, rows[i].source != NULL);
		if (kind)
			assert_string_equal(kind->source, rows[i].source);
		tu_buf_clear(&page);
		tu_record_page(tu_str_c(rows[i].id), &page);
		assert_true(tu_str_eq(tu_buf_str(&page), tu_str_c(rows[i].page)));
	}
	tu_buf_done(&page);
}

static void only_weaknesses_have_names(void **state)
{
	static const struct {
		const char *id;
		const char *start; /* of the name; NULL: none */
	} rows[] = {
		{"CWE-79", "Improper Neutralization of Input During Web Page Generation"},
		{"CWE-416", "Use After Free"},
		{"CWE-1", NULL}, /* a category */
		{"CWE-1000", NULL}, /* a view */
		{"CWE-79x", NULL},
		{"CWE-079", NULL},
		{"CWE-", NULL},
		{"CWE-99999999", NULL},
		{"NVD-CWE-noinfo", NULL},
		{"79", NULL},
		{"", NULL},
	};
	struct tu_str name;

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		assert_int_equal(
			tu_record_weakness(tu_str_c(rows[i].id), &name), rows[i].start != NULL);
		if (rows[i].start)
			assert_true(tu_str_starts(name, tu_str_c(rows[i].start)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_have_their_source_and_page),
		cmocka_unit_test(only_weaknesses_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
