#define _XOPEN_SOURCE 700 /* scandir */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/csaf.h>
#include <tutela/deadline.h>
#include <tutela/decision.h>
#include <tutela/device.h>
#include <tutela/kb.h>
#include <tutela/sbom.h>
#include <tutela/sbom_above.h>
#include <tutela/sbom_check.h>
#include <tutela/sbom_diff.h>
#include <tutela/sbom_merge.h>
#include <tutela/supplement.h>
#include <tutela/vex.h>

#include "support/fault_documents.h"

/* What `begin` gets ready. */
struct ready {
	const struct tu_inventory *inventory;
	const struct tu_decision *decision;
	struct tu_buf kb_bytes;
	struct tu_kb *kb;
};

static void add_notes(struct tu_sink *out, const struct tu_sbom_note *notes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		tu_buf_printf(&out->buf, "%.*s: %.*s (%zu)\n", TU_STR_FMT(notes[i].pointer),
			TU_STR_FMT(notes[i].message), notes[i].count);
}

/* ---- SBOMs ---- */

static enum tu_status read_sbom(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct tu_inventory *inventory = NULL;
	enum tu_status status = tu_sbom_read(arena, text, true, NULL, &inventory, err);

	(void)context;
	if (status)
		return status;
	for (size_t i = 0; i < inventory->component_count; i++) {
		const struct tu_component *c = &inventory->components[i];

		tu_buf_printf(&out->buf, "%.*s %.*s %.*s %zu %zu %zu\n", TU_STR_FMT(c->name),
			TU_STR_FMT(c->version), TU_STR_FMT(c->purl), c->cpe_count, c->licence_count,
			c->resolved_count);
	}
	tu_buf_printf(&out->buf, "%zu claims\n", inventory->claim_count);
	add_notes(out, inventory->notes, inventory->note_count);
	return TU_OK;
}

static bool begin_sbom(void *context, struct tu_arena *arena, struct tu_str text)
{
	struct ready *ready = context;

	return tu_sbom_read(arena, text, true, NULL, &ready->inventory, NULL) == TU_OK;
}

static enum tu_status write_sbom(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct ready *ready = context;
	const struct tu_sbom_write_options options = {.tool = TU_STR("test"),
		.created = TU_STR("2024-01-02T03:04:05Z"),
		.serial = TU_STR("https://example.org/test")};
	enum tu_status status = TU_OK;

	(void)text;
	for (int target = 0; target < TU_SBOM_TARGETS_ && !status; target++) {
		struct tu_sbom_losses losses = {0};

		status = tu_sbom_write(arena, ready->inventory, (enum tu_sbom_target)target,
			&options, out, &losses, err);
		if (status == TU_OK)
			add_notes(out, losses.notes, losses.count);
	}
	return status;
}

static enum tu_status judge_sbom(struct tu_arena *arena, const struct tu_inventory *inventory,
	struct tu_sink *out, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < tu_check_profile_count && !status; i++) {
		const struct tu_check_request request = {
			&tu_check_profiles[i], inventory, INT64_C(1800000000)};
		const struct tu_check_result *result = NULL;

		status = tu_sbom_check(arena, &request, &result, err);
		if (status == TU_OK)
			tu_buf_printf(&out->buf, "%u %d\n", result->score, result->passed);
	}
	return status;
}

static enum tu_status merge_sbom(struct tu_arena *arena, const struct tu_inventory *inventory,
	bool flatten, struct tu_sink *out, struct tu_error *err)
{
	const struct tu_inventory *const twice[] = {inventory, inventory};
	const struct tu_merge_options options = {
		.name = TU_STR("m"), .version = TU_STR("1"), .flatten = flatten};
	const struct tu_inventory *merged = NULL;
	const struct tu_sbom_diff *diff = NULL;
	struct tu_merge_counts counts = {0};
	enum tu_status status = tu_sbom_merge(arena, twice, 2, &options, &merged, &counts, err);

	if (status == TU_OK)
		status = tu_sbom_diff(arena, inventory, merged, &diff, err);
	if (status == TU_OK)
		status = tu_sbom_find_above(arena, merged, &merged, err);
	if (status == TU_OK)
		tu_buf_printf(&out->buf, "%zu %zu %zu %zu\n", merged->component_count,
			counts.joined, counts.contradictions, diff->changed);
	return status;
}

static enum tu_status use_sbom(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct ready *ready = context;
	enum tu_status status = judge_sbom(arena, ready->inventory, out, err);

	(void)text;
	if (status == TU_OK)
		status = merge_sbom(arena, ready->inventory, false, out, err);
	if (status == TU_OK)
		status = merge_sbom(arena, ready->inventory, true, out, err);
	return status;
}

/* ---- statements ---- */

