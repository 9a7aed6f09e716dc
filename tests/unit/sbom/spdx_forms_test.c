/* SPDX 2's other forms say the same document; each must give the same inventory. */
#include "read.h"

static const struct tu_str tag_value = TU_STR_INIT(
	"# a comment\nSPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\n"
	"DocumentName: doc\nDocumentNamespace: http://example.org/doc\n"
	"DocumentComment: <text>over\nPackageName: not this\nlines</text>\n"
	"Creator: Tool: maker-1\nCreated: 2024-01-02T03:04:05Z\n"
	"PackageName: lib\nSPDXID: SPDXRef-a\nPackageVersion: 1.0\n"
	"PackageSupplier: Organization: ACME\nPackageDownloadLocation: NOASSERTION\n"
	"PackageChecksum: SHA1: AB12000000000000000000000000000000000000\nPackageLicenseConcluded: "
	"MIT\n"
	"ExternalRef: PACKAGE-MANAGER purl pkg:npm/lib@1.0\n"
	"ExternalRef: SECURITY cpe23Type cpe:2.3:a:acme:lib:1.0:*:*:*:*:*:*:*\n"
	"PrimaryPackagePurpose: LIBRARY\n\nPackageName: other\nSPDXID: SPDXRef-b\n"
	"Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a\n"
	"Relationship: SPDXRef-a DEPENDS_ON SPDXRef-b\n");

static const struct tu_str yaml = TU_STR_INIT(
	"spdxVersion: \"SPDX-2.3\"\nSPDXID: SPDXRef-DOCUMENT\nname: doc\n"
	"documentNamespace: http://example.org/doc\n"
	"creationInfo:\n  created: \"2024-01-02T03:04:05Z\"\n  creators:\n  - \"Tool: maker-1\"\n"
	"packages:\n- SPDXID: SPDXRef-a\n  name: lib\n  versionInfo: 1.0\n"
	"  supplier: \"Organization: ACME\"\n  licenseConcluded: MIT\n  filesAnalyzed: false\n"
	"  primaryPackagePurpose: LIBRARY\n"
	"  checksums: [{algorithm: SHA1, checksumValue: "
	"AB12000000000000000000000000000000000000}]\n  externalRefs:\n"
	"  - referenceType: purl\n    referenceLocator: pkg:npm/lib@1.0\n"
	"  - referenceType: cpe23Type\n"
	"    referenceLocator: \"cpe:2.3:a:acme:lib:1.0:*:*:*:*:*:*:*\"\n"
	"- SPDXID: SPDXRef-b\n  name: other\n"
	"relationships:\n- spdxElementId: SPDXRef-DOCUMENT\n  relationshipType: DESCRIBES\n"
	"  relatedSpdxElement: SPDXRef-a\n- spdxElementId: SPDXRef-a\n"
	"  relationshipType: DEPENDS_ON\n  relatedSpdxElement: SPDXRef-b\n");

/* Prefixes that no other tool uses, and properties as attributes. */
#define T "http://spdx.org/rdf/terms#"
#define D "http://example.org/doc#"
static const struct tu_str rdf = TU_STR_INIT(
	"<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:zz='" T "'>"
	"<zz:SpdxDocument r:about='" D "SPDXRef-DOCUMENT' zz:name='doc'>"
	"<zz:specVersion>SPDX-2.3</zz:specVersion><zz:creationInfo r:parseType='Resource'>"
	"<zz:created>2024-01-02T03:04:05Z</zz:created><zz:creator>Tool: maker-1</zz:creator>"
	"</zz:creationInfo><zz:relationship><zz:Relationship><zz:relationshipType r:resource='" T
	"relationshipType_describes'/><zz:relatedSpdxElement><r:Description r:about='" D
	"SPDXRef-a'><r:type r:resource='" T "Package'/><zz:name>lib</zz:name>"
	"<zz:versionInfo>1.0</zz:versionInfo><zz:supplier>Organization: ACME</zz:supplier>"
	"<zz:primaryPackagePurpose r:resource='" T "purpose_library'/>"
	"<zz:licenseConcluded r:resource='http://spdx.org/licenses/MIT'/>"
	"<zz:checksum><zz:Checksum><zz:algorithm r:resource='" T "checksumAlgorithm_sha1'/>"
	"<zz:checksumValue>AB12000000000000000000000000000000000000</zz:checksumValue></"
	"zz:Checksum></zz:checksum>"
	"<zz:externalRef><zz:ExternalRef><zz:referenceType "
	"r:resource='http://spdx.org/rdf/references/purl'/>"
	"<zz:referenceLocator>pkg:npm/lib@1.0</zz:referenceLocator></zz:ExternalRef>"
	"</zz:externalRef><zz:externalRef r:nodeID='e1'/>"
	"<zz:relationship r:nodeID='r1'/></r:Description></zz:relatedSpdxElement>"
	"</zz:Relationship></zz:relationship></zz:SpdxDocument>"
	"<zz:ExternalRef r:nodeID='e1'><zz:referenceType "
	"r:resource='http://spdx.org/rdf/references/cpe23Type'/>"
	"<zz:referenceLocator>cpe:2.3:a:acme:lib:1.0:*:*:*:*:*:*:*</zz:referenceLocator>"
	"</zz:ExternalRef><zz:Relationship r:nodeID='r1'><zz:relationshipType r:resource='" T
	"relationshipType_dependsOn'/><zz:relatedSpdxElement><zz:Package r:about='" D
	"SPDXRef-b'><zz:name>other</zz:name></zz:Package></zz:relatedSpdxElement>"
	"</zz:Relationship></r:RDF>");

