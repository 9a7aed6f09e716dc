/* Reports of releases and devices: what `assess`, `report` and `scan` write, from the store. */
#include <tutela/sink.h>

#include "api/call.h"
#include "portfolio/deadlines.h"
#include "portfolio/look.h"
#include "portfolio/scope.h"
#include "report/metrics.h"
#include "report/page.h"
#include "service/service.h"
#include "show/assess.h"
#include "show/format.h"

#define REPORT_MAX ((size_t)1 << 30)

struct reporting {
	struct tu_api_call *call;
	struct tu_look look;
	struct tu_deadline_device deadlines;
	struct tu_sink sink;
	const struct tu_scan_format *format;
	enum tu_status (*write)(struct reporting *r, struct tu_work *w, struct tu_error *err);
	struct tu_str device, release; /* in the arena of the call */
};

static enum tu_status open_and_write(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reporting *r = self;
	struct tu_api_call *call = r->call;
	enum tu_status status;

	r->look = (struct tu_look){.scope = &call->who.scope,
		.kb = call->kb->kb,
		.reader = tu_service_reader(call->service)};
	tu_sink_done(&r->sink); /* it may be run again */
	tu_sink_init_memory(&r->sink, REPORT_MAX);
	status = tu_look_open(w, call->path[0], &r->look, err);
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "release");
	if (status == TU_OK)
		status = tu_deadline_device(w, &r->look.device, call->kb->kb, &r->deadlines, err);
	if (status != TU_OK)
		return status;
	if (!tu_arena_dup(call->arena, r->look.device.name, &r->device) ||
		!tu_arena_dup(call->arena, r->look.release.version, &r->release))
		return tu_no_memory(err);
	r->look.answer.matching.report.origin.now = tu_work_seconds(w);
	r->look.answer.matching.report.origin.path = TU_STR("the knowledge base of the service");
	return r->write(r, w, err);
}

/* "larkspur-ip-200-4.3.1-report.html"; tu_api_answer_buf() makes the name harmless. */
static enum tu_status answer(
	struct reporting *r, const char *type, const char *ending, struct tu_error *err)
{
	struct tu_buf name;
	enum tu_status status = tu_api_kb(r->call, err);

	tu_buf_init(&name, 1024);
	tu_sink_init_memory(&r->sink, REPORT_MAX);
	if (status == TU_OK)
		status = tu_api_read(r->call, open_and_write, r, err);
	if (status == TU_OK && r->sink.buf.failed)
		status = tu_no_memory(err);
	if (status == TU_OK) {
		if (ending)
			tu_buf_printf(&name, "%.*s-%.*s-%s", TU_STR_FMT(r->device),
				TU_STR_FMT(r->release), ending);
		tu_api_answer_buf(r->call, type, &r->sink.buf, tu_buf_str(&name));
	}
	tu_sink_done(&r->sink);
	tu_buf_done(&name);
	return status;
}

/* ---- assess ---- */

static enum tu_status write_assessment(struct reporting *r, struct tu_work *w, struct tu_error *err)
{
	const struct tu_assess_selection selection = {.limit = SIZE_MAX};
	const struct tu_assess_answer *a = &r->look.answer;
	struct tu_assess_view view = {.assessing = a};
	enum tu_status status = tu_deadline_rules(
		w->arena, r->look.settling.model, &view.rules, &view.rule_count, err);

	if (status == TU_OK)
		status = tu_deadlines_sort(&r->deadlines.of, w->arena, &view.deadlines, err);
	if (status == TU_OK)
		status = tu_assess_select(a, &selection, &view.findings, err);
	return status ? status : tu_assess_json(&view, &r->sink, err);
}

enum tu_status tu_api_get_release_assessment(struct tu_api_call *call, struct tu_error *err)
{
	struct reporting r = {.call = call, .write = write_assessment};

	return answer(&r, NULL, NULL, err);
}

/* ---- scan ---- */

