/* Statements of the three formats in one model. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <tutela/vex.h>

#include "vex/claim/cyclonedx.h"

static const struct tu_vex_document *read_text(struct tu_arena *arena, const char *text)
{
	const struct tu_vex_document *document = NULL;
	struct tu_error err = {0};

	if (tu_vex_read(arena, tu_str_c(text), false, &document, &err) != TU_OK)
		fail_msg("%s", err.message);
	return document;
}

static void is_text(struct tu_str text, const char *want)
{
	if (!tu_str_eq(text, tu_str_c(want)))
		fail_msg("\"%.*s\" is not \"%s\"", TU_STR_FMT(text), want);
}

static void test_openvex(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_vex_document *d = read_text(arena,
		"{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"@id\":\"i\",\"author\":\"Acme\","
		"\"timestamp\":\"2024-01-01T00:00:00Z\",\"statements\":[{\"vulnerability\":{"
		"\"name\":\"CVE-1\",\"aliases\":[\"GHSA-1\"]},\"products\":[{\"@id\":\"pkg:oci/"
		"a@1\","
		"\"identifiers\":{\"cpe23\":\"cpe:2.3:a:b:c:1:*:*:*:*:*:*:*\"},\"hashes\":{"
		"\"sha-256\":\"ab\"},\"subcomponents\":[{\"@id\":\"pkg:deb/debian/x@1\"}]}],"
		"\"status\":\"affected\",\"action_statement\":\"Update.\"}]}");
	const struct tu_vex_claim *claim = &d->claims[0];

	(void)state;
	assert_int_equal(d->format, TU_VEX_OPENVEX);
	is_text(d->version, "0.2.0");
	assert_int_equal(d->claim_count, 1);
	assert_int_equal(claim->status, TU_CLAIM_AFFECTED);
	is_text(claim->vulnerability, "CVE-1");
	is_text(claim->aliases[0], "GHSA-1");
	is_text(claim->action, "Update.");
	is_text(claim->author, "Acme");
	is_text(claim->timestamp, "2024-01-01T00:00:00Z");
	is_text(claim->pointer, "/statements/0");
	is_text(claim->products[0].purls[0], "pkg:oci/a@1");
	assert_int_equal(claim->products[0].cpe_count, 1);
	is_text(claim->products[0].hashes[0].algorithm, "sha-256");
	is_text(claim->products[0].parts[0].purls[0], "pkg:deb/debian/x@1");
	tu_arena_free(arena);
}

static void test_bom_links(void **state)
{
	static const struct {
		const char *text;
		bool link, broken, whole;
	} rows[] = {
		{"urn:cdx:ab-01/1#x", true, false, false},
		{"urn:cdx:ab-01/12", true, false, true},
		{"URN:CDX:AB-01/1#x", true, false, false},
		{"urn:cdx:ab-01/1#", true, true, false},
		{"urn:cdx:ab-01/1x", true, true, false},
		{"urn:cdx:ab-01/#x", true, true, false},
		{"urn:cdx:ab-01", true, true, false},
		{"urn:cdx:x-01/1#x", true, true, false},
		{"urn:cdx:", true, true, false},
		{"urn:uuid:ab-01", false, false, false},
		{"", false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_bom_link link;

		if (tu_bom_link(tu_str_c(rows[i].text), &link) != rows[i].link ||
			(rows[i].link && link.broken != rows[i].broken) ||
			link.whole != rows[i].whole)
			fail_msg("%s", rows[i].text);
	}
}

static void test_cyclonedx(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_vex_document *d = read_text(arena,
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"serialNumber\":"
		"\"urn:uuid:AA\",\"components\":[{\"bom-ref\":\"r\",\"purl\":\"pkg:npm/a@1\"}],"
		"\"vulnerabilities\":[{\"id\":\"CVE-1\",\"analysis\":{\"state\":\"false_positive\","
		"\"detail\":\"why\"},\"affects\":[{\"ref\":\"r\"},{\"ref\":"
		"\"urn:cdx:BB/1#pkg%3Anpm/"
		"b@1\",\"versions\":[{\"version\":\"1\"},{\"version\":\"2\","
		"\"status\":\"unaffected\"}]}]},{\"id\":\"CVE-2\"}]}");
	const struct tu_vex_product *products = d->claims[0].products;

	(void)state;
	assert_int_equal(d->claims[0].status, TU_CLAIM_NOT_AFFECTED);
	is_text(d->claims[0].impact, "why");
	is_text(products[0].purls[0], "pkg:npm/a@1");
	is_text(products[0].serial, "aa");
	is_text(products[1].serial, "bb");
	is_text(products[1].ref, "pkg:npm/b@1");
	assert_int_equal(products[1].version_count, 1);
	is_text(products[1].versions[0], "2");
	assert_int_equal(d->claims[1].status, TU_CLAIM_UNSTATED);
	assert_int_equal(d->note_count, 2); /* version 1, and the second has no analysis */
	tu_arena_free(arena);
}

