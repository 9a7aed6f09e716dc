/*
 * tests/tables/match/cases.tsv against the records of feed.jsonl: what a user would be told about
 * one component and one vulnerability. The folder is the program's argument.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <tutela/advisory.h>
#include <tutela/match.h>
#include <tutela/vex.h>

#include "base/input.h"
#include "kb/aliases.h"
#include "support/faults.h"

static const char *folder;

struct fixture {
	struct tu_buf kb_bytes;
	struct tu_kb *kb;
	struct tu_buf cases;
};

static void read_file(const char *name, struct tu_buf *out)
{
	char path[4096];
	struct tu_error err;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	tu_buf_init(out, 16 * 1024 * 1024);
	if (tu_input_read(path, out, &err))
		fail_msg("%s", err.message);
}

static enum tu_status take(void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	return tu_kb_builder_add(context, advisory, err);
}

static void complain(void *context, struct tu_str where, struct tu_str what)
{
	(void)context;
	print_message("%.*s: %.*s\n", TU_STR_FMT(where), TU_STR_FMT(what));
}

static void build_kb(struct fixture *f)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	struct tu_advisory_sink sink = {take, complain, builder};
	struct tu_kb_aliases_summary aliases = {0};
	struct tu_feed_summary summary = {0};
	struct tu_kb_build_counts counts;
	struct tu_buf text;
	struct tu_error err = {0};

	assert_non_null(builder);
	assert_non_null(reader);
	read_file("feed.jsonl", &text);
	if (tu_advisory_read(
		    reader, TU_STR("feed.jsonl"), tu_buf_str(&text), &sink, &summary, &err))
		fail_msg("%s", err.message);
	tu_buf_done(&text);
	read_file("names.tsv", &text);
	if (tu_kb_aliases_read(builder, TU_STR("names.tsv"), tu_buf_str(&text), &aliases, &err))
		fail_msg("%s", err.message);
	assert_int_equal(aliases.problems, 0);
	tu_buf_done(&text);
	tu_buf_init(&f->kb_bytes, 16 * 1024 * 1024);
	if (tu_kb_builder_finish(builder, &f->kb_bytes, &counts, &err) ||
		tu_kb_open_memory(f->kb_bytes.ptr, f->kb_bytes.len, &f->kb, &err) ||
		tu_kb_verify(f->kb, &err))
		fail_msg("%s", err.message);
	tu_advisory_reader_free(reader);
	tu_kb_builder_free(builder);
}

static int set_up(void **state)
{
	static struct fixture f;

	build_kb(&f);
	read_file("cases.tsv", &f.cases);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	tu_kb_close(f->kb);
	tu_buf_done(&f->kb_bytes);
	tu_buf_done(&f->cases);
	return 0;
}

/* An inventory of a few components, put together from the identifiers of a case. */
struct small_inventory {
	struct tu_inventory inventory;
	struct tu_component components[8];
	struct tu_str cpes[8];
};

static void add_identifier(struct small_inventory *s, struct tu_str text)
{
	struct tu_component *last = &s->components[s->inventory.component_count];
	size_t at = tu_str_rfind(text, '@');

	if (tu_str_starts(text, TU_STR("cpe:")) && s->inventory.component_count &&
		last[-1].purl.len) {
		last[-1].cpes = &s->cpes[s->inventory.component_count - 1];
		last[-1].cpe_count = 1;
		s->cpes[s->inventory.component_count - 1] = text;
		return;
	}
	last->parent = TU_NO_COMPONENT;
	if (tu_str_starts(text, TU_STR("cpe:"))) {
		s->cpes[s->inventory.component_count] = text;
		last->cpes = &s->cpes[s->inventory.component_count];
		last->cpe_count = 1;
	} else if (tu_str_starts(text, TU_STR("pkg:"))) {
		last->purl = text;
	} else {
		last->name = tu_str_first(text, at);
		last->version = tu_str_from(text, at + 1);
	}
	s->inventory.component_count++;
}

static void compose(struct small_inventory *s, struct tu_str identifiers, struct tu_str os)
{
	size_t blank = tu_str_find(os, ' ');

	*s = (struct small_inventory){.inventory = {.components = s->components}};
	for (;;) {
		size_t at = tu_str_search(identifiers, TU_STR(" & "));

		add_identifier(s, tu_str_first(identifiers, at));
		if (at == identifiers.len)
			break;
		identifiers = tu_str_from(identifiers, at + 3);
	}
	if (blank < os.len)
		s->components[s->inventory.component_count++] =
			(struct tu_component){.kind = TU_KIND_OPERATING_SYSTEM,
				.name = tu_str_first(os, blank),
				.version = tu_str_from(os, blank + 1),
				.parent = TU_NO_COMPONENT};
}

