#include "app/compare.h"

#include <stdlib.h>

/* ---- matching what changed ---- */

/* Indexes of what changed in what matters to a finding, as one of the two knows them. */
static bool choose(
	const struct tu_compare_answer *s, bool after, uint32_t **out_only, size_t *out_count)
{
	*out_count = 0;
	*out_only = tu_arena_array(s->arena, s->diff->change_count + 1, sizeof(**out_only));
	if (!*out_only)
		return false;
	for (size_t i = 0; i < s->diff->change_count; i++) {
		const struct tu_kb_change *change = &s->diff->changes[i];
		uint32_t index = after ? change->new_index : change->old_index;

		if (index != TU_KB_NONE && change->differences & (TU_KB_APPLIES | TU_KB_WEIGHT))
			(*out_only)[(*out_count)++] = index;
	}
	return true;
}

static int compare_places(const struct tu_report_row *a, const struct tu_report_row *b)
{
	if (a->distinct->first != b->distinct->first)
		return a->distinct->first < b->distinct->first ? -1 : 1;
	return tu_str_cmp(a->vulnerability->facts.id, b->vulnerability->facts.id);
}

static int order_places(const void *left, const void *right)
{
	return compare_places(*(const struct tu_report_row *const *)left,
		*(const struct tu_report_row *const *)right);
}

static enum tu_status match_side(
	struct tu_compare_answer *s, struct tu_compare_side *side, bool after, struct tu_error *err)
{
	struct tu_report *report = &side->report;
	struct tu_match_options options = {0};
	struct tu_vex_files files = {.count = 0};
	uint32_t *only;
	enum tu_status status;

	report->kb = side->file.kb;
	tu_kb_info(report->kb, &report->kb_info);
	report->inventory = s->inventory;
	if (!choose(s, after, &only, &options.only_count))
		return tu_no_memory(err);
	options.only_vulnerabilities = only;
	report->inventory_path = s->inventory_path;
	status = tu_vex_files_match(&files, s->arena, report, &options, err);
	if (status == TU_OK)
		status = tu_report_build(s->arena, report, err);
	if (status != TU_OK)
		return status;
	side->rows = tu_arena_array(s->arena, report->row_count + 1, sizeof(*side->rows));
	if (!side->rows)
		return tu_no_memory(err);
	for (size_t i = 0; i < report->row_count; i++)
		side->rows[i] = &report->rows[i];
	if (report->row_count)
		qsort(side->rows, report->row_count, sizeof(*side->rows), order_places);
	return TU_OK;
}

/* ---- comparing what they say ---- */

static bool same(const struct tu_report_row *a, const struct tu_report_row *b)
{
	return a->finding->verdict == b->finding->verdict &&
		tu_str_eq(a->finding->fixed, b->finding->fixed) &&
		a->vulnerability->severity == b->vulnerability->severity &&
		a->vulnerability->tenths == b->vulnerability->tenths &&
		a->vulnerability->facts.has_kev == b->vulnerability->facts.has_kev;
}

static void add(struct tu_compare_answer *s, enum tu_compare_kind kind,
	const struct tu_report_row *before, const struct tu_report_row *after)
{
	s->differences[s->count++] = (struct tu_compare_difference){kind, before, after};
	s->by_kind[kind]++;
}

/* By kind; within it what matters most first. */
static int order_differences(const void *left, const void *right)
{
	const struct tu_compare_difference *a = left;
	const struct tu_compare_difference *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return tu_report_compare_rows(
		a->after ? a->after : a->before, b->after ? b->after : b->before);
}

static enum tu_status compare(struct tu_compare_answer *s, struct tu_error *err)
{
	size_t a = 0, b = 0;
	size_t a_end = s->before.report.row_count;
	size_t b_end = s->after.report.row_count;

	s->differences = tu_arena_array(s->arena, a_end + b_end + 1, sizeof(*s->differences));
	if (!s->differences)
		return tu_no_memory(err);
	while (a < a_end || b < b_end) {
		const struct tu_report_row *x = a < a_end ? s->before.rows[a] : NULL;
		const struct tu_report_row *y = b < b_end ? s->after.rows[b] : NULL;
		int order = !x ? 1 : !y ? -1 : compare_places(x, y);

		if (order > 0)
			add(s, TU_COMPARE_NEW, NULL, y);
		else if (order < 0)
			add(s, TU_COMPARE_GONE, x, NULL);
		else if (!same(x, y))
			add(s, TU_COMPARE_CHANGED, x, y);
		a += order <= 0;
		b += order >= 0;
	}
	if (s->count)
		qsort(s->differences, s->count, sizeof(*s->differences), order_differences);
	return TU_OK;
}

/* ---- the whole ---- */

static enum tu_status read_all(const struct tu_app_context *context,
	const struct tu_compare_request *request, struct tu_compare_answer *s, struct tu_error *err)
{
	enum tu_status status = tu_app_step(context, "read the SBOM", 0, 2, err);

	if (status == TU_OK)
		status = tu_sbom_source_read(s->arena, &request->source, &s->inventory, err);
	if (status == TU_OK)
		status = tu_kb_file_open(
			context, request->since, TU_KB_VERIFY_ONCE, &s->before.file, err);
	if (status == TU_OK)
		status = tu_kb_file_open(
			context, request->kb, TU_KB_VERIFY_ONCE, &s->after.file, err);
	return status ? status : tu_app_step(context, "compare", 1, 2, err);
}

enum tu_status tu_app_compare(const struct tu_app_context *context,
	const struct tu_compare_request *request, struct tu_compare_answer *s, struct tu_error *err)
{
	struct tu_report_origin origin;
	enum tu_status status;

	*s = (struct tu_compare_answer){.arena = tu_arena_new(TU_SBOM_MEMORY_MAX)};
	s->warnings.arena = s->arena;
	s->inventory_path = tu_str_c(tu_sbom_source_name(&request->source));
	if (!s->arena)
		return tu_no_memory(err);
	status = read_all(context, request, s, err);
	if (status == TU_OK)
		status =
			tu_kb_compare(s->arena, s->before.file.kb, s->after.file.kb, &s->diff, err);
	if (status == TU_OK)
		status = match_side(s, &s->before, false, err);
	if (status == TU_OK)
		status = match_side(s, &s->after, true, err);
	if (status == TU_OK)
		status = compare(s, err);
	if (status != TU_OK)
		return status;
	/* an outage of a source is not an absence of news */
	origin = tu_kb_file_origin(&s->after.file, context->now);
	tu_warn_of_sources(&s->warnings, &origin);
	return s->warnings.failed ? tu_no_memory(err) : TU_OK;
}

void tu_compare_done(struct tu_compare_answer *s)
{
	tu_kb_file_close(&s->before.file);
	tu_kb_file_close(&s->after.file);
	tu_arena_free(s->arena);
	*s = (struct tu_compare_answer){0};
}
