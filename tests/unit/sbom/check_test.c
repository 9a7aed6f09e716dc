/* Profiles: each rule is met by exactly what it asks for. */
#include "read.h"

#include <tutela/sbom_check.h>

/* A document that lacks nothing that any profile asks for, in pieces that can be left out. */
struct piece {
	const char *name;
	const char *text;
};

static const struct piece pieces[] = {
	{"serial", "\"serialNumber\":\"urn:uuid:5f0c4f56-93b1-4c0e-9d5f-7f1a2c6b8e30\","},
	{"", "\"metadata\":{"},
	{"timestamp", "\"timestamp\":\"2026-01-02T03:04:05Z\","},
	{"author", "\"authors\":[{\"name\":\"J. Doe\",\"email\":\"j@example.com\"}],"},
	{"tool", "\"tools\":{\"components\":[{\"name\":\"maker\"}]},"},
	{"phase", "\"lifecycles\":[{\"phase\":\"build\"}],"},
	{"", "\"licenses\":[]},\"components\":[{\"bom-ref\":\"c\","},
	{"name", "\"name\":\"lib\","},
	{"version", "\"version\":\"1\","},
	{"supplier", "\"supplier\":{\"name\":\"ACME\",\"url\":[\"https://acme.example\"]},"},
	{"purl", "\"purl\":\"pkg:npm/lib@1\","},
	{"", "\"cpe\":\"\","},
	{"licence", "\"licenses\":[{\"expression\":\"MIT\",\"acknowledgement\":\"declared\"}],"},
	{"references",
		"\"externalReferences\":[{\"type\":\"source-distribution\",\"url\":\"https://a/"
		"s\"},"
		"{\"type\":\"distribution\",\"url\":\"https://a/b\"}],"},
	{"", "\"properties\":["},
	{"level", "{\"name\":\"tutela:support:level\",\"value\":\"abandoned\"},"},
	{"end", "{\"name\":\"cdx:lifecycle:milestone:endOfSupport\",\"value\":\"2028-01-01\"},"},
	{"filename", "{\"name\":\"bsi:component:filename\",\"value\":\"lib.so\"},"},
	{"executable", "{\"name\":\"bsi:component:executable\",\"value\":\"executable\"},"},
	{"archive", "{\"name\":\"bsi:component:archive\",\"value\":\"no archive\"},"},
	{"structured", "{\"name\":\"bsi:component:structured\",\"value\":\"structured\"},"},
	{"", "{\"name\":\"x\",\"value\":\"y\"}],\"hashes\":["},
	{"hash",
		"{\"alg\":\"SHA-512\",\"content\":"
		"\"0123456789abcdef0123456789abcdef0123456789abcdef"
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
		"\"}"},
	{"", "]}]"},
	{"link", ",\"dependencies\":[{\"ref\":\"c\",\"dependsOn\":[\"c\"]}]"},
	{"composition",
		",\"compositions\":[{\"aggregate\":\"complete\",\"dependencies\":[\"c\"]}]"},
};

/* The present of the tests: 2026-06-01. */
static const int64_t AT = INT64_C(1780272000);

static struct reading read_without(const char *left_out)
{
	struct reading reading;
	struct tu_buf text;

