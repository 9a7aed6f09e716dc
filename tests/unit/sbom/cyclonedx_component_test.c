#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sbom_kit.h"

static void keeps_the_identifying_texts(void **state)
{
	const struct tu_component *c = read_component(*state,
		"'bom-ref': 'r1', 'type': 'library', 'group': 'org.acme', 'version': '1.2', "
		"'purl': 'pkg:maven/org.acme/thing@1.2', 'swid': {'tagId': 'swid-7', 'name': 'x'}");

	assert_text(c->ref, "r1");
	assert_text(c->name, "thing");
	assert_text(c->group, "org.acme");
	assert_text(c->version, "1.2");
	assert_text(c->purl, "pkg:maven/org.acme/thing@1.2");
	assert_text(c->swid, "swid-7");
	assert_int_equal(c->kind, TU_KIND_LIBRARY);
	assert_int_equal(c->parent, TU_NO_COMPONENT);
}

static void absent_texts_are_empty_and_not_null(void **state)
{
	struct reading *r = *state;
	const struct tu_component *c = read_component(r, "'version': null");

	assert_text(c->ref, "");
	assert_text(c->group, "");
	assert_text(c->version, "");
	assert_text(c->supplier, "");
	assert_text(c->purl, "");
	assert_text(c->swid, "");
	assert_int_equal(c->kind, TU_KIND_UNKNOWN);
	assert_int_equal(c->scope, TU_SCOPE_REQUIRED);
	assert_null(c->cpes);
	assert_null(c->hashes);
	assert_null(c->licences);
	assert_notes(r->inventory, 0);
}

static void knows_every_component_type(void **state)
{
	static const struct {
		const char *word;
		enum tu_component_kind kind;
	} types[] = {
		{"application", TU_KIND_APPLICATION},
		{"framework", TU_KIND_FRAMEWORK},
		{"library", TU_KIND_LIBRARY},
		{"container", TU_KIND_CONTAINER},
		{"platform", TU_KIND_PLATFORM},
		{"operating-system", TU_KIND_OPERATING_SYSTEM},
		{"device", TU_KIND_DEVICE},
		{"device-driver", TU_KIND_DEVICE_DRIVER},
		{"firmware", TU_KIND_FIRMWARE},
		{"file", TU_KIND_FILE},
		{"machine-learning-model", TU_KIND_MODEL},
		{"data", TU_KIND_DATA},
		{"cryptographic-asset", TU_KIND_CRYPTOGRAPHIC_ASSET},
	};

	for (size_t i = 0; i < TU_COUNT(types); i++) {
		char members[64];

		(void)snprintf(members, sizeof(members), "'type': '%s'", types[i].word);
		assert_int_equal(read_component(*state, members)->kind, types[i].kind);
		assert_string_equal(tu_component_kind_name(types[i].kind), types[i].word);
	}
}

static void tells_a_type_and_a_scope_that_it_does_not_know(void **state)
{
	struct reading *r = *state;

	assert_int_equal(
		read_component(r, "'type': 'gadget', 'scope': 'maybe'")->kind, TU_KIND_UNKNOWN);
	assert_int_equal(r->inventory->components[0].scope, TU_SCOPE_REQUIRED);
	assert_note(r->inventory, "/components/0/type", "not understood: component type gadget", 1);
	assert_note(
		r->inventory, "/components/0/scope", "not understood: component scope maybe", 1);
}

static void reads_the_scope(void **state)
{
	assert_int_equal(read_component(*state, "'scope': 'required'")->scope, TU_SCOPE_REQUIRED);
	assert_int_equal(read_component(*state, "'scope': 'optional'")->scope, TU_SCOPE_OPTIONAL);
	assert_int_equal(read_component(*state, "'scope': 'excluded'")->scope, TU_SCOPE_EXCLUDED);
}

