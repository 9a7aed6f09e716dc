/* KEV and EPSS; documents that are YAML. */
#include "unit/advisory/reading.h"

static void the_catalogue_says_exploited(void **state)
{
	(void)state;
	expect_text("{\"title\":\"T\",\"catalogVersion\":\"1\",\"vulnerabilities\":[{"
		    "\"cveID\":\"CVE-2024-0001\",\"vulnerabilityName\":\"Acme Pump Flaw\","
		    "\"dateAdded\":\"2024-01-01\",\"dueDate\":\"2024-01-22\","
		    "\"knownRansomwareCampaignUse\":\"Known\",\"cwes\":[\"CWE-78\"],"
		    "\"notes\":\"see https://example.com/a ; https://example.com/b\"}]}",
		"KEV CVE-2024-0001 published 1704067200 1704067200 database=CISA "
		"title=Acme Pump Flaw kev ransomware added=2024-01-01 due=2024-01-22 cwe=CWE-78\n"
		"  reference https://example.com/a\n"
		"  reference https://example.com/b\n");
	expect_problems("{\"catalogVersion\":\"1\",\"vulnerabilities\":[{\"cveID\":7},"
			"{\"cveID\":\"CVE-2024-0001\",\"dateAdded\":\"2024-13-01\","
			"\"knownRansomwareCampaignUse\":\"Unknown\"}]}",
		"item 1 /cveID: an entry without a CVE id\n"
		"CVE-2024-0001 /dateAdded: \"2024-13-01\" is not a date of 1970 or later\n",
		"KEV CVE-2024-0001 published 0 0 database=CISA kev\n");
}

/* GCVE-BCP-07: who asserts is the origin; what is no longer exploited is withdrawn, not unsaid. */
static void assertions_of_gcve_name_their_origin(void **state)
{
	(void)state;
	expect_text(
		"[{\"vulnerability\":{\"vulnId\":\"CVE-2024-0001\",\"altId\":[\"EUVD-2024-1\"]},"
		"\"gcve\":{\"origin_uuid\":\"CCE329bf-df49-4c6e-a027-80be2e6483bd\",\"gna\":1},"
		"\"status\":{\"exploited\":true,\"status_reason\":\"confirmed\"},"
		"\"timestamps\":{\"asserted_at\":\"2024-01-01T10:00:00Z\","
		"\"recorded_at\":\"2024-01-02T00:00:00Z\"},"
		"\"evidence\":[{\"source\":\"x\",\"details\":{"
		"\"knownRansomwareCampaignUse\":\"Known\"}}],"
		"\"references\":[{\"id\":\"a\",\"url\":\"https://example.com/a\"}]},"
		"{\"vulnerability\":{\"vulnId\":\"GCVE-1-2024-0002\"},"
		"\"status\":{\"exploited\":false,"
		"\"status_updated_at\":\"2024-01-03T00:00:00Z\"},"
		"\"timestamps\":{\"first_seen_at\":\"2024-01-01T00:00:00Z\"},"
		"\"evidence\":[{\"source\":\"acme-csirt\"}]}]",
		"KEV CVE-2024-0001 published 1704103200 1704153600 database=ENISA "
		"kev ransomware added=2024-01-01 alias=EUVD-2024-1\n"
		"  reference https://example.com/a tags=exploitation-report\n"
		"KEV GCVE-1-2024-0002 withdrawn 1704067200 1704067200 withdrawn 1704240000 "
		"database=acme-csirt kev added=2024-01-01\n");
	expect_problems("[{\"vulnerability\":{\"vulnId\":7},\"status\":{\"exploited\":true}}]",
		"item 1 /vulnerability/vulnId: an assertion without an id\n", "");
}

