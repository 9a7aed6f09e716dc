/* What may be stated: every claim with its reason, of products that there are, about components
 * that the format can name; and by which names. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <tutela/issue.h>

#define LINK "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/7#"
#define SHA1 "da39a3ee5e6b4b0d3255bfef95601890afd80709"

static char written[1 << 16]; /* by the last issue_as(), NUL-terminated */

static const struct tu_issue_product products[] = {
	{.variant = TU_STR_INIT("Pump"),
		.version = TU_STR_INIT("1"),
		.purl = TU_STR_INIT("pkg:generic/acme/pump@1")},
	{.variant = TU_STR_INIT("Pump+"), .version = TU_STR_INIT("1")},
	{.variant = TU_STR_INIT("\xe3\x83\x9d"), .version = TU_STR_INIT("1 \xce\xb2")},
	{.variant = TU_STR_INIT("L"), .version = TU_STR_INIT("1"), .link = TU_STR_INIT(LINK "r")},
};

static const struct tu_issue_part by_purl = {.name = TU_STR_INIT("x"),
	.purl = TU_STR_INIT("pkg:npm/x@1"),
	.link = TU_STR_INIT(LINK "x")};
static const struct tu_issue_part by_cpe = {.name = TU_STR_INIT("c"),
	.version = TU_STR_INIT("2"),
	.cpe = TU_STR_INIT("cpe:2.3:a:c:c:2:*:*:*:*:*:*:*")};
static const struct tu_issue_part by_hash = {
	.name = TU_STR_INIT("h"), .hash = {TU_STR_INIT("SHA-1"), TU_STR_INIT(SHA1)}};
static const struct tu_issue_part by_link = {
	.name = TU_STR_INIT("l"), .link = TU_STR_INIT(LINK "l")};
static const struct tu_issue_part by_name = {.name = TU_STR_INIT("n")};

static enum tu_status issue_of(struct tu_issue issue, enum tu_issue_format format)
{
	struct tu_sink sink;
	enum tu_status status;
	struct tu_error err = {0};

	tu_sink_init_memory(&sink, 1 << 20);
	status = tu_issue_write(&issue, format, &sink, &err);
	(void)snprintf(written, sizeof(written), "%.*s", TU_STR_FMT(tu_buf_str(&sink.buf)));
	if (status != TU_OK)
		(void)snprintf(written, sizeof(written), "%s", err.message);
	tu_sink_done(&sink);
	return status;
}

static struct tu_issue issue_about(const struct tu_issue_entry *entries, size_t count)
{
	return (struct tu_issue){.publisher = TU_STR("Acme & \xe6\xa0\xaa"),
		.namespace_ = TU_STR("https://acme.test/"),
		.family = TU_STR("Pump \xe3\x83\x9d+"),
		.products = products,
		.product_count = TU_COUNT(products),
		.entries = entries,
		.entry_count = count,
		.id = TU_STR("a b/\xce\xb2"),
		.title = TU_STR("t"),
		.tlp = TU_STR("WHITE"),
		.generator = TU_STR("g"),
		.at = 1};
}

static enum tu_status issue_as(struct tu_issue_entry entry, enum tu_issue_format format)
{
	return issue_of(issue_about(&entry, 1), format);
}

static enum tu_status issue(struct tu_issue_entry entry)
{
	return issue_as(entry, TU_ISSUE_OPENVEX);
}

static struct tu_issue_entry entry_of(enum tu_claim_status status)
{
	static const uint32_t first[] = {0};

	return (struct tu_issue_entry){.vulnerability = TU_STR("CVE-2099-1000"),
		.component = TU_STR("x"),
		.parts = &by_purl,
		.part_count = 1,
		.products = first,
		.product_count = 1,
		.status = status};
}

static bool has(const char *text)
{
	return strstr(written, text) != NULL;
}

static size_t count_of(const char *text)
{
	size_t count = 0;

	for (const char *at = written; (at = strstr(at, text)); at += strlen(text))
		count++;
	return count;
}

static void not_affected_needs_a_reason(void **state)
{
	struct tu_issue_entry entry = entry_of(TU_CLAIM_NOT_AFFECTED);

	(void)state;
	assert_int_equal(issue(entry), TU_E_USAGE);
	assert_true(has("CVE-2099-1000 in x: \"not affected\" needs a justification or an impact"));
	entry.impact = TU_STR("never called");
	assert_int_equal(issue(entry), TU_OK);
	entry.impact = TU_STR("");
	entry.justification = TU_STR("vulnerable_code_not_present");
	assert_int_equal(issue(entry), TU_OK);
}

