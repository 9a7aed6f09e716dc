#include "unit/advisory/reading.h"

#define NVD2(more) \
	"{\"cve\":{\"id\":\"CVE-2024-0001\",\"published\":\"2024-01-01T00:00:00.000\"," \
	"\"lastModified\":\"2024-01-02T00:00:00.000\",\"vulnStatus\":\"Analyzed\"" more "}}"
#define HEAD "NVD CVE-2024-0001 published 1704067200 1704153600"
#define NODES(nodes) NVD2(",\"configurations\":[" nodes "]")
#define MATCH(vulnerable, name, more) \
	"{\"vulnerable\":" vulnerable ",\"criteria\":\"cpe:2.3:" name "\"" more "}"
#define OR(matches) "{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[" matches "]}"
#define A "a:acme:a:*:*:*:*:*:*:*:*"
#define B "a:acme:b:*:*:*:*:*:*:*:*"
#define C "o:acme:c:-:*:*:*:*:*:*:*"
#define SHOWN_A "cpe:2.3:a:acme:a:*:*:*:*:*:*:*:* "
#define SHOWN_B "cpe:2.3:a:acme:b:*:*:*:*:*:*:*:* "
#define SHOWN_C "cpe:2.3:o:acme:c:-:*:*:*:*:*:*:* "
#define ALL "generic otherwise=affected\n"
#define NA "generic otherwise=unaffected\n"

static void reads_the_facts_of_a_record(void **state)
{
	(void)state;
	expect_text(
		NVD2(",\"descriptions\":[{\"lang\":\"es\",\"value\":\"No\"},{\"lang\":\"en\","
		     "\"value\":\"First sentence of Acme v. 2. Second.\"}],"
		     "\"cisaExploitAdd\":\"2024-02-01\",\"cisaActionDue\":\"2024-02-22\","
		     "\"metrics\":{\"cvssMetricV31\":[{\"source\":\"nvd@nist.gov\",\"cvssData\":{"
		     "\"vectorString\":\"CVSS:3.1/"
		     "X\",\"baseScore\":7.5,\"baseSeverity\":\"HIGH\"}}],"
		     "\"cvssMetricV2\":[{\"source\":\"b\",\"baseSeverity\":\"LOW\",\"cvssData\":{"
		     "\"vectorString\":\"AV:N\",\"baseScore\":2}}]},"
		     "\"weaknesses\":[{\"description\":[{\"lang\":\"en\",\"value\":\"CWE-79\"},"
		     "{\"value\":\"NVD-CWE-noinfo\"},{\"value\":\"CWE-79\"}]}],"
		     "\"references\":[{\"url\":\"https://example.com\","
		     "\"tags\":[\"Vendor Advisory\",\"Patch\"]}]"),
		HEAD " title=First sentence of Acme v. 2. kev added=2024-02-01 due=2024-02-22 "
		     "cwe=CWE-79\n"
		     "  score 3.1 7.5 vector=CVSS:3.1/X severity=HIGH scorer=nvd@nist.gov\n"
		     "  score 2.0 2.0 vector=AV:N severity=LOW scorer=b\n"
		     "  reference https://example.com tags=vendor-advisory,patch\n");
}

static void nodes_without_operator_are_alternatives(void **state)
{
	(void)state;
	expect_text(NODES("{\"nodes\":[" OR(MATCH("true", A, "") "," MATCH("true", B, "")) "," OR(
			    MATCH("true", C, "")) "]}"),
		HEAD "\n  product 0.0 " SHOWN_A ALL "  product 0.0 " SHOWN_B ALL
		     "  product 1.0 " SHOWN_C NA);
}

static void an_and_has_nodes(void **state)
{
	(void)state;
	expect_text(NODES("{\"operator\":\"AND\",\"nodes\":[" OR(MATCH("true", A,
			    ",\"versionStartIncluding\":\"1\",\"versionEndExcluding\":"
			    "\"2\"") "," MATCH("true", B,
			    ",\"versionStartExcluding\":\"1\",\"versionEndIncluding\":"
			    "\"2\"")) "," OR(MATCH("false", C, "")) "]}"),
		HEAD "\n  product 0.0 " SHOWN_A
		     "generic otherwise=unaffected fixed=2 affected [1,2)\n"
		     "  product 0.0 " SHOWN_B "generic otherwise=unaffected affected (1,2]\n"
		     "  product 0.1 " SHOWN_C "platform " NA);
	/* An AND of products, without nodes between. */
	expect_text(NODES("{\"nodes\":[{\"operator\":\"AND\",\"cpeMatch\":[" MATCH(
			    "true", A, "") "," MATCH("false", C, "") "]}]}"),
		HEAD "\n  product 0.0 " SHOWN_A ALL "  product 0.1 " SHOWN_C "platform " NA);
}

