/* Supplements: what they change, what they tell, and every way in which a slip is found. */
#include "read.h"

#include <tutela/supplement.h>
#include "error_text.h"

static const struct tu_str document =
	TU_STR_INIT("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
		    "{\"name\":\"lodash\",\"bom-ref\":\"l\",\"version\":\"4.17.20\","
		    "\"purl\":\"pkg:npm/lodash@4.17.20?arch=any\"},"
		    "{\"name\":\"lodash\",\"bom-ref\":\"m\",\"version\":\"3.0\",\"purl\":\"pkg:npm/"
		    "lodash@3.0\"},"
		    "{\"name\":\"openssl\",\"version\":\"1.1.1k\",\"supplier\":{\"name\":\"old\"},"
		    "\"cpe\":\"cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*\"}]}");

struct merged {
	struct reading reading;
	const struct tu_inventory *inventory;
	enum tu_status status;
	struct tu_error err;
};

static struct merged merge(const char *text)
{
	struct merged merged = {.reading = read_good(document, TU_SBOM_CYCLONEDX_JSON)};

	merged.inventory = merged.reading.inventory;
	merged.status = tu_supplement_apply(
		merged.reading.arena, tu_str_c(text), &merged.inventory, 1, &merged.err);
	return merged;
}

static struct merged merge_good(const char *text)
{
	struct merged merged = merge(text);

	if (merged.status)
		print_message("%s\n", error_text(&merged.err));
	assert_int_equal(merged.status, TU_OK);
	return merged;
}

static void assert_is(struct tu_str text, const char *want)
{
	if (!tu_str_eq(text, tu_str_c(want)))
		fail_msg("\"%.*s\", wanted \"%s\"", TU_STR_FMT(text), want);
}

#define HEAD "tutela-supplement: 1\ncomponents:\n"

static void a_purl_without_version_selects_every_version(void **state)
{
	struct merged m = merge_good(HEAD "- select: {purl: pkg:npm/lodash}\n  supplier: OpenJS\n");

	(void)state;
	assert_is(m.inventory->components[0].supplier, "OpenJS");
	assert_is(m.inventory->components[1].supplier, "OpenJS");
	assert_is(m.inventory->components[2].supplier, "old");
	assert_int_equal(m.inventory->note_count, 1);
	assert_int_equal(m.inventory->notes[0].count, 2);
	assert_is(m.inventory->notes[0].pointer, "/components/0");
	assert_is(m.inventory->notes[0].message,
		"supplement, entry 1 (pkg:npm/lodash): supplier \"OpenJS\"");
	/* the document's own inventory stays as it was */
	assert_is(m.reading.inventory->components[0].supplier, "");
	assert_int_equal(m.reading.inventory->note_count, 0);
	reading_done(&m.reading);
}

static void selectors_are_as_narrow_as_they_are_written(void **state)
{
	static const struct {
		const char *select;
		bool hit[3];
	} cases[] = {
		{"purl: pkg:npm/lodash@3.0", {false, true, false}},
		{"purl: pkg:npm/lodash?arch=any", {true, false, false}},
		{"name: lodash", {true, true, false}},
		{"name: lodash, version: \"3.0\"", {false, true, false}},
		{"ref: l", {true, false, false}},
		{"cpe: \"cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*\"", {false, false, true}},
		{"cpe: \"cpe:/a:openssl:openssl:1.1.1k\"", {false, false, true}},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		char text[200];
		struct merged m;

		(void)snprintf(text, sizeof(text), HEAD "- select: {%s}\n  contact: new\n",
			cases[i].select);
		m = merge_good(text);
		for (size_t k = 0; k < 3; k++)
			assert_int_equal(
				m.inventory->components[k].contact.len > 0, cases[i].hit[k]);
		reading_done(&m.reading);
	}
}