static enum tu_status write_scan(struct reporting *r, struct tu_work *w, struct tu_error *err)
{
	const struct tu_scan_style style = {.limit = SIZE_MAX, .now = tu_work_seconds(w)};

	return r->format->write(&r->look.answer.matching.report, &style, &r->sink, err);
}

enum tu_status tu_api_get_release_scan(struct tu_api_call *call, struct tu_error *err)
{
	static const struct {
		const char *name, *ending;
	} formats[] = {{"json", "scan.json"}, {"csv", "scan.csv"}, {"sarif", "scan.sarif"},
		{"cyclonedx", "scan.cdx.json"}};
	struct reporting r = {.call = call, .write = write_scan};

	for (size_t i = 0; i < TU_COUNT(formats); i++) {
		if (!tu_str_eq(call->path[1], tu_str_c(formats[i].name)))
			continue;
		r.format = tu_scan_format_by_name(call->path[1]);
		return answer(&r, "application/octet-stream", formats[i].ending, err);
	}
	return tu_api_unknown(err, "format");
}

/* ---- the page ---- */

static struct tu_page_statement statement_of(
	const struct tu_vex_files *files, const struct tu_vex_result *result)
{
	const struct tu_vex_claim *claim =
		&files->documents[result->document]->claims[result->claim];

	return (struct tu_page_statement){
		.vulnerability = claim->vulnerability,
		.author = claim->author,
		.file = tu_str_c(files->paths[result->document]),
		.status = tu_claim_status_name(claim->status),
		.trusted = tu_vex_files_trust(files, result->document, result->claim),
		.findings = result->findings,
		.why = tu_vex_outcome_sentence(result->outcome),
	};
}

static enum tu_status add_statements(
	struct reporting *r, struct tu_work *w, struct tu_page_input *input, struct tu_error *err)
{
	const struct tu_vex_files *files = &r->look.answer.matching.vex;
	size_t counts[TU_VEX_OUTCOMES] = {0};
	size_t count = tu_vex_files_count(files, counts);
	struct tu_page_statement *statements = tu_arena_array(w->arena, count, sizeof(*statements));

	if (!statements)
		return tu_no_memory(err);
	for (size_t i = 0; i < count; i++)
		statements[i] = statement_of(files, &files->application->results[i]);
	input->statements = statements;
	input->statement_count = count;
	return TU_OK;
}

static enum tu_status write_page(struct reporting *r, struct tu_work *w, struct tu_error *err)
{
	const struct tu_assess_answer *a = &r->look.answer;
	const struct tu_deadlines_of *of = &r->deadlines.of;
	struct tu_page_input input = {.tool = TU_STR("tutela " TUTELA_VERSION),
		.at = tu_work_seconds(w),
		.arena = w->arena,
		.device = r->look.settling.model,
		.release = a->release,
		.inventory = a->matching.report.inventory,
		.match = a->matching.report.result,
		.kb = a->matching.report.kb,
		.kb_path = a->matching.report.origin.path,
		.result = a->result,
		.sorted = tu_assess_sort(a),
		.decisions = a->folder.decisions,
		.decision_count = a->folder.decision_count,
		.cases = of->cases,
		.clocks = of->clocks,
		.case_count = of->case_count,
		.propose_only = true};
	enum tu_status status =
		tu_deadline_rules(w->arena, input.device, &input.rules, &input.rule_count, err);

	if (!input.sorted)
		return tu_no_memory(err);
	if (status == TU_OK)
		status = add_statements(r, w, &input, err);
	return status ? status : tu_page_write(&input, &r->sink, err);
}

enum tu_status tu_api_get_release_report(struct tu_api_call *call, struct tu_error *err)
{
	struct reporting r = {.call = call, .write = write_page};

	return answer(&r, "text/html; charset=utf-8", "report.html", err);
}

/* ---- metrics ---- */

struct measuring {
	struct tu_api_call *call;
	int64_t device_id;
	const struct tu_metric_window *windows; /* in the arena of the call */
	size_t count;
};