static const struct {
	const struct tu_str *text;
	enum tu_sbom_format format;
} forms[] = {
	{&tag_value, TU_SBOM_SPDX_TAG_VALUE},
	{&yaml, TU_SBOM_SPDX_YAML},
	{&rdf, TU_SBOM_SPDX_RDF},
};

static void assert_same_document(const struct reading *r)
{
	const struct tu_component *lib = named(r, "lib");

	assert_text(r->inventory->spec_version, "SPDX-2.3");
	assert_text(r->inventory->name, "doc");
	assert_text(r->inventory->serial, "http://example.org/doc");
	assert_text(r->inventory->created, "2024-01-02T03:04:05Z");
	assert_text(r->inventory->tools[0], "maker-1");
	assert_int_equal(r->inventory->component_count, 2);
	assert_ptr_equal(&r->inventory->components[r->inventory->subject], lib);
	assert_text(lib->ref, "SPDXRef-a");
	assert_text(lib->version, "1.0");
	assert_text(lib->supplier, "ACME");
	assert_text(lib->purl, "pkg:npm/lib@1.0");
	assert_text(lib->cpes[0], "cpe:2.3:a:acme:lib:1.0:*:*:*:*:*:*:*");
	assert_text(lib->licences[0].text, "MIT");
	assert_text(lib->hashes[0].algorithm, "SHA-1");
	assert_text(lib->hashes[0].value, "ab12000000000000000000000000000000000000");
	assert_int_equal(lib->kind, TU_KIND_LIBRARY);
	assert_true(is_related(r, "lib", TU_REL_DEPENDS_ON, "other"));
	assert_int_equal(r->inventory->note_count, 0);
}

static void all_forms_say_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(forms); i++) {
		struct reading r = read_good(*forms[i].text, forms[i].format);

		assert_same_document(&r);
		reading_done(&r);
	}
}

static void memory_may_run_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(forms); i++)
		assert_survives_faults(*forms[i].text);
}

static void tag_value_notes_what_it_leaves_out(void **state)
{
	struct reading r = read_good(
		TU_STR("SPDXVersion: SPDX-2.1\nPackageName: a\nRelationship: SPDXRef-a DEPENDS_ON\n"
		       "PackageVersion: 1\nPackageVersion: 2\nWonder: x\nno tag at all\n"
		       "ExternalRef: SECURITY\nPackageChecksum: 00\n"),
		TU_SBOM_SPDX_TAG_VALUE);

	(void)state;
	assert_text(r.inventory->spec_version, "SPDX-2.1");
	assert_text(named(&r, "a")->version, "1");
	assert_true(has_note(&r, "a relationship that is not of three words"));
	assert_true(has_note(&r, "may come only once: PackageVersion"));
	assert_true(has_note(&r, "not understood: tag Wonder"));
	assert_true(has_note(&r, "a line that is not a tag"));
	assert_true(has_note(&r, "an external reference that is not of three words"));
	assert_true(has_note(&r, "a checksum without algorithm"));
	assert_text(r.inventory->notes[0].pointer, "line 3");
	reading_done(&r);
}

