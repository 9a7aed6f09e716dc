/* The findings of a project: as a list, as SARIF, as a file that other tools read (FPF). */
#include <stdio.h>

#include "base/time.h"
#include "connect/dtrack/operations.h"
#include "connect/dtrack/result.h"
#include "portfolio/look.h"
#include "service/service.h"
#include "show/format.h"

#define FPF_VERSION "1.3"
#define SARIF "application/sarif+json"
enum { MILLION = 1000000 };
#define SARIF_MAX ((size_t)64 << 20)

/* ---- which ---- */

struct asked {
	struct tu_str source, text;
	bool suppressed; /* those, too */
	enum tu_list_ask kev, analysis;
	int64_t epss_from, epss_to; /* millionths; -1: not asked */
};

static enum tu_list_ask yes_no(const struct tu_api_call *call, const char *name)
{
	if (!tu_api_query_given(call, name))
		return TU_LIST_ANY;
	return tu_api_query_true(call, name) ? TU_LIST_YES : TU_LIST_NO;
}

/* "0.25" in millionths; the schema has checked that it is a number. */
static int64_t millionths(const struct tu_api_call *call, const char *name)
{
	struct tu_str text = tu_api_query(call, name);
	int64_t whole = 0, unit = MILLION;
	bool fraction = false;

	if (!text.len)
		return -1;
	for (size_t i = 0; i < text.len && unit; i++) {
		if (text.ptr[i] == '.') {
			fraction = true;
		} else if (text.ptr[i] < '0' || text.ptr[i] > '9') {
			return -1;
		} else if (fraction) {
			unit /= 10;
			whole += (text.ptr[i] - '0') * unit;
		} else {
			whole = whole * 10 + (int64_t)(text.ptr[i] - '0') * MILLION;
			if (whole > MILLION)
				return MILLION;
		}
	}
	return whole;
}

static struct asked take(const struct tu_api_call *call)
{
	return (struct asked){.source = tu_api_query(call, "source"),
		.text = tu_api_query(call, "searchText"),
		.suppressed = tu_api_query_true(call, "suppressed"),
		.kev = yes_no(call, "isKev"),
		.analysis = yes_no(call, "hasAnalysis"),
		.epss_from = millionths(call, "epssFrom"),
		.epss_to = millionths(call, "epssTo")};
}

static bool agrees(enum tu_list_ask asked, bool is)
{
	return asked == TU_LIST_ANY || (asked == TU_LIST_YES) == is;
}

static bool contains(struct tu_str in, struct tu_str text)
{
	for (size_t i = 0; i + text.len <= in.len; i++)
		if (tu_str_ieq(tu_str_of(in.ptr + i, text.len), text))
			return true;
	return false;
}

static bool is_asked(const struct asked *a, const struct tu_list_finding *f)
{
	const struct tu_list_vulnerability *v = &f->vulnerability;
	const int64_t epss = v->epss == TU_LIST_UNSTATED_EPSS ? -1 : (int64_t)v->epss;

	return (a->suppressed || !f->closed) && agrees(a->kev, v->kev) &&
		agrees(a->analysis, f->state != TU_LIST_NOT_ASSESSED) &&
		(!a->source.len || tu_str_eq(a->source, tu_str_c(tu_dtrack__source(v->name)))) &&
		(a->epss_from < 0 || epss >= a->epss_from) &&
		(a->epss_to < 0 || (epss >= 0 && epss <= a->epss_to)) &&
		(!a->text.len || contains(v->name, a->text) ||
			contains(f->component.name, a->text));
}

static void choose(const struct asked *a, struct tu_dtrack_findings *findings)
{
	size_t kept = 0;

	for (size_t i = 0; i < findings->count; i++)
		if (is_asked(a, &findings->at[i]))
			findings->at[kept++] = findings->at[i];
	findings->count = kept;
}

static struct tu_dtrack_order take_order(struct tu_api_call *call)
{
	static const struct {
		const char *name;
		enum tu_list_sort sort;
		bool rising; /* "asc" is our rising order; ranks of severity count from the worst */
	} rows[] = {{"vulnerability.vulnId", TU_LIST_BY_NAME, true},
		{"vulnerability.severity", TU_LIST_BY_SEVERITY, false},
		{"vulnerability.epssScore", TU_LIST_BY_EPSS, true},
		{"attribution.attributedOn", TU_LIST_BY_FIRST_SEEN, true},
		{"analysis.state", TU_LIST_BY_STATE, true}};
	const struct tu_str name = tu_api_query(call, "sortName");
	const bool falling = tu_str_eq(tu_api_query(call, "sortOrder"), TU_STR("desc"));

	for (size_t i = 0; i < TU_COUNT(rows); i++)
		if (tu_str_eq(name, tu_str_c(rows[i].name)))
			return (struct tu_dtrack_order){rows[i].sort, falling == rows[i].rising};
	return tu_dtrack__worst_first;
}

/* ---- SARIF ---- */

struct writing {
	struct tu_api_call *call;
	const struct tu_dtrack_project *project;
	struct tu_sink sink;
};

