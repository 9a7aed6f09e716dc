/*
 * tests/tables/match/evidence.tsv against the records of evidence.jsonl: all that a user can ask
 * about one finding. Verdict, reason and fix, then every piece of evidence in its order: the
 * record, how it met the component, what it says, the version that was compared, the versions that
 * it calls affected, the fix that it names.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/advisory.h>
#include <tutela/match.h>

#include "kb/aliases.h"
#include "match/reason.h"
#include "table.h"

struct fixture {
	struct tu_buf bytes;
	struct tu_kb *kb;
};

static enum tu_status take(void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	return tu_kb_builder_add(context, advisory, err);
}

static void complain(void *context, struct tu_str where, struct tu_str what)
{
	(void)context;
	fail_msg("%.*s: %.*s", TU_STR_FMT(where), TU_STR_FMT(what));
}

static void add_feed(struct tu_kb_builder *builder)
{
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	struct tu_advisory_sink sink = {take, complain, builder};
	struct tu_feed_summary summary = {0};
	struct tu_error err = {0};
	struct table feed;

	assert_non_null(reader);
	table_open(&feed, "match/evidence.jsonl");
	if (tu_advisory_read(reader, TU_STR("evidence.jsonl"), feed.rest, &sink, &summary, &err))
		fail_msg("%s", err.message);
	table_close(&feed);
	tu_advisory_reader_free(reader);
}

static void add_names(struct tu_kb_builder *builder)
{
	struct tu_kb_aliases_summary summary = {0};
	struct tu_error err = {0};
	struct table names;

	table_open(&names, "match/evidence_names.tsv");
	if (tu_kb_aliases_read(builder, TU_STR("evidence_names.tsv"), names.rest, &summary, &err))
		fail_msg("%s", err.message);
	assert_int_equal(summary.problems, 0);
	table_close(&names);
}

static int set_up(void **state)
{
	static struct fixture f;
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_kb_build_counts counts;
	struct tu_error err = {0};

	assert_non_null(builder);
	add_feed(builder);
	add_names(builder);
	tu_buf_init(&f.bytes, 16 * 1024 * 1024);
	if (tu_kb_builder_finish(builder, &f.bytes, &counts, &err) ||
		tu_kb_open_memory(f.bytes.ptr, f.bytes.len, &f.kb, &err))
		fail_msg("%s", err.message);
	tu_kb_builder_free(builder);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	tu_kb_close(f->kb);
	tu_buf_done(&f->bytes);
	return 0;
}

/* ---- an inventory from a line ---- */

enum { COMPONENTS = 8, OF_ONE = 4 };

struct small_inventory {
	struct tu_inventory inventory;
	struct tu_component components[COMPONENTS];
	struct tu_str cpes[COMPONENTS][OF_ONE];
	struct tu_property properties[COMPONENTS][OF_ONE];
};

/* "version=1.0" for a field of the component, else a property. */
static void add_field(struct small_inventory *s, size_t at, struct tu_str text)
{
	struct tu_component *c = &s->components[at];
	size_t equals = tu_str_find(text, '=');
	struct tu_str name = tu_str_first(text, equals);
	struct tu_str value = tu_str_from(text, equals + 1);

	if (tu_str_eq(name, TU_STR("version")))
		c->version = value;
	else if (tu_str_eq(name, TU_STR("name")))
		c->name = value;
	else if (tu_str_eq(name, TU_STR("group")))
		c->group = value;
	else if (tu_str_eq(name, TU_STR("ref")))
		c->ref = value;
	else
		s->properties[at][c->property_count++] =
			(struct tu_property){.name = name, .value = value};
}

static void add_word(struct small_inventory *s, size_t at, struct tu_str text)
{
	struct tu_component *c = &s->components[at];
	size_t version = tu_str_rfind(text, '@');

	assert_true(c->cpe_count < OF_ONE && c->property_count < OF_ONE);
	if (tu_str_starts(text, TU_STR("cpe:"))) {
		s->cpes[at][c->cpe_count++] = text;
	} else if (tu_str_starts(text, TU_STR("pkg:"))) {
		c->purl = text;
	} else if (tu_str_find(text, '=') < text.len) {
		add_field(s, at, text);
	} else {
		c->name = tu_str_first(text, version);
		c->version = tu_str_from(text, version + 1);
	}
}