static void affected_needs_an_action_or_a_remedy(void **state)
{
	struct tu_issue_entry entry = entry_of(TU_CLAIM_AFFECTED);

	(void)state;
	entry.justification = TU_STR("vulnerable_code_not_present");
	assert_int_equal(issue(entry), TU_E_USAGE);
	assert_true(has("CVE-2099-1000 in x: \"affected\" needs an action or a remedy"));
	entry.action = TU_STR("update");
	assert_int_equal(issue(entry), TU_OK);
	entry.action = TU_STR("");
	entry.remedy = TU_STR("none_available");
	assert_int_equal(issue(entry), TU_OK);
}

static void a_status_a_vulnerability_and_a_product_are_needed(void **state)
{
	static const uint32_t beyond[] = {TU_COUNT(products)};
	struct tu_issue_entry entry = entry_of(TU_CLAIM_FIXED);

	(void)state;
	assert_int_equal(issue(entry), TU_OK);
	assert_int_equal(issue(entry_of(TU_CLAIM_UNDER_INVESTIGATION)), TU_OK);
	assert_int_equal(issue(entry_of(TU_CLAIM_UNSTATED)), TU_E_USAGE);
	entry.products = beyond;
	assert_int_equal(issue(entry), TU_E_USAGE);
	entry = entry_of(TU_CLAIM_FIXED);
	entry.product_count = 0;
	assert_int_equal(issue(entry), TU_E_USAGE);
	entry = entry_of(TU_CLAIM_FIXED);
	entry.vulnerability = TU_STR("");
	assert_int_equal(issue(entry), TU_E_USAGE);
	assert_int_equal(issue_of(issue_about(&entry, 0), TU_ISSUE_OPENVEX), TU_E_USAGE);
	assert_true(has("nothing to state"));
}

/* What clears is about the component that was decided on, or it is not written. What does not is
 * true of the whole product. */
static void each_format_names_the_component_or_clears_nothing(void **state)
{
	static const struct {
		const struct tu_issue_part *part;
		const char *openvex, *cyclonedx, *csaf; /* how it is named; NULL: it cannot be */
	} rows[] = {
		{&by_purl,
			"\"subcomponents\": [\n            {\n              \"@id\": "
			"\"pkg:npm/x@1\"\n            }",
			"\"ref\": \"" LINK "x\"", "\"purl\": \"pkg:npm/x@1\""},
		{&by_cpe,
			"\"identifiers\": {\n                \"cpe23\": "
			"\"cpe:2.3:a:c:c:2:*:*:*:*:*:*:*\"",
			NULL, "\"cpe\": \"cpe:2.3:a:c:c:2:*:*:*:*:*:*:*\""},
		{&by_hash, "\"hashes\": {\n                \"sha1\": \"" SHA1 "\"", NULL,
			"\"value\": \"" SHA1 "\""},
		{&by_link, "\"@id\": \"" LINK "l\"", "\"ref\": \"" LINK "l\"",
			"\"uri\": \"" LINK "l\""},
		{&by_name, NULL, NULL, NULL},
	};
	static const enum tu_issue_format formats[] = {
		TU_ISSUE_OPENVEX, TU_ISSUE_CYCLONEDX, TU_ISSUE_CSAF_VEX, TU_ISSUE_CSAF_ADVISORY};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		for (size_t k = 0; k < TU_COUNT(formats); k++) {
			const char *names[] = {
				rows[i].openvex, rows[i].cyclonedx, rows[i].csaf, rows[i].csaf};
			struct tu_issue_entry entry = entry_of(TU_CLAIM_FIXED);

			entry.parts = rows[i].part;
			assert_int_equal(
				tu_issue_names(formats[k], rows[i].part), names[k] != NULL);
			assert_int_equal(tu_issue_writes(formats[k], &entry), names[k] != NULL);
			assert_int_equal(
				issue_as(entry, formats[k]), names[k] ? TU_OK : TU_E_USAGE);
			if (names[k] && !has(names[k]))
				fail_msg("%zu, %s: %s", i, tu_issue_format_name(formats[k]),
					written);
			entry.status = TU_CLAIM_UNDER_INVESTIGATION;
			assert_int_equal(issue_as(entry, formats[k]), TU_OK);
			entry.status = TU_CLAIM_FIXED;
			entry.part_count = 0;
			assert_int_equal(issue_as(entry, formats[k]), TU_E_USAGE);
			entry.whole = true;
			assert_int_equal(issue_as(entry, formats[k]), TU_OK);
		}
	assert_true(tu_issue_names(TU_ISSUE_NOTICE_TEXT, &by_name));
}