	tu_buf_init(&text, 1 << 20);
	tu_buf_c(&text, "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",");
	for (size_t i = 0; i < TU_COUNT(pieces); i++)
		if (!pieces[i].name[0] || strcmp(pieces[i].name, left_out) != 0)
			tu_buf_c(&text, pieces[i].text);
	tu_buf_c(&text, "}");
	reading = read_good(tu_buf_str(&text), TU_SBOM_CYCLONEDX_JSON);
	tu_buf_done(&text);
	return reading;
}

static const struct tu_check_result *check(const struct reading *reading, const char *profile)
{
	const struct tu_check_result *result = NULL;
	struct tu_error err;
	const struct tu_check_request request = {
		tu_check_profile_by_name(tu_str_c(profile)), reading->inventory, AT};

	assert_non_null(request.profile);
	assert_int_equal(tu_sbom_check(reading->arena, &request, &result, &err), TU_OK);
	return result;
}

static void a_document_with_everything_passes_every_profile(void **state)
{
	struct reading reading = read_without("nothing");

	(void)state;
	for (size_t i = 0; i < tu_check_profile_count; i++) {
		char name[40];
		const struct tu_check_result *result;

		(void)snprintf(name, sizeof(name), "%.*s", TU_STR_FMT(tu_check_profiles[i].name));
		result = check(&reading, name);
		assert_true(result->passed);
		assert_int_equal(result->score, 100);
		assert_int_equal(result->missing[0] | result->undecided[0], 0);
	}
	reading_done(&reading);
}

/* One piece less: exactly these elements are missing. */
static void each_rule_asks_for_its_own_element(void **state)
{
	static const struct {
		const char *profile;
		const char *piece;
		const char *element; /* NULL: nothing is missing */
		bool passed;
	} cases[] = {
		{"ntia", "author", "author", false},
		{"ntia", "timestamp", "timestamp", false},
		{"ntia", "supplier", "supplier", false},
		{"ntia", "name", "name", false},
		{"ntia", "version", "version", false},
		{"ntia", "purl", "identifier", false},
		{"ntia", "link", "relationship", false},
		{"ntia", "hash", "hash", true},
		{"ntia", "licence", "licence", true},
		{"ntia", "tool", NULL, true},
		{"ntia", "level", NULL, true},
		{"fda", "level", "support-level", false},
		{"fda", "end", "end-of-support", false},
		{"fda", "supplier", "supplier", false},
		{"cisa-2025", "hash", "hash", false},
		{"cisa-2025", "licence", "licence", false},
		{"cisa-2025", "tool", "tool", false},
		{"cisa-2025", "phase", "generation-context", false},
		{"cisa-2025", "filename", NULL, true},
		{"bsi-tr-03183-2", "filename", "filename", false},
		{"bsi-tr-03183-2", "executable", "executable", false},
		{"bsi-tr-03183-2", "archive", "archive", false},
		{"bsi-tr-03183-2", "structured", "structured", false},
		{"bsi-tr-03183-2", "supplier", "component-creator", false},
		{"bsi-tr-03183-2", "author", "creator", false},
		{"bsi-tr-03183-2", "composition", "completeness", false},
		{"bsi-tr-03183-2", "hash", "hash", false},
		{"fda", "hash", "hash", false},
		{"bsi-tr-03183-2", "serial", "sbom-uri", true},
		{"bsi-tr-03183-2", "purl", "identifier", true},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct reading reading = read_without(cases[i].piece);
		const struct tu_check_result *result = check(&reading, cases[i].profile);

		for (size_t k = 0; k < result->profile->rule_count; k++) {
			bool wanted = cases[i].element &&
				tu_str_eq(result->profile->rules[k].element,
					tu_str_c(cases[i].element));

			if ((result->tallies[k].missing > 0) != wanted)
				fail_msg("%s without %s: %.*s", cases[i].profile, cases[i].piece,
					TU_STR_FMT(result->profile->rules[k].element));
		}
		assert_int_equal(result->passed, cases[i].passed);
		assert_int_equal(result->score < 100, cases[i].element != NULL);
		reading_done(&reading);
	}
}

/* What the reader does not keep is no verdict, and nothing that passes. */
static void a_hash_that_may_stand_elsewhere_is_undecided(void **state)
{
	struct reading reading = read_good(
		TU_STR("{\"@context\":\"https://spdx.org/rdf/3.0.1/"
		       "spdx-context.jsonld\",\"@graph\":["
		       "{\"type\":\"CreationInfo\",\"@id\":\"_:c\",\"specVersion\":\"3.0.1\","
		       "\"created\":\"2026-01-02T03:04:05Z\",\"createdBy\":[\"https://a.example/"
		       "p\"]},"
		       "{\"type\":\"software_Package\",\"spdxId\":\"https://a.example/x\","
		       "\"creationInfo\":\"_:c\",\"name\":\"x\"}]}"),
		TU_SBOM_SPDX3_JSON);
	const struct tu_check_result *result = check(&reading, "bsi-tr-03183-2");

	(void)state;
	assert_false(result->passed);
	for (size_t i = 0; i < result->profile->rule_count; i++)
		if (tu_str_eq(result->profile->rules[i].element, TU_STR("hash")))
			assert_int_equal(result->tallies[i].undecided, 1);
	reading_done(&reading);
}

/* A document of CycloneDX with one component that has these members. */
static struct reading read_component(const char *members)
{
	struct reading reading;
	struct tu_buf text;