/* A dump that repeats CISA's catalogue is not a second word of CISA. */
static void the_euvd_says_whose_word_it_repeats(void **state)
{
	(void)state;
	expect_problems("[{\"cveId\":\"CVE-2024-0001\",\"euvdId\":\"EUVD-2024-1\","
			"\"dateAdded\":\"2024-01-01\","
			"\"sources\":[\"cisa_kev\",\"eukev_kev\",\"other_kev\"]},"
			"{\"euvdId\":\"EUVD-2024-2\",\"sources\":[\"eukev_kev\"]}]",
		"CVE-2024-0001 /sources/2: not a catalogue that is known\n"
		"item 2: an entry without a CVE id\n",
		"KEV CVE-2024-0001 published 1704067200 1704067200 database=CISA (EUVD) kev "
		"added=2024-01-01\n"
		"KEV CVE-2024-0001 published 1704067200 1704067200 database=ENISA kev "
		"added=2024-01-01\n");
}

static void scores_are_read_with_and_without_a_comment(void **state)
{
	(void)state;
	expect_text("#model_version:v2025.03.14,score_date:2024-01-01T00:00:00+0000\n"
		    "cve,epss,percentile\r\nCVE-1999-0001,0.03351,0.8765\r\n",
		"EPSS CVE-1999-0001 published 1704067200 0 epss=0.03351/0.87650\n");
	expect_text("percentile,model,CVE,EPSS\n0.9,v4,CVE-1999-0004,0.25\n",
		"EPSS CVE-1999-0004 published 0 0 epss=0.25000/0.90000\n");
	expect_text("epss,cve\n0.75,CVE-1999-0005\n",
		"EPSS CVE-1999-0005 published 0 0 epss=0.75000/-1.00000\n");
	expect_text("cve,epss,percentile\n\"CVE-1999-0001\",\"4.3e-04\",1\nCVE-1999-0002,1.0,0.0",
		"EPSS CVE-1999-0001 published 0 0 epss=0.00043/1.00000\n"
		"EPSS CVE-1999-0002 published 0 0 epss=1.00000/0.00000\n");
}

static enum tu_status take_release(
	void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	(void)err;
	*(int64_t *)context = advisory->released;
	return TU_OK;
}

/* -1: no record at all. */
static int64_t release_of(const char *catalogue)
{
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	int64_t released = -1;
	struct tu_advisory_sink sink = {.advisory = take_release, .context = &released};
	struct tu_feed_summary summary = {0};
	char text[1024] = "";

	assert_non_null(reader);
	memcpy(text, catalogue, strlen(catalogue));
	assert_int_equal(
		tu_advisory_read(reader, TU_STR("kev"), tu_str_c(text), &sink, &summary, NULL),
		TU_OK);
	tu_advisory_reader_free(reader);
	return released;
}

/* Before its entries or after them. */
static void an_entry_knows_the_date_of_its_catalogue(void **state)
{
	(void)state;
	assert_int_equal(release_of("{\"dateReleased\":\"2024-01-01T00:00:00Z\",\"count\":1,"
				    "\"vulnerabilities\":[{\"cveID\":\"CVE-2024-0001\"}]}"),
		1704067200);
	assert_int_equal(release_of("{ \"vulnerabilities\" : [ {\"cveID\":\"CVE-2024-0001\"} ],\n"
				    "\"note\":{\"dateReleased\":\"2020-01-01\"},"
				    "\"dateReleased\" : \"2024-01-01\" }"),
		1704067200);
	assert_int_equal(release_of("{\"dateReleased\":\"soon\","
				    "\"vulnerabilities\":[{\"cveID\":\"CVE-2024-0001\"}]}"),
		0);
	assert_int_equal(
		release_of("[{\"cveID\":\"CVE-2024-0001\",\"dateReleased\":\"2024-01-01\"}]"), 0);
}

static void expect_same(const char *yaml, const char *json)
{
	struct reading expected;

	reading_of(&expected, tu_str_c(json));
	assert_true(expected.summary.records > 0);
	expect_text(yaml, expected.text.ptr);
	reading_done(&expected);
}

