#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sbom_kit.h"
#include "error_text.h"

/* What is no SBOM that is read is named. (Forms of SBOMs without a reader yet: the corpus of
 * tests/conformance/sbom.py has them all.) */
static void names_what_it_does_not_read(void **state)
{
	static const struct {
		struct tu_str text;
		const char *name;
	} cases[] = {
		{TU_STR_INIT("{\"spdxVersion\": \"SPDX-3.0\"}"), "SPDX 3 JSON"},
		{TU_STR_INIT("{\"@context\": \"https://openvex.dev/ns/v0.2.0\"}"), "OpenVEX"},
		{TU_STR_INIT("{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}"),
			"a JSON schema"},
		{TU_STR_INIT("{\"artifacts\": [], \"descriptor\": {}}"), "syft JSON"},
		{TU_STR_INIT("{\"SchemaVersion\": 2, \"Results\": []}"), "Trivy JSON"},
		{TU_STR_INIT("{\"document\": {}, \"vulnerabilities\": []}"), "CSAF"},
		{TU_STR_INIT("{\"payloadType\": \"x\", \"payload\": \"eA==\"}"), "a DSSE envelope"},
		{TU_STR_INIT("{\"hello\": 1}"), "JSON, but not an SBOM format that is supported"},
		{TU_STR_INIT("<html/>"), "element \"html\" without a namespace"},
		{TU_STR_INIT("<bom xmlns=\"https://cyclonedx.org/schema/bom/1.5\"/>"),
			"element \"bom\" in namespace \"https://cyclonedx.org/schema/bom/1.5\", "
			"which "
			"is not CycloneDX's"},
		{TU_STR_INIT("@prefix spdx: <http://spdx.org/rdf/terms#> ."), "SPDX RDF (Turtle)"},
		{TU_STR_INIT("\x0a\x03"
			     "1.6\x12\x01"
			     "1"),
			"CycloneDX protobuf"},
		{TU_STR_INIT("hello"), "not an SBOM format that is supported"},
	};

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct reading *r = *state;

		assert_null(read_text(r, cases[i].text));
		assert_int_equal(r->err.status, TU_E_UNSUPPORTED);
		if (!strstr(error_text(&r->err), cases[i].name))
			fail_msg("expected %s: %s", cases[i].name, error_text(&r->err));
		assert_non_null(strstr(error_text(&r->err), "line 1, column 1"));
		assert_non_null(strstr(error_text(&r->err), "are read"));
	}
}

static void skips_space_and_a_byte_order_mark(void **state)
{
	struct reading *r = *state;

	assert_non_null(read_text(r,
		TU_STR("\xef\xbb\xbf \n{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\"}\n")));
	assert_int_equal(r->inventory->format, TU_SBOM_CYCLONEDX_JSON);
}

static void finds_a_wrapped_document(void **state)
{
	static const char *const members[] = {"sbom", "bom", "predicate"};

	for (size_t i = 0; i < TU_COUNT(members); i++) {
		const struct tu_inventory *inventory;
		char text[256];
		char place[64];

		(void)snprintf(text, sizeof(text),
			"{'other': {}, '%s': {'bomFormat': 'CycloneDX', 'specVersion': '1.6', "
			"'components': [{'name': 'a', 'x': 1}]}}",
			members[i]);
		inventory = read_quoted(*state, text);
		assert_int_equal(inventory->component_count, 1);
		(void)snprintf(place, sizeof(place), "/%s", members[i]);
		assert_text(inventory->root, place);
		(void)snprintf(place, sizeof(place), "/%s/components/0", members[i]);
		assert_pointer(inventory, 0, place);
		(void)snprintf(place, sizeof(place), "/%s/components/0/x", members[i]);
		assert_note(inventory, place, "not understood: member of a component: x", 1);
		assert_notes(inventory, 2);
	}
}

static void gives_every_format_a_name(void **state)
{
	(void)state;
	assert_string_equal(tu_sbom_format_name(TU_SBOM_CYCLONEDX_JSON), "CycloneDX JSON");
	assert_string_equal(tu_sbom_format_name(TU_SBOM_SPDX_JSON), "SPDX JSON");
	assert_string_equal(tu_sbom_format_name(TU_SBOM_UNKNOWN), "unknown");
	assert_string_equal(tu_claim_status_name(TU_CLAIM_NOT_AFFECTED), "not_affected");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		READING_TEST(names_what_it_does_not_read),
		READING_TEST(skips_space_and_a_byte_order_mark),
		READING_TEST(finds_a_wrapped_document),
		READING_TEST(gives_every_format_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