/* Of several components those that can be named are. */
static void what_cannot_be_named_is_left_out(void **state)
{
	const struct tu_issue_part parts[] = {by_purl, by_name, by_link, by_cpe};
	struct tu_issue_entry entry = entry_of(TU_CLAIM_FIXED);

	(void)state;
	entry.parts = parts;
	entry.part_count = TU_COUNT(parts);
	assert_int_equal(tu_issue_named(TU_ISSUE_OPENVEX, &entry), 3);
	assert_int_equal(tu_issue_named(TU_ISSUE_CYCLONEDX, &entry), 2);
	assert_int_equal(tu_issue_named(TU_ISSUE_NOTICE_HTML, &entry), 4);
	assert_int_equal(issue_as(entry, TU_ISSUE_CYCLONEDX), TU_OK);
	assert_int_equal(count_of("\"ref\":"), 2);
	assert_int_equal(issue_as(entry, TU_ISSUE_CSAF_VEX), TU_OK);
	assert_int_equal(count_of("\"default_component_of\""), 3);
	assert_true(has("CVE-2099-1000 in x, n, l and c 2, a part"));
}

/* A statement that one format cannot write leaves the others in. */
static void the_others_are_written(void **state)
{
	struct tu_issue_entry entries[] = {entry_of(TU_CLAIM_FIXED), entry_of(TU_CLAIM_FIXED)};

	(void)state;
	entries[0].vulnerability = TU_STR("CVE-2099-2000");
	entries[0].parts = &by_cpe;
	assert_int_equal(issue_of(issue_about(entries, 2), TU_ISSUE_CYCLONEDX), TU_OK);
	assert_true(has("CVE-2099-1000") && !has("CVE-2099-2000"));
	assert_int_equal(issue_of(issue_about(entries, 2), TU_ISSUE_OPENVEX), TU_OK);
	assert_true(has("CVE-2099-1000") && has("CVE-2099-2000"));
}

/* Of any script, percent-encoded: valid, and two names never become one. */
static void names_stay_apart(void **state)
{
	static const uint32_t all[] = {0, 1, 2};
	struct tu_issue_entry entry = entry_of(TU_CLAIM_FIXED);

	(void)state;
	entry.products = all;
	entry.product_count = 3;
	assert_int_equal(issue_as(entry, TU_ISSUE_CSAF_VEX), TU_OK);
	assert_true(has("\"product_id\": \"Pump:1\""));
	assert_true(has("\"product_id\": \"Pump+:1\""));
	assert_true(has("\"product_id\": \"%E3%83%9D:1%20%CE%B2\""));
	assert_true(has("\"pkg:generic/acme-%26-%E6%A0%AA/pump-%E3%83%9D%2B@1%20%CE%B2\""));
	assert_int_equal(issue_as(entry, TU_ISSUE_OPENVEX), TU_OK);
	assert_true(has("\"@id\": \"https://acme.test/vex/a%20b%2F%CE%B2\""));
	assert_true(has("\"@id\": \"pkg:generic/acme/pump@1\""));
}

/* Where the SBOM's subject has neither purl nor CPE, its BOM-Link names it: nothing is made up. */
static void a_link_names_the_product(void **state)
{
	static const uint32_t linked[] = {3};
	struct tu_issue_entry entry = entry_of(TU_CLAIM_FIXED);

	(void)state;
	entry.products = linked;
	assert_int_equal(issue_as(entry, TU_ISSUE_OPENVEX), TU_OK);
	assert_true(has("\"@id\": \"" LINK "r\"") && !has("pkg:generic"));
	assert_int_equal(issue_as(entry, TU_ISSUE_CSAF_VEX), TU_OK);
	assert_true(has("\"uri\": \"" LINK "r\"") && !has("pkg:generic"));
	entry.whole = true;
	entry.part_count = 0;
	assert_int_equal(issue_as(entry, TU_ISSUE_CYCLONEDX), TU_OK);
	assert_true(has("\"ref\": \"" LINK "r\""));
}