/* A number is a version as it is written; a list of records is a feed. */
static void yaml_says_what_json_says(void **state)
{
	struct reading bad;
	(void)state;

	expect_same("# by hand\n---\nid: OSV-2024-1\nmodified: 2024-01-01T00:00:00Z\nsummary: |\n"
		    "  Crash:\n  \"read\"\nwithdrawn: ~\naffected:\n"
		    "- package: {ecosystem: PyPI, name: acme}\n  ecosystem_specific:\n"
		    "    severity: HIGH\n  ranges:\n  - type: ECOSYSTEM\n    events:\n"
		    "    - introduced: 0\n    - fixed: 1.10\n",
		"{\"id\":\"OSV-2024-1\",\"modified\":\"2024-01-01T00:00:00Z\","
		"\"summary\":\"Crash:\\n\\\"read\\\"\\n\",\"withdrawn\":null,\"affected\":[{"
		"\"package\":{\"ecosystem\":\"PyPI\",\"name\":\"acme\"},"
		"\"ecosystem_specific\":{\"severity\":\"HIGH\"},"
		"\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"},"
		"{\"fixed\":\"1.10\"}]}]}]}");
	expect_same("- id: OSV-2024-1\n  modified: 2024-01-01\n- id: OSV-2024-2\n"
		    "  modified: 2024-01-02\n",
		"[{\"id\":\"OSV-2024-1\",\"modified\":\"2024-01-01\"},"
		"{\"id\":\"OSV-2024-2\",\"modified\":\"2024-01-02\"}]");
	expect_same("gem: acme\ntitle: Flaw\ndate: 2024-01-01\ncve: 2024-0001\ncvss_v3: 9.8\n"
		    "cvss_v2: 10.0\npatched_versions: [\">= 1.2\"]\n",
		"{\"gem\":\"acme\",\"title\":\"Flaw\",\"date\":\"2024-01-01\",\"cve\":\"2024-"
		"0001\","
		"\"cvss_v3\":9.8,\"cvss_v2\":10,\"patched_versions\":[\">= 1.2\"]}");
	reading_of(&bad, TU_STR("id: A\nid: B\n"));
	assert_int_equal(bad.status, TU_E_SYNTAX);
	assert_int_equal(bad.err.line, 2);
	reading_done(&bad);
	reading_of(&bad, TU_STR("cveID,vendor\nCVE-2024-0001,acme\n"));
	assert_int_equal(bad.status, TU_E_UNSUPPORTED);
	reading_done(&bad);
}

static void rows_that_are_not_scores_are_told(void **state)
{
	(void)state;
	expect_problems("#model_version:x,score_date:yesterday\ncve,epss,percentile\nnonsense\n"
			"CVE-1999-0001,1.5,0.5\nCVE-1999-0002,,\nCVE-1999-0003,0.5,x\n"
			"CVE-1999-0004,0.1e5,0.5\n",
		"line 1: \"yesterday\" is not a date\n"
		"line 3: a row without a CVE id\n"
		"CVE-1999-0001: \"1.5\" is not a score from 0 to 1\n"
		"CVE-1999-0002: \"\" is not a score from 0 to 1\n"
		"CVE-1999-0003: \"x\" is not a percentile from 0 to 1\n"
		"CVE-1999-0004: \"0.1e5\" is not a score from 0 to 1\n",
		"EPSS CVE-1999-0003 published 0 0 epss=0.50000/-1.00000\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_catalogue_says_exploited),
		cmocka_unit_test(assertions_of_gcve_name_their_origin),
		cmocka_unit_test(the_euvd_says_whose_word_it_repeats),
		cmocka_unit_test(scores_are_read_with_and_without_a_comment),
		cmocka_unit_test(an_entry_knows_the_date_of_its_catalogue),
		cmocka_unit_test(yaml_says_what_json_says),
		cmocka_unit_test(rows_that_are_not_scores_are_told),
	};

	return cmocka_run_group_tests_name("KEV and EPSS", tests, NULL, NULL);
}
