/* What a CNA is asked with, read back as a CVE record: nothing undecided is cleared, nobody's
 * contact is in it. */
#include "unit/advisory/reading.h"

#include <stdio.h>

#include "base/json_writer.h"
#include "vex/cve_request.h"

#define VECTOR "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"

#define READ \
	"CVE CVE-2026-12345 published 0 0 title=The pump answers without a password cwe=CWE-306\n" \
	"  score 3.1 9.8 vector=" VECTOR " severity=CRITICAL\n" \
	"  reference https://example.com/a\n" \
	"  product 0.0 cpe:2.3:*:acme:drip_pump:*:*:*:*:*:*:*:* words generic otherwise=unknown " \
	"affected [4.2.0,4.2.0] unknown [4.3.1,4.3.1] unaffected [4.4.0,4.4.0]\n"

static const struct tu_cve_version versions[] = {{TU_STR_INIT("4.2.0"), TU_CVE_AFFECTED},
	{TU_STR_INIT("4.3.1"), TU_CVE_UNKNOWN}, {TU_STR_INIT("4.4.0"), TU_CVE_UNAFFECTED}};
static const struct tu_cve_product products[] = {
	{TU_STR_INIT("Acme"), TU_STR_INIT("Drip Pump"), versions, TU_COUNT(versions)}};
static const struct tu_str cwes[] = {
	TU_STR_INIT("CWE-306"), TU_STR_INIT("CWE-306"), TU_STR_INIT("NVD-CWE-Other")};
static const struct tu_score scores[] = {
	{.version = TU_CVSS_3_1, .base_tenths = 0xff, .vector = TU_STR_INIT("CVSS:3.1/X")},
	{.version = TU_CVSS_3_1, .base_tenths = 98, .vector = TU_STR_INIT(VECTOR)}};
static const struct tu_reference references[] = {{.url = TU_STR_INIT("https://example.com/a")},
	{.url = TU_STR_INIT("https://example.com/a")}, {.url = TU_STR_INIT("javascript:alert(1)")}};

/* The whole answer; its record in `*out_record`. */
static void written(
	const struct tu_cve_request *request, struct tu_buf *whole, struct tu_buf *out_record)
{
	static const char from[] = "{\"record\":", to[] = ",\"missing\":[";
	struct tu_json_writer json;
	const char *end;

	tu_buf_init(whole, 1 << 16);
	tu_buf_init(out_record, 1 << 16);
	json = tu_json_writer(whole, false);
	tu_cve_request_write(request, &json);
	tu_buf_byte(whole, 0); /* for strstr() */
	assert_false(whole->failed);
	end = strstr(whole->ptr, to);
	assert_non_null(end);
	assert_memory_equal(whole->ptr, from, sizeof(from) - 1);
	tu_buf_str_add(out_record,
		tu_str_of(whole->ptr + sizeof(from) - 1,
			(size_t)(end - whole->ptr) - (sizeof(from) - 1)));
}

static void what_is_written_is_read_again(void **state)
{
	const struct tu_cve_request request = {.id = TU_STR("CVE-2026-12345"),
		.title = TU_STR("The pump answers without a password"),
		.products = products,
		.product_count = TU_COUNT(products),
		.credit = TU_STR("The Ward"),
		.reporter = TU_STR("eve@example.org"),
		.references = references,
		.reference_count = TU_COUNT(references),
		.cwes = cwes,
		.cwe_count = TU_COUNT(cwes),
		.scores = scores,
		.score_count = TU_COUNT(scores)};
	struct tu_buf whole, record;
	struct reading reading;

	(void)state;
	written(&request, &whole, &record);
	reading_of(&reading, tu_buf_str(&record));
	assert_string_equal(error_text(&reading.err), "");
	assert_string_equal(reading.problems.ptr, "");
	assert_string_equal(reading.text.ptr, READ);
	assert_non_null(
		strstr(whole.ptr, "\"credits\":[{\"lang\":\"en\",\"value\":\"The Ward\"}]"));
	assert_non_null(strstr(whole.ptr, "\"version\":\"4.3.1\",\"status\":\"unknown\""));
	assert_null(strstr(whole.ptr, "eve@"));
	assert_null(strstr(whole.ptr, "\"member\":\"cveMetadata.cveId\""));
	reading_done(&reading);
	tu_buf_done(&whole);
	tu_buf_done(&record);
}