/* OpenVEX and CSAF name documents and their publisher by a URL. */
static void a_namespace_is_needed(void **state)
{
	static const struct {
		enum tu_issue_format format;
		bool needed;
	} rows[] = {{TU_ISSUE_OPENVEX, true}, {TU_ISSUE_CSAF_VEX, true},
		{TU_ISSUE_CSAF_ADVISORY, true}, {TU_ISSUE_CYCLONEDX, false},
		{TU_ISSUE_NOTICE_TEXT, false}};
	static const char *const bad[] = {"", "acme", "acme.test/vex"};
	struct tu_issue_entry entry = entry_of(TU_CLAIM_UNDER_INVESTIGATION);

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		for (size_t k = 0; k < TU_COUNT(bad); k++) {
			struct tu_issue issue = issue_about(&entry, 1);

			issue.namespace_ = tu_str_c(bad[k]);
			assert_int_equal(issue_of(issue, rows[i].format),
				rows[i].needed ? TU_E_USAGE : TU_OK);
			assert_int_equal(has("manufacturer.namespace"), rows[i].needed);
		}
}

/* Two makers have a document of the same id: their serial numbers differ. */
static void serial_numbers_are_the_makers_own(void **state)
{
	struct tu_issue_entry entry = entry_of(TU_CLAIM_FIXED);
	struct tu_issue issue = issue_about(&entry, 1);
	char serials[4][60];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		issue.namespace_ = tu_str_c(i == 1 ? "https://other.test" : "https://acme.test");
		issue.publisher = tu_str_c(i == 2 ? "Other" : "Acme");
		assert_int_equal(issue_of(issue, TU_ISSUE_CYCLONEDX), TU_OK);
		assert_true(has("\"urn:uuid:"));
		(void)snprintf(
			serials[i], sizeof(serials[i]), "%.45s", strstr(written, "urn:uuid:"));
	}
	assert_string_not_equal(serials[0], serials[1]);
	assert_string_not_equal(serials[0], serials[2]);
	assert_string_not_equal(serials[1], serials[2]);
	assert_string_equal(serials[0], serials[3]);
}

/* CSAF has a place for the CVE id and one for every other; CycloneDX wants whose record it is. */
static void each_id_has_its_place(void **state)
{
	static const struct tu_str cve[] = {TU_STR_INIT("PYSEC-2021-1"),
		TU_STR_INIT("CVE-2021-23337"), TU_STR_INIT("CVE-2021-2")};
	static const struct {
		const char *id;
		size_t aliases;
		const char *source, *csaf[2];
	} rows[] = {
		{"CVE-2022-37434", 0,
			"\"source\": {\n        \"name\": \"NVD\",\n        \"url\": "
			"\"https://nvd.nist.gov/vuln/detail/CVE-2022-37434\"",
			{"\"cve\": \"CVE-2022-37434\"", "\"cve\""}},
		{"GHSA-35jh-r3h4-6jhm", 0,
			"\"name\": \"GITHUB\",\n        \"url\": "
			"\"https://github.com/advisories/GHSA-35jh-r3h4-6jhm\"",
			{"\"system_name\": \"GitHub Security Advisories\",\n          \"text\": "
			 "\"GHSA-35jh-r3h4-6jhm\"",
				"\"ids\""}},
		{"GHSA-35jh-r3h4-6jhm", 2,
			"\"references\": [\n        {\n          \"id\": "
			"\"PYSEC-2021-1\",\n          \"source\": {\n            "
			"\"name\": \"OSV\"",
			{"\"cve\": \"CVE-2021-23337\"", "\"text\": \"PYSEC-2021-1\""}},
		{"CVE-2022-37434", 2, "\"name\": \"NVD\"",
			{"\"cve\": \"CVE-2022-37434\"", "\"text\": \"CVE-2021-23337\""}},
		{"RUSTSEC-2020-1", 0, "\"name\": \"OSV\"", {"\"system_name\": \"OSV\"", "\"ids\""}},
		{"SNYK-JS-1", 0, "\"name\": \"SNYK\"", {"\"system_name\": \"Snyk\"", "\"ids\""}},
		{"ACME-1", 0, "\"source\": {\n        \"name\": \"Acme PSIRT\"\n      }",
			{"\"system_name\": \"Acme PSIRT\"", "\"ids\""}},
		{"CVE-", 0, "\"name\": \"Acme PSIRT\"", {"\"text\": \"CVE-\"", "\"ids\""}},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_issue_entry entry = entry_of(TU_CLAIM_FIXED);

		entry.vulnerability = tu_str_c(rows[i].id);
		entry.aliases = cve;
		entry.alias_count = rows[i].aliases;
		entry.source = TU_STR("Acme PSIRT");
		assert_int_equal(issue_as(entry, TU_ISSUE_CYCLONEDX), TU_OK);
		if (!has(rows[i].source))
			fail_msg("%s: %s", rows[i].id, written);
		assert_int_equal(issue_as(entry, TU_ISSUE_CSAF_VEX), TU_OK);
		if (!has(rows[i].csaf[0]) || !has(rows[i].csaf[1]))
			fail_msg("%s: %s", rows[i].id, written);
		assert_int_equal(count_of("\"cve\""), !strncmp(rows[i].csaf[0], "\"cve\"", 5));
	}
}