static enum tu_status validate(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct tu_csaf_report *report = NULL;
	enum tu_status status = tu_csaf_validate(arena, text, true, 0, &report, err);

	(void)context;
	for (size_t i = 0; status == TU_OK && i < report->problem_count; i++)
		tu_buf_printf(&out->buf, "%.*s %.*s %.*s\n", TU_STR_FMT(report->problems[i].test),
			TU_STR_FMT(report->problems[i].pointer),
			TU_STR_FMT(report->problems[i].message));
	return status;
}

static void add_product(struct tu_sink *out, const struct tu_vex_product *product)
{
	tu_buf_printf(&out->buf, " %.*s %.*s %zu %zu\n", TU_STR_FMT(product->id),
		TU_STR_FMT(product->ref), product->version_count, product->excluded_count);
	for (size_t i = 0; i < product->purl_count; i++)
		tu_buf_printf(&out->buf, "  %.*s\n", TU_STR_FMT(product->purls[i]));
	for (size_t i = 0; i < product->part_count; i++)
		add_product(out, &product->parts[i]);
}

static enum tu_status read_statements(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct tu_vex_document *document = NULL;
	enum tu_status status = tu_vex_read(arena, text, true, &document, err);

	(void)context;
	if (status)
		return status;
	for (size_t i = 0; i < document->claim_count; i++) {
		const struct tu_vex_claim *claim = &document->claims[i];

		tu_buf_printf(&out->buf, "%.*s %s\n", TU_STR_FMT(claim->vulnerability),
			tu_claim_status_name(claim->status));
		for (size_t k = 0; k < claim->product_count; k++)
			add_product(out, &claim->products[k]);
	}
	add_notes(out, document->notes, document->note_count);
	return TU_OK;
}

/* ---- intelligence ---- */

static enum tu_status take(void *context, const struct tu_advisory *a, struct tu_error *err)
{
	return tu_kb_builder_add(context, a, err);
}

static enum tu_status take_cycle(
	void *context, const struct tu_support_cycle *cycle, struct tu_error *err)
{
	return tu_kb_builder_lifecycle(context, cycle, err);
}

static void ignore(void *context, struct tu_str where, struct tu_str what)
{
	(void)context, (void)where, (void)what;
}

static enum tu_status build_kb(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	const struct tu_advisory_sink sink = {take, ignore, builder, take_cycle};
	struct tu_feed_summary summary = {0};
	struct tu_kb_build_counts counts;
	enum tu_status status = builder && reader ? TU_OK : TU_E_NOMEM;

	(void)context, (void)arena;
	if (status == TU_OK)
		status = tu_advisory_read(reader, TU_STR("feed"), text, &sink, &summary, err);
	if (status == TU_OK)
		status = tu_kb_builder_finish(builder, &out->buf, &counts, err);
	tu_advisory_reader_free(reader);
	tu_kb_builder_free(builder);
	return status;
}

static bool begin_kb(void *context, struct tu_arena *arena, struct tu_str text)
{
	struct ready *ready = context;
	struct tu_sink out;
	struct tu_error err;

	tu_sink_init_memory(&out, ANSWER_MAX);
	ready->kb = NULL;
	ready->kb_bytes = out.buf;
	if (build_kb(NULL, arena, text, &out, &err) == TU_OK &&
		tu_kb_open_memory(out.buf.ptr, out.buf.len, &ready->kb, &err) != TU_OK)
		fail_msg("%s", err.message);
	ready->kb_bytes = out.buf;
	return ready->kb != NULL;
}

static void end_kb(void *context)
{
	struct ready *ready = context;

	tu_kb_close(ready->kb);
	tu_buf_done(&ready->kb_bytes);
}

/* Open it again and compare the two, both ways with an empty one. */
static enum tu_status use_kb(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct ready *ready = context;
	const struct tu_kb_diff *diff = NULL;
	struct tu_kb *again = NULL;
	enum tu_status status =
		tu_kb_open_memory(ready->kb_bytes.ptr, ready->kb_bytes.len, &again, err);

	(void)text;
	if (status == TU_OK)
		status = tu_kb_verify(again, err);
	if (status == TU_OK)
		status = tu_kb_compare(arena, again, ready->kb, &diff, err);
	if (status == TU_OK)
		tu_buf_printf(&out->buf, "%zu changes\n", diff->change_count);
	tu_kb_close(again);
	return status;
}

/* ---- devices ---- */

