/*
 * Statements put to the findings of one SBOM: which of them apply, why the others do not, and what
 * becomes of the findings. tests/tables/vex/apply.tsv, whose head says how its rows are written.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/advisory.h>

#include "support/claims.h"
#include "support/faults.h"
#include "support/rows.h"

struct fixture {
	struct tu_buf kb_bytes, sbom;
	struct tu_kb *kb;
};

static void read_file(const char *name, struct tu_buf *out)
{
	const char *folder = getenv("TU_TABLES");
	struct tu_error err = {0};
	struct tu_buf path;

	tu_buf_init(&path, 4096);
	tu_buf_printf(&path, "%s/vex/%s", folder ? folder : "tests/tables", name);
	tu_buf_byte(&path, '\0');
	tu_buf_init(out, 1 << 20);
	if (tu_input_read(path.ptr, out, &err))
		fail_msg("%s", err.message);
	tu_buf_done(&path);
}

static enum tu_status take(void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	return tu_kb_builder_add(context, advisory, err);
}

static void complain(void *context, struct tu_str where, struct tu_str what)
{
	(void)context;
	fail_msg("%.*s: %.*s", TU_STR_FMT(where), TU_STR_FMT(what));
}

static int set_up(void **state)
{
	static struct fixture f;
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	const struct tu_advisory_sink sink = {
		.advisory = take, .problem = complain, .context = builder};
	struct tu_feed_summary summary = {0};
	struct tu_kb_build_counts counts;
	struct tu_buf feed;

	read_file("feed.jsonl", &feed);
	read_file("sbom.json", &f.sbom);
	assert_int_equal(
		tu_advisory_read(reader, TU_STR("f"), tu_buf_str(&feed), &sink, &summary, NULL),
		TU_OK);
	tu_buf_init(&f.kb_bytes, 1 << 20);
	assert_int_equal(tu_kb_builder_finish(builder, &f.kb_bytes, &counts, NULL), TU_OK);
	assert_int_equal(tu_kb_open_memory(f.kb_bytes.ptr, f.kb_bytes.len, &f.kb, NULL), TU_OK);
	tu_buf_done(&feed);
	tu_advisory_reader_free(reader);
	tu_kb_builder_free(builder);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	tu_kb_close(f->kb);
	tu_buf_done(&f->kb_bytes);
	tu_buf_done(&f->sbom);
	return 0;
}

/* ---- one row ---- */

/* What is asked with the statements of one row. */
struct asked {
	struct tu_arena *arena;
	struct claims claims;
	struct tu_str authors[4];
	struct tu_vex_input input;
	const struct tu_vex_application *application;
	const struct tu_match_result *decided;
};

/* "files", "sbom", "apart", or an author. */
static void take_trust(struct asked *a, struct tu_str words, bool *apart)
{
	struct tu_vex_trust *trust = &a->input.trust;
	struct tu_str word;

	trust->authors = a->authors;
	while (tu_str_split(&words, ' ', &word))
		if (tu_str_eq(word, TU_STR("files")))
			trust->files = true;
		else if (tu_str_eq(word, TU_STR("sbom")))
			trust->sbom = true;
		else if (tu_str_eq(word, TU_STR("apart")))
			*apart = true;
		else if (word.len && !tu_str_eq(word, TU_STR("-")))
			a->authors[trust->author_count++] = word;
}

static enum tu_status ask(struct asked *a, struct tu_error *err)
{
	enum tu_status status = tu_vex_apply(a->arena, &a->input, &a->application, err);

	return status ? status
		      : tu_vex_decide(a->arena, &a->input, a->application, &a->decided, err);
}

static void prepare(
	const struct fixture *f, struct tu_str statements, struct tu_str trust, struct asked *a)
{
	struct tu_match_options options = {.keep_all = true};
	bool apart = false;

	*a = (struct asked){.arena = tu_arena_new(0)};
	a->input.kb = f->kb;
	assert_int_equal(tu_sbom_read(a->arena, tu_buf_str(&f->sbom), false, NULL,
				 &a->input.inventory, NULL),
		TU_OK);
	take_trust(a, trust, &apart);
	claims_read(&a->claims, a->arena, statements);
	a->input.documents = a->claims.pointers;
	a->input.count = a->claims.count;
	a->input.names = a->claims.names;
	if (apart)
		assert_int_equal(tu_vex_apart(a->arena, a->input.documents, a->input.count,
					 a->input.inventory, &options.apart, &options.apart_count),
			TU_OK);
	assert_int_equal(
		tu_match(a->arena, f->kb, a->input.inventory, &options, &a->input.match, NULL),
		TU_OK);
}

static void add_results(const struct asked *a, struct tu_buf *out)
{
	for (size_t i = 0; i < a->application->result_count; i++) {
		const struct tu_vex_result *result = &a->application->results[i];

		assert_true(result->outcome < TU_VEX_OUTCOMES);
		tu_buf_printf(out, "%s%s", i ? ", " : "", tu_vex_outcome_name(result->outcome));
		if (result->component != TU_NO_COMPONENT)
			tu_buf_printf(out, " %.*s",
				TU_STR_FMT(a->input.inventory->components[result->component].ref));
		if (result->findings)
			tu_buf_printf(out, " *%zu", result->findings);
		if (result->all_versions)
			tu_buf_c(out, " all");
	}
}

static struct tu_str ref_of(const struct asked *a, const struct tu_finding *finding)
{
	const struct tu_distinct *distinct = &a->input.match->distinct[finding->distinct];

	return a->input.inventory->components[distinct->components[0]].ref;
}