static void tag_value_is_refused_with_its_line(void **state)
{
	(void)state;
	assert_refused(TU_STR("\nSPDXVersion: SPDX-9\n"), TU_E_UNSUPPORTED, "line 2, column 14: ");
	assert_refused(TU_STR("SPDXVersion: SPDX-2.3\nDocumentComment: <text>on and on\n"),
		TU_E_SYNTAX, "line 2: ");
	assert_refused(TU_STR("# no line breaks\nSPDXVersion: SPDX-2.3 DataLicense: CC0-1.0 "
			      "SPDXID: SPDXRef-DOCUMENT\n"),
		TU_E_SYNTAX, "line 2, column 23: \"DataLicense\" on the line of SPDXVersion");
	assert_refused(TU_STR("SPDXVersion: SPDX-2.3\nPackageName: a\n"
			      "SPDXID: SPDXRef-a  PackageVersion: 1\n"),
		TU_E_SYNTAX, "line 3, column 20: ");
}

static void yaml_bombs_are_refused(void **state)
{
	(void)state;
	assert_refused(TU_STR("spdxVersion: SPDX-2.3\na: &a [x,x]\nb: &b [*a,*a]\n"), TU_E_SYNTAX,
		"line 3, column 8: an alias");
	assert_refused(TU_STR("spdxVersion: SPDX-2.3\n? [a]\n: b\n"), TU_E_SYNTAX, "map keys");
	assert_refused(
		TU_STR("spdxVersion: SPDX-2.3\nspdxVersion: SPDX-2.2\n"), TU_E_SYNTAX, "line 2, ");
	assert_refused(TU_STR("spdxVersion: SPDX-2.3\n a: [\n"), TU_E_SYNTAX, "line ");
}

static void yaml_depth_is_limited(void **state)
{
	struct tu_buf text;

	(void)state;
	tu_buf_init(&text, 100000);
	tu_buf_c(&text, "spdxVersion: SPDX-2.3\nx: ");
	for (int i = 0; i < 600; i++)
		tu_buf_byte(&text, '[');
	assert_refused(tu_buf_str(&text), TU_E_LIMIT, "deeper");
	tu_buf_done(&text);
}

static void rdf_without_a_document(void **state)
{
	(void)state;
	assert_refused(TU_STR("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>"),
		TU_E_UNSUPPORTED, "without an SpdxDocument");
}

/* A set of licences that contains itself must not be followed for ever. */
static void rdf_circles_end(void **state)
{
	struct reading r = read_good(
		TU_STR("<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:s='" T
		       "'><s:SpdxDocument r:about='" D "SPDXRef-DOCUMENT'/><s:Package r:about='" D
		       "SPDXRef-a'><s:name>a</s:name><s:licenseDeclared r:nodeID='l'/></s:Package>"
		       "<s:ConjunctiveLicenseSet r:nodeID='l'><s:member r:nodeID='l'/>"
		       "<s:member r:nodeID='l'/></s:ConjunctiveLicenseSet></r:RDF>"),
		TU_SBOM_SPDX_RDF);

	(void)state;
	assert_true(has_note(&r, "turns in a circle"));
	assert_int_equal(named(&r, "a")->licence_count, 0);
	reading_done(&r);
}

static void utf16_is_read(void **state)
{
	static const char text[] = "\xff\xfeS\0P\0D\0X\0V\0e\0r\0s\0i\0o\0n\0:\0 \0S\0P\0D\0X\0-\0"
				   "2\0.\0"
				   "3\0\n\0P\0a\0c\0k\0a\0g\0e\0N\0a\0m\0e\0:\0 \0\xe9\0\n";
	struct reading r = read_good(tu_str_of(text, sizeof(text)), TU_SBOM_SPDX_TAG_VALUE);

	(void)state;
	assert_text(r.inventory->components[0].name, "\xc3\xa9");
	reading_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_forms_say_the_same),
		cmocka_unit_test(memory_may_run_out),
		cmocka_unit_test(tag_value_notes_what_it_leaves_out),
		cmocka_unit_test(tag_value_is_refused_with_its_line),
		cmocka_unit_test(yaml_bombs_are_refused),
		cmocka_unit_test(yaml_depth_is_limited),
		cmocka_unit_test(rdf_without_a_document),
		cmocka_unit_test(rdf_circles_end),
		cmocka_unit_test(utf16_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
