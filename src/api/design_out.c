/* What is made of the design of a device for people: views, attack paths, the report. */
#include <tutela/sink.h>

#include "api/designs.h"
#include "api/threat_trace.h"
#include "api/validate.h"
#include "report/diagram.h"
#include "show/threat.h"
#include "threat/paths.h"

#define OUT_MAX ((size_t)256 << 20)
enum { IDS_MAX = 4 << 20 };

struct row {
	struct tu_str id, kind, title, reason, elements, flows;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, kind, TU_API_WORD, 0),
	TU_API_COLUMN(struct row, title, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, reason, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, elements, TU_API_JSON, 0),
	TU_API_COLUMN(struct row, flows, TU_API_JSON, 0),
};
const struct tu_api_table tu_api_table_design_view =
	TU_API_TABLE("DesignView", struct row, columns);

/* ---- views ---- */

static enum tu_status write_ids(struct tu_api_call *call, const struct tu_model *model,
	const struct tu_diagram_scope *scope, struct row *row, struct tu_error *err)
{
	struct tu_json_writer json;
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, IDS_MAX);
	json = tu_json_writer(&text, false);
	tu_json_open_array(&json);
	for (size_t i = 0; i < model->elements_count; i++)
		if (scope->elements[i])
			tu_json_add_str(&json, model->elements[i].id);
	tu_json_close_array(&json);
	fine = !text.failed && tu_arena_dup(call->arena, tu_buf_str(&text), &row->elements);
	tu_buf_clear(&text);
	json = tu_json_writer(&text, false);
	tu_json_open_array(&json);
	for (size_t i = 0; i < model->flows_count; i++)
		if (scope->flows[i])
			tu_json_add_str(&json, model->flows[i].id);
	tu_json_close_array(&json);
	fine = fine && !text.failed && tu_arena_dup(call->arena, tu_buf_str(&text), &row->flows);
	tu_buf_done(&text);
	return fine ? TU_OK : tu_no_memory(err);
}

static enum tu_status make_views(struct tu_api_call *call, const struct tu_api_design *d,
	struct tu_api_rows *out, struct tu_error *err)
{
	const struct tu_model *model = d->answer.model;
	struct row *rows = tu_arena_array(call->arena, model->views_count, sizeof(*rows));
	struct tu_diagram_scope scope;
	enum tu_status status = rows ? TU_OK : tu_no_memory(err);

	for (size_t i = 0; status == TU_OK && i < model->views_count; i++) {
		const struct tu_model_view *view = &model->views[i];

		rows[i] = (struct row){.id = view->id,
			.kind = tu_str_c(tu_threat_view_kind(view)),
			.title = view->title,
			.reason = view->reason};
		status = tu_diagram_scope(d->arena, model, view, &scope, err);
		if (status == TU_OK)
			status = write_ids(call, model, &scope, &rows[i], err);
	}
	*out = (struct tu_api_rows){rows, model->views_count};
	return status;
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	return tu_api_page_of(call, page, self, err);
}

enum tu_status tu_api_list_design_views(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_api_rows rows;
	struct tu_api_design d;
	enum tu_status status = tu_api_design_judged(call, &d, err);

	if (status == TU_OK)
		status = make_views(call, &d, &rows, err);
	if (status == TU_OK)
		status = tu_api_answer_page(call, fetch, &rows, err);
	tu_api_design_close(&d);
	return status;
}

static enum tu_status draw(struct tu_api_call *call, const struct tu_api_design *d,
	struct tu_buf *out, struct tu_error *err)
{
	const struct tu_model *model = d->answer.model;
	struct tu_diagram_input input = {.model = model, .threats = &d->answer.threats};
	enum tu_status status = TU_OK;

	if (!tu_str_eq(call->path[1], TU_STR("*")))
		status = tu_threat_find_view(model, call->path[1], &input.view, NULL);
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "view");
	status =
		tu_threat_find_flows(d->arena, model, tu_api_query(call, "path"), &input.path, err);
	if (status == TU_E_NOTFOUND) {
		(void)tu_api_fault_parameter(
			&call->problem, "unknown", "path", TU_STR("no flow of the model"));
		return TU_E_USAGE;
	}
	return status ? status : tu_diagram_write(d->arena, &input, out, err);
}

enum tu_status tu_api_get_design_view(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_api_design d;
	struct tu_buf out;
	enum tu_status status = tu_api_design_judged(call, &d, err);

	tu_buf_init(&out, OUT_MAX);
	if (status == TU_OK)
		status = draw(call, &d, &out, err);
	if (status == TU_OK && out.failed)
		status = tu_no_memory(err);
	if (status == TU_OK)
		tu_api_answer_buf(call, "image/svg+xml", &out, (struct tu_str){"", 0});
	tu_buf_done(&out);
	tu_api_design_close(&d);
	return status;
}

/* ---- attack paths ---- */

enum tu_status tu_api_list_design_paths(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_attacks attacks;
	struct tu_api_design d;
	struct tu_sink sink;
	enum tu_status status = tu_api_design_judged(call, &d, err);

	tu_sink_init_memory(&sink, OUT_MAX);
	if (status == TU_OK) {
		status = tu_threat_find_paths(&d.answer, tu_api_query(call, "to"), &attacks, err);
		if (status == TU_E_NOTFOUND)
			status = tu_api_unknown(err, "element");
	}
	if (status == TU_OK)
		tu_threat_paths_json(
			&(struct tu_threat_view){.answer = &d.answer}, &attacks, &sink);
	if (status == TU_OK && sink.buf.failed)
		status = tu_no_memory(err);
	if (status == TU_OK)
		tu_api_answer_buf(call, "application/json", &sink.buf, (struct tu_str){"", 0});
	tu_sink_done(&sink);
	tu_api_design_close(&d);
	return status;
}

/* ---- the report ---- */

static const struct format {
	const char *name, *type, *ending;
	enum tu_status (*write)(
		const struct tu_threat_answer *answer, struct tu_sink *out, struct tu_error *err);
} formats[] = {
	{"html", "text/html; charset=utf-8", "threat-model.html", tu_threat_trace_page},
	{"csv", "text/csv; charset=utf-8", "threats.csv", tu_threat_trace_csv},
	{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"threats.xlsx", tu_threat_trace_xlsx},
};

/* The document allows these words only; none: the first. */
static const struct format *format_of(struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(formats); i++)
		if (tu_str_eq(name, tu_str_c(formats[i].name)))
			return &formats[i];
	return &formats[0];
}

enum tu_status tu_api_get_design_report(struct tu_api_call *call, struct tu_error *err)
{
	const struct format *format = format_of(tu_api_query(call, "format"));
	struct tu_api_design d;
	struct tu_sink sink;
	struct tu_buf name;
	enum tu_status status = tu_api_design_judged(call, &d, err);

	tu_sink_init_memory(&sink, OUT_MAX);
	tu_buf_init(&name, 1024);
	if (status == TU_OK)
		status = format->write(&d.answer, &sink, err);
	if (status == TU_OK && sink.buf.failed)
		status = tu_no_memory(err);
	if (status == TU_OK) {
		tu_buf_printf(&name, "%.*s-%s", TU_STR_FMT(d.design.row.name), format->ending);
		tu_api_answer_buf(call, format->type, &sink.buf, tu_buf_str(&name));
	}
	tu_buf_done(&name);
	tu_sink_done(&sink);
	tu_api_design_close(&d);
	return status;
}