/* Nothing but a title, which says who wrote it, or a contact for thanks. */
static void what_is_not_known_is_named(void **state)
{
	static const char *const members[] = {"cveMetadata.cveId", "cveMetadata.assignerOrgId",
		"containers.cna.providerMetadata", "containers.cna.descriptions",
		"containers.cna.affected", "containers.cna.problemTypes", "containers.cna.metrics",
		"containers.cna.references", "containers.cna.credits"};
	const struct tu_cve_request request = {.id = TU_STR("GHSA-aaaa-bbbb-cccc"),
		.title = TU_STR("Report of SOME Body: it answers"),
		.credit = TU_STR("eve@example.org"),
		.reporter = TU_STR("Some Body")};
	struct tu_buf whole, record;
	char member[80];

	(void)state;
	written(&request, &whole, &record);
	for (size_t i = 0; i < TU_COUNT(members); i++) {
		(void)snprintf(member, sizeof(member), "\"member\":\"%s\"", members[i]);
		assert_non_null(strstr(whole.ptr, member));
	}
	assert_null(strstr(whole.ptr, "SOME"));
	assert_null(strstr(whole.ptr, "eve@"));
	assert_null(strstr(whole.ptr, "CWE-"));
	assert_non_null(strstr(whole.ptr, "\"containers\":{\"cna\":{}}"));
	tu_buf_done(&whole);
	tu_buf_done(&record);
}

/* Is it in what is written for the request? */
static bool says(const struct tu_cve_request *request, const char *words)
{
	struct tu_buf whole, record;
	bool found;

	written(request, &whole, &record);
	found = strstr(whole.ptr, words) != NULL;
	tu_buf_done(&whole);
	tu_buf_done(&record);
	return found;
}