static void negation_moves_inwards(void **state)
{
	(void)state;
	expect_text(NODES("{\"operator\":\"AND\",\"nodes\":[" OR(MATCH("true", A,
			    "")) ","
				 "{\"operator\":\"OR\",\"negate\":true,\"cpeMatch\":[" MATCH(
					 "false", C, "") "]}]}"),
		HEAD "\n  product 0.0 " SHOWN_A ALL "  product 0.1 " SHOWN_C
		     "platform negated " NA);
	/* not (A and B): not A, or not B; neither makes anything affected, which is reported */
	expect_problems(NODES("{\"operator\":\"AND\",\"negate\":true,\"nodes\":[" OR(
				MATCH("true", A, "")) "," OR(MATCH("true", B, "")) "]}"),
		"CVE-2024-0001 /cve/configurations/0/nodes/0/cpeMatch/0: "
		"\"cpe:2.3:" A "\" is negated: it makes nothing affected\n"
		"CVE-2024-0001 /cve/configurations/0/nodes/1/cpeMatch/0: "
		"\"cpe:2.3:" B "\" is negated: it makes nothing affected\n",
		HEAD "\n  product 0.0 " SHOWN_A "negated " ALL "  product 1.0 " SHOWN_B
		     "negated " ALL);
}

static void children_of_the_old_form_are_flattened(void **state)
{
	(void)state;
	expect_text(
		"{\"CVE_data_type\":\"CVE\",\"CVE_Items\":[{\"cve\":{\"CVE_data_meta\":{"
		"\"ID\":\"CVE-2024-0001\"},\"description\":{\"description_data\":[{\"lang\":\"en\","
		"\"value\":\"** DISPUTED ** Really?\"}]},\"problemtype\":{\"problemtype_data\":[{"
		"\"description\":[{\"value\":\"CWE-20\"}]}]},\"references\":{\"reference_data\":[{"
		"\"url\":\"https://example.com\",\"tags\":[]}]}},\"configurations\":{\"nodes\":["
		"{\"operator\":\"AND\",\"children\":[{\"operator\":\"OR\",\"children\":[],"
		"\"cpe_match\":[{\"vulnerable\":true,\"cpe23Uri\":\"cpe:2.3:" A "\"}]},"
		"{\"operator\":\"OR\",\"children\":[],\"cpe_match\":[{\"vulnerable\":false,"
		"\"cpe23Uri\":\"cpe:2.3:" C "\"}]}],\"cpe_match\":[]},"
		"{\"operator\":\"OR\",\"cpe_match\":[{\"vulnerable\":true,\"cpe23Uri\":\"cpe:2.3:" B
		"\"}]}]},\"impact\":{\"baseMetricV3\":{\"cvssV3\":{\"version\":\"3.0\","
		"\"vectorString\":\"CVSS:3.0/X\",\"baseScore\":7.8,\"baseSeverity\":\"HIGH\"}},"
		"\"baseMetricV2\":{\"severity\":\"HIGH\",\"cvssV2\":{\"vectorString\":\"AV:N\","
		"\"baseScore\":9.3}}},\"publishedDate\":\"2024-01-01T00:00Z\","
		"\"lastModifiedDate\":\"2024-01-02T00:00Z\"}]}",
		"NVD CVE-2024-0001 disputed 1704067200 1704153600 title=** DISPUTED ** Really? "
		"cwe=CWE-20\n"
		"  score 3.0 7.8 vector=CVSS:3.0/X severity=HIGH scorer=nvd@nist.gov\n"
		"  score 2.0 9.3 vector=AV:N severity=HIGH scorer=nvd@nist.gov\n"
		"  reference https://example.com\n"
		"  product 0.0 " SHOWN_A ALL "  product 0.1 " SHOWN_C "platform " NA
		"  product 1.0 " SHOWN_B ALL);
}