	tu_buf_init(&text, 1 << 20);
	tu_buf_printf(&text,
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{\"name\":"
		"\"x\","
		"\"bom-ref\":\"x\",%s}]}",
		members);
	reading = read_good(tu_buf_str(&text), TU_SBOM_CYCLONEDX_JSON);
	tu_buf_done(&text);
	return reading;
}

static size_t present(const struct tu_check_result *result, const char *element)
{
	for (size_t i = 0; i < result->profile->rule_count; i++)
		if (tu_str_eq(result->profile->rules[i].element, tu_str_c(element)))
			return result->tallies[i].present;
	fail_msg("no rule %s", element);
	return 0;
}

static const struct {
	const char *profile, *members, *element;
	size_t present;
} meanings[] = {
	{"ntia", "\"version\":\"NOASSERTION\"", "version", 0},
	{"ntia", "\"version\":\"  \\t\"", "version", 0},
	{"ntia", "\"version\":\"\\u00a0\"", "version", 0},
	{"ntia", "\"version\":\"Unknown\"", "version", 0},
	{"ntia", "\"version\":\"N/A\"", "version", 0},
	{"ntia", "\"version\":\"T.B.D.\"", "version", 0},
	{"ntia", "\"version\":\"not specified\"", "version", 0},
	{"ntia", "\"version\":\"<none>\"", "version", 0},
	{"ntia", "\"version\":\"${project.version}\"", "version", 0},
	{"ntia", "\"version\":\"-\"", "version", 0},
	{"ntia", "\"version\":\"0\"", "version", 1},
	{"ntia", "\"version\":\"1.0-unknown\"", "version", 1},
	{"ntia", "\"supplier\":{\"name\":\"none\"}", "supplier", 0},
	{"ntia", "\"supplier\":{\"name\":\"None of Us GmbH\"}", "supplier", 1},
	{"ntia", "\"supplier\":{\"name\":\"\\u65e5\\u672c\"}", "supplier", 1},
	{"ntia", "\"supplier\":{\"name\":\"n/a\"},\"publisher\":\"Acme\"", "supplier", 1},
	{"ntia", "\"licenses\":[{\"license\":{\"name\":\"UNKNOWN\"}}]", "licence", 0},
	{"ntia", "\"licenses\":[{\"expression\":\"NOASSERTION OR (NONE)\"}]", "licence", 0},
	{"ntia", "\"licenses\":[{\"license\":{\"name\":\"LicenseRef-unknown\"}}]", "licence", 0},
	{"ntia", "\"licenses\":[{\"expression\":\"MIT OR NOASSERTION\"}]", "licence", 1},
	{"ntia", "\"purl\":\"pkg:\"", "identifier", 0},
	{"ntia", "\"purl\":\"pkg:npm\"", "identifier", 0},
	{"ntia", "\"purl\":\"https://npm/x\"", "identifier", 0},
	{"ntia", "\"purl\":\" pkg:npm/x@1 \"", "identifier", 1},
	{"ntia", "\"cpe\":\"not a cpe\"", "identifier", 0},
	{"ntia", "\"cpe\":\"cpe:2.3:a:*:*:1:*:*:*:*:*:*:*\"", "identifier", 0},
	{"ntia", "\"cpe\":\"cpe:2.3:a:v:p:1:*:*:*:*:*:*:*\"", "identifier", 1},
	{"ntia", "\"swid\":{\"tagId\":\"\",\"name\":\"x\"}", "identifier", 0},
	{"ntia", "\"swid\":{\"tagId\":\" \",\"name\":\"x\"}", "identifier", 0},
	{"ntia", "\"swid\":{\"tagId\":\"a.example.x\",\"name\":\"x\"}", "identifier", 1},
	{"ntia", "\"swhid\":[\"swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2\"]", "identifier",
		1},
	{"bsi-tr-03183-2", "\"supplier\":{\"name\":\"A\",\"url\":[\"n/a\"]}", "component-creator",
		0},
	{"bsi-tr-03183-2", "\"manufacturer\":{\"name\":\"A\",\"url\":[\"https://a.example\"]}",
		"component-creator", 1},
	{"bsi-tr-03183-2", "\"externalReferences\":[{\"type\":\"vcs\",\"url\":\"https://a/g\"}]",
		"source-uri", 1},
	{"fda",
		"\"hashes\":[{\"alg\":\"SHA-1\",\"content\":"
		"\"0123456789abcdef0123456789abcdef01234567\"}]",
		"hash", 0},
	{"fda",
		"\"hashes\":[{\"alg\":\"SHA-256\",\"content\":"
		"\"0123456789abcdef0123456789abcdef"
		"0123456789abcdef0123456789abcdef\"}]",
		"hash", 1},
};

/* Words that state nothing do not count; others that look like them do. */
static void values_are_judged_by_their_meaning(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(meanings); i++) {
		struct reading reading = read_component(meanings[i].members);
		const struct tu_check_result *result = check(&reading, meanings[i].profile);

		if (present(result, meanings[i].element) != meanings[i].present)
			fail_msg("%s: %s is %s", meanings[i].members, meanings[i].element,
				meanings[i].present ? "not present" : "present");
		reading_done(&reading);
	}
}

/* FDA's support data: a closed list of levels, dates, and what they say together. */
static void support_is_judged_by_its_values(void **state)
{
	static const struct {
		const char *level, *end, *why; /* NULL: not stated */
		size_t levels, ends; /* present */
		const char *remark; /* part of it, or NULL */
	} cases[] = {
		{"actively-maintained", "2028-12-31", NULL, 1, 1, NULL},
		{"Actively Maintained", "2028-12-31", NULL, 1, 1, NULL},
		{"NO_LONGER_MAINTAINED", "2026-06-01", NULL, 1, 1, NULL},
		{"end of life", "2024-01-01T00:00:00Z", NULL, 1, 1, "ended on 2024-01-01"},
		{"abandoned", "2001-01-01", NULL, 1, 1, "ended on 2001-01-01"},
		{"actively-maintained", "2026-05-31", NULL, 1, 0, "one of the two is wrong"},
		{"banana", "2028-12-31", NULL, 0, 1, "\"banana\" is no level"},
		{"TBD", "2028-02-30", NULL, 0, 0, "\"2028-02-30\" is no date"},
		{NULL, "soon", NULL, 0, 0, "\"soon\" is no date"},
		{NULL, NULL, NULL, 0, 0, NULL},
		{NULL, NULL, "made here, fixed by us", 1, 1, "justified: made here"},
		{NULL, NULL, "n/a", 0, 0, NULL},
		{"banana", NULL, "made here", 0, 1, "is no level"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		static const char *const names[] = {
			"level_of_support", "end_of_support", "tutela:support:justification"};
		const char *values[] = {cases[i].level, cases[i].end, cases[i].why};
		char members[600] = "\"properties\":[{\"name\":\"a\",\"value\":\"b\"}";
		const struct tu_check_result *result;
		struct reading reading;

		for (size_t k = 0; k < TU_COUNT(values); k++)
			if (values[k])
				(void)snprintf(members + strlen(members),
					sizeof(members) - strlen(members),
					",{\"name\":\"%s\",\"value\":\"%s\"}", names[k], values[k]);
		(void)snprintf(members + strlen(members), sizeof(members) - strlen(members), "]");
		reading = read_component(members);
		result = check(&reading, "fda");
		assert_int_equal(present(result, "support-level"), cases[i].levels);
		assert_int_equal(present(result, "end-of-support"), cases[i].ends);
		if (!cases[i].remark)
			assert_int_equal(result->remark_count, 0);
		else if (!result->remark_count ||
			tu_str_search(result->remarks[0].words, tu_str_c(cases[i].remark)) ==
				result->remarks[0].words.len)
			fail_msg("no remark says %s", cases[i].remark);
		reading_done(&reading);
	}
}

/* Dependencies are listed, known to be none, said to be incomplete; or nothing is said. */
static void unknown_dependencies_are_to_be_said(void **state)
{
	static const struct {
		const char *document;
		size_t known, complete;
	} cases[] = {
		{"", 0, 0},
		{",\"dependencies\":[{\"ref\":\"x\"}]", 1, 0},
		{",\"dependencies\":[{\"ref\":\"x\",\"dependsOn\":[]}]", 1, 0},
		{",\"compositions\":[{\"aggregate\":\"unknown\",\"dependencies\":[\"x\"]}]", 1, 1},
		{",\"compositions\":[{\"aggregate\":\"incomplete\",\"assemblies\":[\"x\"]}]", 1, 1},
		{",\"compositions\":[{\"aggregate\":\"not_specified\",\"assemblies\":[\"x\"]}]", 0,
			0},
		{",\"compositions\":[{\"aggregate\":\"complete\",\"assemblies\":[\"y\"]}]", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct reading reading;
		char text[400];

		(void)snprintf(text, sizeof(text),
			"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
			"{\"name\":\"x\",\"bom-ref\":\"x\"}]%s}",
			cases[i].document);
		reading = read_good(tu_str_c(text), TU_SBOM_CYCLONEDX_JSON);
		assert_int_equal(
			present(check(&reading, "ntia"), "known-unknowns"), cases[i].known);
		assert_int_equal(present(check(&reading, "bsi-tr-03183-2"), "completeness"),
			cases[i].complete);
		reading_done(&reading);
	}
}

static void nothing_to_judge_does_not_pass(void **state)
{
	struct reading reading =
		read_good(TU_STR("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\"}"),
			TU_SBOM_CYCLONEDX_JSON);

	(void)state;
	assert_false(check(&reading, "ntia")->passed);
	assert_int_equal(check(&reading, "ntia")->score, 0);
	reading_done(&reading);
}

static void files_beside_packages_are_not_judged(void **state)
{
	struct reading reading = read_good(
		TU_STR("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
		       "{\"type\":\"library\",\"name\":\"a\"},{\"type\":\"file\",\"name\":\"b\"}]"
		       "}"),
		TU_SBOM_CYCLONEDX_JSON);
	const struct tu_check_result *result = check(&reading, "ntia");

	(void)state;
	assert_int_equal(result->judged, 1);
	assert_int_equal(result->files, 1);
	assert_int_equal(result->missing[1], 0);
	reading_done(&reading);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_with_everything_passes_every_profile),
		cmocka_unit_test(each_rule_asks_for_its_own_element),
		cmocka_unit_test(a_hash_that_may_stand_elsewhere_is_undecided),
		cmocka_unit_test(values_are_judged_by_their_meaning),
		cmocka_unit_test(support_is_judged_by_its_values),
		cmocka_unit_test(unknown_dependencies_are_to_be_said),
		cmocka_unit_test(nothing_to_judge_does_not_pass),
		cmocka_unit_test(files_beside_packages_are_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
