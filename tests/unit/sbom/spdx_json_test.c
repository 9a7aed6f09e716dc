#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sbom_kit.h"
#include "error_text.h"

static void reads_the_document(void **state)
{
	const struct tu_inventory *inventory = read_spdx(*state,
		"'name': 'pump', 'documentNamespace': 'https://acme/1', 'dataLicense': 'CC0-1.0', "
		"'creationInfo': {'created': '2024-05-06T07:08:09Z', 'creators': ["
		"'Tool: gen-1.2', 'Organization: ACME', 'Person: P']}, 'packages': [{'SPDXID': "
		"'SPDXRef-a', 'name': 'a'}], 'documentDescribes': ['SPDXRef-a']");

	assert_int_equal(inventory->format, TU_SBOM_SPDX_JSON);
	assert_text(inventory->spec_version, "SPDX-2.3");
	assert_text(inventory->serial, "https://acme/1");
	assert_text(inventory->name, "pump");
	assert_text(inventory->created, "2024-05-06T07:08:09Z");
	assert_int_equal(inventory->tool_count, 1);
	assert_text(inventory->tools[0], "gen-1.2");
	assert_int_equal(inventory->subject, 0);
	assert_pointer(inventory, 0, "/packages/0");
	assert_notes(inventory, 0);
}

static void reads_the_versions_that_it_names(void **state)
{
	static const struct {
		const char *version;
		bool read;
	} cases[] = {
		{"SPDX-2.2", true},
		{"SPDX-2.2.1", true},
		{"SPDX-2.3", true},
		{"SPDX-2.3.1", true},
		{"SPDX-2.1", false},
		{"SPDX-2.20", false},
		{"SPDX-2.4", false},
		{"SPDX-3.0", false},
	};

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct reading *r = *state;
		char text[96];

		(void)snprintf(text, sizeof(text), "{'spdxVersion': '%s', 'packages': []}",
			cases[i].version);
		assert_int_equal(try_quoted(r, text) != NULL, cases[i].read);
		if (!cases[i].read) {
			assert_int_equal(r->err.status, TU_E_UNSUPPORTED);
			assert_non_null(strstr(error_text(&r->err), "2.2"));
			assert_non_null(strstr(error_text(&r->err), "are read"));
		}
	}
}