static struct tu_str next_word(struct tu_str *rest, struct tu_str between)
{
	size_t at = tu_str_search(*rest, between);
	struct tu_str word = tu_str_first(*rest, at);

	*rest = tu_str_from(*rest, at < rest->len ? at + between.len : at);
	return word;
}

/* Components are separated by " & ", the identifiers and fields of one by " + ". */
static void compose(struct small_inventory *s, struct tu_str text, struct tu_str os)
{
	size_t blank = tu_str_find(os, ' ');
	size_t count = 0;

	*s = (struct small_inventory){.inventory = {.components = s->components}};
	for (; text.len; count++) {
		struct tu_str words = next_word(&text, TU_STR(" & "));

		assert_true(count < COMPONENTS - 1);
		s->components[count].parent = TU_NO_COMPONENT;
		s->components[count].cpes = s->cpes[count];
		s->components[count].properties = s->properties[count];
		while (words.len)
			add_word(s, count, next_word(&words, TU_STR(" + ")));
	}
	if (blank < os.len)
		s->components[count++] = (struct tu_component){.kind = TU_KIND_OPERATING_SYSTEM,
			.name = tu_str_first(os, blank),
			.version = tu_str_from(os, blank + 1),
			.parent = TU_NO_COMPONENT};
	s->inventory.component_count = count;
}

/* ---- a finding as text ---- */

static void put(struct tu_buf *out, struct tu_str text)
{
	tu_buf_c(out, " ");
	tu_buf_str_add(out, text.len ? text : TU_STR("-"));
}

static bool is_stated(const struct tu_component *c, struct tu_str identifier)
{
	for (size_t i = 0; i < c->cpe_count; i++) {
		if (tu_str_eq(c->cpes[i], identifier))
			return true;
	}
	return tu_str_eq(c->purl, identifier) || tu_str_eq(c->name, identifier);
}

/* The identifier only where it is not one that the component states itself. */
static void describe_evidence(const struct tu_kb *kb, const struct tu_component *component,
	const struct tu_evidence *evidence, struct tu_buf *out)
{
	struct tu_str fix = tu_evidence_fix(kb, evidence);
	struct tu_buf vers;

	tu_buf_init(&vers, 4096);
	tu_evidence_vers(kb, evidence, &vers);
	tu_buf_c(out, " |");
	put(out, tu_kb_advisory(kb, evidence->advisory).id);
	put(out, tu_str_c(tu_match_by_name(evidence->by)));
	put(out, tu_str_c(tu_reason_name(evidence->reason)));
	put(out, evidence->version);
	put(out, tu_buf_str(&vers));
	if (fix.len)
		tu_buf_printf(out, " fixed in %.*s", TU_STR_FMT(fix));
	if (!is_stated(component, evidence->identifier))
		put(out, evidence->identifier);
	if (evidence->platform_assumed)
		tu_buf_c(out, " assumed");
	tu_buf_done(&vers);
}

static void describe(const struct tu_kb *kb, const struct small_inventory *small,
	const struct tu_match_result *result, struct tu_str id, struct tu_buf *out)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct tu_finding *finding = &result->findings[i];

		if (finding->distinct ||
			!tu_str_eq(tu_kb_vulnerability(kb, finding->vulnerability).id, id))
			continue;
		tu_buf_printf(out, "%s, %s, fix", tu_match_verdict_name(finding->verdict),
			tu_reason_name(finding->reason));
		put(out, finding->fixed);
		for (size_t k = 0; k < finding->evidence_count; k++) {
			assert_int_equal(finding->evidence[k].decisive, k == 0);
			describe_evidence(kb, &small->components[0], &finding->evidence[k], out);
		}
	}
	if (out->len == 0)
		tu_buf_c(out, result->distinct[0].known ? "none" : "no data");
}