static enum tu_status use_device(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct tu_deadline_case c = {
		.risk = TU_RISK_UNCONTROLLED, .exploited = true, .learned = 1};
	const struct tu_device *device = NULL;
	const struct tu_unwatched *unwatched;
	struct tu_lints lints = {0};
	struct tu_deadlines deadlines = {0};
	size_t count = 0;
	enum tu_status status =
		tu_device_read(arena, TU_STR("device.yaml"), text, NULL, &device, err);

	(void)context;
	if (status == TU_OK)
		status = tu_device_lint(
			arena, &(struct tu_lint_input){.device = device, .at = 1}, &lints, err);
	if (status == TU_OK)
		status = tu_deadlines_run(arena, device, &c, INT64_C(1800000000), &deadlines, err);
	if (status == TU_OK)
		status = tu_deadline_unwatched(arena, device, &unwatched, &count, err);
	for (size_t i = 0; status == TU_OK && i < lints.count; i++)
		tu_buf_printf(
			&out->buf, "%s: %.*s\n", lints.at[i].rule, TU_STR_FMT(lints.at[i].message));
	if (status == TU_OK)
		tu_buf_printf(&out->buf, "%zu %zu\n", deadlines.count, count);
	return status;
}

static enum tu_status use_decision(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct tu_decision *decision = NULL;
	enum tu_status status =
		tu_decision_read(arena, TU_STR("d.yaml"), text, NULL, &decision, err);

	(void)context;
	if (status == TU_OK)
		tu_decision_write(decision, &out->buf);
	return status;
}

static bool begin_supplement(void *context, struct tu_arena *arena, struct tu_str text)
{
	static const struct tu_str document = TU_STR_INIT(
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
		"{\"name\":\"a\",\"bom-ref\":\"r\",\"version\":\"1\",\"purl\":\"pkg:npm/a@1\"},"
		"{\"name\":\"b\",\"cpe\":\"cpe:2.3:a:v:b:1:*:*:*:*:*:*:*\"}]}");
	struct ready *ready = context;

	(void)text;
	return tu_sbom_read(arena, document, false, NULL, &ready->inventory, NULL) == TU_OK;
}

static enum tu_status use_supplement(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	struct ready *ready = context;
	const struct tu_inventory *inventory = ready->inventory;
	enum tu_status status = tu_supplement_apply(arena, text, &inventory, 1, err);

	for (size_t i = 0; status == TU_OK && i < inventory->component_count; i++)
		tu_buf_printf(&out->buf, "%.*s %.*s\n",
			TU_STR_FMT(inventory->components[i].version),
			TU_STR_FMT(inventory->components[i].supplier));
	return status;
}

/* ---- the jobs ---- */

static struct ready ready;

#define JOB(name, least, begin, run, end, ...) \
	static void name(void **state) \
	{ \
		static const char *const folders[] = {__VA_ARGS__}; \
		struct work work = {begin, run, end, &ready, 0, 0, 0}; \
		(void)state; \
		for (size_t i = 0; i < TU_COUNT(folders); i++) \
			work_in(&work, folders[i]); \
		assert_int_equal(work.wrong, 0); \
		assert_true(work.documents >= (least)); \
		assert_true(work.refused > 10 * work.documents); \
	}

#define SBOMS "fuzz/corpus/sbom", "tests/cases", "tests/golden/sbom", "tests/tables/sbom"
#define FEEDS "fuzz/corpus/advisory", "tests/cases", "tests/tables/advisory", "tests/tables/kb"

JOB(sboms_are_read, 60, NULL, read_sbom, NULL, SBOMS)
JOB(sboms_are_written, 60, begin_sbom, write_sbom, NULL, SBOMS)
JOB(sboms_are_judged_and_merged, 60, begin_sbom, use_sbom, NULL, SBOMS)
JOB(csaf_is_validated, 8, NULL, validate, NULL, "fuzz/corpus/csaf", "fuzz/corpus/vex",
	"tests/cases", "tests/tables/csaf", "tests/golden/vex")
JOB(statements_are_read, 20, NULL, read_statements, NULL, "fuzz/corpus/vex", "fuzz/corpus/csaf",
	"tests/cases", "tests/tables/vex", "tests/golden/vex")
JOB(feeds_become_a_knowledge_base, 40, NULL, build_kb, NULL, FEEDS)
JOB(knowledge_bases_are_opened_and_compared, 40, begin_kb, use_kb, end_kb, FEEDS)
JOB(devices_are_read_and_checked, 10, NULL, use_device, NULL, "fuzz/corpus/device", "tests/cases",
	"tests/tables/deadline", "examples")
JOB(decisions_are_read, 10, NULL, use_decision, NULL, "fuzz/corpus/decision", "tests/cases",
	"examples")
JOB(supplements_are_applied, 2, begin_supplement, use_supplement, NULL, "fuzz/corpus/supplement")

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sboms_are_read),
		cmocka_unit_test(sboms_are_written),
		cmocka_unit_test(sboms_are_judged_and_merged),
		cmocka_unit_test(csaf_is_validated),
		cmocka_unit_test(statements_are_read),
		cmocka_unit_test(feeds_become_a_knowledge_base),
		cmocka_unit_test(knowledge_bases_are_opened_and_compared),
		cmocka_unit_test(devices_are_read_and_checked),
		cmocka_unit_test(decisions_are_read),
		cmocka_unit_test(supplements_are_applied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