static const struct tu_finding *find(
	const struct fixture *f, const struct tu_match_result *result, struct tu_str id)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct tu_finding *finding = &result->findings[i];

		if (finding->distinct == 0 &&
			tu_str_eq(tu_kb_vulnerability(f->kb, finding->vulnerability).id, id))
			return finding;
	}
	return NULL;
}

/* Never NULL: without such a finding the test has failed. */
static const struct tu_finding *must_find(
	const struct fixture *f, const struct tu_match_result *result, struct tu_str id)
{
	static const struct tu_finding none;
	const struct tu_finding *finding = find(f, result, id);

	assert_non_null(finding);
	return finding ? finding : &none;
}

static void describe(const struct fixture *f, const struct tu_finding *finding, struct tu_buf *out)
{
	const struct tu_evidence *decider;

	(void)f;
	if (!finding) {
		tu_buf_c(out, "none");
		return;
	}
	decider = &finding->evidence[0];
	assert_true(decider->decisive);
	tu_buf_printf(out, "%s\t%s\t%s", tu_match_verdict_name(finding->verdict),
		tu_reason_name(finding->reason), tu_match_by_name(decider->by));
}

static bool check_case(const struct fixture *f, struct tu_str line)
{
	struct tu_str rest = line;
	struct tu_str identifiers = {"", 0}, os = {"", 0}, id = {"", 0};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_match_options options = {.keep_all = true};
	const struct tu_match_result *result;
	struct small_inventory small;
	struct tu_error err = {0};
	struct tu_buf got;
	bool same;

	assert_true(tu_str_split(&rest, '\t', &identifiers) && tu_str_split(&rest, '\t', &os) &&
		tu_str_split(&rest, '\t', &id) && rest.len);
	compose(&small, identifiers, os);
	if (tu_match(arena, f->kb, &small.inventory, &options, &result, &err))
		fail_msg("%s", err.message);
	tu_buf_init(&got, 1024);
	describe(f, find(f, result, id), &got);
	same = tu_str_eq(tu_buf_str(&got), rest);
	if (!same)
		print_error("%.*s\n\texpected %.*s\n\tgot      %.*s\n", TU_STR_FMT(line),
			TU_STR_FMT(rest), TU_STR_FMT(tu_buf_str(&got)));
	tu_buf_done(&got);
	tu_arena_free(arena);
	return same;
}

/* REQ-VULN-2, REQ-VULN-5 */
static void answers_every_case_of_the_table(void **state)
{
	const struct fixture *f = *state;
	struct tu_str rest = tu_buf_str(&f->cases);
	struct tu_str line;
	size_t cases = 0;
	size_t wrong = 0;

	while (tu_str_split(&rest, '\n', &line)) {
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		cases++;
		wrong += !check_case(f, line);
	}
	print_message("%zu cases, %zu wrong\n", cases, wrong);
	assert_true(cases >= 60);
	assert_int_equal(wrong, 0);
}

/* The match itself, and then with what the SBOM says. */
static const struct tu_match_result *match_and_decide(
	struct tu_arena *arena, const struct fixture *f, const struct tu_inventory *inventory)
{
	const char *const names[] = {"sbom"};
	const struct tu_vex_document *own;
	const struct tu_vex_application *application;
	const struct tu_match_result *result;
	struct tu_vex_input input = {.documents = &own,
		.count = 1,
		.names = names,
		.kb = f->kb,
		.inventory = inventory,
		.trust = {.sbom = true}};

	assert_int_equal(tu_match(arena, f->kb, inventory, NULL, &input.match, NULL), TU_OK);
	assert_int_equal(tu_vex_own(arena, inventory, &own, NULL), TU_OK);
	assert_int_equal(tu_vex_apply(arena, &input, &application, NULL), TU_OK);
	assert_int_equal(tu_vex_decide(arena, &input, application, &result, NULL), TU_OK);
	return result;
}

static void an_sbom_s_own_patch_clears_a_finding(void **state)
{
	const struct fixture *f = *state;
	struct tu_resolved resolved = {
		TU_STR("CVE-2022-1001"), TU_STR("pedigree patch"), TU_STR("fix.patch")};
	struct small_inventory small;
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_match_result *result;
	const struct tu_finding *finding;

	compose(&small, TU_STR("cpe:2.3:a:acme:pumpd:1.3:*:*:*:*:*:*:*"), TU_STR("-"));
	small.components[0].resolved = &resolved;
	small.components[0].resolved_count = 1;
	result = match_and_decide(arena, f, &small.inventory);
	finding = must_find(f, result, TU_STR("CVE-2022-1001"));
	assert_int_equal(finding->verdict, TU_MATCH_NOT_AFFECTED);
	assert_int_equal(finding->reason, TU_WHY_PATCHED);
	assert_true(tu_str_eq(finding->statement, TU_STR("fix.patch")));
	/* The evidence still shows what would hold without the patch. */
	assert_int_equal(finding->evidence[0].verdict, TU_MATCH_AFFECTED);
	tu_arena_free(arena);
}