static void gathers_cpes_of_all_places_once_each(void **state)
{
	const struct tu_component *c = read_component(*state,
		"'cpe': 'cpe:2.3:a:acme:thing:1:*:*:*:*:*:*:*', 'properties': ["
		"{'name': 'syft:cpe23', 'value': 'cpe:2.3:a:thing:thing:1:*:*:*:*:*:*:*'},"
		"{'name': 'syft:cpe23', 'value': 'cpe:2.3:a:acme:thing:1:*:*:*:*:*:*:*'}],"
		"'evidence': {'identity': {'field': 'cpe', 'concludedValue': 'cpe:/a:x:thing:1'}}");

	assert_int_equal(c->cpe_count, 3);
	assert_text(c->cpes[0], "cpe:2.3:a:acme:thing:1:*:*:*:*:*:*:*");
	assert_text(c->cpes[1], "cpe:/a:x:thing:1");
	assert_text(c->cpes[2], "cpe:2.3:a:thing:thing:1:*:*:*:*:*:*:*");
}

static void spells_hashes_in_one_way(void **state)
{
	const struct tu_component *c = read_component(*state,
		"'hashes': [{'alg': 'MD5', 'content': '0123456789ABCDEF0123456789abcdef'},"
		"{'alg': 'sha1', 'content': '0123456789abcdef0123456789abcdef01234567'}]");

	assert_int_equal(c->hash_count, 2);
	assert_text(c->hashes[0].algorithm, "MD5");
	assert_text(c->hashes[0].value, "0123456789abcdef0123456789abcdef");
	assert_text(c->hashes[1].algorithm, "SHA-1");
}

static void tells_hashes_that_cannot_be(void **state)
{
	struct reading *r = *state;
	const struct tu_component *c = read_component(r,
		"'hashes': [{'alg': 'MD5', 'content': '0123'}, {'alg': 'SHA-1', 'content': "
		"'g123456789abcdef0123456789abcdef01234567'}, {'alg': 'FOO', 'content': 'ab'},"
		"{'alg': 'MD5'}]");

	assert_int_equal(c->hash_count, 1);
	assert_text(c->hashes[0].algorithm, "FOO");
	assert_note(r->inventory, "/components/0/hashes/0",
		"left out: a hash whose value does not fit its algorithm, MD5", 1);
	assert_note(r->inventory, "/components/0/hashes/1",
		"left out: a hash whose value does not fit its algorithm, SHA-1", 1);
	assert_note(
		r->inventory, "/components/0/hashes/2", "not understood: hash algorithm FOO", 1);
	assert_note(r->inventory, "/components/0/hashes/3", "left out: a hash without value", 1);
}

static void lists_licences_of_every_form(void **state)
{
	struct reading *r = *state;
	const struct tu_component *c = read_component(r,
		"'licenses': [{'license': {'id': 'MIT', 'url': 'https://x'}},"
		"{'license': {'name': 'ACME terms'}}, {'expression': 'MIT OR Apache-2.0'},"
		"{'license': {'expression': 'ISC'}}, {'license': {'id': 'MIT'}}, {'license': {}}]");

	assert_int_equal(c->licence_count, 4);
	assert_text(c->licences[0].text, "MIT");
	assert_text(c->licences[1].text, "ACME terms");
	assert_text(c->licences[2].text, "MIT OR Apache-2.0");
	assert_text(c->licences[3].text, "ISC");
	assert_note(r->inventory, "/components/0/licenses/5/license",
		"left out: a license without id or name", 1);
}

static void takes_the_supplier_from_the_first_who_is_named(void **state)
{
	static const struct {
		const char *members;
		const char *supplier;
	} cases[] = {
		{"'author': 'A', 'publisher': 'P', 'manufacturer': {'name': 'M'}, "
		 "'supplier': {'name': 'S', 'url': ['https://s']}",
			"S"},
		{"'author': 'A', 'publisher': 'P', 'manufacturer': {'name': 'M'}", "M"},
		{"'author': 'A', 'publisher': 'P', 'supplier': {}", "P"},
		{"'author': 'A'", "A"},
		{"'authors': [{'email': 'x@y'}, {'name': 'B'}]", "B"},
		{"'supplier': null", ""},
	};

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_text(read_component(*state, cases[i].members)->supplier, cases[i].supplier);
}

