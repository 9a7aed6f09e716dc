/* Writing an inventory and reading it again: what is not told as lost must be there. */
#include "read.h"

static void assert_author(const struct tu_party *author, const char *expected)
{
	struct tu_buf words;

	tu_buf_init(&words, 1 << 10);
	tu_party_words(author, &words);
	assert_text(tu_buf_str(&words), expected);
	tu_buf_done(&words);
}

static const struct tu_str source = TU_STR_INIT(
	"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":{\"component\":"
	"{\"type\":\"firmware\",\"bom-ref\":\"fw\",\"name\":\"pump\"}},\"components\":["
	"{\"type\":\"library\",\"bom-ref\":\"a\",\"group\":\"g\",\"name\":\"lib\","
	"\"version\":\"1.0\",\"scope\":\"optional\",\"purl\":\"pkg:npm/lib@1.0\","
	"\"supplier\":{\"name\":\"ACME\"},\"cpe\":\"cpe:2.3:a:acme:lib:1.0:*:*:*:*:*:*:*\","
	"\"swid\":{\"tagId\":\"t\",\"name\":\"lib\"},"
	"\"hashes\":[{\"alg\":\"MD5\",\"content\":\"d41d8cd98f00b204e9800998ecf8427e\"}],"
	"\"licenses\":[{\"license\":{\"id\":\"MIT\"}},{\"license\":{\"name\":\"Our own words\"}}],"
	"\"properties\":[{\"name\":\"k\",\"value\":\"v\"},"
	"{\"name\":\"syft:cpe23\",\"value\":\"cpe:2.3:a:acme:lib2:1.0:*:*:*:*:*:*:*\"}],"
	"\"pedigree\":{\"patches\":[{\"type\":\"backport\",\"resolves\":["
	"{\"type\":\"security\",\"id\":\"CVE-2020-1\"}]}]},"
	"\"components\":[{\"type\":\"file\",\"bom-ref\":\"in\",\"name\":\"inner\"}]}],"
	"\"dependencies\":[{\"ref\":\"fw\",\"dependsOn\":[\"a\"]}],\"vulnerabilities\":["
	"{\"id\":\"CVE-2021-2\",\"analysis\":{\"state\":\"not_affected\","
	"\"justification\":\"code_not_present\"},\"affects\":[{\"ref\":\"a\"}]}]}");

static const struct tu_sbom_write_options options = {
	.tool = TU_STR_INIT("tool 1"),
	.created = TU_STR_INIT("2024-01-02T03:04:05Z"),
	.serial = TU_STR_INIT("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"),
};

static void write_good(const struct reading *r, enum tu_sbom_target target, struct tu_sink *out,
	struct tu_sbom_losses *losses)
{
	struct tu_error err = {0};

	tu_sink_init_memory(out, 1 << 20);
	assert_int_equal(
		tu_sbom_write(r->arena, r->inventory, target, &options, out, losses, &err), TU_OK);
}

static bool lost(const struct tu_sbom_losses *losses, const char *words)
{
	for (size_t i = 0; i < losses->count; i++) {
		struct tu_str message = losses->notes[i].message;

		if (tu_str_search(message, tu_str_c(words)) < message.len)
			return true;
	}
	return false;
}

/* What both targets keep. */
static void assert_kept(const struct reading *r)
{
	const struct tu_component *lib = named(r, "lib");

	assert_int_equal(r->inventory->component_count, 3);
	assert_text(r->inventory->components[r->inventory->subject].name, "pump");
	assert_text(lib->version, "1.0");
	assert_text(lib->purl, "pkg:npm/lib@1.0");
	assert_text(lib->supplier, "ACME");
	assert_text(lib->swid, "t");
	assert_int_equal(lib->cpe_count, 2);
	assert_text(lib->hashes[0].value, "d41d8cd98f00b204e9800998ecf8427e");
	assert_text(lib->resolved[0].id, "CVE-2020-1");
	assert_true(is_related(r, "pump", TU_REL_DEPENDS_ON, "lib"));
}

/* "Our own words" is a licence of the document, with its name. */
static void assert_joined_licences(const struct reading *r)
{
	const struct tu_component *lib = named(r, "lib");

	assert_int_equal(lib->licence_count, 1);
	assert_text(lib->licences[0].text, "MIT AND LicenseRef-Our-own-words");
	assert_int_equal(r->inventory->licence_text_count, 1);
	assert_text(r->inventory->licence_texts[0].name, "Our own words");
}

static void loses_nothing_of_its_own(enum tu_sbom_target target, enum tu_sbom_format format)
{
	struct reading r = read_good(source, TU_SBOM_CYCLONEDX_JSON);
	struct tu_sbom_losses losses;
	struct reading again;
	struct tu_sink out;

	write_good(&r, target, &out, &losses);
	assert_int_equal(losses.count, 0);
	again = read_good(tu_buf_str(&out.buf), format);
	assert_kept(&again);
	assert_int_equal(again.inventory->note_count, 0);
	assert_int_equal(named(&again, "lib")->scope, TU_SCOPE_OPTIONAL);
	assert_int_equal(named(&again, "lib")->licence_count, 2);
	assert_text(tu_component_property(named(&again, "lib"), TU_STR("k")), "v");
	assert_text(again.inventory->components[named(&again, "inner")->parent].name, "lib");
	assert_int_equal(again.inventory->claims[0].status, TU_CLAIM_NOT_AFFECTED);
	assert_text(again.inventory->claims[0].justification, "code_not_present");
	reading_done(&again);
	tu_sink_done(&out);
	reading_done(&r);
}

static void cyclonedx_loses_nothing(void **state)
{
	(void)state;
	loses_nothing_of_its_own(TU_SBOM_TO_CYCLONEDX_16_JSON, TU_SBOM_CYCLONEDX_JSON);
	loses_nothing_of_its_own(TU_SBOM_TO_CYCLONEDX_16_XML, TU_SBOM_CYCLONEDX_XML);
}

static void spdx3_keeps_more(void **state)
{
	static const char *const words[] = {"an id", "the group", "optional or excluded",
		"who says that", "not on the list of SPDX", "written as declared", "pedigree"};
	struct reading r = read_good(source, TU_SBOM_CYCLONEDX_JSON);
	struct tu_sbom_losses losses;
	struct reading again;
	struct tu_sink out;

	(void)state;
	write_good(&r, TU_SBOM_TO_SPDX_301_JSON, &out, &losses);
	for (size_t i = 0; i < TU_COUNT(words); i++)
		assert_true(lost(&losses, words[i]));
	assert_int_equal(losses.count, TU_COUNT(words));
	again = read_good(tu_buf_str(&out.buf), TU_SBOM_SPDX3_JSON);
	assert_kept(&again);
	assert_int_equal(again.inventory->note_count, 0);
	assert_joined_licences(&again);
	assert_text(tu_component_property(named(&again, "lib"), TU_STR("k")), "v");
	assert_true(is_related(&again, "lib", TU_REL_CONTAINS, "inner"));
	assert_int_equal(again.inventory->claims[0].status, TU_CLAIM_NOT_AFFECTED);
	assert_text(again.inventory->claims[0].justification, "vulnerableCodeNotPresent");
	reading_done(&again);
	tu_sink_done(&out);
	reading_done(&r);
}

static void says_what_it_loses(enum tu_sbom_target target, enum tu_sbom_format format)
{
	static const char *const words[] = {"an id", "the group", "optional or excluded",
		"properties", "who says that", "statements", "not on the list of SPDX",
		"written as declared", "pedigree"};
	struct reading r = read_good(source, TU_SBOM_CYCLONEDX_JSON);
	struct tu_sbom_losses losses;
	struct reading again;
	struct tu_sink out;

	write_good(&r, target, &out, &losses);
	for (size_t i = 0; i < TU_COUNT(words); i++)
		assert_true(lost(&losses, words[i]));
	assert_int_equal(losses.count, TU_COUNT(words));
	assert_text(losses.notes[0].pointer, "/metadata/component");
	assert_text(losses.notes[1].pointer, "/components/0");
	again = read_good(tu_buf_str(&out.buf), format);
	assert_kept(&again);
	assert_joined_licences(&again);
	assert_true(is_related(&again, "lib", TU_REL_CONTAINS, "inner"));
	reading_done(&again);
	tu_sink_done(&out);
	reading_done(&r);
}

static void spdx_says_what_it_loses(void **state)
{
	(void)state;
	says_what_it_loses(TU_SBOM_TO_SPDX_23_JSON, TU_SBOM_SPDX_JSON);
	says_what_it_loses(TU_SBOM_TO_SPDX_23_TAG_VALUE, TU_SBOM_SPDX_TAG_VALUE);
}

/* Write, and read what was written. */
static struct reading written(const char *text, enum tu_sbom_target target, struct tu_sink *out)
{
	struct tu_sbom_losses losses;
	struct reading r = read_good(tu_str_c(text), TU_SBOM_CYCLONEDX_JSON);
	struct reading again;

	write_good(&r, target, out, &losses);
	again = read_with(tu_buf_str(&out->buf), NULL);
	assert_int_equal(again.status, TU_OK);
	reading_done(&r);
	return again;
}

/* Who made it, how the supplier is reached, and when in its life. */
static void the_makers_come_back(void **state)
{
	static const char text[] =
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":{"
		"\"lifecycles\":[{\"phase\":\"build\"}],\"authors\":["
		"{\"name\":\"ACME (EU)\",\"email\":\"a@b.example\"},{\"name\":\"Desk (2)\"},"
		"{\"email\":\"c@d.example\"}],\"component\":{\"type\":\"firmware\","
		"\"name\":\"pump\",\"bom-ref\":\"f\"}},\"components\":["
		"{\"type\":\"library\",\"name\":\"a\",\"supplier\":{\"name\":\"X (Y)\","
		"\"contact\":[{\"email\":\"e@f.example\"}]}},"
		"{\"type\":\"library\",\"name\":\"b\",\"supplier\":{\"name\":\"X (Y)\","
		"\"url\":[\"https://x.example\"]}}]}";

	(void)state;
	for (int target = 0; target < TU_SBOM_TARGETS_; target++) {
		bool spdx2 =
			target == TU_SBOM_TO_SPDX_23_JSON || target == TU_SBOM_TO_SPDX_23_TAG_VALUE;
		struct tu_sink out;
		struct reading again = written(text, (enum tu_sbom_target)target, &out);

		assert_int_equal(again.inventory->author_count, 3);
		assert_author(&again.inventory->authors[0], "ACME (EU) (a@b.example)");
		assert_author(&again.inventory->authors[1], "Desk (2)");
		assert_author(&again.inventory->authors[2], "(c@d.example)");
		assert_text(again.inventory->phase, spdx2 ? "" : "build");
		assert_text(named(&again, "a")->supplier, "X (Y)");
		assert_text(named(&again, "a")->contact, "e@f.example");
		assert_text(named(&again, "b")->supplier, "X (Y)");
		assert_text(named(&again, "b")->contact, spdx2 ? "" : "https://x.example");
		tu_sink_done(&out);
		reading_done(&again);
	}
}

static void a_contact_that_is_none_is_told(void **state)
{
	static const char text[] =
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":{"
		"\"lifecycles\":[{\"name\":\"our own\"}]},\"components\":["
		"{\"type\":\"library\",\"name\":\"a\",\"supplier\":{"
		"\"contact\":[{\"email\":\"call the desk\"}]}}]}";
	struct reading r = read_good(tu_str_c(text), TU_SBOM_CYCLONEDX_JSON);

	(void)state;
	for (int target = 0; target < TU_SBOM_TARGETS_; target++) {
		const char *name = tu_sbom_target_name((enum tu_sbom_target)target);
		bool cyclonedx = tu_str_starts(tu_str_c(name), TU_STR("cyclonedx"));
		struct tu_sbom_losses losses;
		struct tu_sink out;

		write_good(&r, (enum tu_sbom_target)target, &out, &losses);
		assert_true(lost(&losses, "a person or organization is reached"));
		assert_int_equal(lost(&losses, "the phase"), !cyclonedx);
		tu_sink_done(&out);
	}
	reading_done(&r);
}

static void made_ids_do_not_meet_others(void **state)
{
	static const char text[] =
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
		"{\"type\":\"library\",\"name\":\"a\"},"
		"{\"type\":\"library\",\"name\":\"b\",\"bom-ref\":\"tutela-component-0\"},"
		"{\"type\":\"library\",\"name\":\"c\",\"bom-ref\":\"SPDXRef-tutela-0\"}]}";

	(void)state;
	for (int target = 0; target < TU_SBOM_TARGETS_; target++) {
		struct tu_sink out;
		struct reading again = written(text, (enum tu_sbom_target)target, &out);

		assert_int_equal(again.inventory->component_count, 3);
		/* SPDX describes all three, as none is the subject. */
		assert_int_equal(again.inventory->note_count,
			has_note(&again, "describes several packages"));
		tu_sink_done(&out);
		reading_done(&again);
	}
}

static void tag_value_stays_on_its_line(void **state)
{
	static const char text[] =
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
		"{\"type\":\"library\",\"name\":\"a\\nPackageName: b\",\"version\":\"<text>1\"},"
		"{\"type\":\"library\",\"name\":\" \\u0001\"}]}";
	struct tu_sink out;
	struct reading again = written(text, TU_SBOM_TO_SPDX_23_TAG_VALUE, &out);

	(void)state;
	assert_int_equal(again.inventory->component_count, 2);
	assert_text(again.inventory->components[0].name, "a PackageName: b");
	assert_text(again.inventory->components[0].version, "(text>1");
	assert_text(again.inventory->components[1].name, "unnamed");
	tu_sink_done(&out);
	reading_done(&again);
}

/* Circles and long chains of "contains" become a tree that a reader can hold. */
static void containment_becomes_a_tree(void **state)
{
	enum { LINKS = 400 };
	struct tu_buf text;
	struct tu_sbom_losses losses;
	struct tu_error err = {0};
	struct tu_sink out;
	struct reading r;
	struct reading again;

	(void)state;
	tu_buf_init(&text, 1 << 20);
	tu_buf_c(&text, "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\n");
	for (int i = 0; i < LINKS; i++)
		tu_buf_printf(&text, "PackageName: p%d\nSPDXID: SPDXRef-%d\n", i, i);
	for (int i = 0; i < LINKS; i++)
		tu_buf_printf(&text, "Relationship: SPDXRef-%d CONTAINS SPDXRef-%d\n",
			(i + 1) % LINKS, i);
	tu_buf_c(&text, "Relationship: SPDXRef-5 CONTAINS SPDXRef-5\n");
	r = read_good(tu_buf_str(&text), TU_SBOM_SPDX_TAG_VALUE);
	tu_sink_init_memory(&out, 1 << 22);
	assert_int_equal(tu_sbom_write(r.arena, r.inventory, TU_SBOM_TO_CYCLONEDX_16_JSON, &options,
				 &out, &losses, &err),
		TU_OK);
	assert_true(lost(&losses, "a relationship"));
	again = read_good(tu_buf_str(&out.buf), TU_SBOM_CYCLONEDX_JSON);
	assert_int_equal(again.inventory->component_count, LINKS);
	assert_text(again.inventory->components[named(&again, "p390")->parent].name, "p391");
	reading_done(&again);
	reading_done(&r);
	tu_sink_done(&out);
	tu_buf_done(&text);
}

/* What SPDX 3 demands and the source does not say is not read as if it had been said. */
static void spdx3_statements_come_back(void **state)
{
	static const char text[] =
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
		"{\"type\":\"library\",\"name\":\"a\",\"bom-ref\":\"a\"}],\"vulnerabilities\":["
		"{\"id\":\"CVE-2020-1\",\"analysis\":{\"state\":\"resolved\"}},"
		"{\"id\":\"CVE-2020-2\",\"analysis\":{\"state\":\"exploitable\"},"
		"\"affects\":[{\"ref\":\"a\"}]}]}";
	struct tu_sink out;
	struct reading again = written(text, TU_SBOM_TO_SPDX_301_JSON, &out);

	(void)state;
	/* The first one names nothing: it has no place, and must not be about everything. */
	assert_int_equal(again.inventory->claim_count, 1);
	assert_int_equal(again.inventory->claims[0].status, TU_CLAIM_AFFECTED);
	assert_int_equal(again.inventory->claims[0].products[0].component_count, 1);
	assert_text(tu_claim_detail(&again.inventory->claims[0]), "");
	tu_sink_done(&out);
	reading_done(&again);
}

static void targets_have_names(void **state)
{
	enum tu_sbom_target target = TU_SBOM_TARGETS_;

	(void)state;
	for (int i = 0; i < TU_SBOM_TARGETS_; i++) {
		const char *name = tu_sbom_target_name((enum tu_sbom_target)i);

		assert_true(tu_sbom_target_named(tu_str_c(name), &target));
		assert_int_equal(target, i);
	}
	assert_false(tu_sbom_target_named(TU_STR("cyclonedx"), &target));
}

static void the_same_gives_the_same(void **state)
{
	(void)state;
	for (int target = 0; target < TU_SBOM_TARGETS_; target++) {
		struct reading first = read_good(source, TU_SBOM_CYCLONEDX_JSON);
		struct reading second = read_good(source, TU_SBOM_CYCLONEDX_JSON);
		struct tu_sbom_losses losses;
		struct tu_sink a;
		struct tu_sink b;

		write_good(&first, (enum tu_sbom_target)target, &a, &losses);
		write_good(&second, (enum tu_sbom_target)target, &b, &losses);
		assert_true(tu_str_eq(tu_buf_str(&a.buf), tu_buf_str(&b.buf)));
		tu_sink_done(&a);
		tu_sink_done(&b);
		reading_done(&first);
		reading_done(&second);
	}
}

static void spdx_needs_its_options(void **state)
{
	struct reading r = read_good(source, TU_SBOM_CYCLONEDX_JSON);
	struct tu_sbom_losses losses;
	struct tu_error err = {0};
	struct tu_sink out;

	(void)state;
	tu_sink_init_memory(&out, 1 << 20);
	assert_int_equal(tu_sbom_write(r.arena, r.inventory, TU_SBOM_TO_SPDX_23_JSON, NULL, &out,
				 &losses, &err),
		TU_E_USAGE);
	assert_non_null(strstr(err.message, "namespace"));
	tu_sink_done(&out);
	tu_sink_init_memory(&out, 100);
	assert_int_equal(tu_sbom_write(r.arena, r.inventory, TU_SBOM_TO_CYCLONEDX_16_JSON, NULL,
				 &out, &losses, &err),
		TU_E_LIMIT);
	tu_sink_done(&out);
	reading_done(&r);
}

/* SPDX 2.3 has a URI without a fragment, SPDX 3 an IRI; CycloneDX takes any text. */
static void a_namespace_is_a_uri(void **state)
{
	static const struct {
		const char *text;
		bool spdx2, spdx3;
	} serials[] = {
		{"https://acme.example/a", true, true},
		{"a+b-c.9:x", true, true},
		{"https://acme.example/a#b", false, true},
		{"https://acme.example/\xc3\xa4", false, true},
		{"", false, false},
		{"acme", false, false},
		{"acme:", false, false},
		{":acme", false, false},
		{"1acme:x", false, false},
		{"ac_me:x", false, false},
		{"https://acme.example/a b", false, false},
		{"https://acme.example/<a>", false, false},
		{"https://acme.example/\x7f", false, false},
		{"https://acme.example/a\nb", false, false},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(serials); i++) {
		struct tu_str text = tu_str_c(serials[i].text);

		if (tu_sbom_target_holds_serial(TU_SBOM_TO_SPDX_23_JSON, text) !=
				serials[i].spdx2 ||
			tu_sbom_target_holds_serial(TU_SBOM_TO_SPDX_23_TAG_VALUE, text) !=
				serials[i].spdx2 ||
			tu_sbom_target_holds_serial(TU_SBOM_TO_SPDX_301_JSON, text) !=
				serials[i].spdx3 ||
			!tu_sbom_target_holds_serial(TU_SBOM_TO_CYCLONEDX_16_JSON, text))
			fail_msg("\"%s\"", serials[i].text);
	}
}

static void memory_may_run_out(void **state)
{
	(void)state;
	for (int target = 0; target < TU_SBOM_TARGETS_; target++) {
		enum tu_status status = TU_E_NOMEM;

		for (size_t nth = 1; status && nth < 10000; nth++) {
			struct reading r = read_good(source, TU_SBOM_CYCLONEDX_JSON);
			struct tu_sbom_losses losses;
			struct tu_error err = {0};
			struct tu_sink out;

			tu_sink_init_memory(&out, 1 << 20);
			tu_fault_set(nth);
			status = tu_sbom_write(r.arena, r.inventory, (enum tu_sbom_target)target,
				&options, &out, &losses, &err);
			tu_fault_set(0);
			assert_true(
				status == TU_OK || status == TU_E_NOMEM || status == TU_E_LIMIT);
			tu_sink_done(&out);
			reading_done(&r);
		}
		assert_int_equal(status, TU_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cyclonedx_loses_nothing),
		cmocka_unit_test(spdx3_keeps_more),
		cmocka_unit_test(the_makers_come_back),
		cmocka_unit_test(a_contact_that_is_none_is_told),
		cmocka_unit_test(made_ids_do_not_meet_others),
		cmocka_unit_test(tag_value_stays_on_its_line),
		cmocka_unit_test(containment_becomes_a_tree),
		cmocka_unit_test(spdx3_statements_come_back),
		cmocka_unit_test(targets_have_names),
		cmocka_unit_test(spdx_says_what_it_loses),
		cmocka_unit_test(the_same_gives_the_same),
		cmocka_unit_test(spdx_needs_its_options),
		cmocka_unit_test(a_namespace_is_a_uri),
		cmocka_unit_test(memory_may_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