static void names_the_version_that_fixes(void **state)
{
	const struct fixture *f = *state;
	struct small_inventory small;
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_match_result *result;

	compose(&small, TU_STR("pkg:npm/leftpad@2.4.9"), TU_STR("-"));
	assert_int_equal(tu_match(arena, f->kb, &small.inventory, NULL, &result, NULL), TU_OK);
	assert_true(
		tu_str_eq(must_find(f, result, TU_STR("CVE-2022-1012"))->fixed, TU_STR("2.5.0")));
	tu_arena_free(arena);
}

static void equal_components_are_matched_once(void **state)
{
	const struct fixture *f = *state;
	struct small_inventory small;
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_match_result *result;

	compose(&small, TU_STR("pkg:npm/leftpad@2.4.9"), TU_STR("-"));
	small.components[1] = small.components[2] = small.components[0];
	small.inventory.component_count = 3;
	assert_int_equal(tu_match(arena, f->kb, &small.inventory, NULL, &result, NULL), TU_OK);
	assert_int_equal(result->counts.components, 3);
	assert_int_equal(result->distinct_count, 1);
	assert_int_equal(result->distinct[0].component_count, 3);
	tu_arena_free(arena);
}

/* REQ-VULN-3 */
static void tells_no_data_from_no_vulnerability(void **state)
{
	const struct fixture *f = *state;
	struct small_inventory small;
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_match_result *result;

	compose(&small, TU_STR("pkg:npm/never-heard-of@1.0 & pkg:npm/leftpad@99.0.0"), TU_STR("-"));
	assert_int_equal(tu_match(arena, f->kb, &small.inventory, NULL, &result, NULL), TU_OK);
	assert_int_equal(result->counts.unknown, 1);
	assert_false(result->distinct[0].known);
	assert_true(result->distinct[1].known);
	tu_arena_free(arena);
}

static void refuses_names_that_do_not_exist(void **state)
{
	const struct fixture *f = *state;
	struct small_inventory small;
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_match_result *result;
	struct tu_match_options options = {.only_component = "nothing"};
	struct tu_error err;

	compose(&small, TU_STR("pkg:npm/leftpad@2.4.9"), TU_STR("-"));
	assert_int_equal(
		tu_match(arena, f->kb, &small.inventory, &options, &result, &err), TU_E_NOTFOUND);
	options = (struct tu_match_options){.only_id = "CVE-1999-0001"};
	assert_int_equal(
		tu_match(arena, f->kb, &small.inventory, &options, &result, &err), TU_E_NOTFOUND);
	tu_arena_free(arena);
}

/* What no distribution has is no reason to stop: the others are judged all the same. */
static void names_and_versions_may_be_of_any_length(void **state)
{
	enum { LONG = 20000, NAME = 600 };
	static char digits[LONG], purl[NAME + 200];
	const struct fixture *f = *state;
	const struct tu_property properties[] = {
		{TU_STR("aquasecurity:trivy:SrcName"), TU_STR("zlib")},
		{TU_STR("aquasecurity:trivy:SrcVersion"), tu_str_of(digits, LONG)},
		{TU_STR("aquasecurity:trivy:SrcEpoch"), TU_STR("1")}};
	struct small_inventory small;
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_match_result *result;

	memset(digits, '1', sizeof(digits));
	(void)snprintf(purl, sizeof(purl),
		"pkg:deb/debian/linux-image@6.1.55-1?distro=debian-12"
		"&upstream=linux-signed-6%.*s-amd64%%406.1.55%%2B1",
		NAME, digits);
	compose(&small,
		TU_STR("pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?distro=debian-12 & "
		       "pkg:deb/debian/x@1?distro=debian-12 & pkg:npm/leftpad@2.4.9"),
		TU_STR("-"));
	small.components[0].properties = properties;
	small.components[0].property_count = TU_COUNT(properties);
	small.components[1].purl = tu_str_c(purl);
	assert_int_equal(tu_match(arena, f->kb, &small.inventory, NULL, &result, NULL), TU_OK);
	assert_int_equal(result->distinct_count, 3);
	assert_true(result->distinct[2].known);
	tu_arena_free(arena);
}

struct answer {
	uint32_t vulnerability, distinct;
	enum tu_match_verdict verdict;
};