/* One vulnerability has one item, whatever the decisions call it (CSAF 2.0, 6.1.23), and each id
 * once; the weakness is one of the list. */
static void decisions_by_several_names_are_one_item(void **state)
{
	static const struct tu_str cve[] = {
		TU_STR_INIT("CVE-2021-23337"), TU_STR_INIT("GHSA-35jh-r3h4-6jhm")};
	struct tu_issue_entry entries[] = {
		entry_of(TU_CLAIM_FIXED), entry_of(TU_CLAIM_UNDER_INVESTIGATION)};

	(void)state;
	entries[0].vulnerability = TU_STR("GHSA-35jh-r3h4-6jhm");
	entries[0].aliases = cve;
	entries[0].alias_count = 2;
	entries[0].cwe = TU_STR("CWE-94");
	entries[1].vulnerability = TU_STR("CVE-2021-23337");
	entries[1].parts = &by_link;
	assert_int_equal(issue_of(issue_about(entries, 2), TU_ISSUE_CSAF_VEX), TU_OK);
	assert_int_equal(count_of("\"cve\""), 1);
	assert_int_equal(count_of("\"text\": \"GHSA-35jh-r3h4-6jhm\""), 1);
	assert_true(has("\"id\": \"CWE-94\",\n        \"name\": \"Improper Control of Generation"));
	assert_true(has("\"fixed\": [\n          \"Pump:1/pkg:npm/x@1\"\n"));
	assert_true(has("\"under_investigation\": [\n          \"Pump:1/l@#"));
	assert_int_equal(count_of("\"none_available\""), 1);
	entries[0].cwe = TU_STR("CWE-1000"); /* a view */
	assert_int_equal(issue_of(issue_about(entries, 2), TU_ISSUE_CSAF_VEX), TU_OK);
	assert_int_equal(count_of("\"cwe\""), 0);
	assert_int_equal(issue_of(issue_about(entries, 2), TU_ISSUE_OPENVEX), TU_OK);
	assert_int_equal(count_of("\"GHSA-35jh-r3h4-6jhm\""), 1);
}

/* Several decisions on one component: the one that says most counts. */
static void a_component_has_one_status(void **state)
{
	struct tu_issue_entry entries[] = {
		entry_of(TU_CLAIM_FIXED), entry_of(TU_CLAIM_UNDER_INVESTIGATION)};

	(void)state;
	assert_int_equal(issue_of(issue_about(entries, 2), TU_ISSUE_CSAF_VEX), TU_OK);
	assert_true(has("\"under_investigation\": [") && !has("\"fixed\": ["));
	assert_int_equal(count_of("\"default_component_of\""), 1);
}

