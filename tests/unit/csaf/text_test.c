/* Texts of CSAF by the tables of tests/tables/csaf. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "table.h"
#include "csaf/csaf.h"
#include "ident/registry.h"

static const struct {
	const char *word;
	enum tu_csaf_rule rule;
} rules[] = {
	{"date", TU_CSAF_DATE},
	{"version", TU_CSAF_VERSION},
	{"cve", TU_CSAF_CVE},
	{"cwe", TU_CSAF_CWE},
	{"cwe-version", TU_CSAF_CWE_VERSION},
	{"cpe", TU_CSAF_CPE},
	{"hash", TU_CSAF_HASH},
	{"hash-lower", TU_CSAF_HASH_LOWER},
	{"purl", TU_CSAF_PURL},
	{"purl-lower", TU_CSAF_PURL_LOWER},
	{"uri", TU_CSAF_URI},
	{"uuid", TU_CSAF_UUID},
	{"fraction", TU_CSAF_FRACTION},
	{"category", TU_CSAF_CATEGORY},
	{"trimmed", TU_CSAF_TRIMMED},
	{"algorithm", TU_CSAF_ALGORITHM},
};

static bool is(struct tu_str text, const char *word)
{
	return tu_str_eq(text, tu_str_c(word));
}

static void check(const struct table *table, bool fine)
{
	if (!fine)
		fail_msg("line %zu: %.*s", table->line, TU_STR_FMT(table->fields[0]));
}

static enum tu_csaf_rule rule_of(const struct table *table)
{
	for (size_t i = 0; i < TU_COUNT(rules); i++)
		if (is(table->fields[0], rules[i].word))
			return rules[i].rule;
	fail_msg("line %zu: no such rule", table->line);
	return TU_CSAF_TEXT;
}

static void test_rules(void **state)
{
	struct table table;

	(void)state;
	table_open(&table, "csaf/rules.tsv");
	while (table_next(&table))
		check(&table,
			tu_csaf_rule_holds(rule_of(&table), table.fields[2]) ==
				is(table.fields[1], "yes"));
	table_close(&table);
	for (unsigned i = 0; i < TU_CSAF_RULES; i++)
		assert_false(tu_csaf_rule_holds((enum tu_csaf_rule)i, TU_STR("")));
}

static void test_languages(void **state)
{
	static const char *const answers[] = {"fine", "malformed", "unknown"};
	struct tu_str subtag;
	struct table table;

	(void)state;
	table_open(&table, "csaf/languages.tsv");
	while (table_next(&table)) {
		check(&table,
			is(table.fields[1], answers[tu_csaf_lang_check(table.fields[0], NULL)]));
		check(&table,
			tu_csaf_lang_private(table.fields[0], &subtag) ==
				is(table.fields[2], "yes"));
	}
	table_close(&table);
}

static void test_licences(void **state)
{
	struct table table;
	bool unlisted;

	(void)state;
	table_open(&table, "csaf/licences.tsv");
	while (table_next(&table)) {
		bool fine = tu_csaf_licence_check(table.fields[0], &unlisted);
		check(&table, fine == is(table.fields[1], "fine"));
		check(&table, !fine || unlisted == is(table.fields[2], "unlisted"));
	}
	table_close(&table);
}

static void test_versions(void **state)
{
	struct table table;

	(void)state;
	table_open(&table, "csaf/versions.tsv");
	while (table_next(&table)) {
		int order = tu_csaf_version_compare(table.fields[0], table.fields[2], true);
		int back = tu_csaf_version_compare(table.fields[2], table.fields[0], true);
		check(&table, is(table.fields[1], order < 0 ? "<" : order > 0 ? ">" : "="));
		check(&table, (order < 0) == (back > 0) && (order == 0) == (back == 0));
	}
	table_close(&table);
}

static void test_instants(void **state)
{
	struct tu_csaf_instant a = tu_csaf_instant(TU_STR("2024-01-01T00:00:00.5+01:00"));
	struct tu_csaf_instant b = tu_csaf_instant(TU_STR("2023-12-31T23:00:00.25Z"));

	(void)state;
	assert_true(a.known && b.known);
	assert_true(tu_csaf_instant_compare(a, b) > 0);
	assert_int_equal(a.seconds, b.seconds);
	assert_int_equal(a.nanos, 500000000);
	assert_true(tu_csaf_instant(TU_STR("2016-12-31T23:59:60Z")).leap);
	assert_false(tu_csaf_instant(TU_STR("")).known);
}

static void test_registries(void **state)
{
	struct tu_str rest;

	(void)state;
	assert_true(tu_registry_find(TU_REGISTRY_CWE, TU_STR("0000079"), &rest));
	assert_true(tu_str_starts(rest, TU_STR("weakness\t")));
	assert_false(tu_registry_find(TU_REGISTRY_CWE, TU_STR("000007"), NULL));
	assert_false(tu_registry_find(TU_REGISTRY_CWE, TU_STR(""), NULL));
	assert_true(tu_registry_has(TU_REGISTRY_LANGUAGES, "language", TU_STR("EN")));
	assert_false(tu_registry_has(TU_REGISTRY_LANGUAGES, "language", TU_STR("zzzz")));
	assert_true(tu_registry_has(TU_REGISTRY_SPDX, "licence", TU_STR("zlib")));
	assert_true(tu_registry_has_prefix(TU_REGISTRY_SSVC, TU_STR("ssvc/")));
	assert_false(tu_registry_has_prefix(TU_REGISTRY_SSVC, TU_STR("zzz/")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_licences),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_instants),
		cmocka_unit_test(test_registries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