static bool check_line(
	const struct fixture *f, const struct table *table, const char *name, bool keep_all)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_match_options options = {.keep_all = keep_all};
	const struct tu_match_result *result;
	struct small_inventory small;
	struct tu_error err = {0};
	struct tu_buf got;
	bool same;

	compose(&small, table->fields[0], table->fields[1]);
	if (tu_match(arena, f->kb, &small.inventory, &options, &result, &err))
		fail_msg("%s:%zu: %s", name, table->line, err.message);
	tu_buf_init(&got, 64 * 1024);
	describe(f->kb, &small, result, table->fields[2], &got);
	same = tu_str_eq(tu_buf_str(&got), table->fields[3]);
	if (!same)
		print_error("%s:%zu: %.*s %.*s\n\texpected %.*s\n\tgot      %.*s\n", name,
			table->line, TU_STR_FMT(table->fields[0]), TU_STR_FMT(table->fields[2]),
			TU_STR_FMT(table->fields[3]), TU_STR_FMT(tu_buf_str(&got)));
	tu_buf_done(&got);
	tu_arena_free(arena);
	return same;
}

static void check_table(const struct fixture *f, const char *name, bool keep_all)
{
	struct table table;
	size_t cases = 0;
	size_t wrong = 0;

	table_open(&table, name);
	/* The first ten say enough. */
	for (; wrong < 10 && table_next(&table); cases++)
		wrong += !check_line(f, &table, name, keep_all);
	table_close(&table);
	print_message("%s: %zu cases, %zu wrong\n", name, cases, wrong);
	assert_true(cases > 0);
	assert_int_equal(wrong, 0);
}

/* REQ-VULN-2, REQ-VULN-5 */
static void shows_all_evidence_in_its_order(void **state)
{
	check_table(*state, "match/evidence.tsv", true);
}

/* What a scan lists, and how often it says the same. */
static void a_scan_says_each_thing_once(void **state)
{
	check_table(*state, "match/scan.tsv", false);
}

/* ---- options and counts ---- */

static void only_one_component_by_any_of_its_names(void **state)
{
	const struct fixture *f = *state;
	struct tu_arena *arena = tu_arena_new(0);
	struct small_inventory small;
	struct table table;

	table_open(&table, "match/only.tsv");
	while (table_next(&table)) {
		struct tu_buf wanted;
		struct tu_match_options options = {.keep_all = true};
		const struct tu_match_result *result;
		size_t components = 0;
		enum tu_status status;

		tu_buf_init(&wanted, 1024);
		tu_buf_str_add(&wanted, table.fields[1]);
		tu_buf_byte(&wanted, '\0');
		options.only_component = wanted.ptr;
		compose(&small, table.fields[0], TU_STR("-"));
		status = tu_match(arena, f->kb, &small.inventory, &options, &result, NULL);
		if (status == TU_OK)
			components = result->counts.components;
		else
			assert_int_equal(status, TU_E_NOTFOUND);
		if (components != table_number(&table, 2))
			fail_msg("line %zu: %zu components", table.line, components);
		tu_buf_done(&wanted);
	}
	table_close(&table);
	tu_arena_free(arena);
}

/* ---- what is matched together ---- */

static const struct tu_match_result *match(struct tu_arena *arena, const struct fixture *f,
	const struct small_inventory *small, const struct tu_match_options *options)
{
	const struct tu_match_result *result;
	struct tu_error err = {0};

	if (tu_match(arena, f->kb, &small->inventory, options, &result, &err))
		fail_msg("%s", err.message);
	return result;
}