/* The findings that are not as the match left them. */
static void add_findings(const struct asked *a, struct tu_buf *out)
{
	size_t told = 0;

	for (size_t i = 0; i < a->decided->finding_count; i++) {
		const struct tu_finding *finding = &a->decided->findings[i];

		if (!finding->statement.len)
			continue;
		tu_buf_printf(out, "%s%.*s %.*s %s", told++ ? " & " : "",
			TU_STR_FMT(ref_of(a, finding)),
			TU_STR_FMT(tu_kb_vulnerability(a->input.kb, finding->vulnerability).id),
			tu_match_verdict_name(finding->verdict));
		if (finding->reason == TU_WHY_VEX || finding->reason == TU_WHY_PATCHED)
			tu_buf_printf(out, " by %s%s", finding->own_word ? "its own " : "",
				tu_reason_name(finding->reason));
		tu_buf_printf(out, ": %.*s", TU_STR_FMT(finding->statement));
	}
}

/* What is true whatever is stated. */
static void check_sums(const struct asked *a)
{
	const struct tu_match_result *before = a->input.match, *after = a->decided;
	size_t verdicts[3] = {0}, outcomes[TU_VEX_OUTCOMES] = {0};

	assert_int_equal(after->finding_count, before->finding_count);
	for (size_t i = 0; i < after->finding_count; i++)
		verdicts[after->findings[i].verdict]++;
	assert_int_equal(after->counts.affected, verdicts[TU_MATCH_AFFECTED]);
	assert_int_equal(after->counts.undecided, verdicts[TU_MATCH_UNDECIDED]);
	assert_int_equal(after->counts.not_affected, verdicts[TU_MATCH_NOT_AFFECTED]);
	for (size_t i = 0; i < a->application->result_count; i++)
		outcomes[a->application->results[i].outcome]++;
	for (size_t i = 0; i < TU_VEX_OUTCOMES; i++)
		assert_int_equal(a->application->counts[i], outcomes[i]);
	for (size_t i = 1; i < a->application->link_count; i++)
		assert_true(
			a->application->links[i - 1].finding < a->application->links[i].finding);
}

static void done(struct asked *a)
{
	tu_arena_free(a->arena);
}

static void compare(const struct asked *a, const struct table *table)
{
	struct tu_buf results, findings;

	tu_buf_init(&results, 1 << 16);
	tu_buf_init(&findings, 1 << 16);
	add_results(a, &results);
	add_findings(a, &findings);
	(void)row_has(table, 3, tu_buf_str(&results));
	(void)row_has(table, 4, tu_buf_str(&findings));
	tu_buf_done(&findings);
	tu_buf_done(&results);
	check_sums(a);
}

static void check_row(const struct table *table, void *context)
{
	struct asked a;

	prepare(context, table->fields[1], table->fields[2], &a);
	assert_int_equal(ask(&a, NULL), TU_OK);
	compare(&a, table);
	done(&a);
}

static void answers_every_row_of_the_table(void **state)
{
	each_row("vex/apply.tsv", 230, check_row, *state);
}

/* ---- no memory ---- */

/* The statements of a row with the nth allocation failing; 0: with none. */
struct attempt {
	struct fixture *f;
	const struct table *row;
};

static enum tu_status ask_failing(void *context, size_t nth, size_t *out_asked)
{
	const struct attempt *attempt = context;
	struct tu_error err = {0};
	enum tu_status status;
	struct asked a;

	prepare(attempt->f, attempt->row->fields[1], attempt->row->fields[2], &a);
	tu_fault_set(nth);
	status = ask(&a, &err);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	assert_int_equal(err.status, status);
	if (status == TU_OK)
		compare(&a, attempt->row);
	done(&a);
	return status;
}

/* Of so many rows one: each prepares a match for each allocation. */
enum { ROWS_OF_WHICH_ONE = 5 };

static void fail_each_allocation(const struct table *table, void *context)
{
	struct attempt attempt = {context, table};

	/* What is compared with a range without memory is undecided: another answer, and safe. */
	if (tu_str_search(table->fields[1], TU_STR("vers")) < table->fields[1].len)
		return;
	if (table->line % ROWS_OF_WHICH_ONE == 0)
		fail_each(ask_failing, &attempt, TU_OK, 3);
}

static void a_failing_allocation_changes_no_answer(void **state)
{
	each_row("vex/apply.tsv", 1, fail_each_allocation, *state);
}

static enum tu_status apart_failing(void *context, size_t nth, size_t *out_asked)
{
	const uint32_t *components;
	enum tu_status status;
	struct asked a;
	size_t count;

	prepare(context,
		TU_STR("fixed CVE-2031-0001 / ref=twin-b / pkg:npm/left / pkg:generic/acme/pump > "
		       "hash=SHA-1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
		TU_STR("-"), &a);
	tu_fault_set(nth);
	status = tu_vex_apart(
		a.arena, a.input.documents, a.input.count, a.input.inventory, &components, &count);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	if (status == TU_OK) {
		assert_int_equal(count, 2);
		assert_true(tu_str_eq(
			a.input.inventory->components[components[0]].ref, TU_STR("twin-b")));
		assert_true(tu_str_eq(
			a.input.inventory->components[components[1]].ref, TU_STR("twin-a")));
	}
	done(&a);
	return status;
}

static void naming_apart_reports_a_failing_allocation(void **state)
{
	struct fixture f = *(struct fixture *)*state;

	fail_each(apart_failing, &f, TU_OK, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_every_row_of_the_table),
		cmocka_unit_test(a_failing_allocation_changes_no_answer),
		cmocka_unit_test(naming_apart_reports_a_failing_allocation),
		cmocka_unit_test(no_row_is_wrong),
	};

	return cmocka_run_group_tests_name("statements", tests, set_up, tear_down);
}
