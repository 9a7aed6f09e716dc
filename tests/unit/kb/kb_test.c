#define _GNU_SOURCE /* mkstemp */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <tutela/kb.h>

#include "base/fault.h"
#include "kb/aliases.h"
#include "kb/kb.h"
#include "error_text.h"

enum { KB_MAX = 4 * 1024 * 1024 };

/* ---- a few advisories, put together by hand ---- */

static struct tu_advisory record(enum tu_source source, const char *id, int64_t modified)
{
	return (struct tu_advisory){.source = source,
		.id = tu_str_c(id),
		.published = 1000,
		.modified = modified,
		.title = TU_STR("a title"),
		.epss_score = -1.0f,
		.epss_percentile = -1.0f};
}

static struct tu_kb *build(struct tu_buf *bytes, const struct tu_advisory *advisories, size_t count,
	bool backwards, struct tu_kb_build_counts *counts)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_kb *kb = NULL;
	struct tu_error err = {0};

	assert_non_null(builder);
	for (size_t i = 0; i < count; i++) {
		const struct tu_advisory *a = &advisories[backwards ? count - 1 - i : i];

		assert_int_equal(tu_kb_builder_add(builder, a, &err), TU_OK);
	}
	tu_buf_init(bytes, KB_MAX);
	if (tu_kb_builder_finish(builder, bytes, counts, &err) ||
		tu_kb_open_memory(bytes->ptr, bytes->len, &kb, &err) || tu_kb_verify(kb, &err))
		fail_msg("%s", error_text(&err));
	tu_kb_builder_free(builder);
	return kb;
}