static void test_csaf(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_vex_document *d = read_text(arena,
		"{\"document\":{\"csaf_version\":\"2.0\",\"publisher\":{\"name\":\"Acme\"},"
		"\"tracking\":{\"id\":\"A\",\"current_release_date\":\"2024-01-01T00:00:00Z\"}},"
		"\"product_tree\":{\"full_product_names\":[{\"name\":\"lib\",\"product_id\":\"L\","
		"\"product_identification_helper\":{\"purl\":\"pkg:npm/l@1\"}},{\"name\":\"pump\","
		"\"product_id\":\"P\",\"product_identification_helper\":{\"cpe\":\"cpe:/"
		"o:a:p:1\"}}],"
		"\"product_groups\":[{\"group_id\":\"G\",\"product_ids\":[\"LP\",\"L\"]}],"
		"\"relationships\":[{\"category\":\"default_component_of\",\"product_reference\":"
		"\"L\",\"relates_to_product_reference\":\"P\",\"full_product_name\":{\"name\":"
		"\"lp\","
		"\"product_id\":\"LP\"}}]},\"vulnerabilities\":[{\"cve\":\"CVE-1\",\"flags\":[{"
		"\"label\":\"component_not_present\",\"group_ids\":[\"G\"]}],\"product_status\":{"
		"\"known_not_affected\":[\"LP\"],\"fixed\":[\"L\",\"GONE\"]}},{\"cve\":\"CVE-2\","
		"\"remediations\":[{\"category\":\"vendor_fix\",\"details\":\"Update.\","
		"\"product_ids\":[\"LP\"]},{\"category\":\"workaround\",\"details\":\"Of "
		"another.\",\"product_ids\":[\"L\"]}],\"threats\":[{\"category\":\"impact\","
		"\"details\":\"It stops.\",\"product_ids\":[\"LP\"]}],"
		"\"product_status\":{\"known_affected\":[\"LP\"]}}]}");

	(void)state;
	assert_int_equal(d->claim_count, 4);
	is_text(d->claims[0].action, "");
	is_text(d->claims[3].action, "Update.");
	is_text(d->claims[0].justification, "component_not_present");
	is_text(d->claims[0].products[0].cpes[0], "cpe:/o:a:p:1");
	is_text(d->claims[0].products[0].parts[0].purls[0], "pkg:npm/l@1");
	assert_int_equal(d->claims[1].status, TU_CLAIM_FIXED);
	is_text(d->claims[1].products[0].purls[0], "pkg:npm/l@1");
	assert_int_equal(d->claims[3].status, TU_CLAIM_AFFECTED);
	is_text(d->claims[3].justification, ""); /* a flag of the other vulnerability */
	assert_int_equal(d->note_count, 1); /* GONE */
	tu_arena_free(arena);
}

static void test_refused(void **state)
{
	static const char *const texts[] = {"", "[]", "{}", "{\"document\":{}}",
		"{\"@context\":\"https://openvex.dev/ns\"}",
		"{\"document\":{\"csaf_version\":\"1.0\"}}"};
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_vex_document *document = NULL;
	struct tu_error err;

	(void)state;
	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		err = (struct tu_error){0};
		assert_int_not_equal(
			tu_vex_read(arena, tu_str_c(texts[i]), false, &document, &err), TU_OK);
		assert_null(document);
		assert_true(err.message[0]);
	}
	tu_arena_free(arena);
}

/* What product_status says badly is kept: it may be the opposite of what clears. */
static void test_csaf_statuses(void **state)
{
	static const struct {
		const char *status;
		size_t claims;
		enum tu_claim_status first;
		bool garbled;
		size_t products;
	} rows[] = {
		{"{\"known_affected\":[\"P\"]}", 1, TU_CLAIM_AFFECTED, false, 1},
		{"{\"last_affected\":[\"P\",\"P\"]}", 2, TU_CLAIM_AFFECTED, false, 1},
		{"{\"first_fixed\":[\"P\"]}", 1, TU_CLAIM_FIXED, false, 1},
		{"{\"recommended\":[\"P\"],\"unknown\":[\"P\"]}", 0, TU_CLAIM_UNSTATED, false, 0},
		{"{\"Known_Affected\":[\"P\"]}", 1, TU_CLAIM_UNSTATED, true, 1},
		{"{\"affected\":[\"P\"]}", 1, TU_CLAIM_UNSTATED, true, 1},
		{"{\"known_affected\":[]}", 1, TU_CLAIM_AFFECTED, false, 0},
		{"{\"known_affected\":\"P\"}", 1, TU_CLAIM_AFFECTED, false, 0},
		{"{\"known_affected\":[7]}", 1, TU_CLAIM_AFFECTED, false, 0},
		{"[\"P\"]", 1, TU_CLAIM_UNSTATED, true, 0},
		{"{}", 0, TU_CLAIM_UNSTATED, false, 0},
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_arena *arena = tu_arena_new(0);
		const struct tu_vex_document *d;

		(void)snprintf(text, sizeof(text),
			"{\"document\":{\"csaf_version\":\"2.0\"},\"product_tree\":{"
			"\"full_product_names\":[{\"product_id\":\"P\",\"name\":\"x\","
			"\"product_identification_helper\":{\"purl\":\"pkg:npm/x\"}}]},"
			"\"vulnerabilities\":[{\"cve\":\"CVE-2097-1\",\"product_status\":%s}]}",
			rows[i].status);
		d = read_text(arena, text);
		if (d->claim_count != rows[i].claims ||
			(d->claim_count &&
				(d->claims[0].status != rows[i].first ||
					d->claims[0].garbled != rows[i].garbled ||
					d->claims[0].product_count != rows[i].products ||
					!d->claims[0].pointer.len)))
			fail_msg("%s", rows[i].status);
		tu_arena_free(arena);
	}
}