static void reads_a_package(void **state)
{
	struct reading *r = *state;
	const struct tu_component *c = read_package(r,
		"'SPDXID': 'SPDXRef-a', 'name': 'a', 'versionInfo': '1.2', 'supplier': "
		"'Organization: ACME Inc. (sec@acme.example)', 'primaryPackagePurpose': "
		"'OPERATING-SYSTEM', 'licenseConcluded': 'MIT', 'licenseDeclared': "
		"'MIT OR ISC', 'checksums': [{'algorithm': 'SHA256', 'checksumValue': "
		"'0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef'}], "
		"'downloadLocation': 'NOASSERTION'");

	assert_text(c->ref, "SPDXRef-a");
	assert_text(c->name, "a");
	assert_text(c->version, "1.2");
	assert_text(c->supplier, "ACME Inc.");
	assert_int_equal(c->kind, TU_KIND_OPERATING_SYSTEM);
	assert_int_equal(c->licence_count, 2);
	assert_text(c->licences[1].text, "MIT OR ISC");
	assert_int_equal(c->licences[0].acknowledgement, TU_ACK_CONCLUDED);
	assert_int_equal(c->licences[1].acknowledgement, TU_ACK_DECLARED);
	assert_int_equal(c->hash_count, 1);
	assert_text(c->hashes[0].algorithm, "SHA-256");
	assert_text(c->hashes[0].value,
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	assert_notes(r->inventory, 0);
}

static void reads_members_spelt_as_in_tag_value(void **state)
{
	struct reading *r = *state;
	const struct tu_component *c = read_package(r,
		"'packageName': 'a', 'packageVersion': '1', 'packageSupplier': 'Person: P', "
		"'packageLicenseDeclared': 'MIT', 'packageLicenseConcluded': 'NONE'");

	assert_text(c->name, "a");
	assert_text(c->version, "1");
	assert_text(c->supplier, "P");
	assert_int_equal(c->licence_count, 2);
	assert_text(c->licences[1].text, "NONE");
	assert_int_equal(c->licences[1].acknowledgement, TU_ACK_CONCLUDED);
	assert_notes(r->inventory, 0);
}

static void nothing_stated_is_nothing(void **state)
{
	const struct tu_component *c = read_package(*state,
		"'name': 'a', 'versionInfo': 'NOASSERTION', 'supplier': 'NOASSERTION', "
		"'originator': 'Person: O (o@acme.example)', 'licenseConcluded': 'NOASSERTION', "
		"'licenseDeclared': 'NOASSERTION', 'primaryPackagePurpose': 'NONE'");

	assert_text(c->version, "");
	assert_text(c->supplier, "O");
	assert_int_equal(c->licence_count, 0);
	assert_int_equal(c->kind, TU_KIND_UNKNOWN);
}

static void knows_every_purpose(void **state)
{
	static const struct {
		const char *word;
		enum tu_component_kind kind;
	} purposes[] = {
		{"APPLICATION", TU_KIND_APPLICATION},
		{"FRAMEWORK", TU_KIND_FRAMEWORK},
		{"LIBRARY", TU_KIND_LIBRARY},
		{"CONTAINER", TU_KIND_CONTAINER},
		{"OPERATING_SYSTEM", TU_KIND_OPERATING_SYSTEM},
		{"DEVICE", TU_KIND_DEVICE},
		{"FIRMWARE", TU_KIND_FIRMWARE},
		{"SOURCE", TU_KIND_SOURCE},
		{"ARCHIVE", TU_KIND_ARCHIVE},
		{"FILE", TU_KIND_FILE},
		{"INSTALL", TU_KIND_INSTALL},
		{"OTHER", TU_KIND_OTHER},
	};

	for (size_t i = 0; i < TU_COUNT(purposes); i++) {
		char members[96];

		(void)snprintf(members, sizeof(members),
			"'name': 'a', 'primaryPackagePurpose': '%s'", purposes[i].word);
		assert_int_equal(read_package(*state, members)->kind, purposes[i].kind);
	}
}

/* The categories and types as tools write them. */
static void reads_identifying_references(void **state)
{
	struct reading *r = *state;
	const struct tu_component *c = read_package(r,
		"'name': 'a', 'externalRefs': ["
		"{'referenceCategory': 'PACKAGE-MANAGER', 'referenceType': 'purl', "
		"'referenceLocator': 'pkg:npm/a@1'},"
		"{'referenceCategory': 'SECURITY', 'referenceType': 'cpe23Type', "
		"'referenceLocator': 'cpe:2.3:a:a:a:1:*:*:*:*:*:*:*'},"
		"{'referenceCategory': 'SECURITY', 'referenceType': "
		"'http://spdx.org/rdf/references/cpe22Type', 'referenceLocator': 'cpe:/a:b:a:1'},"
		"{'referenceCategory': 'security', 'referenceType': 'CPE23TYPE', "
		"'referenceLocator': 'cpe:2.3:a:c:a:1:*:*:*:*:*:*:*'},"
		"{'referenceCategory': 'SECURITY', 'referenceType': 'swid', "
		"'referenceLocator': 'swid:tag-1'},"
		"{'referenceCategory': 'SECURITY', 'referenceType': 'advisory', "
		"'referenceLocator': 'https://acme/advisory'},"
		"{'referenceCategory': 'PACKAGE_MANAGER', 'referenceType': 'purl', "
		"'referenceLocator': 'pkg:npm/b@1'}]");

	assert_text(c->purl, "pkg:npm/a@1");
	assert_int_equal(c->cpe_count, 3);
	assert_text(c->cpes[0], "cpe:2.3:a:a:a:1:*:*:*:*:*:*:*");
	assert_text(c->cpes[1], "cpe:/a:b:a:1");
	assert_text(c->cpes[2], "cpe:2.3:a:c:a:1:*:*:*:*:*:*:*");
	assert_text(c->swid, "tag-1");
	assert_note(r->inventory, "/packages/0/externalRefs/6",
		"not used: another purl of the package: pkg:npm/b@1", 1);
	assert_notes(r->inventory, 1);
}

static void reads_what_openembedded_writes(void **state)
{
	struct tu_component c = *read_package(*state,
		"'name': 'a', 'sourceInfo': 'CVEs fixed: CVE-2020-1 CVE-2020-2', "
		"'annotations': [{'annotator': 'Tool: oe', 'comment': 'isNative'}]");

	assert_int_equal(c.scope, TU_SCOPE_EXCLUDED);
	assert_int_equal(c.resolved_count, 2);
	assert_text(c.resolved[0].id, "CVE-2020-1");
	assert_text(c.resolved[1].id, "CVE-2020-2");
	assert_text(c.resolved[1].source, "yocto recipe patch");
	c = *read_package(*state, "'name': 'a', 'sourceInfo': 'fixed CVE-2020-1'");
	assert_int_equal(c.resolved_count, 0);
}

/* Every type of clause 11, as "A type B": what comes out, and between whom. */
static void knows_every_relationship_type(void **state)
{
	static const struct {
		const char *type;
		enum tu_relation relation;
		bool reversed;
	} types[] = {
		{"DESCRIBES", TU_REL_DESCRIBES, false},
		{"DESCRIBED_BY", TU_REL_DESCRIBES, true},
		{"CONTAINS", TU_REL_CONTAINS, false},
		{"CONTAINED_BY", TU_REL_CONTAINS, true},
		{"DEPENDS_ON", TU_REL_DEPENDS_ON, false},
		{"DEPENDENCY_OF", TU_REL_DEPENDS_ON, true},
		{"DEPENDENCY_MANIFEST_OF", TU_REL_OTHER, false},
		{"BUILD_DEPENDENCY_OF", TU_REL_DEPENDS_ON, true},
		{"DEV_DEPENDENCY_OF", TU_REL_OTHER, true},
		{"OPTIONAL_DEPENDENCY_OF", TU_REL_DEPENDS_ON, true},
		{"PROVIDED_DEPENDENCY_OF", TU_REL_DEPENDS_ON, true},
		{"TEST_DEPENDENCY_OF", TU_REL_OTHER, true},
		{"RUNTIME_DEPENDENCY_OF", TU_REL_DEPENDS_ON, true},
		{"EXAMPLE_OF", TU_REL_OTHER, false},
		{"GENERATES", TU_REL_GENERATED_FROM, true},
		{"GENERATED_FROM", TU_REL_GENERATED_FROM, false},
		{"ANCESTOR_OF", TU_REL_OTHER, false},
		{"DESCENDANT_OF", TU_REL_OTHER, false},
		{"VARIANT_OF", TU_REL_OTHER, false},
		{"DISTRIBUTION_ARTIFACT", TU_REL_OTHER, false},
		{"PATCH_FOR", TU_REL_OTHER, false},
		{"PATCH_APPLIED", TU_REL_OTHER, false},
		{"COPY_OF", TU_REL_OTHER, false},
		{"FILE_ADDED", TU_REL_OTHER, false},
		{"FILE_DELETED", TU_REL_OTHER, false},
		{"FILE_MODIFIED", TU_REL_OTHER, false},
		{"EXPANDED_FROM_ARCHIVE", TU_REL_GENERATED_FROM, false},
		{"DYNAMIC_LINK", TU_REL_DEPENDS_ON, false},
		{"STATIC_LINK", TU_REL_DEPENDS_ON, false},
		{"DATA_FILE_OF", TU_REL_OTHER, false},
		{"TEST_CASE_OF", TU_REL_OTHER, false},
		{"BUILD_TOOL_OF", TU_REL_OTHER, false},
		{"DEV_TOOL_OF", TU_REL_OTHER, false},
		{"TEST_OF", TU_REL_OTHER, false},
		{"TEST_TOOL_OF", TU_REL_OTHER, false},
		{"DOCUMENTATION_OF", TU_REL_OTHER, false},
		{"OPTIONAL_COMPONENT_OF", TU_REL_CONTAINS, true},
		{"METAFILE_OF", TU_REL_OTHER, false},
		{"PACKAGE_OF", TU_REL_CONTAINS, true},
		{"AMENDS", TU_REL_OTHER, false},
		{"PREREQUISITE_FOR", TU_REL_DEPENDS_ON, true},
		{"HAS_PREREQUISITE", TU_REL_DEPENDS_ON, false},
		{"REQUIREMENT_DESCRIPTION_FOR", TU_REL_OTHER, false},
		{"SPECIFICATION_FOR", TU_REL_PROVIDES, true},
		{"OTHER", TU_REL_OTHER, false},
	};

	for (size_t i = 0; i < TU_COUNT(types); i++) {
		const struct tu_inventory *inventory;
		char members[384];

		(void)snprintf(members, sizeof(members),
			"'packages': [{'SPDXID': 'SPDXRef-a', 'name': 'a'}, {'SPDXID': "
			"'SPDXRef-b', "
			"'name': 'b'}], 'relationships': [{'spdxElementId': 'SPDXRef-a', "
			"'relationshipType': '%s', 'relatedSpdxElement': 'SPDXRef-b'}]",
			types[i].type);
		inventory = read_spdx(*state, members);
		assert_int_equal(inventory->relationship_count, 1);
		assert_relationship(
			inventory, 0, types[i].reversed, types[i].relation, !types[i].reversed);
		assert_notes(inventory, 0);
	}
}

static void tells_relationships_that_lead_nowhere(void **state)
{
	const struct tu_inventory *inventory = read_spdx(*state,
		"'packages': [{'SPDXID': 'SPDXRef-a', 'name': 'a'}], 'relationships': ["
		"{'spdxElementId': 'SPDXRef-a', 'relationshipType': 'DEPENDS_ON', "
		"'relatedSpdxElement': 'SPDXRef-gone'},"
		"{'spdxElementId': 'SPDXRef-a', 'relationshipType': 'DEPENDS_ON', "
		"'relatedSpdxElement': 'DocumentRef-x:SPDXRef-y'},"
		"{'spdxElementId': 'SPDXRef-a', 'relationshipType': 'DEPENDS_ON', "
		"'relatedSpdxElement': 'NONE'},"
		"{'spdxElementId': 'SPDXRef-a', 'relationshipType': 'FRIEND_OF', "
		"'relatedSpdxElement': 'SPDXRef-a'}]");

	assert_int_equal(inventory->relationship_count, 1);
	assert_relationship(inventory, 0, 0, TU_REL_OTHER, 0);
	assert_note(inventory, "/relationships/0",
		"a relationship names what the document does not have: SPDXRef-gone", 1);
	assert_note(inventory, "/relationships/1",
		"not followed: relationships with elements of other documents", 1);
	assert_note(
		inventory, "/relationships/3", "not understood: relationship type FRIEND_OF", 1);
	assert_notes(inventory, 3);
}

/* Only what it describes is taken from the document as an end. */
static void tells_relationships_of_the_document(void **state)
{
	const struct tu_inventory *inventory = read_spdx(*state,
		"'packages': [{'SPDXID': 'SPDXRef-a', 'name': 'a'}], 'relationships': ["
		"{'spdxElementId': 'SPDXRef-DOCUMENT', 'relationshipType': 'CONTAINS', "
		"'relatedSpdxElement': 'SPDXRef-a'},"
		"{'spdxElementId': 'SPDXRef-a', 'relationshipType': 'CONTAINED_BY', "
		"'relatedSpdxElement': 'SPDXRef-DOCUMENT'},"
		"{'spdxElementId': 'SPDXRef-DOCUMENT', 'relationshipType': 'CONTAINS', "
		"'relatedSpdxElement': 'SPDXRef-a'}]");

	assert_int_equal(inventory->relationship_count, 0);
	assert_int_equal(inventory->subject, TU_NO_COMPONENT);
	assert_note(inventory, "/relationships/0",
		"not used: relationships of the document itself, CONTAINS", 2);
	assert_note(inventory, "/relationships/1",
		"not used: relationships of the document itself, CONTAINED_BY", 1);
	assert_notes(inventory, 2);
}

static void finds_the_subject(void **state)
{
	static const struct {
		const char *described; /* what the document says of it */
		uint32_t subject;
	} cases[] = {
		{"'documentDescribes': ['SPDXRef-b']", 1},
		{"'relationships': [{'spdxElementId': 'SPDXRef-DOCUMENT', 'relationshipType': "
		 "'DESCRIBES', 'relatedSpdxElement': 'SPDXRef-b'}]",
			1},
		{"'relationships': [{'spdxElementId': 'SPDXRef-b', 'relationshipType': "
		 "'DESCRIBED_BY', 'relatedSpdxElement': 'SPDXRef-DOCUMENT'}]",
			1},
		{"'documentDescribes': ['SPDXRef-b'], 'relationships': [{'spdxElementId': "
		 "'SPDXRef-DOCUMENT', 'relationshipType': 'DESCRIBES', 'relatedSpdxElement': "
		 "'SPDXRef-b'}]",
			1},
		{"'documentDescribes': ['SPDXRef-a', 'SPDXRef-b']", TU_NO_COMPONENT},
		{"'documentDescribes': []", TU_NO_COMPONENT},
	};

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const struct tu_inventory *inventory;
		char members[512];

		(void)snprintf(members, sizeof(members),
			"'packages': [{'SPDXID': 'SPDXRef-a', 'name': 'a'}, {'SPDXID': "
			"'SPDXRef-b', "
			"'name': 'b'}], %s",
			cases[i].described);
		inventory = read_spdx(*state, members);
		assert_int_equal(inventory->subject, cases[i].subject);
		assert_text(inventory->name, cases[i].subject == 1 ? "b" : "");
		assert_notes(inventory, i == 4);
	}
}

