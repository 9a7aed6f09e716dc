#include "read.h"

#define HEAD "{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\",\"@graph\":["
#define CREATION \
	"{\"type\":\"CreationInfo\",\"@id\":\"_:c\",\"specVersion\":\"3.0.1\"," \
	"\"created\":\"2024-01-02T03:04:05Z\",\"createdUsing\":[\"urn:tool\"]}"

static const struct tu_str whole = TU_STR_INIT(HEAD CREATION
	",{\"type\":\"Tool\",\"spdxId\":\"urn:tool\",\"name\":\"maker\"}"
	",{\"type\":\"Organization\",\"spdxId\":\"urn:acme\",\"name\":\"ACME\"}"
	",{\"type\":\"SpdxDocument\",\"spdxId\":\"urn:doc\",\"name\":\"doc\","
	"\"creationInfo\":\"_:c\",\"rootElement\":[\"urn:sbom\"],"
	"\"import\":[{\"type\":\"ExternalMap\",\"externalSpdxId\":\"urn:far\"}]}"
	",{\"type\":\"software_Sbom\",\"spdxId\":\"urn:sbom\",\"rootElement\":[\"urn:a\"]}"
	",{\"type\":\"software_Package\",\"spdxId\":\"urn:a\",\"name\":\"app\","
	"\"software_packageVersion\":\"1.0\",\"software_primaryPurpose\":\"application\","
	"\"suppliedBy\":\"urn:acme\",\"verifiedUsing\":[{\"type\":\"Hash\","
	"\"algorithm\":\"sha256\",\"hashValue\":"
	"\"AB00000000000000000000000000000000000000000000000000000000000000\"}],"
	"\"externalIdentifier\":["
	"{\"type\":\"ExternalIdentifier\",\"externalIdentifierType\":\"packageUrl\","
	"\"identifier\":\"pkg:npm/app@1.0\"},{\"externalIdentifierType\":\"cpe23\","
	"\"identifier\":\"cpe:2.3:a:acme:app:1.0:*:*:*:*:*:*:*\"},"
	"{\"externalIdentifierType\":\"swid\",\"identifier\":\"tag-1\"}],\"wonder\":1}"
	",{\"type\":\"software_Package\",\"spdxId\":\"urn:b\",\"name\":\"lib\"}"
	",{\"type\":\"software_Package\",\"spdxId\":\"urn:t\",\"name\":\"tester\"}"
	",{\"type\":\"software_File\",\"spdxId\":\"urn:f\",\"name\":\"file\"}"
	",{\"type\":\"simplelicensing_LicenseExpression\",\"spdxId\":\"urn:l\","
	"\"simplelicensing_licenseExpression\":\"MIT OR X11\"}"
	",{\"type\":\"Relationship\",\"spdxId\":\"urn:r1\",\"relationshipType\":\"dependsOn\","
	"\"from\":\"urn:a\",\"to\":[\"urn:b\",\"urn:far\"]}"
	",{\"type\":\"LifecycleScopedRelationship\",\"spdxId\":\"urn:r2\",\"scope\":\"test\","
	"\"relationshipType\":\"dependsOn\",\"from\":\"urn:a\",\"to\":[\"urn:t\"]}"
	",{\"type\":\"Relationship\",\"spdxId\":\"urn:r3\","
	"\"relationshipType\":\"hasDeclaredLicense\",\"from\":\"urn:a\",\"to\":[\"urn:l\"]}"
	",{\"type\":\"Relationship\",\"spdxId\":\"urn:r4\",\"relationshipType\":\"contains\","
	"\"from\":\"urn:a\",\"to\":[\"urn:f\",\"urn:nowhere\"]}"
	",{\"type\":\"security_Vulnerability\",\"spdxId\":\"urn:v\",\"externalIdentifier\":["
	"{\"externalIdentifierType\":\"cve\",\"identifier\":\"CVE-2020-1\"}]}"
	",{\"type\":\"security_VexNotAffectedVulnAssessmentRelationship\",\"spdxId\":\"urn:x1\","
	"\"relationshipType\":\"doesNotAffect\",\"from\":\"urn:v\",\"to\":[\"urn:b\"],"
	"\"security_justificationType\":\"componentNotPresent\","
	"\"security_impactStatement\":\"why\"}"
	",{\"type\":\"security_VexFixedVulnAssessmentRelationship\",\"spdxId\":\"urn:x2\","
	"\"relationshipType\":\"fixedIn\",\"from\":\"https://e/CVE-2020-2\",\"to\":[\"urn:a\"]}"
	",{\"type\":\"security_VexFixedVulnAssessmentRelationship\",\"spdxId\":\"urn:x3\","
	"\"relationshipType\":\"fixedIn\",\"from\":\"urn:v\",\"to\":[\"urn:gone\"]}"
	",{\"type\":\"Marvel\",\"spdxId\":\"urn:m\"}]}");