#define ODD "[U+001F][U+007F][U+009B][U+202E]\xef\xbf\xbd"
/* What strangers wrote moves no cursor and closes no tag; lines stay lines. */
static void a_notice_is_text_whatever_was_written(void **state)
{
	struct tu_issue_entry entry = entry_of(TU_CLAIM_UNDER_INVESTIGATION);

	(void)state;
	entry.title = TU_STR("<i>\x1b[2J & \"a\"\nb\x1f\x7f\xc2\x9b\xe2\x80\xae\xff c");
	assert_int_equal(issue_as(entry, TU_ISSUE_NOTICE_TEXT), TU_OK);
	assert_true(has("CVE-2099-1000 (<i>[U+001B][2J & \"a\"\nb" ODD " c) is in x, a part"));
	assert_int_equal(issue_as(entry, TU_ISSUE_NOTICE_HTML), TU_OK);
	assert_true(has("(&lt;i&gt;[U+001B][2J &amp; &quot;a&quot;\nb" ODD " c) is in x, a part"));
}

/* What is out is said to be out, what does not show is not promised, and sentences end. */
static void a_notice_says_what_is_known_of_the_fix(void **state)
{
	static const struct {
		enum tu_issue_fix fix;
		const char *action, *said;
	} rules[] = {
		{TU_ISSUE_FIX_PLANNED, "Update",
			"Software 2 is the fix. It is planned for 1970-01-02. Update. We will "
			"communicate its availability to you. https://acme.test/2\n"},
		{TU_ISSUE_FIX_RELEASED, "Update now! ",
			"Software 2 is the fix and is released. Update now! https://acme.test/2\n"},
		{TU_ISSUE_FIX_RELEASED, "", "is the fix and is released. https://acme.test/2\n"},
		{TU_ISSUE_FIX_UNSHOWN, "\xe6\x9b\xb4\xe6\x96\xb0\xe3\x80\x82",
			"Software 2 is released, but whether it has the fix is under "
			"investigation. "
			"\xe6\x9b\xb4\xe6\x96\xb0\xe3\x80\x82 We will"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rules); i++) {
		struct tu_issue_entry entry = entry_of(TU_CLAIM_AFFECTED);

		entry.fix_version = TU_STR("2");
		entry.fix = rules[i].fix;
		entry.action = tu_str_c(rules[i].action);
		entry.remedy = TU_STR("vendor_fix");
		entry.due = 86400;
		entry.url = TU_STR("https://acme.test/2");
		entry.impact = TU_STR("It stops");
		entry.note = TU_STR("Carried.");
		assert_int_equal(issue_as(entry, TU_ISSUE_NOTICE_TEXT), TU_OK);
		if (!has(rules[i].said) || !has("It stops. Carried.\n"))
			fail_msg("row %zu: %s", i, written);
	}
}

/* A heading is underlined in its own length, which no line exceeds. */
static void a_heading_is_underlined(void **state)
{
	static const char line[] =
		"=============================================================================="
		"\n\n";
	struct tu_issue_entry entry = entry_of(TU_CLAIM_UNDER_INVESTIGATION);
	char name[100];

	(void)state;
	for (size_t width = 77; width <= 80; width++) {
		struct tu_issue issue = issue_about(&entry, 1);
		size_t len = width - strlen("Security notice: ");

		memset(name, 'n', sizeof(name));
		issue.family = tu_str_of(name, len);
		assert_int_equal(issue_of(issue, TU_ISSUE_NOTICE_TEXT), TU_OK);
		assert_true(has(width < 78 ? line + 1 : line) && !has(width < 78 ? line : "=\n="));
		assert_int_equal(count_of("="), width < 78 ? width : 78);
	}
}

/* What replaces a document is counted on from it, or says why it cannot be. */
#define TRACKED(version, date) \
	"{\"document\":{\"tracking\":{\"id\":\"A-1\",\"version\":\"" version \
	"\",\"revision_history\":[{\"date\":\"" date "\",\"number\":\"1\",\"summary\":\"s\"}]}}}"