static void counts_files_beside_packages(void **state)
{
	const struct tu_inventory *inventory = read_spdx(*state,
		"'packages': [{'SPDXID': 'SPDXRef-a', 'name': 'a', 'hasFiles': ['SPDXRef-f'], "
		"'packageVerificationCode': {}}], 'files': [{'SPDXID': 'SPDXRef-f', 'fileName': "
		"'./f'}], 'relationships': [{'spdxElementId': 'SPDXRef-a', 'relationshipType': "
		"'CONTAINS', 'relatedSpdxElement': 'SPDXRef-f'}]");

	assert_int_equal(inventory->component_count, 1);
	assert_int_equal(inventory->relationship_count, 0);
	assert_note(inventory, "/files", "not read as components: files, 1", 1);
	assert_notes(inventory, 1);
}

static void takes_files_where_there_is_no_package(void **state)
{
	const struct tu_inventory *inventory = read_spdx(*state,
		"'files': [{'SPDXID': 'SPDXRef-f', 'fileName': './f', 'checksums': "
		"[{'algorithm': 'MD5', 'checksumValue': '0123456789abcdef0123456789abcdef'}]}]");

	assert_int_equal(inventory->component_count, 1);
	assert_int_equal(inventory->components[0].kind, TU_KIND_FILE);
	assert_text(inventory->components[0].name, "./f");
	assert_int_equal(inventory->components[0].hash_count, 1);
	assert_pointer(inventory, 0, "/files/0");
	assert_note(inventory, "/files", "no packages: the files are read as components, 1", 1);
}