static enum tu_status measure(struct tu_work *w, void *self, struct tu_error *err)
{
	struct measuring *m = self;
	struct tu_device_row row;
	struct tu_deadline_device device;
	enum tu_status status = tu_device_find(w, m->call->path[0], &row, err);

	if (status == TU_E_NOTFOUND ||
		(status == TU_OK && !tu_scope_has(&m->call->who.scope, row.id)))
		return tu_api_unknown(err, "device");
	m->device_id = row.id;
	if (status == TU_OK)
		status = tu_deadline_device(w, &row, m->call->kb->kb, &device, err);
	return status ? status
		      : tu_metrics_take(m->call->arena, device.of.cases, device.of.case_count,
				tu_work_seconds(w), &m->windows, &m->count, err);
}

static void write_window(struct tu_json_writer *json, const struct tu_metric_window *window)
{
	const struct tu_metric_spans *spans = &window->to_fix;

	tu_json_open_object(json);
	tu_json_key(json, "year");
	if (window->year > 0)
		tu_json_add_int(json, window->year);
	else
		tu_json_add_null(json);
	tu_json_member_int(json, "recorded", (int64_t)window->recorded);
	tu_json_member_int(json, "not_affected", (int64_t)window->not_affected);
	tu_json_member_int(json, "patched", (int64_t)window->patched);
	tu_json_member_int(json, "open", (int64_t)window->open);
	tu_json_member_int(json, "fixed_before", (int64_t)window->fixed_before);
	tu_json_member_int(json, "fix_undated", (int64_t)window->fix_undated);
	tu_json_member_int(json, "fix_out", (int64_t)window->fix_out);
	tu_json_key(json, "to_fix");
	if (spans->count) {
		tu_json_open_object(json);
		tu_json_member_int(json, "count", (int64_t)spans->count);
		tu_json_member_int(json, "mean", tu_metric_mean(spans));
		tu_json_member_int(json, "median", tu_metric_median(spans));
		tu_json_member_int(json, "p90", tu_metric_percentile(spans, 90));
		tu_json_close_object(json);
	} else {
		tu_json_add_null(json);
	}
	tu_json_close_object(json);
}

/* What nobody has decided is in no measure: it is counted beside them. */
static enum tu_status count_open(
	const struct measuring *m, uint64_t *out_count, struct tu_error *err)
{
	const struct tu_list_filter filter = {.device_ids = &m->device_id,
		.device_count = 1,
		.closed = TU_LIST_NO,
		.states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED) | TU_LIST_BIT(TU_LIST_REOPENED) |
			TU_LIST_BIT(TU_LIST_PROPOSED)};
	const struct tu_list_filters all = {
		.kind = TU_LIST_FINDINGS, .scope = &m->call->who.scope, .at = &filter, .count = 1};

	return tu_list_count(m->call->list, &all, out_count, err);
}

enum tu_status tu_api_get_device_metrics(struct tu_api_call *call, struct tu_error *err)
{
	struct measuring m = {.call = call};
	struct tu_json_writer *json = tu_api_json(call);
	char text[TU_API_TIME_TEXT];
	uint64_t count = 0;
	enum tu_status status = tu_api_kb(call, err);

	if (status == TU_OK)
		status = tu_api_list(call, err);
	if (status == TU_OK)
		status = tu_api_read(call, measure, &m, err);
	if (status == TU_OK)
		status = count_open(&m, &count, err);
	if (status != TU_OK)
		return status;
	tu_json_open_object(json);
	tu_json_member_str(json, "device", call->path[0]);
	tu_json_member_str(json, "at", tu_api_time_text(call->now, text));
	tu_json_member_int(json, "not_assessed", (int64_t)count);
	tu_json_key(json, "windows");
	tu_json_open_array(json);
	for (size_t i = 0; i < m.count; i++)
		write_window(json, &m.windows[i]);
	tu_json_close_array(json);
	tu_json_close_object(json);
	return TU_OK;
}
