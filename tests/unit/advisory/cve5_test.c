#include "unit/advisory/reading.h"

#define META(id, state) \
	"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"" id "\",\"state\":\"" state \
	"\",\"datePublished\":\"2024-01-01T00:00:00Z\"," \
	"\"dateUpdated\":\"2024-01-02T00:00:00Z\"},\"containers\":{"
#define CNA(more) \
	META("CVE-2024-0001", "PUBLISHED") \
	"\"cna\":{\"providerMetadata\":{\"shortName\":\"acme\"},\"title\":\"T\"" more "}}}"
#define HEAD "CVE CVE-2024-0001 published 1704067200 1704153600 database=acme title=T"
#define PUMP "  product 0.0 cpe:2.3:*:acme:drip_pump:*:*:*:*:*:*:*:* words "
#define AFFECTED(versions) \
	CNA(",\"affected\":[{\"vendor\":\"Acme\",\"product\":\"Drip Pump\"," versions "}]")

static void each_container_is_an_advisory(void **state)
{
	(void)state;
	expect_text(
		META("CVE-2024-0001",
			"PUBLISHED") "\"cna\":{\"providerMetadata\":{\"shortName\":\"acme\"},"
				     "\"descriptions\":["
				     "{\"lang\":\"de\",\"value\":\"Nein.\"},"
				     "{\"lang\":\"en-US\",\"value\":\"A pump leaks, e.g. here. "
				     "More.\"}],"
				     "\"source\":{\"advisory\":\"GHSA-aaaa-bbbb-cccc\"},"
				     "\"problemTypes\":[{\"descriptions\":[{\"cweId\":\"CWE-787\"},"
				     "{\"description\":\"CWE-20 Improper "
				     "Input\"},{\"description\":\"n/a\"}]}],"
				     "\"metrics\":[{\"format\":\"CVSS\",\"cvssV4_0\":{"
				     "\"baseScore\":9.25,"
				     "\"vectorString\":\"CVSS:4.0/"
				     "X\",\"baseSeverity\":\"CRITICAL\"}},"
				     "{\"other\":{\"type\":\"words\",\"content\":{\"text\":"
				     "\"moderate\"}}}],"
				     "\"references\":[{\"url\":\"https://example.com/a\","
				     "\"tags\":[\"x_transferred\",\"vendor-advisory\",\"Patch\"]}]}"
				     ","
				     "\"adp\":[{\"title\":\"not a "
				     "title\",\"providerMetadata\":{\"shortName\":\"CISA-ADP\","
				     "\"dateUpdated\":\"2024-01-03T00:00:00Z\"},\"metrics\":[{"
				     "\"other\":{\"type\":\"ssvc\","
				     "\"content\":{\"options\":[{\"Exploitation\":\"PoC\"},{"
				     "\"Automatable\":\"no\"},"
				     "{\"Technical "
				     "Impact\":\"total\"}]}}},{\"other\":{\"type\":\"kev\","
				     "\"content\":{\"dateAdded\":\"2024-01-02\"}}}]}]}}",
		"CVE CVE-2024-0001 published 1704067200 1704153600 database=acme "
		"title=A pump leaks, e.g. here. alias=GHSA-aaaa-bbbb-cccc cwe=CWE-787 cwe=CWE-20\n"
		"  score 4.0 9.3 vector=CVSS:4.0/X severity=CRITICAL scorer=acme\n"
		"  score  severity=moderate scorer=acme\n"
		"  reference https://example.com/a tags=vendor-advisory,patch\n"
		"CVE ADP CVE-2024-0001 published 1704067200 1704240000 database=CISA-ADP "
		"exploitation=poc automatable=no impact=total kev added=2024-01-02\n");
}

