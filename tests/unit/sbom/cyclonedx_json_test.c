#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sbom_kit.h"
#include "error_text.h"

#define SERIAL "3e671687-395b-41f5-a30f-a58921a69b79"

static void reads_the_document(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'serialNumber': 'urn:uuid:" SERIAL "', 'version': 1, 'metadata': {"
		"'timestamp': '2024-05-06T07:08:09Z', 'component': {'type': 'device', "
		"'bom-ref': 'pump', 'name': 'pump', 'version': '3', 'components': "
		"[{'name': 'inside'}]}, 'tools': [{'vendor': 'acme', 'name': 'gen', "
		"'version': '1.2'}]}, 'components': [{'name': 'a'}]");

	assert_int_equal(inventory->format, TU_SBOM_CYCLONEDX_JSON);
	assert_text(inventory->spec_version, "1.6");
	assert_text(inventory->serial, "urn:uuid:" SERIAL);
	assert_text(inventory->created, "2024-05-06T07:08:09Z");
	assert_text(inventory->name, "pump");
	assert_int_equal(inventory->tool_count, 1);
	assert_text(inventory->tools[0], "gen 1.2");
	assert_int_equal(inventory->subject, 0);
	assert_int_equal(inventory->component_count, 3);
	assert_pointer(inventory, 0, "/metadata/component");
	assert_pointer(inventory, 1, "/metadata/component/components/0");
	assert_int_equal(inventory->components[1].parent, 0);
	assert_pointer(inventory, 2, "/components/0");
	assert_notes(inventory, 0);
}