static void a_document_follows_the_previous_one(void **state)
{
	static const struct {
		enum tu_issue_format format;
		const char *previous;
		enum tu_status status;
		const char *text; /* of the document, or of the message */
	} rows[] = {
		{TU_ISSUE_OPENVEX, "{\"version\":2147483647}", TU_OK, "\"version\": 2147483648,"},
		{TU_ISSUE_OPENVEX, "{\"version\":2147483648}", TU_E_SYNTAX, "it has no version"},
		{TU_ISSUE_OPENVEX, "{\"version\":1,\"@id\":\"urn:a\"}", TU_OK,
			"\"@id\": \"urn:a\""},
		{TU_ISSUE_OPENVEX, "{\"version\":1,\"version\":2}", TU_E_SYNTAX,
			"the previous document: "},
		{TU_ISSUE_OPENVEX, "[", TU_E_SYNTAX, "the previous document: "},
		{TU_ISSUE_OPENVEX, "[]", TU_E_SYNTAX, "it has no version"},
		{TU_ISSUE_CYCLONEDX, "{\"version\":7}", TU_E_SYNTAX,
			"it has no serial number and version"},
		{TU_ISSUE_CYCLONEDX,
			"{\"version\":7,\"serialNumber\":"
			"\"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79\"}",
			TU_OK, "\"version\": 8"},
		{TU_ISSUE_CSAF_VEX, "{}", TU_E_SYNTAX, "it has no tracking"},
		{TU_ISSUE_CSAF_VEX, TRACKED("1", "1970-01-01T00:00:01Z"), TU_OK,
			"\"version\": \"2\""},
		{TU_ISSUE_CSAF_VEX, TRACKED("1", "1970-01-01T01:00:01+01:00"), TU_OK,
			"\"number\": \"2\""},
		{TU_ISSUE_CSAF_VEX, TRACKED("1", "1970-01-01T00:00:02Z"), TU_E_USAGE,
			"a revision that is not before the new one"},
		{TU_ISSUE_CSAF_VEX, TRACKED("1", "1970-01-01T00:00:01"), TU_E_USAGE,
			"a revision that is not before the new one"},
		{TU_ISSUE_CSAF_ADVISORY, TRACKED("one", "1970-01-01T00:00:00Z"), TU_E_SYNTAX,
			"neither an integer nor semantic"},
		{TU_ISSUE_NOTICE_TEXT, "[", TU_OK, "Security notice"},
	};
	struct tu_issue_entry entry = entry_of(TU_CLAIM_UNDER_INVESTIGATION);

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_issue issue = issue_about(&entry, 1);

		issue.previous = tu_str_c(rows[i].previous);
		assert_int_equal(issue_of(issue, rows[i].format), rows[i].status);
		if (!has(rows[i].text))
			fail_msg("%s: %s", rows[i].previous, written);
	}
}

static void every_format_has_its_name(void **state)
{
	static const struct {
		const char *name;
		enum tu_issue_format format;
	} rows[] = {{"openvex", TU_ISSUE_OPENVEX}, {"cyclonedx", TU_ISSUE_CYCLONEDX},
		{"csaf-vex", TU_ISSUE_CSAF_VEX}, {"csaf-advisory", TU_ISSUE_CSAF_ADVISORY},
		{"notice-html", TU_ISSUE_NOTICE_HTML}, {"notice-text", TU_ISSUE_NOTICE_TEXT}};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		enum tu_issue_format format = TU_ISSUE_FORMATS;

		assert_string_equal(tu_issue_format_name(rows[i].format), rows[i].name);
		assert_true(tu_issue_format_by_name(tu_str_c(rows[i].name), &format));
		assert_int_equal(format, rows[i].format);
		assert_false(
			tu_issue_format_by_name(tu_str_first(tu_str_c(rows[i].name), 3), &format));
	}
	assert_string_equal(tu_issue_format_name(TU_ISSUE_FORMATS), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_affected_needs_a_reason),
		cmocka_unit_test(affected_needs_an_action_or_a_remedy),
		cmocka_unit_test(a_status_a_vulnerability_and_a_product_are_needed),
		cmocka_unit_test(each_format_names_the_component_or_clears_nothing),
		cmocka_unit_test(what_cannot_be_named_is_left_out),
		cmocka_unit_test(the_others_are_written),
		cmocka_unit_test(names_stay_apart),
		cmocka_unit_test(a_link_names_the_product),
		cmocka_unit_test(a_namespace_is_needed),
		cmocka_unit_test(serial_numbers_are_the_makers_own),
		cmocka_unit_test(each_id_has_its_place),
		cmocka_unit_test(decisions_by_several_names_are_one_item),
		cmocka_unit_test(a_component_has_one_status),
		cmocka_unit_test(a_document_follows_the_previous_one),
		cmocka_unit_test(a_notice_is_text_whatever_was_written),
		cmocka_unit_test(a_notice_says_what_is_known_of_the_fix),
		cmocka_unit_test(a_heading_is_underlined),
		cmocka_unit_test(every_format_has_its_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