static void rejected_and_disputed_records_say_so(void **state)
{
	(void)state;
	expect_text(META("CVE-2024-0001", "REJECTED") "\"cna\":{\"rejectedReasons\":[{\"lang\":"
						      "\"en\",\"value\":\"A duplicate.\"}],"
						      "\"replacedBy\":[\"CVE-2024-0002\"]}}}",
		"CVE CVE-2024-0001 rejected 1704067200 1704153600 title=A duplicate. "
		"related=CVE-2024-0002\n");
	expect_text(CNA(",\"tags\":[\"disputed\"]"),
		"CVE CVE-2024-0001 disputed 1704067200 1704153600 database=acme title=T\n");
}

static void words_and_cpe_names_are_products(void **state)
{
	(void)state;
	expect_text(AFFECTED("\"defaultStatus\":\"unaffected\",\"cpes\":["
			     "\"cpe:2.3:o:acme:pump_firmware:1.0:*:*:*:*:*:*:*\","
			     "\"cpe:/a:acme:drip_pump\"],"
			     "\"versions\":[{\"version\":\"1\",\"status\":\"affected\"}]"),
		HEAD "\n"
		     "  product 0.0 cpe:2.3:o:acme:pump_firmware:*:*:*:*:*:*:*:* generic "
		     "otherwise=unaffected affected [1,1]\n"
		     "  product 0.0 cpe:2.3:a:acme:drip_pump:*:*:*:*:*:*:*:* generic "
		     "otherwise=unaffected affected [1,1]\n");
	expect_text(CNA(",\"affected\":[{\"vendor\":\"n/a\",\"product\":\"n/a\",\"versions\":"
			"[{\"version\":\"n/a\",\"status\":\"affected\"}]}]"),
		HEAD "\n");
}

static void a_cpe_name_with_a_version_and_no_rows_takes_the_default(void **state)
{
	(void)state;
	expect_text(CNA(",\"affected\":[{\"defaultStatus\":\"unaffected\","
			"\"cpes\":[\"cpe:/a:acme:os:8\"]},{\"defaultStatus\":\"affected\","
			"\"cpes\":[\"cpe:/a:acme:os:9\"]}]"),
		HEAD "\n"
		     "  product 0.0 cpe:2.3:a:acme:os:*:*:*:*:*:*:*:* generic otherwise=unknown "
		     "unaffected [8,8]\n"
		     "  product 0.0 cpe:2.3:a:acme:os:*:*:*:*:*:*:*:* generic otherwise=unknown "
		     "affected [9,9]\n");
}

static void a_change_of_status_cuts_a_range(void **state)
{
	(void)state;
	expect_text(AFFECTED("\"versions\":[{\"version\":\"20.4\",\"lessThan\":\"20.4*\","
			     "\"status\":\"affected\",\"versionType\":\"custom\",\"changes\":["
			     "{\"at\":\"20.4R3\",\"status\":\"unaffected\"},"
			     "{\"at\":\"20.4R5\",\"status\":\"affected\"}]}]"),
		HEAD "\n" PUMP "generic otherwise=unknown fixed=20.4R3 affected [20.4,20.4R3) "
		     "unaffected [20.4R3,20.4R5) affected [20.4R5,20.4*]\n");
}

static void the_narrower_statement_holds(void **state)
{
	(void)state;
	expect_text(AFFECTED("\"versions\":[{\"version\":\"0\",\"lessThan\":\"3\",\"status\":"
			     "\"affected\"},{\"version\":\"2.1\",\"status\":\"unaffected\"},"
			     "{\"version\":\"2.1\",\"status\":\"unaffected\"}]"),
		HEAD "\n" PUMP "generic otherwise=unknown fixed=3 affected [,2.1) "
		     "unaffected [2.1,2.1] unaffected [2.1,2.1] affected (2.1,3)\n");
}

/* The range of an affected item from 9 down to 3 holds nothing, so it is inside nothing. */
static void a_range_that_is_upside_down_cuts_nothing(void **state)
{
	(void)state;
	expect_text(AFFECTED("\"versions\":[{\"version\":\"0\",\"lessThan\":\"30\",\"status\":"
			     "\"affected\"},{\"version\":\"9\",\"lessThan\":\"3\","
			     "\"status\":\"unaffected\"}]"),
		HEAD "\n" PUMP
		     "generic otherwise=unknown fixed=30 affected [,30) unaffected [9,3)\n");
}