static void an_override_is_a_database_of_its_own(void **state)
{
	(void)state;
	expect_text(
		"{\"_annotation\":{\"cve_id\":\"CVE-2024-0001\",\"description\":\"Words.\","
		"\"modified\":\"2024-01-02T00:00:00+00:00\",\"published\":\"2024-01-01T00:00:00\"},"
		"\"cve\":{\"configurations\":[{\"nodes\":[" OR(
			MATCH("true", A, "")) "]}],"
					      "\"references\":[\"https://example.com\"]}}",
		HEAD " database=overrides title=Words.\n  reference https://example.com\n"
		     "  product 0.0 " SHOWN_A ALL);
}

static void states_are_told_apart(void **state)
{
	(void)state;
	expect_text("{\"id\":\"CVE-2024-0001\",\"vulnStatus\":\"Rejected\"}",
		"NVD CVE-2024-0001 rejected 0 0\n");
	expect_text("{\"id\":\"CVE-2024-0001\",\"vulnStatus\":\"Modified\",\"cveTags\":[{\"tags\":["
		    "\"disputed\"]}]}",
		"NVD CVE-2024-0001 disputed 0 0\n");
}

static void what_is_not_understood_is_told(void **state)
{
	(void)state;
	expect_problems(
		NODES("{\"nodes\":[" OR("{\"vulnerable\":true,\"criteria\":\"cpe:2.3:x\"}") ",7]}"),
		"CVE-2024-0001 /cve/configurations/0/nodes/0/cpeMatch/0/criteria: \"cpe:2.3:x\" is "
		"not a CPE name\n"
		"CVE-2024-0001 /cve/configurations/0/nodes/1: not an object\n",
		HEAD "\n");
	expect_problems(
		"{\"id\":\"CVE-2024-0001\",\"vulnStatus\":\"x\",\"published\":\"2024-02-31\","
		"\"metrics\":{\"cvssMetricV31\":[{\"cvssData\":{\"baseScore\":11}}]}}",
		"CVE-2024-0001 /published: \"2024-02-31\" is not a date of 1970 or later\n"
		"CVE-2024-0001 /metrics/cvssMetricV31/0/cvssData/baseScore: not a score from 0 to "
		"10\n",
		"NVD CVE-2024-0001 published 0 0\n");
	/* AND below OR below AND has no place in the model. */
	expect_problems(NODES("{\"operator\":\"AND\",\"nodes\":[{\"operator\":\"OR\",\"nodes\":[{"
			      "\"operator\":\"AND\",\"cpeMatch\":[" MATCH("true", A, "") "]}]}]}"),
		"CVE-2024-0001 /cve/configurations/0/nodes/0/nodes/0: an AND within alternatives "
		"of "
		"an AND is left out\n",
		HEAD "\n");
}

static void deep_nesting_ends(void **state)
{
	struct reading reading;
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 1 << 20);
	tu_buf_c(&text, "{\"id\":\"CVE-2024-0001\",\"vulnStatus\":\"x\",\"configurations\":[");
	for (size_t i = 0; i < 30; i++)
		tu_buf_c(&text, "{\"operator\":\"OR\",\"nodes\":[");
	for (size_t i = 0; i < 30; i++)
		tu_buf_c(&text, "]}");
	tu_buf_c(&text, "]}");
	reading_of(&reading, tu_buf_str(&text));
	assert_int_equal(reading.status, TU_OK);
	assert_int_equal(reading.summary.records, 1);
	assert_non_null(strstr(reading.problems.ptr, "nested deeper than 16"));
	reading_done(&reading);
	tu_buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_facts_of_a_record),
		cmocka_unit_test(nodes_without_operator_are_alternatives),
		cmocka_unit_test(an_and_has_nodes),
		cmocka_unit_test(negation_moves_inwards),
		cmocka_unit_test(children_of_the_old_form_are_flattened),
		cmocka_unit_test(an_override_is_a_database_of_its_own),
		cmocka_unit_test(states_are_told_apart),
		cmocka_unit_test(what_is_not_understood_is_told),
		cmocka_unit_test(deep_nesting_ends),
	};

	return cmocka_run_group_tests_name("NVD", tests, NULL, NULL);
}