/* A hash that is there and cannot be read is not the same as none. */
static void test_damaged_hashes(void **state)
{
	static const struct {
		const char *openvex, *csaf;
	} rows[] = {{"null", "null"}, {"{}", "[]"}, {"[]", "{}"}, {"\"x\"", "[null]"},
		{"7", "[{\"filename\":\"f\"}]"}, {"true", "[{\"file_hashes\":[]}]"}};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_arena *arena = tu_arena_new(0);
		const struct tu_vex_product *product;

		(void)snprintf(text, sizeof(text),
			"{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"statements\":[{"
			"\"vulnerability\":{\"name\":\"CVE-2097-1\"},\"status\":\"fixed\","
			"\"products\":[{\"@id\":\"pkg:npm/x@1\",\"hashes\":%s}]}]}",
			rows[i].openvex);
		product = read_text(arena, text)->claims[0].products;
		assert_int_equal(product->hash_count, 1);
		is_text(product->hashes[0].value, "");
		(void)snprintf(text, sizeof(text),
			"{\"document\":{\"csaf_version\":\"2.0\"},\"product_tree\":{"
			"\"full_product_names\":[{\"product_id\":\"P\",\"name\":\"x\","
			"\"product_identification_helper\":{\"purl\":\"pkg:npm/x\",\"hashes\":"
			"%s}}]},\"vulnerabilities\":[{\"cve\":\"CVE-2097-1\",\"product_status\":{"
			"\"fixed\":[\"P\"]}}]}",
			rows[i].csaf);
		product = read_text(arena, text)->claims[0].products;
		assert_int_equal(product->hash_count, 1);
		is_text(product->hashes[0].value, "");
		tu_arena_free(arena);
	}
}

/* Products of CSAF that are defined twice, and relationships of an unknown category. */
static void test_contested(void **state)
{
#define PRODUCT(id, purl) \
	"{\"product_id\":\"" id "\",\"name\":\"n\",\"product_identification_helper\":{" \
	"\"purl\":\"" purl "\"}}"
#define RELATION(category) \
	"],\"relationships\":[{\"category\":\"" category "\",\"product_reference\":\"L\"," \
	"\"relates_to_product_reference\":\"W\",\"full_product_name\":{\"product_id\":" \
	"\"P\",\"name\":\"n\"}}"
	static const struct {
		const char *products;
		bool unreadable;
	} rows[] = {
		{PRODUCT("P", "pkg:npm/x"), false},
		{PRODUCT("P", "pkg:npm/x") "," PRODUCT("P", "pkg:npm/x"), false},
		{PRODUCT("P", "pkg:npm/x") "," PRODUCT("P", "pkg:npm/y"), true},
		{PRODUCT("P", "pkg:npm/x@1") "," PRODUCT("P", "pkg:npm/x@2"), true},
		{PRODUCT("P", "pkg:npm/x") ",{\"product_id\":\"P\",\"name\":\"n\"}", true},
		{PRODUCT("L", "pkg:npm/x") "," PRODUCT("W", "pkg:npm/w") RELATION("installed_on"),
			false},
		{PRODUCT("L", "pkg:npm/x") "," PRODUCT("W", "pkg:npm/w") RELATION("part_of"), true},
		{PRODUCT("L", "pkg:npm/x") "," PRODUCT("W", "pkg:npm/w") RELATION(""), true},
	};
	char text[2048];

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_arena *arena = tu_arena_new(0);
		const struct tu_vex_product *product;

		(void)snprintf(text, sizeof(text),
			"{\"document\":{\"csaf_version\":\"2.0\"},\"product_tree\":{"
			"\"full_product_names\":[%s]},\"vulnerabilities\":[{\"cve\":"
			"\"CVE-2097-1\",\"product_status\":{\"fixed\":[\"P\"]}}]}",
			rows[i].products);
		product = read_text(arena, text)->claims[0].products;
		if (product->part_count)
			product = product->parts;
		if (product->unreadable != rows[i].unreadable)
			fail_msg("%s", rows[i].products);
		tu_arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openvex),
		cmocka_unit_test(test_csaf_statuses),
		cmocka_unit_test(test_damaged_hashes),
		cmocka_unit_test(test_contested),
		cmocka_unit_test(test_bom_links),
		cmocka_unit_test(test_cyclonedx),
		cmocka_unit_test(test_csaf),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