static void components_that_differ_in_anything_are_distinct(void **state)
{
	static const struct {
		const char *components;
		size_t distinct;
	} rows[] = {
		{"pkg:npm/a@1 + name=a & pkg:npm/a@1 + name=a", 1},
		{"pkg:npm/a@1 + name=a & pkg:npm/a@2 + name=a", 2},
		{"a@1 + group=g & a@1 + group=h", 2},
		{"a@1 + group=g & a@1 + group=g", 1},
		{"a@1 & b@1", 2},
		{"a@1 & a@2", 2},
		{"a@12 & a1@2", 2},
		{"a@1 + ref=x & a@1 + ref=y", 1},
		{"a@1 + cpe:/a:acme:a:1 & a@1", 2},
		{"a@1 + cpe:/a:acme:a:1 & a@1 + cpe:/a:acme:a:2", 2},
		{"a@1 + cpe:/a:acme:a:1 & a@1 + cpe:/a:acme:a:1 + cpe:/a:acme:b:1", 2},
		{"a@1 + cpe:/a:acme:a:1 + cpe:/a:acme:b:1 & a@1 + cpe:/a:acme:a:1 + "
		 "cpe:/a:acme:b:1",
			1},
	};
	struct tu_arena *arena = tu_arena_new(0);
	struct small_inventory small;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_match_result *result;

		compose(&small, tu_str_c(rows[i].components), TU_STR("-"));
		result = match(arena, *state, &small, NULL);
		if (result->distinct_count != rows[i].distinct)
			fail_msg("%s: %zu distinct", rows[i].components, result->distinct_count);
		assert_int_equal(result->counts.distinct, rows[i].distinct);
		assert_int_equal(result->counts.components, 2);
	}
	compose(&small, TU_STR("a@1 & a@1"), TU_STR("-"));
	small.components[1].kind = TU_KIND_FIRMWARE;
	assert_int_equal(match(arena, *state, &small, NULL)->distinct_count, 2);
	tu_arena_free(arena);
}

/* What a statement names by its reference is not matched with what is alike. */
static void what_is_spoken_of_is_matched_alone(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_resolved resolved = {TU_STR("CVE-2023-0501"), TU_STR("patch"), TU_STR("a.patch")};
	const uint32_t second[] = {1};
	struct tu_match_options options = {.apart = second, .apart_count = 1};
	struct tu_vex_product product = {.components = second, .component_count = 1};
	struct tu_vex_claim claim = {.products = &product, .product_count = 1};
	const struct tu_match_result *result;
	struct small_inventory small;

	compose(&small, TU_STR("tool@1.2.11 & tool@1.2.11 & tool@1.2.11"), TU_STR("-"));
	assert_int_equal(match(arena, *state, &small, NULL)->distinct_count, 1);
	result = match(arena, *state, &small, &options);
	assert_int_equal(result->distinct_count, 2);
	assert_int_equal(result->distinct[0].component_count, 2);
	assert_int_equal(result->distinct[0].components[1], 2);
	assert_int_equal(result->distinct[1].first, 1);
	small.inventory.claims = &claim;
	small.inventory.claim_count = 1;
	assert_int_equal(match(arena, *state, &small, NULL)->distinct_count, 2);
	small.inventory.claim_count = 0;
	small.components[2].resolved = &resolved;
	small.components[2].resolved_count = 1;
	result = match(arena, *state, &small, NULL);
	assert_int_equal(result->distinct_count, 2);
	assert_int_equal(result->distinct[1].first, 2);
	tu_arena_free(arena);
}

/* More than are looked up together, of three kinds in turn. */
static void many_components_are_listed_in_their_order(void **state)
{
	enum { MANY = 50 };
	static struct tu_component components[MANY];
	struct tu_inventory inventory = {.components = components, .component_count = MANY};
	struct tu_arena *arena = tu_arena_new(0);
	const struct fixture *f = *state;
	const struct tu_match_result *result;

	for (size_t i = 0; i < MANY; i++)
		components[i] = (struct tu_component){.name = TU_STR("tool"),
			.version = i % 3 == 0 ? TU_STR("1.2.11")
				: i % 3 == 1  ? TU_STR("1.2.12")
					      : TU_STR("9"),
			.parent = TU_NO_COMPONENT};
	assert_int_equal(tu_match(arena, f->kb, &inventory, NULL, &result, NULL), TU_OK);
	assert_int_equal(result->distinct_count, 3);
	assert_int_equal(result->counts.components, MANY);
	for (uint32_t d = 0; d < 3; d++) {
		assert_int_equal(result->distinct[d].first, d);
		assert_int_equal(result->distinct[d].component_count, d < 2 ? 17 : 16);
		for (uint32_t i = 0; i < result->distinct[d].component_count; i++)
			assert_int_equal(result->distinct[d].components[i], d + 3 * i);
	}
	tu_arena_free(arena);
}