static void a_corrected_version_holds_in_the_identifiers(void **state)
{
	struct merged m = merge_good(
		HEAD "- select: {ref: l}\n  version: 4.17.21\n"
		     "- select: {name: openssl}\n  version: 1.1.1w\n  supplier: OpenSSL\n");

	(void)state;
	assert_is(m.inventory->components[0].purl, "pkg:npm/lodash@4.17.21?arch=any");
	assert_is(m.inventory->components[2].cpes[0],
		"cpe:2.3:a:openssl:openssl:1.1.1w:*:*:*:*:*:*:*");
	assert_is(m.inventory->notes[2].message,
		"supplement, entry 2 (openssl): version \"1.1.1w\" in place of \"1.1.1k\"");
	reading_done(&m.reading);
}

static void support_is_kept_as_properties(void **state)
{
	struct merged m =
		merge_good("{\"tutela-supplement\": 1, \"components\": ["
			   "{\"select\": {\"name\": \"openssl\"}, \"internal\": true,"
			   "\"support\": \"abandoned\","
			   "\"end-of-support\": \"2023-09-11\", \"license\": \"OpenSSL\"}],"
			   "\"document\": {\"author\": \"ACME\"}}");
	const struct tu_component *c = &m.inventory->components[2];

	(void)state;
	assert_is(tu_component_property(c, TU_STR(TU_PROPERTY_SUPPORT)), "abandoned");
	assert_is(tu_component_property(c, TU_STR(TU_PROPERTY_SUPPORT_END)), "2023-09-11");
	assert_is(tu_component_property(c, TU_STR(TU_PROPERTY_INTERNAL)), "true");
	assert_is(c->licences[0].text, "OpenSSL");
	assert_is(m.inventory->authors[0].name, "ACME");
	reading_done(&m.reading);
}

static void the_later_entry_wins(void **state)
{
	struct merged m = merge_good(HEAD "- select: {name: lodash}\n  supplier: one\n"
					  "- select: {purl: pkg:npm/lodash}\n  supplier: two\n");

	(void)state;
	assert_is(m.inventory->components[0].supplier, "two");
	assert_is(m.inventory->notes[1].message,
		"supplement, entry 2 (pkg:npm/lodash): supplier \"two\" in place of \"one\"");
	reading_done(&m.reading);
}

static void a_selector_must_hit_in_one_of_several(void **state)
{
	static const struct tu_str other =
		TU_STR_INIT("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
			    "{\"name\":\"zlib\"}]}");
	struct reading a = read_good(document, TU_SBOM_CYCLONEDX_JSON);
	struct reading b = read_good(other, TU_SBOM_CYCLONEDX_JSON);
	const struct tu_inventory *both[] = {a.inventory, b.inventory};
	struct tu_error err;

	(void)state;
	assert_int_equal(tu_supplement_apply(a.arena,
				 TU_STR(HEAD "- select: {name: zlib}\n  supplier: z\n"
					     "- select: {name: openssl}\n  supplier: o\n"),
				 both, 2, &err),
		TU_OK);
	assert_is(both[0]->components[2].supplier, "o");
	assert_is(both[1]->components[0].supplier, "z");
	assert_int_equal(both[0]->note_count, 1);
	assert_int_equal(both[1]->note_count, 1);
	reading_done(&a);
	reading_done(&b);
}