static void knows_a_document_that_does_not_name_its_version(void **state)
{
	const struct tu_inventory *inventory =
		read_quoted(*state, "{'SPDXID': 'SPDXRef-DOCUMENT', 'packages': [{'name': 'a'}]}");

	assert_int_equal(inventory->component_count, 1);
	assert_note(inventory, "", "no spdxVersion: read as the newest one known, SPDX-2.3", 1);
}

static void tells_what_it_does_not_understand(void **state)
{
	const struct tu_inventory *inventory = read_spdx(*state,
		"'extra': 1, 'packages': [{'name': 'a', 'colour': 'red', 'externalRefs': "
		"[{'why': 1}]}], 'creationInfo': {'creators': [{}], 'mood': 1}");

	assert_note(inventory, "/extra", "not understood: member of the document: extra", 1);
	assert_note(
		inventory, "/packages/0/colour", "not understood: member of a package: colour", 1);
	assert_note(inventory, "/packages/0/externalRefs/0/why",
		"not understood: member of an external reference: why", 1);
	assert_note(inventory, "/creationInfo/creators/0", "expected a string, found an object", 1);
	assert_note(inventory, "/creationInfo/mood",
		"not understood: member of the creation information: mood", 1);
	assert_notes(inventory, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		READING_TEST(reads_the_document),
		READING_TEST(reads_the_versions_that_it_names),
		READING_TEST(reads_a_package),
		READING_TEST(reads_members_spelt_as_in_tag_value),
		READING_TEST(nothing_stated_is_nothing),
		READING_TEST(knows_every_purpose),
		READING_TEST(reads_identifying_references),
		READING_TEST(reads_what_openembedded_writes),
		READING_TEST(knows_every_relationship_type),
		READING_TEST(tells_relationships_that_lead_nowhere),
		READING_TEST(tells_relationships_of_the_document),
		READING_TEST(finds_the_subject),
		READING_TEST(counts_files_beside_packages),
		READING_TEST(takes_files_where_there_is_no_package),
		READING_TEST(knows_a_document_that_does_not_name_its_version),
		READING_TEST(tells_what_it_does_not_understand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
