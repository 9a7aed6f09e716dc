#include "show/compare.h"

#include "show/json_parts.h"
#include "show/paint.h"

static const char *const kind_names[TU_COMPARE_KINDS] = {
	[TU_COMPARE_NEW] = "new", [TU_COMPARE_CHANGED] = "changed", [TU_COMPARE_GONE] = "gone"};

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

static void add_steps(struct tu_paint *paint, const struct tu_compare_difference *d)
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

static void add_row(struct tu_paint *paint, const struct tu_compare_difference *d)
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
	if (d->kind == TU_COMPARE_CHANGED) {
		add_steps(paint, d);
	} else {
		tu_buf_c(paint->out, d->kind == TU_COMPARE_NEW ? "  " : "  was ");
		tu_paint(paint, TU_HUE_PLAIN, verdict(row));
	}
	if (d->kind == TU_COMPARE_NEW && row->finding->fixed.len) {
		tu_buf_c(paint->out, ", fixed in ");
		tu_paint(paint, TU_HUE_GREEN, row->finding->fixed);
	}
	tu_buf_c(paint->out, "\n");
}

void tu_compare_table(const struct tu_compare_answer *s, bool colour, struct tu_sink *output)
{
	struct tu_paint paint = {.out = &output->buf, .colour = colour};

	tu_buf_printf(&output->buf,
		"Between the two knowledge bases %zu vulnerabilities changed, %zu of them in what "
		"is affected (%zu packages and products).\n",
		s->diff->change_count, s->diff->applies, s->diff->key_count);
	for (int k = 0; k < TU_COMPARE_KINDS; k++) {
		tu_buf_printf(&output->buf, "%zu %s%s\n", s->by_kind[k], kind_names[k],
			s->by_kind[k] ? ":" : "");
		for (size_t i = 0; i < s->count; i++)
			if ((int)s->differences[i].kind == k)
				add_row(&paint, &s->differences[i]);
		tu_sink_spill(output);
	}
}

/* ---- JSON ---- */

static void add_state(struct tu_json_writer *json, const char *key,
	const struct tu_compare_side *side, const struct tu_report_row *row)
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

static void add_difference(const struct tu_compare_answer *s, struct tu_json_writer *json,
	const struct tu_compare_difference *d)
{
	const struct tu_report_row *row = d->after ? d->after : d->before;

	tu_json_open_object(json);
	tu_json_member_str(json, "id", row->vulnerability->facts.id);
	tu_json_member_str(json, "title", row->vulnerability->facts.title);
	tu_json_key(json, "component");
	tu_json_component(json, s->inventory, row->component);
	add_state(json, "before", &s->before, d->before);
	add_state(json, "after", &s->after, d->after);
	tu_json_close_object(json);
}

void tu_compare_json(const struct tu_compare_answer *s, struct tu_sink *output)
{
	struct tu_json_writer json = tu_json_writer(&output->buf, true);
	const struct tu_kb_file *file = &s->after.file;

	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", TU_STR("tutela-scan-since"));
	tu_json_member_int(&json, "format_version", 1);
	tu_json_tool(&json);
	tu_json_sbom(&json, s->inventory, s->inventory_path);
	tu_json_knowledge_base(&json, &s->after.report.kb_info,
		tu_str_c(file->starter ? "" : file->path.ptr), file->sidecar);
	tu_json_key(&json, "since");
	tu_json_open_object(&json);
	file = &s->before.file;
	tu_json_knowledge_base(&json, &s->before.report.kb_info,
		tu_str_c(file->starter ? "" : file->path.ptr), file->sidecar);
	tu_json_close_object(&json);
	tu_json_member_int(&json, "vulnerabilities_changed", (int64_t)s->diff->change_count);
	tu_json_member_int(&json, "applicability_changed", (int64_t)s->diff->applies);
	tu_json_member_int(&json, "keys_touched", (int64_t)s->diff->key_count);
	for (int k = 0; k < TU_COMPARE_KINDS; k++) {
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
