/* Whose record an id is of, where its page is, and which weaknesses there are. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

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

/* Every database that OSV has, as its schema lists their prefixes. */
static void each_database_of_osv_is_known(void **state)
{
	static const char *const prefixes[] = {"ALBA-", "ALEA-", "ALPINE-", "ALSA-", "ASB-A-",
		"BELL-", "BIT-", "CGA-", "CURL-CVE-", "DEBIAN-", "DLA-", "DSA-", "DTSA-", "EEF-",
		"GO-", "GSD-", "HSEC-", "JLSEC-", "LBSEC-", "MAL-", "MGASA-", "OESA-", "OSEC-",
		"OSV-", "PSF-", "PUB-A-", "PYSEC-", "RHBA-", "RHEA-", "RHSA-", "RLSA-", "RSEC-",
		"RUSTSEC-", "RXSA-", "SUSE-", "UBUNTU-", "USN-", "openSUSE-"};
	struct tu_buf id, page;

	(void)state;
	tu_buf_init(&id, 4096);
	tu_buf_init(&page, 4096);
	for (size_t i = 0; i < TU_COUNT(prefixes); i++) {
		const struct tu_record_kind *kind;

		tu_buf_clear(&id);
		tu_buf_clear(&page);
		tu_buf_printf(&id, "%s2024-1", prefixes[i]);
		kind = tu_record_kind(tu_buf_str(&id));
		if (!kind || strcmp(kind->source, "OSV") != 0)
			fail_msg("%s", prefixes[i]);
		tu_record_page(tu_buf_str(&id), &page);
		assert_true(tu_str_eq(tu_str_from(tu_buf_str(&page),
					      sizeof("https://osv.dev/vulnerability/") - 1),
			tu_buf_str(&id)));
		assert_null(tu_record_kind(tu_str_c(prefixes[i])));
	}
	tu_buf_done(&id);
	tu_buf_done(&page);
}

/* An id of 64 bytes has a page, a longer one has none. */
static void a_long_id_has_no_page(void **state)
{
	char id[66] = "CVE-";
	struct tu_buf page;

	(void)state;
	memset(id + 4, '1', sizeof(id) - 4);
	tu_buf_init(&page, 4096);
	tu_record_page(tu_str_of(id, 65), &page);
	assert_int_equal(page.len, 0);
	tu_record_page(tu_str_of(id, 64), &page);
	assert_int_equal(page.len, sizeof("https://nvd.nist.gov/vuln/detail/") - 1 + 64);
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
		cmocka_unit_test(each_database_of_osv_is_known),
		cmocka_unit_test(a_long_id_has_no_page),
		cmocka_unit_test(only_weaknesses_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
