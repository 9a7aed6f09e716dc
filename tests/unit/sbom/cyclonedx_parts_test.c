/* What a conversion needs and matching does not: parties, licences, references, texts. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sbom_kit.h"

static void keeps_who_made_a_component(void **state)
{
	const struct tu_component *c = read_component(*state,
		"'supplier': {'name': 'S', 'url': ['https://s', 'https://s2'], 'contact': "
		"[{'name': 'Desk'}, {'email': 'a@s', 'phone': '1'}]}, 'publisher': 'P', "
		"'authors': [{'name': 'Jane', 'email': 'j@x'}, {'name': 'Joe'}]");
	const struct tu_party *makers;

	assert_non_null(c->detail);
	makers = c->detail->makers;
	assert_int_equal(c->detail->maker_count, 4);
	assert_int_equal(makers[0].role, TU_ROLE_SUPPLIER);
	assert_int_equal(makers[0].kind, TU_PARTY_ORGANIZATION);
	assert_int_equal(makers[0].url_count, 2);
	assert_text(makers[0].urls[1], "https://s2");
	assert_int_equal(makers[0].contact_count, 2);
	assert_text(makers[0].contacts[0].name, "Desk");
	assert_text(makers[0].contacts[1].phone, "1");
	assert_text(tu_party_contact(&makers[0]), "a@s");
	assert_int_equal(makers[1].role, TU_ROLE_PUBLISHER);
	assert_int_equal(makers[1].kind, TU_PARTY_UNSTATED);
	assert_int_equal(makers[2].kind, TU_PARTY_PERSON);
	assert_text(tu_party_contact(&makers[2]), "j@x");
	assert_text(makers[3].name, "Joe");
	assert_text(c->supplier, "S");
	assert_text(c->contact, "a@s");
}

static void keeps_the_kinds_of_licences(void **state)
{
	const struct tu_component *c = read_component(*state,
		"'licenses': [{'license': {'id': 'MIT', 'url': 'https://x', 'acknowledgement': "
		"'declared', 'text': {'content': 'TWFk', 'encoding': 'base64', 'contentType': "
		"'text/plain'}}}, {'license': {'name': 'ACME terms'}}, {'expression': 'MIT OR "
		"ISC', "
		"'acknowledgement': 'concluded'}, {'license': {'id': 'MIT', 'acknowledgement': "
		"'concluded'}}]");

	assert_int_equal(c->licence_count, 4);
	assert_int_equal(c->licences[0].kind, TU_LICENCE_ID);
	assert_int_equal(c->licences[0].acknowledgement, TU_ACK_DECLARED);
	assert_text(c->licences[0].url, "https://x");
	assert_text(c->licences[0].content, "TWFk");
	assert_text(c->licences[0].encoding, "base64");
	assert_text(c->licences[0].content_type, "text/plain");
	assert_int_equal(c->licences[1].kind, TU_LICENCE_NAME);
	assert_int_equal(c->licences[1].acknowledgement, TU_ACK_UNSTATED);
	assert_int_equal(c->licences[2].kind, TU_LICENCE_EXPRESSION);
	assert_int_equal(c->licences[2].acknowledgement, TU_ACK_CONCLUDED);
}

static void keeps_texts_and_references(void **state)
{
	const struct tu_component *c = read_component(*state,
		"'description': 'D', 'copyright': '(c)', 'tags': ['a', 'b'], 'isExternal': true, "
		"'externalReferences': [{'type': 'vcs', 'url': 'https://g', 'comment': 'C', "
		"'hashes': [{'alg': 'MD5', 'content': 'AA'}]}, {'type': 'website', 'url': 'u'}], "
		"'evidence': {'occurrences': [{'location': '/l', 'line': 3}], 'identity': "
		"[{'field': 'name', 'confidence': 0.1}]}");
	const struct tu_sbom_reference *references;

	assert_non_null(c->detail);
	references = c->detail->references;
	assert_text(tu_sbom_detail_text(c->detail, TU_TEXT_DESCRIPTION), "D");
	assert_text(tu_sbom_detail_text(c->detail, TU_TEXT_COPYRIGHT), "(c)");
	assert_text(tu_sbom_detail_text(c->detail, TU_TEXT_TAG), "a");
	assert_text(tu_sbom_detail_text(c->detail, TU_TEXT_IS_EXTERNAL), "true");
	assert_text(tu_sbom_detail_text(c->detail, TU_TEXT_SUMMARY), "");
	assert_int_equal(c->detail->text_count, 5);
	assert_int_equal(c->detail->reference_count, 2);
	assert_text(references[0].type, "vcs");
	assert_text(references[0].comment, "C");
	assert_int_equal(references[0].hash_count, 1);
	assert_text(references[0].hashes[0].value, "AA");
	assert_text(references[1].url, "u");
	assert_int_equal(c->detail->kept_count, 1);
	assert_text(c->detail->kept[0].name, "evidence");
	assert_text(c->detail->kept[0].json,
		"{\"occurrences\":[{\"location\":\"/l\",\"line\":3}],\"identity\":"
		"[{\"field\":\"name\",\"confidence\":0.1}]}");
}

static void names_what_it_does_not_keep(void **state)
{
	struct reading *r = *state;
	const struct tu_inventory *inventory = read_cyclonedx(r,
		"'components': [{'name': 'a', 'modified': false}, {'name': 'b', 'modified': "
		"true}], "
		"'signature': {'algorithm': 'ES256'}");

	assert_int_equal(inventory->unkept_count, 2);
	assert_text(inventory->unkept[0].message, "lost: member of the document: signature");
	assert_text(inventory->unkept[1].message, "lost: member of a component: modified");
	assert_text(inventory->unkept[1].pointer, "/components/0/modified");
	assert_int_equal(inventory->unkept[1].count, 2);
	assert_notes(inventory, 0);
}

static void keeps_what_the_document_says_of_itself(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'serialNumber': 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79', 'version': 7, "
		"'metadata': {'licenses': [{'license': {'id': 'CC0-1.0'}}], 'supplier': {'name': "
		"'S'}, 'manufacturer': {'name': 'M'}, 'authors': [{'name': 'A'}], 'lifecycles': "
		"[{'phase': 'build'}, {'name': 'mine'}], 'properties': [{'name': 'n', 'value': "
		"'v'}]}, 'externalReferences': [{'type': 'bom', 'url': 'u'}], 'compositions': "
		"[{'aggregate': 'complete'}]");

	assert_int_equal(inventory->bom_version, 7);
	assert_int_equal(inventory->licence_count, 1);
	assert_text(inventory->licences[0].text, "CC0-1.0");
	assert_text(inventory->supplier, "S");
	assert_int_equal(inventory->author_count, 2);
	assert_int_equal(inventory->authors[0].role, TU_ROLE_MANUFACTURER);
	assert_int_equal(inventory->authors[0].kind, TU_PARTY_ORGANIZATION);
	assert_int_equal(inventory->authors[1].kind, TU_PARTY_PERSON);
	assert_text(inventory->phase, "build");
	assert_int_equal(inventory->phase_count, 2);
	assert_text(inventory->phases[1], "mine");
	assert_int_equal(inventory->property_count, 1);
	assert_int_equal(inventory->detail->maker_count, 1);
	assert_int_equal(inventory->detail->reference_count, 1);
	assert_text(inventory->detail->kept[0].name, "compositions");
}

static void tells_known_to_have_none_from_unknown(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'components': [{'name': 'a', 'bom-ref': 'a'}, {'name': 'b', 'bom-ref': 'b'}, "
		"{'name': 'c', 'bom-ref': 'c'}, {'name': 'd', 'bom-ref': 'd'}], 'dependencies': "
		"[{'ref': 'd'}, {'ref': 'a', 'dependsOn': ['b']}, {'ref': 'b', 'dependsOn': []}]");

	assert_int_equal(inventory->leaf_count, 2);
	assert_int_equal(inventory->leaves[0], 1);
	assert_int_equal(inventory->leaves[1], 3);
}

static void leaves_out_what_matching_does_not_ask_for(void **state)
{
	struct reading *r = *state;
	const struct tu_sbom_limits limits = {.for_matching = true};
	static const struct tu_str text = TU_STR_INIT(
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":{\"authors\":"
		"[{\"name\":\"A\",\"email\":\"a@x\"}]},\"components\":[{\"type\":\"library\","
		"\"name\":\"a\",\"bom-ref\":\"a\",\"description\":\"D\",\"supplier\":{\"name\":"
		"\"S\","
		"\"url\":[\"https://s\"]},\"licenses\":[{\"license\":{\"id\":\"MIT\",\"url\":"
		"\"https://x\"}}],\"evidence\":{},\"modified\":true}],\"dependencies\":"
		"[{\"ref\":\"a\"}]}");

	assert_int_equal(
		tu_sbom_read(r->arena, text, false, &limits, &r->inventory, &r->err), TU_OK);
	assert_null(r->inventory->components[0].detail);
	assert_null(r->inventory->detail);
	assert_int_equal(r->inventory->unkept_count, 0);
	assert_int_equal(r->inventory->leaf_count, 0);
	assert_text(r->inventory->components[0].supplier, "S");
	assert_text(r->inventory->components[0].contact, "https://s");
	assert_text(r->inventory->components[0].licences[0].text, "MIT");
	assert_text(r->inventory->components[0].licences[0].url, "");
	assert_text(r->inventory->authors[0].name, "A");
	assert_text(tu_party_contact(&r->inventory->authors[0]), "a@x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		READING_TEST(keeps_who_made_a_component),
		READING_TEST(keeps_the_kinds_of_licences),
		READING_TEST(keeps_texts_and_references),
		READING_TEST(names_what_it_does_not_keep),
		READING_TEST(keeps_what_the_document_says_of_itself),
		READING_TEST(tells_known_to_have_none_from_unknown),
		READING_TEST(leaves_out_what_matching_does_not_ask_for),
	};

	return cmocka_run_group_tests_name("sbom/cyclonedx_parts", tests, NULL, NULL);
}