static void keeps_parents_before_children(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'components': [{'name': 'a', 'components': [{'name': 'b', 'components': "
		"[{'name': 'c'}]}, {'name': 'd'}]}, {'name': 'e'}]");
	static const uint32_t parents[] = {TU_NO_COMPONENT, 0, 1, 0, TU_NO_COMPONENT};
	static const char *const pointers[] = {"/components/0", "/components/0/components/0",
		"/components/0/components/0/components/0", "/components/0/components/1",
		"/components/1"};

	assert_int_equal(inventory->component_count, 5);
	for (size_t i = 0; i < 5; i++) {
		char name[] = {(char)('a' + i), 0};

		assert_text(inventory->components[i].name, name);
		assert_int_equal(inventory->components[i].parent, parents[i]);
		assert_pointer(inventory, i, pointers[i]);
	}
}

static void takes_what_patches_resolve(void **state)
{
	const struct tu_component *c = read_component(*state,
		"'pedigree': {'patches': [{'type': 'backport', 'diff': {'url': 'https://p/1'}, "
		"'resolves': [{'type': 'security', 'id': 'CVE-2021-1'}, "
		"{'type': 'defect', 'id': 'BUG-1'}, {'type': 'security', 'id': 'VENDOR-9'}]},"
		"{'type': 'unofficial', 'resolves': [{'type': 'defect', 'name': 'CVE-2021-2', "
		"'description': 'overflow'}]}]}");

	assert_int_equal(c->resolved_count, 3);
	assert_text(c->resolved[0].id, "CVE-2021-1");
	assert_text(c->resolved[0].source, "pedigree patch");
	assert_text(c->resolved[0].detail, "https://p/1");
	assert_text(c->resolved[1].id, "VENDOR-9");
	assert_text(c->resolved[2].id, "CVE-2021-2");
	assert_text(c->resolved[2].detail, "overflow");
}

static void tells_relatives_that_are_no_components(void **state)
{
	struct reading *r = *state;

	read_component(r,
		"'pedigree': {'ancestors': [{'name': 'up'}], 'variants': [], "
		"'descendants': [{'name': 'down'}]}");
	assert_note(r->inventory, "/components/0/pedigree/ancestors",
		"not read as components: pedigree ancestors", 1);
	assert_note(r->inventory, "/components/0/pedigree/descendants",
		"not read as components: pedigree descendants", 1);
	assert_notes(r->inventory, 2);
}

static void fills_a_missing_purl_from_evidence(void **state)
{
	struct reading *r = *state;

	assert_text(read_component(r,
			    "'evidence': {'identity': [{'field': 'purl', "
			    "'concludedValue': 'pkg:npm/a@1'}]}")
			    ->purl,
		"pkg:npm/a@1");
	assert_text(read_component(r,
			    "'purl': 'pkg:npm/b@1', 'evidence': {'identity': "
			    "{'field': 'purl', 'concludedValue': 'pkg:npm/a@1'}}")
			    ->purl,
		"pkg:npm/b@1");
	assert_note(r->inventory, "/components/0/evidence/identity",
		"not used: evidence of another purl: pkg:npm/a@1", 1);
}

static void reads_buildroot_properties(void **state)
{
	const struct tu_component *c =
		read_component(*state, "'properties': [{'name': 'BR_TYPE', 'value': 'host'}]");

	assert_int_equal(c->scope, TU_SCOPE_EXCLUDED);
	assert_text(tu_component_property(c, TU_STR("BR_TYPE")), "host");
	assert_text(tu_component_property(c, TU_STR("absent")), "");
	c = read_component(*state, "'properties': [{'name': 'BR_TYPE', 'value': 'target'}]");
	assert_int_equal(c->scope, TU_SCOPE_REQUIRED);
	c = read_component(*state,
		"'scope': 'required', 'properties': [{'name': 'BR_TYPE', 'value': 'host'}]");
	assert_int_equal(c->scope, TU_SCOPE_REQUIRED);
}

static void reads_yocto_properties(void **state)
{
	const struct tu_component *c = read_component(*state,
		"'properties': [{'name': 'CVE_STATUS[CVE-2020-1]', 'value': 'backported-patch: x'},"
		"{'name': 'CVE_STATUS[CVE-2020-2]', 'value': 'unpatched'},"
		"{'name': 'CVE_STATUS[CVE-2020-3]', 'value': 'fixed-version'},"
		"{'name': 'CVE_STATUS[nonsense]', 'value': 'fixed-version'}]");

	assert_int_equal(c->property_count, 4);
	assert_int_equal(c->resolved_count, 2);
	assert_text(c->resolved[0].id, "CVE-2020-1");
	assert_text(c->resolved[0].source, "yocto cve status");
	assert_text(c->resolved[0].detail, "backported-patch: x");
	assert_text(c->resolved[1].id, "CVE-2020-3");
}

static void leaves_out_what_has_no_identity(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'components': [{'type': 'library', 'bom-ref': 'x'}, {'name': 'a'}], "
		"'dependencies': [{'ref': 'x'}]");

	assert_int_equal(inventory->component_count, 1);
	assert_pointer(inventory, 0, "/components/1");
	assert_note(inventory, "/components/0",
		"left out: a component without name, purl, CPE, SWID tag or hash", 1);
	assert_note(inventory, "/dependencies/0/ref",
		"a dependency names what the document does not have: x", 1);
}

/* Wrong types and unknown members are told, one note a kind, and cost only themselves. */
static void tells_what_it_does_not_understand(void **state)
{
	const struct tu_inventory *inventory = read_cyclonedx(*state,
		"'components': [{'name': 'a', 'version': 7, 'x/y~z': 1}, {'name': 'b', "
		"'x/y~z': 1, 'swid': {}, 'hashes': {}, 'licenses': ['MIT'], 'versionRange': "
		"'vers:npm/1'}, 5]");

	assert_int_equal(inventory->component_count, 2);
	assert_note(inventory, "/components/0/version", "expected a string, found a number", 1);
	assert_note(inventory, "/components/0/x~1y~0z",
		"not understood: member of a component: x/y~z", 2);
	assert_note(inventory, "/components/1/swid", "left out: a swid without tagId", 1);
	assert_note(inventory, "/components/1/hashes", "expected an array, found an object", 1);
	assert_note(inventory, "/components/1/licenses/0", "expected an object, found a string", 1);
	assert_note(inventory, "/components/1/versionRange",
		"not used: a component's version range", 1);
	assert_note(inventory, "/components/2", "expected an object, found a number", 1);
	assert_notes(inventory, 7);
}

static void keeps_strange_texts_whole(void **state)
{
	const struct tu_component *c =
		read_component(*state, "'version': '1\\u0000\\ud83d\\ude00', 'group': '\\n'");

	/* U+FFFD for the NUL: no database and no other format has one */
	assert_text(c->version, "1\xef\xbf\xbd\xf0\x9f\x98\x80");
	assert_text(c->group, "\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		READING_TEST(keeps_the_identifying_texts),
		READING_TEST(absent_texts_are_empty_and_not_null),
		READING_TEST(knows_every_component_type),
		READING_TEST(tells_a_type_and_a_scope_that_it_does_not_know),
		READING_TEST(reads_the_scope),
		READING_TEST(gathers_cpes_of_all_places_once_each),
		READING_TEST(spells_hashes_in_one_way),
		READING_TEST(tells_hashes_that_cannot_be),
		READING_TEST(lists_licences_of_every_form),
		READING_TEST(takes_the_supplier_from_the_first_who_is_named),
		READING_TEST(keeps_parents_before_children),
		READING_TEST(takes_what_patches_resolve),
		READING_TEST(tells_relatives_that_are_no_components),
		READING_TEST(fills_a_missing_purl_from_evidence),
		READING_TEST(reads_buildroot_properties),
		READING_TEST(reads_yocto_properties),
		READING_TEST(leaves_out_what_has_no_identity),
		READING_TEST(tells_what_it_does_not_understand),
		READING_TEST(keeps_strange_texts_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