static void reads_tools_that_are_components(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'metadata': {'tools': {'components': [{'name': 'gen', 'version': '1'}, "
		"{'name': 'scan'}], 'services': [{'name': 'host'}]}}");

	assert_int_equal(inventory->tool_count, 3);
	assert_text(inventory->tools[0], "gen 1");
	assert_text(inventory->tools[1], "scan");
	assert_text(inventory->tools[2], "host");
	assert_int_equal(inventory->component_count, 0);
}

static void reads_every_version_from_1_2_to_1_7(void **state)
{
	for (int minor = 0; minor <= 9; minor++) {
		struct reading *r = *state;
		char text[80];

		(void)snprintf(text, sizeof(text),
			"{'bomFormat': 'CycloneDX', 'specVersion': '1.%d'}", minor);
		if (minor >= 2 && minor <= 7) {
			assert_non_null(try_quoted(r, text));
		} else {
			assert_null(try_quoted(r, text));
			assert_int_equal(r->err.status, TU_E_UNSUPPORTED);
			assert_non_null(
				strstr(error_text(&r->err), "versions 1.2 to 1.7 are read"));
			assert_non_null(strstr(error_text(&r->err), "/specVersion"));
		}
	}
}

static void an_empty_document_has_no_components(void **state)
{
	const struct tu_inventory *inventory = read_quoted(*state,
		"{'bomFormat': 'CycloneDX', 'specVersion': '1.4', "
		"'components': []}");

	assert_int_equal(inventory->component_count, 0);
	assert_null(inventory->components);
	assert_int_equal(inventory->subject, TU_NO_COMPONENT);
	assert_text(inventory->serial, "");
	assert_text(inventory->name, "");
	assert_text(inventory->created, "");
}

/* REQ-SBOM-2: what is not read is reported, with its place and number. */
static void reads_dependencies(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'dependencies': [{'ref': 'a', 'dependsOn': ['b', 'c', 'svc'], 'provides': ['b']},"
		"{'ref': 'b'}], 'components': [{'name': 'a', 'bom-ref': 'a'}, {'name': 'b', "
		"'bom-ref': 'b', 'components': [{'name': 'c', 'bom-ref': 'c'}]}], "
		"'services': [{'bom-ref': 'svc', 'name': 's'}]");

	assert_int_equal(inventory->relationship_count, 3);
	assert_relationship(inventory, 0, 0, TU_REL_DEPENDS_ON, 1);
	assert_relationship(inventory, 1, 0, TU_REL_DEPENDS_ON, 2);
	assert_relationship(inventory, 2, 0, TU_REL_PROVIDES, 1);
	assert_note(inventory, "/services", "not read as components: services, 1", 1);
	assert_notes(inventory, 1);
}

static void takes_cyclic_dependencies_as_they_are(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'components': [{'name': 'a', 'bom-ref': 'a'}, {'name': 'b', 'bom-ref': 'b'}], "
		"'dependencies': [{'ref': 'a', 'dependsOn': ['b', 'a']}, "
		"{'ref': 'b', 'dependsOn': ['a']}]");

	assert_int_equal(inventory->relationship_count, 3);
	assert_relationship(inventory, 1, 0, TU_REL_DEPENDS_ON, 0);
	assert_notes(inventory, 0);
}

static void tells_dangling_references(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'components': [{'name': 'a', 'bom-ref': 'a'}], 'dependencies': ["
		"{'ref': 'a', 'dependsOn': ['gone', 7]}, {'ref': 'gone', 'dependsOn': ['a']}, "
		"{'dependsOn': ['a']}]");

	assert_int_equal(inventory->relationship_count, 0);
	assert_note(inventory, "/dependencies/0/dependsOn/0",
		"a dependency names what the document does not have: gone", 2);
	assert_note(
		inventory, "/dependencies/0/dependsOn/1", "expected a string, found a number", 1);
	assert_note(inventory, "/dependencies/2", "left out: a dependency without ref", 1);
}

static void gives_a_duplicate_reference_to_the_first(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'components': [{'name': 'a', 'bom-ref': 'x'}, {'name': 'b', 'bom-ref': 'x'}, "
		"{'name': 'c', 'bom-ref': 'y'}], 'dependencies': [{'ref': 'y', 'dependsOn': "
		"['x']}]");

	assert_int_equal(inventory->component_count, 3);
	assert_relationship(inventory, 0, 2, TU_REL_DEPENDS_ON, 0);
	assert_text(inventory->components[1].ref, "");
	assert_note(inventory, "/components/1",
		"an earlier component has the same reference, which stays with that one: x", 1);
}

static void reads_embedded_vex(void **state)
{
	static const struct {
		const char *word;
		enum tu_claim_status status;
	} states[] = {
		{"resolved", TU_CLAIM_FIXED},
		{"resolved_with_pedigree", TU_CLAIM_FIXED},
		{"exploitable", TU_CLAIM_AFFECTED},
		{"in_triage", TU_CLAIM_UNDER_INVESTIGATION},
		{"false_positive", TU_CLAIM_NOT_AFFECTED},
		{"not_affected", TU_CLAIM_NOT_AFFECTED},
	};

	for (size_t i = 0; i < TU_COUNT(states); i++) {
		const struct tu_inventory *inventory;
		char members[512];

		(void)snprintf(members, sizeof(members),
			"'components': [{'name': 'a', 'bom-ref': 'a'}], 'vulnerabilities': ["
			"{'id': 'CVE-1', 'analysis': {'state': '%s', 'justification': 'j', "
			"'detail': 'd'}, 'affects': [{'ref': 'a'}]}]",
			states[i].word);
		inventory = read_cyclonedx(*state, members);
		assert_int_equal(inventory->claim_count, 1);
		assert_text(inventory->claims[0].vulnerability, "CVE-1");
		assert_int_equal(inventory->claims[0].status, states[i].status);
		assert_text(inventory->claims[0].justification, "j");
		assert_text(tu_claim_detail(&inventory->claims[0]), "d");
		assert_int_equal(inventory->claims[0].products[0].component_count, 1);
		assert_int_equal(inventory->claims[0].products[0].components[0], 0);
		assert_notes(inventory, 0);
	}
}

/* Whom a statement is about, by the reference in affects: NULL, nothing here; "" the whole
 * document; else the component's name. */
static void follows_references_of_statements(void **state)
{
	static const struct {
		const char *ref;
		const char *about;
	} cases[] = {
		{"a@1", "a"},
		{"urn:cdx:" SERIAL "/1#a@1", "a"},
		{"urn:cdx:" SERIAL "/1#a%401", "a"},
		{"urn:cdx:3E671687-395B-41F5-A30F-A58921A69B79/1#a@1", "a"},
		{"a%401", "a"},
		{"a%4", NULL},
		{"urn:cdx:" SERIAL "/1", ""},
		{"urn:cdx:00000000-0000-0000-0000-000000000000/1#a@1", NULL},
		{"urn:cdx:00000000-0000-0000-0000-000000000000/1", NULL},
		{"svc", NULL},
		{"gone", NULL},
	};

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const struct tu_inventory *inventory;
		const struct tu_vex_product *product;
		char members[512];

		(void)snprintf(members, sizeof(members),
			"'serialNumber': 'urn:uuid:" SERIAL "', 'components': [{'name': 'a', "
			"'bom-ref': 'a@1'}], 'services': [{'bom-ref': 'svc'}], "
			"'vulnerabilities': [{'id': 'CVE-1', 'affects': [{'ref': '%s'}]}]",
			cases[i].ref);
		inventory = read_cyclonedx(*state, members);
		assert_int_equal(inventory->claim_count, 1);
		assert_int_equal(inventory->claims[0].product_count, 1);
		product = inventory->claims[0].products;
		assert_int_equal(product->component_count, cases[i].about && *cases[i].about);
		assert_int_equal(product->whole, cases[i].about && !*cases[i].about);
		assert_int_equal(product->dangling,
			strcmp(cases[i].ref, "gone") == 0 || strcmp(cases[i].ref, "a%4") == 0);
	}
}

