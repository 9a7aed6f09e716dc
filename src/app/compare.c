#include "app/compare.h"

#include <stdlib.h>

#include "cli/clock.h"
#include "cli/command.h"
#include "show/json_parts.h"
#include "app/kb_file.h"
#include "cli/output.h"
#include "show/paint.h"
#include "app/sbom_file.h"
#include "app/statements.h"

static const char name[] = "scan";

enum kind { NEW, CHANGED, GONE, KINDS };

static const char *const kind_names[KINDS] = {
	[NEW] = "new", [CHANGED] = "changed", [GONE] = "gone"};

/* A knowledge base and what it says. */
struct side {
	struct tu_kb_source_file file;
	struct tu_report report;
	const struct tu_report_row **rows; /* by component, then id */
};

struct difference {
	enum kind kind;
	const struct tu_report_row *before; /* NULL: new */
	const struct tu_report_row *after; /* NULL: gone */
};

struct since {
	const struct tu_since_request *request;
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	struct side old_side;
	struct side new_side;
	const struct tu_kb_diff *diff;
	struct difference *differences;
	size_t count;
	size_t by_kind[KINDS];
};

/* ---- matching what changed ---- */

/* Indexes of what changed in what matters to a finding, as one of the two knows them. */
static bool choose(const struct since *s, bool new_side, uint32_t **out_only, size_t *out_count)
{
	*out_count = 0;
	*out_only = tu_arena_array(s->arena, s->diff->change_count + 1, sizeof(**out_only));
	if (!*out_only)
		return false;
	for (size_t i = 0; i < s->diff->change_count; i++) {
		const struct tu_kb_change *change = &s->diff->changes[i];
		uint32_t index = new_side ? change->new_index : change->old_index;

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
	struct since *s, struct side *side, bool new_side, struct tu_error *err)
{
	struct tu_report *report = &side->report;
	struct tu_match_options options = {0};
	struct tu_vex_files files = {.count = 0};
	uint32_t *only;
	enum tu_status status;

	report->kb = side->file.kb;
	tu_kb_info(report->kb, &report->kb_info);
	report->inventory = s->inventory;
	if (!choose(s, new_side, &only, &options.only_count))
		return tu_no_memory(err);
	options.only_vulnerabilities = only;
	report->inventory_path = tu_str_c(tu_sbom_source_name(s->request->source));
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

static void add(struct since *s, enum kind kind, const struct tu_report_row *before,
	const struct tu_report_row *after)
{
	s->differences[s->count++] = (struct difference){kind, before, after};
	s->by_kind[kind]++;
}

/* By kind; within it what matters most first. */
static int order_differences(const void *left, const void *right)
{
	const struct difference *a = left;
	const struct difference *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return tu_report_compare_rows(
		a->after ? a->after : a->before, b->after ? b->after : b->before);
}

static enum tu_status compare(struct since *s, struct tu_error *err)
{
	size_t a = 0, b = 0;
	size_t a_end = s->old_side.report.row_count;
	size_t b_end = s->new_side.report.row_count;

	s->differences = tu_arena_array(s->arena, a_end + b_end + 1, sizeof(*s->differences));
	if (!s->differences)
		return tu_no_memory(err);
	while (a < a_end || b < b_end) {
		const struct tu_report_row *x = a < a_end ? s->old_side.rows[a] : NULL;
		const struct tu_report_row *y = b < b_end ? s->new_side.rows[b] : NULL;
		int order = !x ? 1 : !y ? -1 : compare_places(x, y);

		if (order > 0)
			add(s, NEW, NULL, y);
		else if (order < 0)
			add(s, GONE, x, NULL);
		else if (!same(x, y))
			add(s, CHANGED, x, y);
		a += order <= 0;
		b += order >= 0;
	}
	if (s->count)
		qsort(s->differences, s->count, sizeof(*s->differences), order_differences);
	return TU_OK;
}

/* ---- table ---- */

static struct tu_str verdict(const struct tu_report_row *row)
{
	return tu_str_c(row ? tu_match_verdict_name(row->finding->verdict) : "no finding");
}

static void add_step(struct tu_paint *paint, const char *what, struct tu_str from, struct tu_str to)
{
	if (tu_str_eq(from, to))
		return;
	tu_buf_printf(paint->out, "; %s ", what);
	tu_paint(paint, TU_HUE_PLAIN, from.len ? from : TU_STR("none"));
	tu_buf_c(paint->out, " → ");
	tu_paint(paint, TU_HUE_PLAIN, to.len ? to : TU_STR("none"));
}

static void add_steps(struct tu_paint *paint, const struct difference *d)
{
	const struct tu_report_vulnerability *x = d->before->vulnerability;
	const struct tu_report_vulnerability *y = d->after->vulnerability;

	add_step(paint, "verdict", verdict(d->before), verdict(d->after));
	add_step(paint, "fixed in", d->before->finding->fixed, d->after->finding->fixed);
	add_step(paint, "severity", tu_str_c(tu_severity_name(x->severity)),
		tu_str_c(tu_severity_name(y->severity)));
	if (x->tenths != y->tenths && y->tenths != TU_SCORE_UNSTATED)
		tu_buf_printf(paint->out, "; score now %.1f", y->tenths / 10.0);
	if (!x->facts.has_kev && y->facts.has_kev)
		tu_paint_c(paint, TU_HUE_BRIGHT_RED, "; now known to be exploited");
}

static void add_row(struct tu_paint *paint, const struct difference *d)
{
	const struct tu_report_row *row = d->after ? d->after : d->before;
	const struct tu_report_vulnerability *v = row->vulnerability;

	tu_buf_c(paint->out, "  ");
	tu_paint_cell(paint, v->facts.has_kev ? TU_HUE_BRIGHT_RED : TU_HUE_PLAIN,
		tu_str_c(v->facts.has_kev ? "KEV" : ""), 4, false);
	tu_paint_cell(paint, tu_paint_severity(v->severity),
		tu_str_c(tu_severity_name(v->severity)), 9, false);
	tu_paint_cell(paint, TU_HUE_BOLD, v->facts.id, 20, false);
	tu_paint(paint, TU_HUE_PLAIN, row->component->name);
	tu_buf_c(paint->out, " ");
	tu_paint(paint, TU_HUE_PLAIN, row->component->version);
	if (d->kind == CHANGED) {
		add_steps(paint, d);
	} else {
		tu_buf_c(paint->out, d->kind == NEW ? "  " : "  was ");
		tu_paint(paint, TU_HUE_PLAIN, verdict(row));
	}
	if (d->kind == NEW && row->finding->fixed.len) {
		tu_buf_c(paint->out, ", fixed in ");
		tu_paint(paint, TU_HUE_GREEN, row->finding->fixed);
	}
	tu_buf_c(paint->out, "\n");
}

static void write_table(const struct since *s, struct tu_sink *output)
{
	struct tu_paint paint = {.out = &output->buf, .colour = s->request->colour};

	tu_buf_printf(&output->buf,
		"Between the two knowledge bases %zu vulnerabilities changed, %zu of them in what "
		"is affected (%zu packages and products).\n",
		s->diff->change_count, s->diff->applies, s->diff->key_count);
	for (int k = 0; k < KINDS; k++) {
		tu_buf_printf(&output->buf, "%zu %s%s\n", s->by_kind[k], kind_names[k],
			s->by_kind[k] ? ":" : "");
		for (size_t i = 0; i < s->count; i++)
			if ((int)s->differences[i].kind == k)
				add_row(&paint, &s->differences[i]);
		tu_sink_spill(output);
	}
}

/* ---- JSON ---- */

static void add_state(struct tu_json_writer *json, const char *key, const struct side *side,
	const struct tu_report_row *row)
{
	if (!row)
		return;
	tu_json_key(json, key);
	tu_json_open_object(json);
	tu_json_member_str(json, "verdict", verdict(row));
	tu_json_member_str(json, "reason", tu_str_c(tu_reason_name(row->finding->reason)));
	tu_json_member_opt(json, "fixed", row->finding->fixed);
	tu_json_weight(json, side->report.kb, row->vulnerability);
	tu_json_close_object(json);
}

static void add_difference(
	const struct since *s, struct tu_json_writer *json, const struct difference *d)
{
	const struct tu_report_row *row = d->after ? d->after : d->before;

	tu_json_open_object(json);
	tu_json_member_str(json, "id", row->vulnerability->facts.id);
	tu_json_member_str(json, "title", row->vulnerability->facts.title);
	tu_json_key(json, "component");
	tu_json_component(json, s->inventory, row->component);
	add_state(json, "before", &s->old_side, d->before);
	add_state(json, "after", &s->new_side, d->after);
	tu_json_close_object(json);
}

static void write_json(const struct since *s, struct tu_sink *output)
{
	struct tu_json_writer json = tu_json_writer(&output->buf, true);
	const struct tu_kb_source_file *file = &s->new_side.file;

	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", TU_STR("tutela-scan-since"));
	tu_json_member_int(&json, "format_version", 1);
	tu_json_tool(&json);
	tu_json_sbom(&json, s->inventory, tu_str_c(tu_sbom_source_name(s->request->source)));
	tu_json_knowledge_base(&json, &s->new_side.report.kb_info,
		tu_str_c(file->starter ? "" : file->path.ptr), file->sidecar);
	tu_json_key(&json, "since");
	tu_json_open_object(&json);
	file = &s->old_side.file;
	tu_json_knowledge_base(&json, &s->old_side.report.kb_info,
		tu_str_c(file->starter ? "" : file->path.ptr), file->sidecar);
	tu_json_close_object(&json);
	tu_json_member_int(&json, "vulnerabilities_changed", (int64_t)s->diff->change_count);
	tu_json_member_int(&json, "applicability_changed", (int64_t)s->diff->applies);
	tu_json_member_int(&json, "keys_touched", (int64_t)s->diff->key_count);
	for (int k = 0; k < KINDS; k++) {
		tu_json_key(&json, kind_names[k]);
		tu_json_open_array(&json);
		for (size_t i = 0; i < s->count; i++) {
			if ((int)s->differences[i].kind == k)
				add_difference(s, &json, &s->differences[i]);
			tu_sink_spill(output);
		}
		tu_json_close_array(&json);
	}
	tu_json_close_object(&json);
	tu_buf_c(&output->buf, "\n");
}

/* ---- the whole ---- */

static enum tu_status run(struct since *s, struct tu_error *err)
{
	enum tu_status status =
		tu_sbom_source_read(s->arena, s->request->source, &s->inventory, err);

	if (status == TU_OK)
		status = tu_kb_source_open(
			s->request->since, TU_KB_VERIFY_ONCE, &s->old_side.file, err);
	if (status == TU_OK)
		status = tu_kb_source_open(
			s->request->kb, TU_KB_VERIFY_ONCE, &s->new_side.file, err);
	if (status == TU_OK)
		status = tu_kb_compare(
			s->arena, s->old_side.file.kb, s->new_side.file.kb, &s->diff, err);
	if (status == TU_OK)
		status = match_side(s, &s->old_side, false, err);
	if (status == TU_OK)
		status = match_side(s, &s->new_side, true, err);
	return status == TU_OK ? compare(s, err) : status;
}

static enum tu_status write(const struct since *s, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, s->request->output, err);

	if (status != TU_OK)
		return status;
	if (s->request->json)
		write_json(s, &output.sink);
	else
		write_table(s, &output.sink);
	return tu_output_close(&output, err);
}

/* An outage of a source is no absence of news. */
static void warn(const struct since *s)
{
	const struct tu_sidecar *sidecar = s->new_side.file.sidecar;
	int64_t now = tu_clock_now();

	for (size_t i = 0; sidecar && i < sidecar->source_count; i++) {
		enum tu_freshness freshness = tu_sidecar_judge(&sidecar->sources[i], now);

		if (freshness != TU_FRESH)
			tu_command_warn(name, "source %.*s: %s",
				TU_STR_FMT(sidecar->sources[i].name), tu_freshness_name(freshness));
	}
}

int tu_since_run(const struct tu_since_request *request)
{
	struct since s = {.request = request, .arena = tu_arena_new(TU_SBOM_MEMORY_MAX)};
	struct tu_error err = {0};
	enum tu_status status = s.arena ? run(&s, &err) : tu_no_memory(&err);

	if (status == TU_OK) {
		warn(&s);
		status = write(&s, &err);
	}
	if (s.old_side.file.kb)
		tu_kb_source_close(&s.old_side.file);
	if (s.new_side.file.kb)
		tu_kb_source_close(&s.new_side.file);
	tu_arena_free(s.arena);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}