struct attempt {
	const struct fixture *f;
	const char *identifiers, *os;
	struct answer whole[32]; /* when nothing fails */
	size_t count, unknown;
};

static void keep(struct attempt *attempt, const struct tu_match_result *result)
{
	assert_in_range(result->finding_count, 1, TU_COUNT(attempt->whole));
	for (size_t i = 0; i < result->finding_count; i++)
		attempt->whole[i] = (struct answer){result->findings[i].vulnerability,
			result->findings[i].distinct, result->findings[i].verdict};
	attempt->count = result->finding_count;
	attempt->unknown = result->counts.unknown;
}

static const struct tu_finding *find_again(
	const struct tu_match_result *result, const struct answer *answer)
{
	for (size_t i = 0; i < result->finding_count; i++)
		if (result->findings[i].vulnerability == answer->vulnerability &&
			result->findings[i].distinct == answer->distinct)
			return &result->findings[i];
	return NULL;
}

/* Nothing is missing; of a version whose key had no memory nobody knows the order. */
static void compare(const struct attempt *attempt, const struct tu_match_result *result, size_t nth)
{
	if (result->finding_count != attempt->count || result->counts.unknown != attempt->unknown)
		fail_msg("%s, allocation %zu: %zu of %zu findings", attempt->identifiers, nth,
			result->finding_count, attempt->count);
	for (size_t i = 0; i < attempt->count; i++) {
		const struct tu_finding *now = find_again(result, &attempt->whole[i]);

		if (!now ||
			(now->verdict != attempt->whole[i].verdict &&
				now->verdict != TU_MATCH_UNDECIDED))
			fail_msg("%s, allocation %zu", attempt->identifiers, nth);
	}
}

static enum tu_status match_failing(void *context, size_t nth, size_t *out_asked)
{
	struct attempt *attempt = context;
	const struct tu_match_options options = {.keep_all = true};
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_match_result *result = NULL;
	struct small_inventory small;
	struct tu_error err = {0};
	enum tu_status status;

	compose(&small, tu_str_c(attempt->identifiers), tu_str_c(attempt->os));
	tu_fault_set(nth);
	status = tu_match(arena, attempt->f->kb, &small.inventory, &options, &result, &err);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	assert_int_equal(err.status, status);
	if (status == TU_OK && nth)
		compare(attempt, result, nth);
	else if (status == TU_OK)
		keep(attempt, result);
	tu_arena_free(arena);
	return status;
}

/* A component that could not be looked at is no component without findings. */
static void a_failing_allocation_clears_nothing(void **state)
{
	static const char *const rows[][2] = {
		{"pkg:npm/leftpad@2.4.9 & cpe:2.3:a:acme:leftpad:2.4.9:*:*:*:*:node.js:*:*",
			"linux 5.10"},
		{"pkg:pypi/acme-reader@1.4.post1", "-"},
		{"pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?distro=trixie&upstream=zlib", "-"},
		{"pkg:deb/debian/zlib@1:1.2.13.dfsg-1", "ubuntu 22.04"},
		{"pkg:rpm/redhat/bind-libs@9.16.23-11.el9?distro=rhel-9.2&epoch=32"
		 "&upstream=bind-9.16.23-11.el9.src.rpm",
			"-"},
		{"pkg:rpm/centos/nodejs@18.18.2-1.el9?epoch=1&distro=centos-9", "-"},
		{"pkg:apk/alpine/openssl@3.1.3-r1?distro=alpine-3.18", "-"},
		{"cpe:2.3:a:acme:pumpd:2.5:rc2:*:*:*:*:*:*", "-"},
		{"Drip Counter@3.1", "-"},
		{"linux-yocto@4.14.1", "-"},
		{"pkg:generic/zlib@1.2.11-33.fc36", "-"},
	};

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct attempt attempt = {.f = *state, .identifiers = rows[i][0], .os = rows[i][1]};
		size_t asked;

		assert_int_equal(match_failing(&attempt, 0, &asked), TU_OK);
		fail_each(match_failing, &attempt, TU_OK, 3);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_every_case_of_the_table),
		cmocka_unit_test(an_sbom_s_own_patch_clears_a_finding),
		cmocka_unit_test(names_the_version_that_fixes),
		cmocka_unit_test(equal_components_are_matched_once),
		cmocka_unit_test(tells_no_data_from_no_vulnerability),
		cmocka_unit_test(refuses_names_that_do_not_exist),
		cmocka_unit_test(names_and_versions_may_be_of_any_length),
		cmocka_unit_test(a_failing_allocation_clears_nothing),
	};

	folder = argc > 1 ? argv[1] : ".";
	return cmocka_run_group_tests_name("match", tests, set_up, tear_down);
}