/* Without a serial number no BOM-Link can mean this document. */
static void a_link_into_a_nameless_document_is_foreign(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'vulnerabilities': [{'id': 'CVE-1', 'affects': [{'ref': 'urn:cdx:" SERIAL
		"/1'}]}, {'id': 'CVE-2'}]");

	assert_int_equal(inventory->claim_count, 2);
	assert_false(inventory->claims[0].products[0].whole);
	assert_int_equal(inventory->claims[1].product_count, 0);
	assert_note(inventory, "/vulnerabilities/0/affects/0/ref",
		"a vulnerability names what the document does not have: urn:cdx:" SERIAL "/1", 1);
}

static void tells_statements_that_say_too_little_or_too_much(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'components': [{'name': 'a', 'bom-ref': 'a'}], 'vulnerabilities': ["
		"{'affects': [{'ref': 'a'}]}, {'id': 'CVE-1', 'analysis': {'state': 'who knows'}, "
		"'affects': [{'ref': 'a', 'versions': [{'version': '1'}]}]}]");

	assert_int_equal(inventory->claim_count, 1);
	assert_int_equal(inventory->claims[0].status, TU_CLAIM_UNSTATED);
	assert_note(inventory, "/vulnerabilities/0", "left out: a vulnerability without id", 1);
	assert_note(inventory, "/vulnerabilities/1/analysis/state",
		"not understood: analysis state who knows", 1);
	assert_true(inventory->claims[0].garbled);
	assert_text(inventory->claims[0].products[0].versions[0], "1");
}

static void tells_parts_that_are_not_read(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'compositions': [{'aggregate': 'complete'}], 'annotations': [], 'formulation': "
		"[{}], 'declarations': {}, 'surprise': 1, 'properties': [{'name': 'x'}]");

	assert_note(inventory, "/compositions", "not read: compositions", 1);
	assert_note(inventory, "/formulation", "not read: formulation", 1);
	assert_note(inventory, "/surprise", "not understood: member of the document: surprise", 1);
	assert_notes(inventory, 3);
}

static void knows_a_document_that_does_not_name_its_format(void **state)
{
	struct reading *r = *state;

	read_quoted(r, "{'specVersion': '1.5', 'components': [{'name': 'a'}]}");
	assert_int_equal(r->inventory->component_count, 1);
	assert_note(r->inventory, "",
		"bomFormat does not say \"CycloneDX\": taken for it by its members", 1);
	read_quoted(r, "{'bomFormat': 'CycloneDX', 'components': [{'name': 'a'}]}");
	assert_note(
		r->inventory, "", "no specVersion: read as the newest one known, CycloneDX 1.7", 1);
	assert_text(r->inventory->spec_version, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		READING_TEST(reads_the_document),
		READING_TEST(reads_tools_that_are_components),
		READING_TEST(reads_every_version_from_1_2_to_1_7),
		READING_TEST(an_empty_document_has_no_components),
		READING_TEST(reads_dependencies),
		READING_TEST(takes_cyclic_dependencies_as_they_are),
		READING_TEST(tells_dangling_references),
		READING_TEST(gives_a_duplicate_reference_to_the_first),
		READING_TEST(reads_embedded_vex),
		READING_TEST(follows_references_of_statements),
		READING_TEST(a_link_into_a_nameless_document_is_foreign),
		READING_TEST(tells_statements_that_say_too_little_or_too_much),
		READING_TEST(tells_parts_that_are_not_read),
		READING_TEST(knows_a_document_that_does_not_name_its_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
