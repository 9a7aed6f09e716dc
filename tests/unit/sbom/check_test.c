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
	{"licence", "\"licenses\":[{\"expression\":\"MIT\"}],"},
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
};

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

	assert_non_null(tu_check_profile_by_name(tu_str_c(profile)));
	assert_int_equal(tu_sbom_check(reading->arena, tu_check_profile_by_name(tu_str_c(profile)),
				 reading->inventory, &result, &err),
		TU_OK);
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
	struct reading reading = read_without("hash");
	const struct tu_check_result *result = check(&reading, "bsi-tr-03183-2");

	(void)state;
	assert_false(result->passed);
	assert_int_equal(result->missing[0], 0);
	assert_int_not_equal(result->undecided[0], 0);
	reading_done(&reading);
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
		cmocka_unit_test(nothing_to_judge_does_not_pass),
		cmocka_unit_test(files_beside_packages_are_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