static void slips_are_found_with_their_line(void **state)
{
	static const struct {
		const char *text;
		enum tu_status status;
		const char *words;
	} cases[] = {
		{HEAD "- select: {name: lodash}\n- select: {name: lodahs}\n", TU_E_NOTFOUND,
			"line 4: no component of the SBOM is selected by \"lodahs\""},
		{HEAD "- select: {name: a}\n- select: {name: b}\n", TU_E_NOTFOUND,
			"line 3: no component of the SBOM is selected by \"a\", nor by 1 more"},
		{HEAD "- select: {name: lodash, version: \"9\"}\n", TU_E_NOTFOUND, "lodash@9"},
		{HEAD "- select: {name: lodash}\n  suplier: x\n", TU_E_SYNTAX,
			"line 4: an entry has no member \"suplier\""},
		{HEAD "- select: {name: lodash}\n  support: fine\n", TU_E_SYNTAX,
			"line 4: support"},
		{HEAD "- select: {name: lodash}\n  end-of-support: soon\n", TU_E_SYNTAX,
			"line 4: a date"},
		{HEAD "- select: {name: lodash}\n  end-of-support: 2024-02-30\n", TU_E_SYNTAX,
			"line 4: a date"},
		{HEAD "- select: {name: lodash}\n  internal: maybe\n", TU_E_SYNTAX,
			"line 4: true or false"},
		{HEAD "- select: {name: lodash}\n  purl: lodash\n", TU_E_SYNTAX,
			"line 4: not a package URL"},
		{HEAD "- select: {name: lodash}\n  cpe: lodash\n", TU_E_SYNTAX,
			"line 4: not a CPE"},
		{HEAD "- select: {name: lodash}\n  supplier: {a: b}\n", TU_E_SYNTAX,
			"line 4: a text is wanted"},
		{HEAD "- supplier: x\n", TU_E_SYNTAX, "line 3: an entry without select"},
		{HEAD "- select: {name: lodash, ref: l}\n", TU_E_SYNTAX,
			"line 3: select by one of"},
		{HEAD "- select: {ref: l, version: \"1\"}\n", TU_E_SYNTAX,
			"line 3: select: version goes with name"},
		{HEAD "- select: {hash: x}\n", TU_E_SYNTAX, "line 3: select by purl"},
		{HEAD "- select: lodash\n", TU_E_SYNTAX, "line 3: select expects"},
		{HEAD "- select: {purl: npm}\n", TU_E_SYNTAX, "line 3: select: not a package URL"},
		{HEAD "- select: {cpe: \"cpe:2.3:a:*:x:*:*:*:*:*:*:*:*\"}\n", TU_E_SYNTAX,
			"line 3: select: the CPE leaves"},
		{"tutela-supplement: 1\ncomponents: {}\n", TU_E_SYNTAX, "line 2: components is"},
		{"tutela-supplement: 1\nother: 1\n", TU_E_SYNTAX, "line 2: a supplement has no"},
		{"tutela-supplement: 1\n---\na: 1\n", TU_E_SYNTAX, "a second document"},
		{"tutela-supplement: 2\n", TU_E_UNSUPPORTED, "tutela-supplement: 1"},
		{"", TU_E_UNSUPPORTED, "tutela-supplement: 1"},
		{"a: *b\n", TU_E_SYNTAX, "alias"},
		{"{\"tutela-supplement\":1,\n\"components\":[{\"select\":{\"name\":\"lodash\"},\n"
		 "\"version\":5}]}",
			TU_E_SYNTAX, "line 3: a text is wanted (quote a number)"},
		{"{\"tutela-supplement\":1,\"tutela-supplement\":1}", TU_E_SYNTAX, "twice"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct merged m = merge(cases[i].text);

		if (m.status != cases[i].status || !strstr(error_text(&m.err), cases[i].words))
			fail_msg("case %zu: %d, \"%s\"", i, m.status, error_text(&m.err));
		assert_ptr_equal(m.inventory, m.reading.inventory);
		reading_done(&m.reading);
	}
}

static void too_many_alike_are_refused(void **state)
{
	struct tu_buf text;
	struct merged m;

	(void)state;
	tu_buf_init(&text, 1 << 20);
	tu_buf_c(&text, HEAD);
	for (int i = 0; i < 65; i++)
		tu_buf_c(&text, "- select: {name: lodash}\n");
	tu_buf_byte(&text, '\0');
	assert_false(text.failed);
	m = merge(text.ptr);
	assert_int_equal(m.status, TU_E_LIMIT);
	assert_non_null(strstr(error_text(&m.err), "line 67"));
	reading_done(&m.reading);
	tu_buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_purl_without_version_selects_every_version),
		cmocka_unit_test(selectors_are_as_narrow_as_they_are_written),
		cmocka_unit_test(a_corrected_version_holds_in_the_identifiers),
		cmocka_unit_test(support_is_kept_as_properties),
		cmocka_unit_test(the_later_entry_wins),
		cmocka_unit_test(a_selector_must_hit_in_one_of_several),
		cmocka_unit_test(slips_are_found_with_their_line),
		cmocka_unit_test(too_many_alike_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
