#include "unit/advisory/reading.h"

#define OSV(more) "{\"id\":\"GHSA-1\",\"modified\":\"2024-01-02T00:00:00Z\"" more "}"
#define HEAD "OSV GHSA-1 published 0 1704153600 database=GHSA"
#define AFFECTED(ecosystem, name, more) \
	OSV(",\"affected\":[{\"package\":{\"ecosystem\":\"" ecosystem "\",\"name\":\"" name \
	    "\"}" more "}]")
#define RANGE(type, events) ",\"ranges\":[{\"type\":\"" type "\",\"events\":[" events "]}]"

static void reads_the_facts_of_a_record(void **state)
{
	(void)state;
	expect_text("{\"schema_version\":\"1.6.0\",\"id\":\"PYSEC-2024-1\","
		    "\"modified\":\"2024-01-02T00:00:00Z\",\"published\":\"2024-01-01T00:00:00Z\","
		    "\"withdrawn\":\"2024-01-03T00:00:00Z\",\"aliases\":[\"CVE-2024-0001\"],"
		    "\"related\":[\"CVE-2024-0002\"],\"upstream\":[\"CVE-2024-0003\"],"
		    "\"details\":\"# Heading\\nMore.\",\"severity\":[{\"type\":\"CVSS_V3\","
		    "\"score\":\"CVSS:3.1/X\"},{\"type\":\"Ubuntu\",\"score\":\"medium\"}],"
		    "\"database_specific\":{\"severity\":\"HIGH\",\"cwe_ids\":[\"CWE-79\"]},"
		    "\"references\":[{\"type\":\"FIX\",\"url\":\"https://example.com\"}]}",
		"OSV PYSEC-2024-1 withdrawn 1704067200 1704153600 withdrawn 1704240000 "
		"database=PYSEC title=# Heading alias=CVE-2024-0001 related=CVE-2024-0002 "
		"related=CVE-2024-0003 cwe=CWE-79\n"
		"  score 3.1 vector=CVSS:3.1/X scorer=PYSEC\n"
		"  score  severity=medium scorer=PYSEC\n"
		"  score  severity=HIGH scorer=PYSEC\n"
		"  reference https://example.com tags=fix\n");
}

static void events_make_intervals(void **state)
{
	(void)state;
	expect_text(AFFECTED("npm", "a",
			    RANGE("SEMVER",
				    "{\"introduced\":\"0\"},{\"fixed\":\"1.2.0\"},"
				    "{\"introduced\":\"2.0.0\"},{\"last_affected\":\"2.3.0\"},"
				    "{\"introduced\":\"3.0.0\"}")),
		HEAD "\n  package npm name=a npm otherwise=unaffected fixed=1.2.0 "
		     "affected [,1.2.0) affected [2.0.0,2.3.0] affected [3.0.0,]\n");
	/* In any order, and a pair in one object. */
	expect_text(AFFECTED("npm", "a",
			    RANGE("SEMVER", "{\"fixed\":\"1.2.0\"},{\"introduced\":\"1.0.0\"}")),
		HEAD "\n  package npm name=a npm otherwise=unaffected fixed=1.2.0 "
		     "affected [1.0.0,1.2.0)\n");
	expect_text(
		AFFECTED("npm", "a", RANGE("SEMVER", "{\"introduced\":\"0\",\"fixed\":\"1.2.0\"}")),
		HEAD "\n  package npm name=a npm otherwise=unaffected fixed=1.2.0 "
		     "affected [,1.2.0)\n");
	expect_text(AFFECTED("Debian:12", "a",
			    RANGE("ECOSYSTEM", "{\"introduced\":\"0\"},{\"limit\":\"*\"}")),
		HEAD "\n  package deb ns=debian name=a distro=debian-12 deb otherwise=unaffected "
		     "affected [,]\n");
}

static void enumerated_versions_fill_what_ranges_leave_open(void **state)
{
	(void)state;
	expect_text(
		AFFECTED("PyPI", "a",
			RANGE("ECOSYSTEM",
				"{\"introduced\":\"1.0\"},{\"fixed\":\"1.5\"}") ",\"versions\":["
										"\"1.0\",\"1.4."
										"post1\",\"2.0\"]"),
		HEAD "\n  package pypi name=a pypi otherwise=unaffected fixed=1.5 "
		     "affected [1.0,1.5) affected [2.0,2.0]\n");
	expect_text(AFFECTED("npm", "a", ",\"versions\":[\"1.0.0\"]"),
		HEAD "\n  package npm name=a npm otherwise=unaffected affected [1.0.0,1.0.0]\n");
	/* Neither: all versions. */
	expect_text(
		AFFECTED("npm", "a", ""), HEAD "\n  package npm name=a npm otherwise=affected\n");
}