static void the_kernel_goes_by_versions_not_commits(void **state)
{
	(void)state;
	expect_text(
		CNA(",\"affected\":[{\"vendor\":\"Linux\",\"product\":\"Linux\","
		    "\"defaultStatus\":\"unaffected\",\"versions\":[{\"version\":\"1da177e4c3f4\","
		    "\"lessThan\":\"8cec9b30d9ac\",\"status\":\"affected\","
		    "\"versionType\":\"git\"}]},"
		    "{\"vendor\":\"Linux\",\"product\":\"Linux\",\"defaultStatus\":\"affected\","
		    "\"versions\":[{\"version\":\"4.19\",\"status\":\"affected\"},"
		    "{\"version\":\"0\",\"lessThan\":\"4.19\",\"status\":\"unaffected\","
		    "\"versionType\":\"semver\"},{\"version\":\"5.10.100\","
		    "\"lessThanOrEqual\":\"5.10.*\",\"status\":\"unaffected\","
		    "\"versionType\":\"semver\"},{\"version\":\"5.16\",\"lessThanOrEqual\":\"*\","
		    "\"status\":\"unaffected\",\"versionType\":\"original_commit_for_fix\"}]}]"),
		HEAD "\n"
		     "  product 0.0 cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:* words kernel "
		     "otherwise=affected fixed=5.10.100 affected [4.19,4.19] unaffected [,4.19) "
		     "unaffected [5.10.100,5.10.*] unaffected [5.16,]\n");
}

static void commits_alone_are_told(void **state)
{
	(void)state;
	expect_problems(AFFECTED("\"defaultStatus\":\"unaffected\",\"versions\":[{\"version\":"
				 "\"0123456789012345678901234567890123456789\","
				 "\"status\":\"affected\"}]"),
		"CVE-2024-0001 /containers/cna/affected/0: only commits: they have no order and "
		"are left out\n",
		HEAD "\n");
}

static void collections_name_packages(void **state)
{
	(void)state;
	expect_text(CNA(",\"affected\":[{\"collectionURL\":\"https://registry.npmjs.org\","
			"\"packageName\":\"@scope/Left\",\"versions\":[{\"version\":\"0\","
			"\"lessThan\":\"1.2.0\",\"status\":\"affected\"}]}]"),
		HEAD "\n"
		     "  package npm ns=@scope name=Left npm otherwise=unknown fixed=1.2.0 "
		     "affected [,1.2.0)\n");
	expect_text(
		CNA(",\"affected\":[{\"vendor\":\"Red Hat\",\"product\":\"RHEL 8\","
		    "\"collectionURL\":\"https://access.redhat.com/downloads/content/"
		    "package-browser/\",\"packageName\":\"expat\",\"defaultStatus\":\"affected\","
		    "\"cpes\":[\"cpe:/o:redhat:enterprise_linux:8::baseos\"],\"versions\":["
		    "{\"version\":\"0:2.2.5-11.el8\",\"lessThan\":\"*\",\"versionType\":\"rpm\","
		    "\"status\":\"unaffected\"}]}]"),
		HEAD "\n"
		     "  package rpm ns=redhat name=expat distro=rhel-8 rpm otherwise=affected "
		     "fixed=0:2.2.5-11.el8 unaffected [0:2.2.5-11.el8,]\n");
	expect_text(CNA(",\"affected\":[{\"packageURL\":\"pkg:pypi/Some_Name\",\"versions\":["
			"{\"version\":\"2.0rc1\",\"status\":\"affected\"}]}]"),
		HEAD "\n"
		     "  package pypi name=some-name pypi otherwise=unknown affected "
		     "[2.0rc1,2.0rc1]\n");
}