static void only_an_id_of_cve_is_taken(void **state)
{
	static const struct {
		const char *id;
		bool is;
	} rows[] = {
		{"CVE-2026-1234", true},
		{"CVE-1999-0001", true},
		{"CVE-2026-1234567890123456789", true},
		{"CVE-2026-12345678901234567890", false},
		{"CVE-2026-123", false},
		{"CVE-2026-", false},
		{"CVE-20261-234", false},
		{"CVE-2026_1234", false},
		{"CVE-x026-1234", false},
		{"CVE-202x-1234", false},
		{"CVE-2026-x234", false},
		{"CVE-2026-123x", false},
		{"CVE-2026-12-34", false},
		{"cve-2026-1234", false},
		{"CWE-2026-1234", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_cve_request request = {.id = tu_str_c(rows[i].id)};

		if (says(&request, "\"cveId\":") != rows[i].is ||
			says(&request, "\"member\":\"cveMetadata.cveId\"") == rows[i].is)
			fail_msg("%s", rows[i].id);
	}
}

/* `length` letters after a beginning. */
static struct tu_str longer(char *text, const char *start, size_t length)
{
	memset(text, 'a', length);
	memcpy(text, start, strlen(start));
	return tu_str_of(text, length);
}

static void only_addresses_are_references(void **state)
{
	static const char *const bad[] = {"", "ftp://example.com/", "example.com/", "https:/a",
		"https://example.com/a b", "https://example.com/\"", "https://example.com/<b",
		"https://example.com/>", "https://example.com/\n", "javascript:alert(1)"};
	static char text[2100];
	struct tu_reference both[2] = {{.url = TU_STR("http://example.com/")}, {.url = TU_STR("")}};
	struct tu_cve_request request = {.references = both, .reference_count = 1};

	(void)state;
	assert_true(says(&request, "\"references\":[{\"url\":\"http://example.com/\"}]"));
	assert_false(says(&request, "\"member\":\"containers.cna.references\""));
	for (size_t i = 0; i < TU_COUNT(bad); i++) {
		both[0].url = tu_str_c(bad[i]);
		request.reference_count = 1;
		assert_true(says(&request, "\"member\":\"containers.cna.references\""));
		both[1].url = TU_STR("https://example.com/");
		request.reference_count = 2;
		assert_true(says(&request, "\"references\":[{\"url\":\"https://example.com/\"}]"));
	}
	request.reference_count = 1;
	both[0].url = longer(text, "https://", 2048);
	assert_true(says(&request, "\"references\":["));
	both[0].url = longer(text, "https://", 2049);
	assert_false(says(&request, "\"references\":["));
}

static void a_score_has_the_word_of_its_number(void **state)
{
	static const struct {
		unsigned char tenths;
		const char *words; /* NULL: it is no score */
	} rows[] = {
		{0, "\"baseScore\":0,\"baseSeverity\":\"NONE\""},
		{1, "\"baseScore\":0.1,\"baseSeverity\":\"LOW\""},
		{39, "\"baseScore\":3.9,\"baseSeverity\":\"LOW\""},
		{40, "\"baseScore\":4,\"baseSeverity\":\"MEDIUM\""},
		{69, "\"baseScore\":6.9,\"baseSeverity\":\"MEDIUM\""},
		{70, "\"baseScore\":7,\"baseSeverity\":\"HIGH\""},
		{89, "\"baseScore\":8.9,\"baseSeverity\":\"HIGH\""},
		{90, "\"baseScore\":9,\"baseSeverity\":\"CRITICAL\""},
		{100, "\"baseScore\":10,\"baseSeverity\":\"CRITICAL\""},
		{101, NULL},
	};
	static const struct {
		enum tu_cvss_version version;
		const char *key; /* NULL: a CVE record has no place for it here */
	} kinds[] = {{TU_CVSS_4_0, "\"cvssV4_0\":{\"version\":\"4.0\""},
		{TU_CVSS_3_1, "\"cvssV3_1\":{\"version\":\"3.1\""},
		{TU_CVSS_3_0, "\"cvssV3_0\":{\"version\":\"3.0\""}, {TU_CVSS_2, NULL}};
	struct tu_score score = {.vector = TU_STR(VECTOR)};
	const struct tu_cve_request request = {.scores = &score, .score_count = 1};
	const char *const missing = "\"member\":\"containers.cna.metrics\"";

	(void)state;
	score.version = TU_CVSS_3_1;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		score.base_tenths = rows[i].tenths;
		assert_int_equal(says(&request, missing), !rows[i].words);
		if (rows[i].words && !says(&request, rows[i].words))
			fail_msg("%s", rows[i].words);
	}
	score.base_tenths = 50;
	for (size_t i = 0; i < TU_COUNT(kinds); i++) {
		score.version = kinds[i].version;
		assert_int_equal(says(&request, missing), !kinds[i].key);
		assert_true(!kinds[i].key || says(&request, kinds[i].key));
	}
}

/* A record that is silent on a release would be read as "not affected" by some. */
static void what_is_undecided_of_releases_is_named(void **state)
{
	static const struct tu_cve_version decided[] = {
		{TU_STR_INIT("1"), TU_CVE_AFFECTED}, {TU_STR_INIT("2"), TU_CVE_UNAFFECTED}};
	static const struct tu_cve_version open[] = {
		{TU_STR_INIT("1"), TU_CVE_UNKNOWN}, {TU_STR_INIT("2"), TU_CVE_AFFECTED}};
	static const struct tu_cve_product sure = {TU_STR_INIT("Acme"), TU_STR_INIT("A"), decided,
						   2},
					   unsure = {TU_STR_INIT("Acme"), TU_STR_INIT("B"), open,
						   2},
					   unlisted = {
						   TU_STR_INIT("Acme"), TU_STR_INIT("C"), NULL, 0};
	const struct {
		struct tu_cve_product list[2];
		bool open;
	} rows[] = {{{sure, sure}, false}, {{unsure, sure}, true}, {{sure, unsure}, true},
		{{unlisted, sure}, true}, {{sure, unlisted}, true}};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_cve_request request = {
			.products = rows[i].list, .product_count = 2};

		if (says(&request, "\"member\":\"containers.cna.affected.versions\"") !=
			rows[i].open)
			fail_msg("row %zu", i);
	}
}