/* What the core says of the release, as `tutela scan` writes it. */
static enum tu_status write_sarif(struct tu_work *w, void *self, struct tu_error *err)
{
	struct writing *x = self;
	const struct tu_scan_style style = {0};
	struct tu_look look = {.scope = &x->call->who.scope,
		.kb = x->call->kb->kb,
		.reader = tu_service_reader(x->call->service)};
	enum tu_status status = tu_look_open(w, x->project->id, &look, err);

	tu_buf_clear(&x->sink.buf);
	return status ? status
		      : tu_format_sarif(&look.answer.matching.report, &style, &x->sink, err);
}

static enum tu_status answer_sarif(
	struct tu_api_call *call, const struct tu_dtrack_project *project, struct tu_error *err)
{
	struct writing x = {.call = call, .project = project};
	enum tu_status status = tu_api_kb(call, err);

	if (status != TU_OK)
		return status;
	if (!project->has_sbom)
		return tu_fail(err, TU_E_CONFLICT, 0,
			"the project has no BOM yet: nothing is known of what is in it");
	tu_sink_init_memory(&x.sink, SARIF_MAX);
	status = tu_api_read(call, write_sarif, &x, err);
	if (status == TU_OK)
		tu_api_answer_buf(call, SARIF, &x.sink.buf, TU_STR(""));
	tu_sink_done(&x.sink);
	return status;
}

/* ---- the list ---- */

enum tu_status tu_dtrack_get_findings_by_project(struct tu_api_call *call, struct tu_error *err)
{
	const struct asked asked = take(call);
	struct tu_dtrack_project project;
	struct tu_dtrack_findings findings;
	struct tu_dtrack_cut cut;
	const struct tu_dtrack_order order = take_order(call);
	enum tu_status status = tu_dtrack__project(call, call->path[0], &project, err);

	if (status == TU_OK && tu_api_accepts(call, SARIF))
		return answer_sarif(call, &project, err);
	if (status == TU_OK)
		status = tu_dtrack__findings(call, &project, &order, &findings, err);
	if (status != TU_OK)
		return status;
	choose(&asked, &findings);
	status = tu_dtrack__cut(call, findings.count, &cut, err);
	tu_json_open_array(tu_api_json(call));
	for (size_t i = cut.from; i < cut.to && status == TU_OK; i++)
		status = tu_dtrack__finding(call, &project, &findings.at[i], err);
	tu_json_close_array(tu_api_json(call));
	return status;
}

/* ---- FPF ---- */

static void write_meta(struct tu_api_call *call, const struct tu_dtrack_project *project)
{
	struct tu_json_writer *json = tu_api_json(call);
	char time[TU_API_TIME_TEXT];

	tu_json_member_str(json, "version", TU_STR(FPF_VERSION));
	tu_json_key(json, "meta");
	tu_json_open_object(json);
	tu_json_member_str(json, "application", TU_STR("Tutela"));
	tu_json_member_str(json, "version", TU_STR(TUTELA_VERSION));
	tu_json_member_str(json, "timestamp", tu_api_time_text(call->now, time));
	tu_json_close_object(json);
	tu_json_key(json, "project");
	tu_json_open_object(json);
	tu_json_member_str(json, "uuid", tu_dtrack_uuid_str(&project->uuid));
	tu_json_member_str(json, "name", project->name);
	tu_json_member_str(json, "version", project->version);
	tu_json_close_object(json);
}

/* All of them: a file that leaves the suppressed ones out could not say so. */
enum tu_status tu_dtrack_export_findings_by_project(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_dtrack_project project;
	struct tu_dtrack_findings findings;
	struct tu_buf name;
	struct tu_str kept = {0};
	enum tu_status status = tu_dtrack__project(call, call->path[0], &project, err);

	if (status == TU_OK)
		status = tu_dtrack__findings(
			call, &project, &tu_dtrack__worst_first, &findings, err);
	if (status != TU_OK)
		return status;
	tu_buf_init(&name, 200);
	tu_buf_printf(&name, "inline; filename=findings-%s.fpf", project.uuid.text);
	if (!name.failed && tu_arena_dup(call->arena, tu_buf_str(&name), &kept))
		tu_api_answer_header(call, "Content-Disposition", kept);
	tu_buf_done(&name);
	tu_json_open_object(tu_api_json(call));
	write_meta(call, &project);
	tu_json_key(tu_api_json(call), "findings");
	tu_json_open_array(tu_api_json(call));
	for (size_t i = 0; i < findings.count && status == TU_OK; i++)
		status = tu_dtrack__finding(call, &project, &findings.at[i], err);
	tu_json_close_array(tu_api_json(call));
	tu_json_close_object(tu_api_json(call));
	return status;
}

/* Findings are kept current; the answer to whoever waits for it is "done". */
enum tu_status tu_dtrack_analyze_project(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_dtrack_project project;
	struct tu_dtrack_uuid token;
	char id[TU_RANDOM_ID + 1];
	enum tu_status status = tu_dtrack__project(call, call->path[0], &project, err);

	if (status == TU_OK)
		status = tu_random_id(id, err);
	if (status != TU_OK)
		return status;
	token = tu_dtrack_uuid(tu_random_id_str(id));
	tu_json_open_object(json);
	tu_json_member_str(json, "token", tu_dtrack_uuid_str(&token));
	tu_json_member_str(json, "projectUuid", tu_dtrack_uuid_str(&project.uuid));
	tu_json_close_object(json);
	tu_service_wake(call->service);
	return TU_OK;
}
