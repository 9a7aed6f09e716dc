/*
 * tests/tables/match/evidence.tsv against the records of evidence.jsonl: all that a user can ask
 * about one finding. Verdict, reason and fix, then every piece of evidence in its order: the
 * record, how it met the component, what it says, the version that was compared, the versions that
 * it calls affected.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/advisory.h>
#include <tutela/match.h>

#include "kb/aliases.h"
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

static void describe_evidence(
	const struct tu_kb *kb, const struct tu_evidence *evidence, struct tu_buf *out)
{
	struct tu_buf vers;

	tu_buf_init(&vers, 4096);
	tu_evidence_vers(kb, evidence, &vers);
	tu_buf_c(out, " |");
	put(out, tu_kb_advisory(kb, evidence->advisory).id);
	put(out, tu_str_c(tu_match_by_name(evidence->by)));
	put(out, tu_str_c(tu_reason_name(evidence->reason)));
	put(out, evidence->version);
	put(out, tu_buf_str(&vers));
	if (evidence->platform_assumed)
		tu_buf_c(out, " assumed");
	tu_buf_done(&vers);
}

static void describe(const struct tu_kb *kb, const struct tu_match_result *result, struct tu_str id,
	struct tu_buf *out)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct tu_finding *finding = &result->findings[i];

		if (finding->distinct ||
			!tu_str_eq(tu_kb_vulnerability(kb, finding->vulnerability).id, id))
			continue;
		tu_buf_printf(out, "%s, %s, fix", tu_match_verdict_name(finding->verdict),
			tu_reason_name(finding->reason));
		put(out, finding->fixed);
		for (size_t k = 0; k < finding->evidence_count; k++)
			describe_evidence(kb, &finding->evidence[k], out);
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
	describe(f->kb, result, table->fields[2], &got);
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
	for (; table_next(&table); cases++)
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_all_evidence_in_its_order),
		cmocka_unit_test(a_scan_says_each_thing_once),
		cmocka_unit_test(only_one_component_by_any_of_its_names),
	};

	return cmocka_run_group_tests_name("evidence", tests, set_up, tear_down);
}