static void commits_are_left_out_unless_versions_stand_beside_them(void **state)
{
	(void)state;
	expect_text(AFFECTED("OSS-Fuzz", "a",
			    RANGE("GIT", "{\"introduced\":\"0\"},{\"fixed\":\"abc\"}")),
		HEAD "\n");
	expect_text(OSV(",\"affected\":[{\"ranges\":[{\"type\":\"GIT\","
			"\"repo\":\"https://github.com/Acme/"
			"Pump.git\",\"events\":[{\"introduced\":\"0\"}]}],"
			"\"versions\":[\"v1.0\"]}]"),
		HEAD "\n  package github ns=acme name=pump generic otherwise=unaffected "
		     "affected [v1.0,v1.0]\n");
	expect_problems(OSV(",\"affected\":[{\"ranges\":[]}]"),
		"GHSA-1 /affected/0: neither a package nor a repository that packages name\n",
		HEAD "\n");
}

static void go_names_what_is_imported_and_the_kernel_is_a_product(void **state)
{
	(void)state;
	expect_text(
		AFFECTED("Go", "example.com/a/b",
			RANGE("SEMVER",
				"{\"introduced\":\"0\"}") ",\"ecosystem_specific\":{\"imports\":[{"
							  "\"path\":\"example.com/a/b/c\"},"
							  "{\"path\":\"example.com/a/b/d\"}]}"),
		HEAD "\n  package golang ns=example.com/a name=b module=example.com/a/b/c "
		     "example.com/a/b/d golang otherwise=unaffected affected [,]\n");
	expect_text(
		AFFECTED("Linux", "Kernel",
			RANGE("ECOSYSTEM", "{\"introduced\":\"5.5.0\"},{\"fixed\":\"5.10.42\"}")),
		HEAD "\n  product 0.0 cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:* kernel "
		     "otherwise=unaffected fixed=5.10.42 affected [5.5.0,5.10.42)\n");
}

static void what_is_not_understood_is_told(void **state)
{
	(void)state;
	expect_problems(AFFECTED("No Such", "a", ""),
		"GHSA-1 /affected/0/package/ecosystem: an ecosystem that is not known: \"No "
		"Such\"\n",
		HEAD "\n");
	expect_problems(AFFECTED("Packagist", "no-vendor", ""),
		"GHSA-1 /affected/0/package/name: \"no-vendor\" is not a package name of "
		"Packagist\n",
		HEAD "\n");
	expect_problems(
		AFFECTED("npm", "a",
			RANGE("SEMVER",
				"{\"introduced\":1},{\"broken\":\"1\"}") ",\"versions\":{}"),
		"GHSA-1 /affected/0/ranges/0/events/0/introduced: not a string but a number\n"
		"GHSA-1 /affected/0/ranges/0/events/0/introduced: an event without version\n"
		"GHSA-1 /affected/0/ranges/0/events/1/broken: not a kind of event\n"
		"GHSA-1 /affected/0/ranges/0: no event \"introduced\"\n"
		"GHSA-1 /affected/0/versions: not an array\n",
		HEAD "\n  package npm name=a npm otherwise=unknown\n");
	expect_problems(
		"{\"id\":\"\",\"modified\":\"x\"}", "/id: a record without a usable id\n", "");
	expect_problems(OSV(",\"severity\":[{\"type\":\"CVSS_V3\",\"score\":\"7.5\"}]"),
		"GHSA-1 /severity/0/score: not a CVSS vector\n", HEAD "\n");
	expect_text("{\"id\":\"A-1\",\"modified\":\"0001-01-01T00:00:00Z\"}",
		"OSV A-1 published 0 0 database=A\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_facts_of_a_record),
		cmocka_unit_test(events_make_intervals),
		cmocka_unit_test(enumerated_versions_fill_what_ranges_leave_open),
		cmocka_unit_test(commits_are_left_out_unless_versions_stand_beside_them),
		cmocka_unit_test(go_names_what_is_imported_and_the_kernel_is_a_product),
		cmocka_unit_test(what_is_not_understood_is_told),
	};

	return cmocka_run_group_tests_name("OSV", tests, NULL, NULL);
}
