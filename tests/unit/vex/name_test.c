/* By what statements name components and the subject of an SBOM: what is theirs alone. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "vex/name.h"

#define UUID "3e671687-395b-41f5-a30f-a58921a69b79"
#define SHA256 "abababababababababababababababababababababababababababababababab"
#define OTHER "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
#define CPE(product) "cpe:2.3:a:acme:" product ":1:*:*:*:*:*:*:*"
#define HASH(value) "\"hashes\":[{\"alg\":\"SHA-256\",\"content\":\"" value "\"}]"

/* Components by index; the subject is 0. */
static const char components[] =
	"{\"type\":\"library\",\"bom-ref\":\"c1\",\"name\":\"one\",\"version\":\"1\","
	"\"purl\":\"pkg:npm/one@1\",\"cpe\":\"" CPE("one") "\"," HASH(
		SHA256) "},"
			"{\"type\":\"library\",\"bom-ref\":\"c2\",\"name\":\"twin\",\"purl\":\"pkg:"
			"npm/twin@1\"},"
			"{\"type\":\"library\",\"bom-ref\":\"c3\",\"name\":\"twin\",\"purl\":\"pkg:"
			"npm/twin@1\"},"
			"{\"type\":\"library\",\"bom-ref\":\"c4\",\"name\":\"cpe\",\"cpe\":\"" CPE(
				"two") "\"},"
				       "{\"type\":\"library\",\"bom-ref\":\"c5\",\"name\":\"wide\","
				       "\"purl\":\"pkg:npm/wide\"},"
				       "{\"type\":\"library\",\"bom-ref\":\"c6\",\"name\":\"wide\","
				       "\"version\":\"2\","
				       "\"purl\":\"pkg:npm/wide@2\"},"
				       "{\"type\":\"file\",\"bom-ref\":\"c7\",\"name\":"
				       "\"file\"," HASH(
					       OTHER) "},"
						      "{\"type\":\"library\",\"bom-ref\":\"c8\","
						      "\"name\":\"mixed\",\"purl\":\"pkg:npm/"
						      "twin@1\","
						      "\"cpe\":\"" CPE("mixed") "\"," HASH(
							      SHA256) "},"
								      "{\"type\":\"library\",\"bom-"
								      "ref\":\"a "
								      "b/"
								      "%+?\xce\xb2#\",\"name\":"
								      "\"odd\","
								      "\"purl\":\"pkg:npm/"
								      "o\xce\xb2@1 x\"},"
								      "{\"type\":\"library\","
								      "\"name\":\"bare\"}";

struct bench {
	struct tu_arena *arena;
	struct tu_naming naming;
};

static void open_bench(struct bench *bench, const char *head, const char *subject)
{
	const struct tu_inventory *inventory = NULL;
	char text[8000];

	(void)snprintf(text, sizeof(text),
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",%s\"metadata\":{"
		"\"component\":{"
		"\"type\":\"device\",\"name\":\"pump\",\"bom-ref\":\"root\"%s}},\"components\":[%s]"
		"}",
		head, subject, components);
	bench->arena = tu_arena_new(0);
	assert_int_equal(
		tu_sbom_read(bench->arena, tu_str_c(text), false, NULL, &inventory, NULL), TU_OK);
	assert_int_equal(tu_naming_init(&bench->naming, bench->arena, inventory), TU_OK);
}

static void close_bench(struct bench *bench)
{
	tu_naming_done(&bench->naming);
	tu_arena_free(bench->arena);
}

#define SERIAL "\"serialNumber\":\"urn:uuid:" UUID "\",\"version\":7,"

static void same(struct tu_str got, const char *wanted)
{
	if (!tu_str_eq(got, tu_str_c(wanted)))
		fail_msg("\"%.*s\", not \"%s\"", TU_STR_FMT(got), wanted);
}

static void each_identifier_is_its_own(void **state)
{
	static const struct {
		uint32_t meant[3]; /* until 0 */
		const char *purl, *cpe, *hash; /* of the first */
	} rows[] = {
		{{1}, "pkg:npm/one@1", CPE("one"),
			""}, /* a hash only where there is nothing else */
		{{2}, "", "", ""}, /* its twin has the purl, too */
		{{2, 3}, "", "", ""}, /* and a third component */
		{{2, 3, 8}, "pkg:npm/twin@1", "", ""},
		{{4}, "", CPE("two"), ""},
		{{5}, "", "", ""}, /* without version: it means the next one, too */
		{{5, 6}, "pkg:npm/wide", "", ""},
		{{6}, "pkg:npm/wide@2", "", ""},
		{{7}, "", "", OTHER},
		{{8}, "", CPE("mixed"), ""},
		{{9}, "pkg:npm/o%CE%B2@1%20x", "", ""}, /* spelled so that it can be read */
		{{10}, "", "", ""},
	};
	struct bench bench;

	(void)state;
	open_bench(&bench, SERIAL, "");
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_issue_part parts[3];
		size_t count = 0;

		while (count < 3 && rows[i].meant[count])
			count++;
		assert_int_equal(
			tu_naming_parts(&bench.naming, rows[i].meant, count, parts), TU_OK);
		same(parts[0].purl, rows[i].purl);
		same(parts[0].cpe, rows[i].cpe);
		same(parts[0].hash.value, rows[i].hash);
		assert_true(tu_str_eq(
			parts[0].name, bench.naming.inventory->components[rows[i].meant[0]].name));
		for (size_t k = 0; k < bench.naming.inventory->component_count; k++)
			assert_false(bench.naming.meant[k]); /* as before */
	}
	close_bench(&bench);
}

