/* KEV and EPSS. */
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
		cmocka_unit_test(scores_are_read_with_and_without_a_comment),
		cmocka_unit_test(rows_that_are_not_scores_are_told),
	};

	return cmocka_run_group_tests_name("KEV and EPSS", tests, NULL, NULL);
}