static void packages_are_components(void **state)
{
	struct reading r = read_good(whole, TU_SBOM_SPDX3_JSON);
	const struct tu_component *app = named(&r, "app");

	(void)state;
	assert_text(r.inventory->spec_version, "3.0.1");
	assert_text(r.inventory->serial, "urn:doc");
	assert_text(r.inventory->name, "doc");
	assert_text(r.inventory->created, "2024-01-02T03:04:05Z");
	assert_int_equal(r.inventory->tool_count, 1);
	assert_text(r.inventory->tools[0], "maker");
	assert_int_equal(r.inventory->component_count, 3);
	assert_ptr_equal(&r.inventory->components[r.inventory->subject], app);
	assert_text(app->version, "1.0");
	assert_text(app->supplier, "ACME");
	assert_text(app->purl, "pkg:npm/app@1.0");
	assert_text(app->cpes[0], "cpe:2.3:a:acme:app:1.0:*:*:*:*:*:*:*");
	assert_text(app->swid, "tag-1");
	assert_text(app->hashes[0].algorithm, "SHA-256");
	assert_text(app->licences[0].text, "MIT OR X11");
	assert_int_equal(app->kind, TU_KIND_APPLICATION);
	reading_done(&r);
}

static void relationships_keep_their_scope(void **state)
{
	struct reading r = read_good(whole, TU_SBOM_SPDX3_JSON);

	(void)state;
	assert_true(is_related(&r, "app", TU_REL_DEPENDS_ON, "lib"));
	assert_true(is_related(&r, "app", TU_REL_OTHER, "tester"));
	assert_false(is_related(&r, "app", TU_REL_DEPENDS_ON, "tester"));
	assert_true(has_note(&r, "what the document does not have: urn:nowhere"));
	assert_false(has_note(&r, "urn:far"));
	assert_true(has_note(&r, "imported from other documents"));
	assert_true(has_note(&r, "not understood: element of type Marvel"));
	assert_true(has_note(&r, "not understood: member of a package: wonder"));
	assert_true(has_note(&r, "not read as components: files, 1"));
	reading_done(&r);
}

/* A statement on what is not here must not become one on everything. */
static void statements_come_from_vex(void **state)
{
	struct reading r = read_good(whole, TU_SBOM_SPDX3_JSON);
	const struct tu_vex_claim *statements = r.inventory->claims;

	(void)state;
	assert_int_equal(r.inventory->claim_count, 3);
	assert_text(statements[0].vulnerability, "CVE-2020-1");
	assert_int_equal(statements[0].status, TU_CLAIM_NOT_AFFECTED);
	assert_text(statements[0].justification, "componentNotPresent");
	assert_text(tu_claim_detail(&statements[0]), "why");
	assert_text(r.inventory->components[statements[0].products[0].components[0]].name, "lib");
	assert_text(statements[1].vulnerability, "CVE-2020-2");
	assert_int_equal(statements[1].status, TU_CLAIM_FIXED);
	assert_int_equal(statements[2].products[0].component_count, 0);
	assert_true(statements[2].products[0].dangling);
	reading_done(&r);
}

static void other_versions_are_refused(void **state)
{
	(void)state;
	assert_refused(TU_STR(HEAD "{\"type\":\"CreationInfo\",\"@id\":\"_:c\","
				   "\"specVersion\":\"3.9\"}]}"),
		TU_E_UNSUPPORTED, "version \"3.9\"");
	assert_refused(TU_STR("{\"@context\":\"https://spdx.org/rdf/3.0.1/x\",\"@graph\":{}}"),
		TU_E_SYNTAX, "expected an array, found an object");
}

static void memory_may_run_out(void **state)
{
	(void)state;
	assert_survives_faults(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packages_are_components),
		cmocka_unit_test(relationships_keep_their_scope),
		cmocka_unit_test(statements_come_from_vex),
		cmocka_unit_test(other_versions_are_refused),
		cmocka_unit_test(memory_may_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