static void links_have_serial_number_and_version(void **state)
{
	static const struct {
		const char *head;
		uint32_t component;
		const char *link;
	} rows[] = {
		{SERIAL, 1, "urn:cdx:" UUID "/7#c1"},
		{SERIAL, 9, "urn:cdx:" UUID "/7#a%20b/%25%2B?%CE%B2%23"},
		{SERIAL, 10, ""},
		{"\"serialNumber\":\"urn:uuid:" UUID "\",", 1, "urn:cdx:" UUID "/1#c1"},
		{"\"serialNumber\":\"urn:uuid:" UUID "\",\"version\":1,", 1,
			"urn:cdx:" UUID "/1#c1"},
		{"\"version\":7,", 1, ""},
		{"\"serialNumber\":\"urn:uuid:3e67\",", 1, ""},
		{"\"serialNumber\":\"https://acme.test/" UUID "\",", 1, ""},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_issue_part part;
		struct bench bench;

		open_bench(&bench, rows[i].head, "");
		assert_int_equal(
			tu_naming_parts(&bench.naming, &rows[i].component, 1, &part), TU_OK);
		same(part.link, rows[i].link);
		close_bench(&bench);
	}
}

static const struct {
	const char *subject; /* further members */
	const char *own_purl, *own_cpe; /* of device.yaml */
	const char *purl, *cpe;
	bool agrees;
} subjects[] = {
	{"", "", "", "", "", false},
	{",\"purl\":\"pkg:generic/acme/pump@1\"", "", "", "pkg:generic/acme/pump@1", "", true},
	{",\"cpe\":\"" CPE("pump") "\"", "", "", "", CPE("pump"), true},
	{",\"purl\":\"pkg:generic/acme/pump@1\",\"cpe\":\"" CPE("pump") "\"", "", "",
		"pkg:generic/acme/pump@1", CPE("pump"), true},
	/* the maker's own takes precedence, each for itself */
	{",\"purl\":\"pkg:generic/acme/pump@1\"", "pkg:generic/a/p@1", "", "pkg:generic/a/p@1", "",
		false},
	{",\"purl\":\"pkg:generic/acme/pump@1\"", "", CPE("own"), "pkg:generic/acme/pump@1",
		CPE("own"), true},
	{",\"purl\":\"pkg:generic/acme/pump@1\"", "pkg:generic/acme/pump@1", "",
		"pkg:generic/acme/pump@1", "", true},
	/* without a version: every release, so the version is added */
	{",\"version\":\"2\",\"purl\":\"pkg:generic/acme/pump\"", "", "", "pkg:generic/acme/pump@2",
		"", true},
	{",\"purl\":\"pkg:generic/acme/pump?arch=arm#lib\"", "", "",
		"pkg:generic/acme/pump@1%20%CE%B2?arch=arm#lib", "", false},
	{",\"version\":\"1 \xce\xb2\",\"purl\":\"pkg:generic/acme/pump?arch=arm\"", "", "",
		"pkg:generic/acme/pump@1%20%CE%B2?arch=arm", "", true},
	{"", "pkg:generic/acme/pump", "", "pkg:generic/acme/pump@1%20%CE%B2", "", false},
	{",\"cpe\":\"cpe:2.3:a:acme:pump:*:*:*:*:*:*:*:*\"", "", "", "", "", false},
	/* what cannot be read names nothing */
	{",\"purl\":\"pkg:generic\",\"cpe\":\"cpe:2.3:a\"", "", "", "", "", false},
	{",\"purl\":\"pkg:generic/acme/pump@1\"", "pkg:", "cpe:2.3:", "pkg:generic/acme/pump@1", "",
		true},
	/* a component has it, too: it does not name the product */
	{",\"purl\":\"pkg:npm/one@1\"", "", "", "pkg:npm/one@1", "", false},
};

static void the_subject_names_the_product(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(subjects); i++) {
		struct tu_issue_product product = {.version = TU_STR("1 \xce\xb2"),
			.purl = tu_str_c(subjects[i].own_purl),
			.cpe = tu_str_c(subjects[i].own_cpe)};
		struct bench bench;

		open_bench(&bench, SERIAL, subjects[i].subject);
		assert_int_equal(tu_naming_settle(bench.arena, &product), TU_OK);
		assert_int_equal(tu_naming_subject(&bench.naming, &product), TU_OK);
		same(product.purl, subjects[i].purl);
		same(product.cpe, subjects[i].cpe);
		same(product.link, "urn:cdx:" UUID "/7#root");
		if (tu_naming_agrees(&bench.naming, &product) != subjects[i].agrees)
			fail_msg("row %zu", i);
		close_bench(&bench);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_identifier_is_its_own),
		cmocka_unit_test(links_have_serial_number_and_version),
		cmocka_unit_test(the_subject_names_the_product),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