/* ---- counts ---- */

static void counts_say_what_was_found(void **state)
{
	static const struct {
		const char *components;
		size_t affected, undecided, not_affected, unknown, unidentified;
	} rows[] = {
		/* kept are also the findings that say "not affected" */
		{"cpe:2.3:a:one:meter:1.0:*:*:*:*:*:*:*", 1, 0, 0, 0, 0},
		{"cpe:2.3:a:one:meter:2.0:*:*:*:*:*:*:*", 0, 0, 1, 0, 0},
		{"cpe:2.3:a:one:meter:*:*:*:*:*:*:*:*", 0, 1, 0, 0, 0},
		{"nobody@1", 0, 0, 0, 1, 0},
		{"name=nobody", 0, 0, 0, 0, 1},
		{"version=1", 0, 0, 0, 0, 1},
		{"pkg:npm/nobody", 0, 0, 0, 1, 0},
		{"cpe:2.3:a:nobody:at_all:1:*:*:*:*:*:*:*", 0, 0, 0, 1, 0},
		{"gauge@1.0", 0, 2, 0, 1, 0},
		{"cpe:2.3:o:debian:debian_linux:9:*:*:*:*:*:*:*", 0, 0, 1, 1, 0},
		{"pkg:npm/syringe@2.5.0 & pkg:npm/syringe@2.4.0 & nobody@1 & name=x", 1, 0, 1, 1,
			1},
	};
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_match_options all = {.keep_all = true};
	struct small_inventory small;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_match_counts *kept, *listed;

		compose(&small, tu_str_c(rows[i].components), TU_STR("-"));
		kept = &match(arena, *state, &small, &all)->counts;
		listed = &match(arena, *state, &small, NULL)->counts;
		if (kept->affected != rows[i].affected || kept->undecided != rows[i].undecided ||
			kept->not_affected != rows[i].not_affected ||
			kept->unknown != rows[i].unknown ||
			kept->unidentified != rows[i].unidentified)
			fail_msg("%s: %zu affected, %zu undecided, %zu not, %zu unknown, %zu "
				 "unidentified",
				rows[i].components, kept->affected, kept->undecided,
				kept->not_affected, kept->unknown, kept->unidentified);
		assert_int_equal(listed->affected, kept->affected);
		assert_int_equal(listed->undecided, kept->undecided);
		assert_int_equal(listed->not_affected, 0);
		assert_int_equal(listed->unknown, kept->unknown);
	}
	tu_arena_free(arena);
}

/* A re-match after a delta: the findings of these, as in a whole match. */
static void only_the_vulnerabilities_that_are_asked_for(void **state)
{
	const struct fixture *f = *state;
	struct tu_arena *arena = tu_arena_new(0);
	const uint32_t wanted[] = {tu_kb_find(f->kb, TU_STR("CVE-2023-0503")),
		tu_kb_find(f->kb, TU_STR("CVE-2023-0501"))};
	struct tu_match_options options = {.only_vulnerabilities = wanted, .only_count = 2};
	const struct tu_match_result *all, *some;
	struct small_inventory small;
	size_t same = 0;

	compose(&small, TU_STR("pkg:npm/syringe@2.4.0 & tool@1.2.11"), TU_STR("-"));
	all = match(arena, f, &small, NULL);
	some = match(arena, f, &small, &options);
	assert_int_equal(some->finding_count, 2);
	assert_int_equal(some->distinct[0].finding_count, 0);
	assert_int_equal(some->distinct[1].first_finding, 0);
	assert_int_equal(some->distinct[1].finding_count, 2);
	assert_true(some->distinct[0].known && some->distinct[1].known);
	assert_true(some->counts.candidates < all->counts.candidates);
	for (size_t i = 0; i < all->distinct[1].finding_count; i++) {
		uint32_t id = all->findings[all->distinct[1].first_finding + i].vulnerability;

		same += id == some->findings[0].vulnerability ||
			id == some->findings[1].vulnerability;
	}
	assert_int_equal(same, 2);
	options = (struct tu_match_options){.only_id = "cve-2023-0503"};
	some = match(arena, f, &small, &options);
	assert_int_equal(some->finding_count, 1);
	assert_int_equal(some->findings[0].vulnerability, wanted[0]);
	tu_arena_free(arena);
}