static void products_need_names_that_fit(void **state)
{
	static const struct {
		size_t vendor, product;
		bool is;
	} rows[] = {{1, 1, true}, {0, 1, false}, {1, 0, false}, {512, 2048, true}, {513, 1, false},
		{1, 2049, false}};
	static char vendor[600], product[2100];

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_cve_product one = {longer(vendor, "", rows[i].vendor),
			longer(product, "", rows[i].product), versions, 1};
		const struct tu_cve_request request = {.products = &one, .product_count = 1};

		assert_int_equal(says(&request, "\"affected\":[{\"vendor\""), rows[i].is);
		assert_int_equal(
			says(&request, "\"member\":\"containers.cna.affected\""), !rows[i].is);
	}
}

static void only_numbers_of_weaknesses_are_taken(void **state)
{
	static const struct {
		const char *cwe;
		bool is;
	} rows[] = {{"CWE-79", true}, {"CWE-1", true}, {"CWE-079", false}, {"CWE-", false},
		{"CWE-7x", false}, {"cwe-79", false}, {"79", false}};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_str cwe = tu_str_c(rows[i].cwe);
		const struct tu_cve_request request = {.cwes = &cwe, .cwe_count = 1};

		assert_int_equal(says(&request, "\"problemTypes\":["), rows[i].is);
		assert_int_equal(
			says(&request, "\"member\":\"containers.cna.problemTypes\""), !rows[i].is);
	}
}

static void a_title_that_fits_is_said(void **state)
{
	static const struct {
		size_t length;
		bool title, words;
	} rows[] = {
		{256, true, true}, {257, false, true}, {4096, false, true}, {4097, false, false}};
	static char text[4200];

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_cve_request request = {.title = longer(text, "It", rows[i].length)};

		assert_int_equal(says(&request, "\"title\":\"It"), rows[i].title);
		assert_int_equal(says(&request, "\"value\":\"It"), rows[i].words);
		assert_int_equal(says(&request, "no title can be used"), !rows[i].words);
	}
}

/* Whom to thank: their words, unless these say how to reach somebody. */
static void thanks_name_nobody_s_contact(void **state)
{
	static const struct {
		const char *credit, *reporter;
		bool said, missing;
	} rows[] = {
		{"", "", false, false},
		{"The Ward", "", true, false},
		{"The Ward", "Ward 7", true, false},
		{"The Ward", "  the ward ", false, true},
		{"Ann of The Ward", "WARD", false, true},
		{"Ward", "The Ward", true, false},
		{"  ", "", false, true},
		{"ann@example.org", "", false, true},
		{"\xff", "", false, true},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_cve_request request = {
			.credit = tu_str_c(rows[i].credit), .reporter = tu_str_c(rows[i].reporter)};

		if (says(&request, "\"credits\":[{\"lang\":\"en\"") != rows[i].said ||
			says(&request, "\"member\":\"containers.cna.credits\"") != rows[i].missing)
			fail_msg("row %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(only_an_id_of_cve_is_taken),
		cmocka_unit_test(only_addresses_are_references),
		cmocka_unit_test(a_score_has_the_word_of_its_number),
		cmocka_unit_test(what_is_undecided_of_releases_is_named),
		cmocka_unit_test(products_need_names_that_fit),
		cmocka_unit_test(only_numbers_of_weaknesses_are_taken),
		cmocka_unit_test(a_title_that_fits_is_said),
		cmocka_unit_test(thanks_name_nobody_s_contact),
		cmocka_unit_test(what_is_not_known_is_named)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