static void finds_a_vulnerability_by_each_of_its_ids(void **state)
{
	struct tu_str aliases[] = {TU_STR_INIT("CVE-2021-0001")};
	struct tu_advisory advisories[] = {record(TU_SOURCE_NVD, "CVE-2021-0001", 5),
		record(TU_SOURCE_OSV, "GHSA-xxxx-yyyy-zzzz", 6)};
	struct tu_kb_build_counts counts;
	struct tu_buf bytes;
	struct tu_kb *kb;
	(void)state;

	advisories[1].aliases = aliases;
	advisories[1].alias_count = 1;
	kb = build(&bytes, advisories, 2, false, &counts);
	assert_int_equal(counts.vulnerabilities, 1);
	assert_int_equal(tu_kb_find(kb, TU_STR("CVE-2021-0001")), 0);
	assert_int_equal(tu_kb_find(kb, TU_STR("ghsa-XXXX-yyyy-zzzz")), 0);
	assert_int_equal(tu_kb_find(kb, TU_STR("CVE-2021-0002")), TU_KB_NONE);
	assert_int_equal(tu_kb_vulnerability(kb, 0).advisories, 2);
	assert_true(tu_str_eq(tu_kb_vulnerability(kb, 0).id, TU_STR("CVE-2021-0001")));
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

static void never_merges_two_cves(void **state)
{
	struct tu_str both[] = {TU_STR_INIT("CVE-2021-0001"), TU_STR_INIT("CVE-2021-0002")};
	struct tu_str chain_a[] = {TU_STR_INIT("CVE-2021-0003"), TU_STR_INIT("GHSA-1")};
	struct tu_str chain_b[] = {TU_STR_INIT("CVE-2021-0004")};
	struct tu_advisory advisories[] = {record(TU_SOURCE_OSV, "GO-1", 5),
		record(TU_SOURCE_OSV, "GO-2", 5), record(TU_SOURCE_OSV, "GHSA-1", 5)};
	struct tu_kb_build_counts counts;
	struct tu_buf bytes;
	struct tu_kb *kb;
	(void)state;

	advisories[0].aliases = both;
	advisories[0].alias_count = 2;
	advisories[1].aliases = chain_a;
	advisories[1].alias_count = 2;
	advisories[2].aliases = chain_b;
	advisories[2].alias_count = 1;
	kb = build(&bytes, advisories, 3, false, &counts);
	assert_int_equal(counts.vulnerabilities, 4);
	assert_int_equal(counts.alias_conflicts, 1);
	assert_int_not_equal(tu_kb_find(kb, both[0]), tu_kb_find(kb, both[1]));
	assert_int_not_equal(tu_kb_find(kb, chain_a[0]), tu_kb_find(kb, chain_b[0]));
	/* The record with both ids speaks of both. */
	assert_int_equal(tu_kb_vulnerability(kb, tu_kb_find(kb, both[1])).advisories, 1);
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

static void keeps_the_newest_state_of_a_record(void **state)
{
	struct tu_advisory advisories[] = {record(TU_SOURCE_NVD, "CVE-2021-0001", 9),
		record(TU_SOURCE_NVD, "CVE-2021-0001", 5),
		record(TU_SOURCE_NVD, "CVE-2021-0001", 7)};
	struct tu_kb_build_counts counts;
	struct tu_buf bytes;
	struct tu_kb *kb;
	(void)state;

	for (int backwards = 0; backwards < 2; backwards++) {
		kb = build(&bytes, advisories, 3, backwards, &counts);
		assert_int_equal(counts.advisories, 1);
		assert_int_equal(counts.superseded, 2);
		assert_int_equal(tu_kb_advisory(kb, 0).modified, 9);
		tu_kb_close(kb);
		tu_buf_done(&bytes);
	}
}

/* REQ-KB-2 */
static void the_order_of_input_does_not_show(void **state)
{
	struct tu_str alias[] = {TU_STR_INIT("CVE-2021-0007")};
	struct tu_advisory advisories[] = {record(TU_SOURCE_NVD, "CVE-2021-0009", 9),
		record(TU_SOURCE_CVE, "CVE-2021-0007", 5), record(TU_SOURCE_OSV, "GHSA-7", 7),
		record(TU_SOURCE_OSV, "PYSEC-1", 7)};
	struct tu_kb_build_counts counts;
	struct tu_buf one;
	struct tu_buf two;
	(void)state;

	advisories[2].aliases = alias;
	advisories[2].alias_count = 1;
	tu_kb_close(build(&one, advisories, 4, false, &counts));
	tu_kb_close(build(&two, advisories, 4, true, &counts));
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.ptr, two.ptr, one.len);
	tu_buf_done(&one);
	tu_buf_done(&two);
}

static struct tu_advisory exploited(
	const char *database, int64_t released, const char *due, bool ransomware)
{
	struct tu_advisory a = record(TU_SOURCE_KEV, "CVE-2021-0001", 9);

	a.database = tu_str_c(database);
	a.released = released;
	a.has_kev = true;
	a.kev = (struct tu_kev){TU_STR("2021-12-10"), tu_str_c(due), ransomware};
	return a;
}

static void expect_kev(
	const struct tu_advisory *advisories, size_t count, const char *due, bool ransomware)
{
	for (int backwards = 0; backwards < 2; backwards++) {
		struct tu_kb_build_counts counts;
		struct tu_kb_vulnerability v;
		struct tu_buf bytes;
		struct tu_kb *kb = build(&bytes, advisories, count, backwards, &counts);

		v = tu_kb_vulnerability(kb, tu_kb_find(kb, TU_STR("CVE-2021-0001")));
		assert_true(v.has_kev);
		assert_true(tu_str_eq(v.kev.due_date, tu_str_c(due)));
		assert_int_equal(v.kev.ransomware, ransomware);
		tu_kb_close(kb);
		tu_buf_done(&bytes);
	}
}

/* Whatever the order in which they are given. */
static void the_newest_catalogue_decides(void **state)
{
	const struct tu_advisory days[] = {exploited("CISA", 300, "2022-03-01", true),
		exploited("CISA", 100, "2022-01-01", false),
		exploited("CISA", 200, "2022-02-01", true),
		exploited("CISA", 0, "2022-04-01", true)};
	const struct tu_advisory fallen[] = {exploited("CISA", 100, "2022-01-01", true),
		exploited("CISA", 101, "2022-02-01", false)};
	const struct tu_advisory makers[] = {exploited("CISA", 100, "2022-01-01", false),
		exploited("VulnCheck", 0, "", false), exploited("ENISA", 200, "", true)};
	(void)state;

	expect_kev(days, 4, "2022-03-01", true);
	expect_kev(fallen, 2, "2022-02-01", false);
	expect_kev(makers, 3, "2022-01-01", true);
}

/* REQ-KB-1, REQ-VULN-1 */
static void keeps_kev_epss_and_rejection(void **state)
{
	struct tu_advisory advisories[] = {record(TU_SOURCE_NVD, "CVE-2021-0001", 9),
		record(TU_SOURCE_KEV, "CVE-2021-0001", 9),
		record(TU_SOURCE_EPSS, "CVE-2021-0001", 9),
		record(TU_SOURCE_CVE, "CVE-2021-0002", 9),
		record(TU_SOURCE_EPSS, "CVE-1999-9999", 9)};
	struct tu_kb_build_counts counts;
	struct tu_kb_vulnerability v;
	struct tu_buf bytes;
	struct tu_kb *kb;
	(void)state;

	advisories[1].has_kev = true;
	advisories[1].kev = (struct tu_kev){TU_STR("2021-12-10"), TU_STR("2021-12-24"), true};
	advisories[2].epss_score = 0.5f;
	advisories[2].epss_percentile = 0.9f;
	advisories[3].state = TU_ADVISORY_REJECTED;
	kb = build(&bytes, advisories, 5, false, &counts);
	v = tu_kb_vulnerability(kb, tu_kb_find(kb, TU_STR("CVE-2021-0001")));
	assert_true(v.has_kev);
	assert_true(v.kev.ransomware);
	assert_true(tu_str_eq(v.kev.date_added, TU_STR("2021-12-10")));
	assert_true(v.epss_score > 0.49f && v.epss_score < 0.51f);
	assert_false(v.rejected);
	assert_true(tu_kb_vulnerability(kb, tu_kb_find(kb, TU_STR("CVE-2021-0002"))).rejected);
	assert_int_equal(counts.epss_unused, 1);
	assert_int_equal(counts.rejected, 1);
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

static void an_empty_knowledge_base_answers(void **state)
{
	struct tu_kb_build_counts counts;
	struct tu_kb_info info;
	struct tu_buf bytes;
	struct tu_kb *kb = build(&bytes, NULL, 0, false, &counts);
	(void)state;

	tu_kb_info(kb, &info);
	assert_int_equal(info.vulnerabilities, 0);
	assert_int_equal(tu_kb_find(kb, TU_STR("CVE-2021-0001")), TU_KB_NONE);
	assert_int_equal(tu_kb__find_product(kb, TU_STR("a"), TU_STR("b")), KB_NONE);
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

/* ---- products ---- */

static struct tu_affected_product product(const char *version)
{
	struct tu_affected_product p = {.vulnerable = true,
		.versions = {.scheme = TU_SCHEME_GENERIC, .otherwise = TU_COVERAGE_UNKNOWN}};

	for (size_t i = 0; i < TU_CPE_ATTRS; i++)
		p.cpe.attr[i] = TU_STR("*");
	p.cpe.attr[TU_CPE_PART] = TU_STR("a");
	p.cpe.attr[TU_CPE_VENDOR] = TU_STR("acme");
	p.cpe.attr[TU_CPE_PRODUCT] = TU_STR("pump");
	p.cpe.attr[TU_CPE_VERSION] = tu_str_c(version);
	return p;
}

/* Three records of the same two enumerated versions, the last rejected, and one of a third. */
static struct tu_kb *build_products(
	struct tu_buf *bytes, bool backwards, struct tu_kb_build_counts *counts)
{
	struct tu_affected_product both[] = {product("1.0"), product("1.1")};
	struct tu_affected_product other[] = {product("2.0")};
	struct tu_advisory advisories[] = {record(TU_SOURCE_NVD, "CVE-2021-0001", 9),
		record(TU_SOURCE_NVD, "CVE-2021-0002", 9),
		record(TU_SOURCE_NVD, "CVE-2021-0003", 9),
		record(TU_SOURCE_NVD, "CVE-2021-0004", 9)};

	for (size_t i = 0; i < TU_COUNT(advisories); i++) {
		advisories[i].products = i < 3 ? both : other;
		advisories[i].product_count = i < 3 ? 2 : 1;
	}
	advisories[0].ssvc.exploitation = TU_STR("active");
	advisories[1].withdrawn = 77;
	advisories[2].state = TU_ADVISORY_REJECTED;
	return build(bytes, advisories, TU_COUNT(advisories), backwards, counts);
}

/* REQ-KB-1 */
static void entries_that_say_the_same_share_a_body(void **state)
{
	struct tu_kb_build_counts counts;
	struct tu_buf bytes;
	struct tu_kb *kb = build_products(&bytes, false, &counts);
	struct tu_span span;
	(void)state;

	assert_int_equal(counts.entries, 4);
	assert_int_equal(counts.spans, 7);
	assert_int_equal(tu_kb__rows(kb, KB_BODIES), 2);
	assert_int_equal(tu_kb__rows(kb, KB_SPANS), 3);
	for (uint32_t i = 0; i < 4; i++) {
		struct tu_kb_entry entry = tu_kb_entry(kb, i);

		assert_int_equal(entry.vulnerability, i);
		assert_int_equal(entry.spans, i < 3 ? 2 : 1);
		assert_true(entry.vulnerable);
		assert_true(tu_str_eq(entry.product, TU_STR("pump")));
		assert_int_equal((kb->entries[i].body & KB_WITHDRAWN) != 0, i == 2);
	}
	span = tu_kb_span(kb, 2, 1);
	assert_true(tu_str_eq(span.interval.hi.text, TU_STR("1.1")));
	assert_int_equal(tu_kb_advisory(kb, 1).withdrawn, 77);
	assert_int_equal(tu_kb_advisory(kb, 2).withdrawn, 0);
	assert_true(tu_str_eq(tu_kb_advisory(kb, 0).ssvc.exploitation, TU_STR("active")));
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

/* REQ-KB-2 */
static void the_order_of_products_does_not_show(void **state)
{
	struct tu_kb_build_counts counts;
	struct tu_buf one;
	struct tu_buf two;
	(void)state;

	tu_kb_close(build_products(&one, false, &counts));
	tu_kb_close(build_products(&two, true, &counts));
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.ptr, two.ptr, one.len);
	tu_buf_done(&one);
	tu_buf_done(&two);
}

/* Ids that agree in their first sixteen bytes, and such that only letter case tells apart. */
static void sorts_ids_beyond_their_first_bytes(void **state)
{
	static const char *const ids[] = {"GHSA-2222-3333-4445", "ghsa-2222-3333-4444",
		"GHSA-2222-3333-444", "GHSA-2222-3333-44445", "CVE-2021-10000", "CVE-2021-1000",
		"GHSA-1"};
	struct tu_advisory advisories[TU_COUNT(ids)];
	struct tu_kb_build_counts counts;
	struct tu_buf bytes;
	struct tu_kb *kb;
	(void)state;

	for (size_t i = 0; i < TU_COUNT(ids); i++)
		advisories[i] = record(TU_SOURCE_OSV, ids[i], 5);
	kb = build(&bytes, advisories, TU_COUNT(ids), false, &counts);
	for (uint32_t i = 1; i < TU_COUNT(ids); i++)
		assert_true(tu_kb__id_cmp(
				    kb_str(kb, kb->ids[i - 1].id), kb_str(kb, kb->ids[i].id)) < 0);
	for (size_t i = 0; i < TU_COUNT(ids); i++)
		assert_true(tu_str_eq(tu_kb_vulnerability(kb, tu_kb_find(kb, tu_str_c(ids[i]))).id,
			tu_str_c(ids[i])));
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

/* A title is cut between characters. */
static void cuts_long_titles_between_characters(void **state)
{
	struct tu_advisory advisory = record(TU_SOURCE_NVD, "CVE-2021-0001", 9);
	struct tu_kb_build_counts counts;
	char title[170];
	struct tu_buf bytes;
	struct tu_kb *kb;
	(void)state;

	memset(title, 'a', sizeof(title));
	memcpy(title + 159, "\xc3\xa9", 2);
	advisory.title = tu_str_of(title, sizeof(title));
	kb = build(&bytes, &advisory, 1, false, &counts);
	assert_int_equal(tu_kb_advisory(kb, 0).title.len, 159);
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

/* ---- damage ---- */

static enum tu_status open_and_verify(const void *bytes, size_t len)
{
	struct tu_kb *kb = NULL;
	struct tu_error err = {0};
	enum tu_status status = tu_kb_open_memory(bytes, len, &kb, &err);

	if (!status) {
		status = tu_kb_verify(kb, &err);
		tu_kb_close(kb);
	}
	if (status)
		assert_true(err.message[0] != '\0');
	return status;
}

static struct tu_buf sample(void)
{
	struct tu_str alias[] = {TU_STR_INIT("CVE-2021-0007")};
	struct tu_advisory advisories[] = {
		record(TU_SOURCE_NVD, "CVE-2021-0009", 9), record(TU_SOURCE_OSV, "GHSA-7", 7)};
	struct tu_affected_package package = {.type = TU_STR("npm"), .name = TU_STR("leftpad")};
	struct tu_kb_build_counts counts;
	struct tu_buf bytes;

	advisories[1].aliases = alias;
	advisories[1].alias_count = 1;
	advisories[1].packages = &package;
	advisories[1].package_count = 1;
	tu_kb_close(build(&bytes, advisories, 2, false, &counts));
	return bytes;
}

/* REQ-KB-3 */
static void one_flipped_bit_anywhere_is_refused(void **state)
{
	struct tu_buf bytes = sample();
	(void)state;

	for (size_t i = 0; i < bytes.len; i++) {
		bytes.ptr[i] = (char)(bytes.ptr[i] ^ (1 << i % 8));
		assert_int_not_equal(open_and_verify(bytes.ptr, bytes.len), TU_OK);
		bytes.ptr[i] = (char)(bytes.ptr[i] ^ (1 << i % 8));
	}
	assert_int_equal(open_and_verify(bytes.ptr, bytes.len), TU_OK);
	tu_buf_done(&bytes);
}

static void a_file_cut_short_is_refused(void **state)
{
	struct tu_buf bytes = sample();
	(void)state;

	for (size_t len = 0; len < bytes.len; len++) {
		/* A copy of that length, so that a sanitizer sees reading beyond it. */
		char *cut = malloc(len ? len : 1);

		assert_non_null(cut);
		memcpy(cut, bytes.ptr, len);
		assert_int_not_equal(open_and_verify(cut, len), TU_OK);
		free(cut);
	}
	tu_buf_done(&bytes);
}

static void opens_from_a_file_and_says_what_is_wrong(void **state)
{
	char path[] = "/tmp/tutela-kb-test-XXXXXX";
	struct tu_buf bytes = sample();
	struct tu_kb *kb = NULL;
	struct tu_error err = {0};
	int fd = mkstemp(path);
	(void)state;

	assert_true(fd >= 0);
	assert_int_equal(tu_kb_open(path, &kb, &err), TU_E_UNSUPPORTED);
	assert_int_equal(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
	assert_int_equal(tu_kb_open(path, &kb, &err), TU_OK);
	assert_int_equal(tu_kb_verify(kb, &err), TU_OK);
	tu_kb_close(kb);
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(tu_kb_open(path, &kb, &err), TU_E_NOTFOUND);
	assert_non_null(strstr(error_text(&err), path));
	tu_buf_done(&bytes);
}

static void survives_the_failure_of_any_allocation(void **state)
{
	struct tu_affected_package package = {.type = TU_STR("npm"), .name = TU_STR("leftpad")};
	struct tu_affected_product products[] = {product("1.0"), product("1.1"), product("*")};
	struct tu_advisory advisory = record(TU_SOURCE_OSV, "GHSA-7", 7);
	enum tu_status status = TU_E_NOMEM;
	(void)state;

	advisory.packages = &package;
	advisory.package_count = 1;
	advisory.products = products;
	advisory.product_count = TU_COUNT(products);
	for (size_t nth = 1; status == TU_E_NOMEM && nth < 10000; nth++) {
		struct tu_kb_build_counts counts;
		struct tu_kb_builder *builder;
		struct tu_buf bytes;

		tu_buf_init(&bytes, KB_MAX);
		tu_fault_set(nth);
		builder = tu_kb_builder_new();
		status = builder ? tu_kb_builder_add(builder, &advisory, NULL) : TU_E_NOMEM;
		if (!status)
			status = tu_kb_builder_finish(builder, &bytes, &counts, NULL);
		tu_fault_set(0);
		tu_kb_builder_free(builder);
		tu_buf_done(&bytes);
		assert_true(status == TU_OK || status == TU_E_NOMEM || status == TU_E_LIMIT);
		if (status == TU_E_LIMIT) /* a failed buffer cannot tell ceiling from memory */
			status = TU_E_NOMEM;
	}
	assert_int_equal(status, TU_OK);
}

static void reads_the_table_of_names(void **state)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_kb_aliases_summary summary = {0};
	static const char text[] = "# comment\nzlib\tzlib\tzlib\tgeneric\n\nbad line\n"
				   "openssl\topenssl\topenssl\tno-such-scheme\n";
	(void)state;

	assert_true(tu_kb_is_aliases(tu_str_c(text)));
	assert_false(tu_kb_is_aliases(TU_STR("{\"id\": 1}\n")));
	assert_int_equal(
		tu_kb_aliases_read(builder, TU_STR("names"), tu_str_c(text), &summary, NULL),
		TU_OK);
	assert_int_equal(summary.rows, 1);
	assert_int_equal(summary.problems, 2);
	assert_non_null(strstr(error_text(&summary.first), "line 4"));
	tu_kb_builder_free(builder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_a_vulnerability_by_each_of_its_ids),
		cmocka_unit_test(never_merges_two_cves),
		cmocka_unit_test(keeps_the_newest_state_of_a_record),
		cmocka_unit_test(the_order_of_input_does_not_show),
		cmocka_unit_test(the_newest_catalogue_decides),
		cmocka_unit_test(keeps_kev_epss_and_rejection),
		cmocka_unit_test(an_empty_knowledge_base_answers),
		cmocka_unit_test(entries_that_say_the_same_share_a_body),
		cmocka_unit_test(the_order_of_products_does_not_show),
		cmocka_unit_test(sorts_ids_beyond_their_first_bytes),
		cmocka_unit_test(cuts_long_titles_between_characters),
		cmocka_unit_test(one_flipped_bit_anywhere_is_refused),
		cmocka_unit_test(a_file_cut_short_is_refused),
		cmocka_unit_test(opens_from_a_file_and_says_what_is_wrong),
		cmocka_unit_test(survives_the_failure_of_any_allocation),
		cmocka_unit_test(reads_the_table_of_names),
	};

	return cmocka_run_group_tests_name("knowledge base", tests, NULL, NULL);
}