/* The platform of a component is in the whole inventory. */
static void one_component_has_the_verdict_of_a_whole_scan(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_match_options options = {
		.only_component = "runner", .only_id = "CVE-2023-0201", .keep_all = true};
	const struct tu_match_result *result;
	struct small_inventory small;

	compose(&small, TU_STR("runner@1.0 & kernel-of-board@5.10"), TU_STR("-"));
	result = match(arena, *state, &small, &options);
	assert_int_equal(result->finding_count, 1);
	assert_int_equal(result->findings[0].verdict, TU_MATCH_AFFECTED);
	compose(&small, TU_STR("runner@1.0"), TU_STR("-"));
	result = match(arena, *state, &small, &options);
	assert_int_equal(result->findings[0].verdict, TU_MATCH_UNDECIDED);
	tu_arena_free(arena);
}

/* ---- words of reasons ---- */

static enum tu_reason reason_of(struct tu_str word)
{
	for (int i = 0; i < TU_WHY_COUNT_; i++) {
		if (tu_str_eq(tu_str_c(tu_reason_name((enum tu_reason)i)), word))
			return (enum tu_reason)i;
	}
	return TU_WHY_COUNT_;
}

static void every_reason_has_its_word_and_its_verdict(void **state)
{
	struct table table;
	int count = 0;

	(void)state;
	table_open(&table, "match/reasons.tsv");
	for (; table_next(&table); count++) {
		enum tu_reason reason = reason_of(table.fields[0]);
		const struct reason_kind *kind = &tu_match__reason_kinds[reason];

		if (reason == TU_WHY_COUNT_ ||
			!tu_str_eq(
				table.fields[1], tu_str_c(tu_match_verdict_name(kind->verdict))) ||
			kind->votes != tu_str_eq(table.fields[2], TU_STR("yes")) ||
			kind->weak != tu_str_eq(table.fields[3], TU_STR("yes")) ||
			kind->quiet != tu_str_eq(table.fields[4], TU_STR("yes")) ||
			tu_reason_is_triage(reason) != tu_str_eq(table.fields[5], TU_STR("yes")))
			fail_msg("line %zu: %.*s", table.line, TU_STR_FMT(table.fields[0]));
		assert_true(tu_reason_sentence(reason)[0] != 0);
	}
	assert_int_equal(count, TU_WHY_COUNT_);
	table_close(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_all_evidence_in_its_order),
		cmocka_unit_test(a_scan_says_each_thing_once),
		cmocka_unit_test(only_one_component_by_any_of_its_names),
		cmocka_unit_test(components_that_differ_in_anything_are_distinct),
		cmocka_unit_test(what_is_spoken_of_is_matched_alone),
		cmocka_unit_test(many_components_are_listed_in_their_order),
		cmocka_unit_test(counts_say_what_was_found),
		cmocka_unit_test(only_the_vulnerabilities_that_are_asked_for),
		cmocka_unit_test(one_component_has_the_verdict_of_a_whole_scan),
		cmocka_unit_test(every_reason_has_its_word_and_its_verdict),
	};

	return cmocka_run_group_tests_name("evidence", tests, set_up, tear_down);
}