static void applicability_has_configurations_of_its_own(void **state)
{
	(void)state;
	expect_text(
		CNA(",\"cpeApplicability\":[{\"operator\":\"AND\",\"nodes\":[{\"operator\":\"OR\","
		    "\"negate\":false,\"cpeMatch\":[{\"vulnerable\":true,\"criteria\":"
		    "\"cpe:2.3:o:acme:fw:*:*:*:*:*:*:*:*\",\"versionEndExcluding\":\"2\"}]},"
		    "{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[{\"vulnerable\":false,"
		    "\"criteria\":\"cpe:2.3:h:acme:board:-:*:*:*:*:*:*:*\"}]}]}]"),
		HEAD "\n"
		     "  product 1.0 cpe:2.3:o:acme:fw:*:*:*:*:*:*:*:* generic "
		     "otherwise=unaffected fixed=2 affected [,2)\n"
		     "  product 1.1 cpe:2.3:h:acme:board:-:*:*:*:*:*:*:* platform generic "
		     "otherwise=unaffected\n");
}

static void wrong_types_are_told_with_their_place(void **state)
{
	(void)state;
	expect_problems(CNA(",\"metrics\":7,\"references\":[{\"url\":[]}],\"affected\":[3],"
			    "\"problemTypes\":[{\"descriptions\":\"x\"}]"),
		"CVE-2024-0001 /containers/cna/metrics: not an array\n"
		"CVE-2024-0001 /containers/cna/problemTypes/0/descriptions: not an array\n"
		"CVE-2024-0001 /containers/cna/references/0/url: not a string but an array\n"
		"CVE-2024-0001 /containers/cna/affected/0: not an object\n",
		HEAD "\n");
	expect_problems("{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-1\"}}",
		"CVE-1 /cveMetadata/cveId: a record without a CVE id\n", "");
	expect_problems("{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":[],\"containers\":[]}",
		": a record without a CVE id\n", "");
}

static void a_version_of_a_megabyte_is_told_and_left_out(void **state)
{
	enum { LEN = 1 << 20 };
	struct reading reading;
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 4 * LEN);
	tu_buf_c(&text,
		META("CVE-2024-0001", "PUBLISHED") "\"cna\":{\"affected\":[{\"vendor\":\"a\","
						   "\"product\":\"b\",\"versions\":["
						   "{\"status\":\"affected\",\"version\":\"");
	for (size_t i = 0; i < LEN; i++)
		tu_buf_byte(&text, '9');
	tu_buf_c(&text, "\"},{\"version\":\"1\",\"status\":\"affected\"}]}]}}}");
	reading_of(&reading, tu_buf_str(&text));
	assert_int_equal(reading.status, TU_OK);
	assert_string_equal(reading.problems.ptr,
		"CVE-2024-0001 /containers/cna/affected/0/versions/0/version: a text of 1048576 "
		"bytes, more than the limit of 4096\n");
	assert_non_null(strstr(reading.text.ptr, "otherwise=unknown affected [1,1]\n"));
	reading_done(&reading);
	tu_buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_container_is_an_advisory),
		cmocka_unit_test(rejected_and_disputed_records_say_so),
		cmocka_unit_test(words_and_cpe_names_are_products),
		cmocka_unit_test(a_cpe_name_with_a_version_and_no_rows_takes_the_default),
		cmocka_unit_test(a_change_of_status_cuts_a_range),
		cmocka_unit_test(the_narrower_statement_holds),
		cmocka_unit_test(a_range_that_is_upside_down_cuts_nothing),
		cmocka_unit_test(the_kernel_goes_by_versions_not_commits),
		cmocka_unit_test(commits_alone_are_told),
		cmocka_unit_test(collections_name_packages),
		cmocka_unit_test(applicability_has_configurations_of_its_own),
		cmocka_unit_test(wrong_types_are_told_with_their_place),
		cmocka_unit_test(a_version_of_a_megabyte_is_told_and_left_out),
	};

	return cmocka_run_group_tests_name("CVE 5", tests, NULL, NULL);
}
