/* Findings and vulnerabilities of the portfolio: lists in memory (list/query.h), and counts. */
#include <stdio.h>

#include <tutela/claim.h>
#include <tutela/device.h>
#include <tutela/match.h>
#include <tutela/score.h>

#include "api/call.h"
#include "api/finding_list.h"
#include "list/query.h"
#include "portfolio/gaps.h"
#include "portfolio/list_filter.h"
#include "portfolio/look.h"
#include "service/service.h"

enum { FILTERS_MAX = 200 };

struct finding_row {
	struct tu_str id, vulnerability, severity, exploited_by, component, component_version, purl,
		device, release;
	struct tu_str verdict, state, status, risk, harm;
	int64_t score, epss, first_seen, deadline;
	bool kev, fixable, closed;
};

static const struct tu_api_column finding_columns[] = {
	TU_API_COLUMN(struct finding_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct finding_row, vulnerability, TU_API_TEXT, 0),
	TU_API_COLUMN(struct finding_row, severity, TU_API_WORD, 0),
	TU_API_COLUMN(struct finding_row, score, TU_API_TENTHS, TU_API_OPT),
	TU_API_COLUMN(struct finding_row, kev, TU_API_BOOL, 0),
	TU_API_COLUMN(struct finding_row, exploited_by, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct finding_row, epss, TU_API_MILLIONTHS, TU_API_OPT),
	TU_API_COLUMN(struct finding_row, component, TU_API_TEXT, 0),
	TU_API_COLUMN(struct finding_row, component_version, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct finding_row, purl, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct finding_row, device, TU_API_TEXT, 0),
	TU_API_COLUMN(struct finding_row, release, TU_API_TEXT, 0),
	TU_API_COLUMN(struct finding_row, verdict, TU_API_WORD, 0),
	TU_API_COLUMN(struct finding_row, fixable, TU_API_BOOL, 0),
	TU_API_COLUMN(struct finding_row, first_seen, TU_API_TIME, 0),
	TU_API_COLUMN(struct finding_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct finding_row, status, TU_API_TEXT, 0),
	TU_API_COLUMN(struct finding_row, risk, TU_API_WORD, 0),
	TU_API_COLUMN(struct finding_row, harm, TU_API_TEXT, 0),
	TU_API_COLUMN(struct finding_row, closed, TU_API_BOOL, 0),
	TU_API_COLUMN(struct finding_row, deadline, TU_API_TIME, TU_API_OPT),
};
const struct tu_api_table tu_api_table_finding =
	TU_API_TABLE("Finding", struct finding_row, finding_columns);

struct vulnerability_row {
	struct tu_str name, severity, exploited_by, state, risk, harm, device, release, component,
		component_version;
	int64_t score, epss, first_seen, deadline, releases, components, findings;
	bool kev, undecided, fixable;
};

static const struct tu_api_column vulnerability_columns[] = {
	TU_API_COLUMN(struct vulnerability_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct vulnerability_row, severity, TU_API_WORD, 0),
	TU_API_COLUMN(struct vulnerability_row, score, TU_API_TENTHS, TU_API_OPT),
	TU_API_COLUMN(struct vulnerability_row, kev, TU_API_BOOL, 0),
	TU_API_COLUMN(struct vulnerability_row, exploited_by, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct vulnerability_row, epss, TU_API_MILLIONTHS, TU_API_OPT),
	TU_API_COLUMN(struct vulnerability_row, component, TU_API_TEXT, 0),
	TU_API_COLUMN(struct vulnerability_row, component_version, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct vulnerability_row, undecided, TU_API_BOOL, 0),
	TU_API_COLUMN(struct vulnerability_row, fixable, TU_API_BOOL, 0),
	TU_API_COLUMN(struct vulnerability_row, first_seen, TU_API_TIME, 0),
	TU_API_COLUMN(struct vulnerability_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct vulnerability_row, risk, TU_API_WORD, 0),
	TU_API_COLUMN(struct vulnerability_row, harm, TU_API_TEXT, 0),
	TU_API_COLUMN(struct vulnerability_row, deadline, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct vulnerability_row, device, TU_API_TEXT, 0),
	TU_API_COLUMN(struct vulnerability_row, release, TU_API_TEXT, 0),
	TU_API_COLUMN(struct vulnerability_row, releases, TU_API_INT, 0),
	TU_API_COLUMN(struct vulnerability_row, components, TU_API_INT, 0),
	TU_API_COLUMN(struct vulnerability_row, findings, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_vulnerability =
	TU_API_TABLE("Vulnerability", struct vulnerability_row, vulnerability_columns);

/* ---- what is asked ---- */

static const struct {
	const char *name;
	enum tu_list_sort sort;
} sorts[] = {
	{"severity", TU_LIST_BY_SEVERITY},
	{"harm", TU_LIST_BY_HARM},
	{"kev", TU_LIST_BY_KEV},
	{"epss", TU_LIST_BY_EPSS},
	{"first_seen", TU_LIST_BY_FIRST_SEEN},
	{"state", TU_LIST_BY_STATE},
	{"deadline", TU_LIST_BY_DEADLINE},
	{"name", TU_LIST_BY_NAME},
};

/* The document lists the words; without one the worst come first. */
static void take_sort(struct tu_str word, struct tu_list_query *query)
{
	query->descending = word.len == 0 || tu_str_skip(&word, TU_STR("-"));
	query->sort = TU_LIST_BY_SEVERITY;
	for (size_t i = 0; i < TU_COUNT(sorts); i++)
		if (tu_str_eq(word, tu_str_c(sorts[i].name)))
			query->sort = sorts[i].sort;
}

enum tu_status tu_api_filter_catalogues(
	struct tu_api_call *call, const struct tu_list_filter *filter, struct tu_error *err)
{
	struct tu_error none = {0};
	const bool has_kb = filter->exploited_by_count && tu_api_kb(call, &none) == TU_OK;

	return tu_list_filter_check_catalogues(filter, has_kb ? call->kb->kb : NULL, err);
}

struct asking {
	struct tu_api_call *call;
	struct tu_list_query query;
	struct tu_str text; /* of the filter */
	struct tu_list_resolved *resolved; /* in the arena */
};

static enum tu_status resolve(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *a = self;
	struct tu_list_asked asked;
	enum tu_status status = tu_list_filter_parse(a->text, &asked, err);

	return status
		? status
		: tu_list_filter_resolve(w->tx, &a->call->who.scope, &asked, a->resolved, err);
}

/* A filter in the arena. What it names and is not there, or not to be seen, is in the words of a
 * filter that is wrong: the list itself is there. */
static enum tu_status take_filter(struct asking *a, struct tu_error *err)
{
	enum tu_status status;

	a->resolved = tu_arena_alloc(a->call->arena, sizeof(*a->resolved));
	if (!a->resolved)
		return tu_no_memory(err);
	status = tu_api_read(a->call, resolve, a, err);
	if (status == TU_OK)
		status = tu_api_filter_catalogues(a->call, &a->resolved->filter, err);
	if (status == TU_E_NOTFOUND)
		a->call->problem.type = TU_PROBLEM_INVALID;
	return status ? tu_error_prefix(err, "filter") : TU_OK;
}

static enum tu_status ask(struct asking *a, struct tu_error *err)
{
	char etag[TU_LIST_ETAG_DIGITS + 1];
	enum tu_status status = tu_api_list(a->call, err);

	a->text = tu_api_query(a->call, "filter");
	if (status == TU_OK)
		status = take_filter(a, err);
	if (status != TU_OK)
		return status;
	a->query.filter = &a->resolved->filter;
	a->query.scope = &a->call->who.scope;
	take_sort(tu_api_query(a->call, "sort"), &a->query);
	/* a list knows the newest change since it was loaded; that would say whether anything
	 * changed that is not to be seen: the tag is the answer's digest */
	if (!a->call->who.scope.everything)
		return TU_OK;
	status = tu_list_etag(a->call->list, &a->query, etag, err);
	if (status == TU_OK)
		tu_api_etag_text(a->call, tu_str_c(etag));
	return status;
}

/* ---- rows ---- */

static int64_t score_of(const struct tu_list_vulnerability *v)
{
	return v->score == TU_LIST_UNSTATED_SCORE ? TU_API_NONE : v->score;
}

static int64_t epss_of(const struct tu_list_vulnerability *v)
{
	return v->epss == TU_LIST_UNSTATED_EPSS ? TU_API_NONE : (int64_t)v->epss;
}

/* "CVE-2024-1234/<component>/<release>": the path of one. */
bool tu_api_finding_name(
	struct tu_api_call *call, const struct tu_list_finding *f, struct tu_str *out_id)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, 1024);
	tu_buf_str_add(&text, f->vulnerability.name);
	tu_buf_byte(&text, '/');
	tu_look_write_component(f->component.key, &text);
	tu_buf_byte(&text, '/');
	tu_buf_str_add(&text, f->release.public_id);
	fine = !text.failed && tu_arena_dup(call->arena, tu_buf_str(&text), out_id);
	tu_buf_done(&text);
	return fine;
}

/* "CISA; ENISA", as the CSV of a scan has it. */
static bool join_lines(struct tu_api_call *call, struct tu_str lines, struct tu_str *out)
{
	struct tu_buf text;
	struct tu_str line;
	bool fine;

	*out = lines;
	if (tu_str_find(lines, '\n') == lines.len)
		return true;
	tu_buf_init(&text, 1 << 17);
	while (lines.len && tu_str_split(&lines, '\n', &line))
		tu_buf_printf(&text, "%s%.*s", text.len ? "; " : "", TU_STR_FMT(line));
	fine = !text.failed && tu_arena_dup(call->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine;
}

static struct finding_row finding_of(const struct tu_list_finding *f)
{
	const struct tu_list_vulnerability *v = &f->vulnerability;

	return (struct finding_row){
		.vulnerability = v->name,
		.severity = tu_str_c(tu_severity_name((enum tu_severity)v->severity)),
		.score = score_of(v),
		.kev = v->kev,
		.epss = epss_of(v),
		.component = f->component.name,
		.component_version = f->component.version,
		.purl = f->component.purl,
		.device = f->device,
		.release = f->release.version,
		.verdict = tu_str_c(tu_match_verdict_name((enum tu_match_verdict)f->verdict)),
		.fixable = f->fixable,
		.first_seen = f->first_seen,
		.state = tu_str_c(tu_list_state_name(f->state)),
		.status = tu_str_c(tu_claim_status_name((enum tu_claim_status)f->status)),
		.risk = tu_str_c(tu_risk_name((enum tu_risk)f->risk)),
		.harm = tu_str_c(tu_harm_name((enum tu_harm)f->harm)),
		.closed = f->closed,
		.deadline = f->deadline,
	};
}

static struct vulnerability_row vulnerability_of(const struct tu_list_group *g)
{
	const struct tu_list_vulnerability *v = &g->vulnerability;

	return (struct vulnerability_row){
		.name = v->name,
		.severity = tu_str_c(tu_severity_name((enum tu_severity)v->severity)),
		.score = score_of(v),
		.kev = v->kev,
		.epss = epss_of(v),
		.component = g->component.name,
		.component_version = g->component.version,
		.undecided = (g->verdicts & TU_LIST_BIT(TU_MATCH_UNDECIDED)) != 0,
		.fixable = g->fixable,
		.first_seen = g->first_seen,
		.state = tu_str_c(tu_list_state_name(g->state)),
		.risk = tu_str_c(tu_risk_name((enum tu_risk)g->risk)),
		.harm = tu_str_c(tu_harm_name((enum tu_harm)g->harm)),
		.deadline = g->deadline,
		.device = g->device,
		.release = g->release.version,
		.releases = g->releases,
		.components = g->components,
		.findings = (int64_t)g->findings,
	};
}

static bool make_rows(
	struct tu_api_call *call, const struct tu_list_page *from, struct tu_api_rows *out)
{
	struct finding_row *findings = NULL;
	struct vulnerability_row *groups = NULL;

	out->count = from->count;
	if (from->groups)
		out->at = groups = tu_arena_array(call->arena, from->count, sizeof(*groups));
	else
		out->at = findings = tu_arena_array(call->arena, from->count, sizeof(*findings));
	for (size_t i = 0; groups && i < from->count; i++) {
		groups[i] = vulnerability_of(&from->groups[i]);
		if (!join_lines(call, from->groups[i].vulnerability.exploited_by,
			    &groups[i].exploited_by))
			return false;
	}
	for (size_t i = 0; findings && i < from->count; i++) {
		findings[i] = finding_of(&from->findings[i]);
		if (!tu_api_finding_name(call, &from->findings[i], &findings[i].id) ||
			!join_lines(call, from->findings[i].vulnerability.exploited_by,
				&findings[i].exploited_by))
			return false;
	}
	return out->at != NULL;
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct asking *a = self;
	struct tu_list_page list;
	enum tu_status status;

	a->query.page_size = page->limit;
	a->query.cursor = page->cursor;
	status = tu_list_page(call->arena, call->list, &a->query, &list, err);
	if (status != TU_OK)
		return status;
	if (!make_rows(call, &list, &page->rows))
		return tu_no_memory(err);
	page->next = list.next;
	page->total = list.total.count;
	page->exact = list.total.exact;
	return TU_OK;
}

static enum tu_status answer(struct tu_api_call *call, enum tu_list_kind kind, struct tu_error *err)
{
	struct asking a = {.call = call, .query = {.kind = kind}};
	enum tu_status status = ask(&a, err);

	return status ? status : tu_api_answer_page(call, fetch, &a, err);
}

enum tu_status tu_api_list_findings(struct tu_api_call *call, struct tu_error *err)
{
	return answer(call, TU_LIST_FINDINGS, err);
}

/* By any name that the knowledge base has for it. */
static struct tu_str known_name(struct tu_api_call *call)
{
	struct tu_error none = {0};
	uint32_t index;

	if (tu_api_kb(call, &none) != TU_OK)
		return call->path[0];
	index = tu_kb_find(call->kb->kb, call->path[0]);
	return index == TU_KB_NONE ? call->path[0] : tu_kb_vulnerability(call->kb->kb, index).id;
}

/* The one of exactly this name that has a finding in the scope: the list has it as a prefix, of
 * which it is the first. */
static enum tu_status find_vulnerability(
	struct tu_api_call *call, struct tu_list_filter *out, struct tu_error *err)
{
	const struct tu_list_filter prefix = {.vulnerability = known_name(call)};
	const struct tu_list_query query = {.kind = TU_LIST_OF_VULNERABILITIES,
		.filter = &prefix,
		.scope = &call->who.scope,
		.sort = TU_LIST_BY_NAME,
		.page_size = 1};
	struct tu_list_page page = {0};
	enum tu_status status = tu_list_page(call->arena, call->list, &query, &page, err);

	if (status != TU_OK)
		return status;
	if (!page.count || !tu_str_ieq(page.groups[0].vulnerability.name, prefix.vulnerability))
		return tu_api_unknown(err, "vulnerability");
	out->vulnerability_id = page.groups[0].vulnerability.id;
	return TU_OK;
}

enum tu_status tu_api_list_findings_of(struct tu_api_call *call, struct tu_error *err)
{
	struct asking a = {.call = call, .query = {.kind = TU_LIST_FINDINGS}};
	enum tu_status status = tu_api_list(call, err);

	a.text = tu_api_query(call, "filter");
	if (status == TU_OK)
		status = take_filter(&a, err);
	if (status == TU_OK)
		status = find_vulnerability(call, &a.resolved->filter, err);
	if (status != TU_OK)
		return status;
	a.query.filter = &a.resolved->filter;
	a.query.scope = &call->who.scope;
	take_sort(tu_api_query(call, "sort"), &a.query);
	return tu_api_answer_page(call, fetch, &a, err);
}

enum tu_status tu_api_list_vulnerabilities(struct tu_api_call *call, struct tu_error *err)
{
	return answer(call, TU_LIST_OF_VULNERABILITIES, err);
}

/* ---- counts ---- */

static enum tu_status take_filters(struct tu_api_call *call, struct tu_list_filter *filters,
	size_t *count, struct tu_error *err)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(call->body, TU_STR("filters")));
	struct tu_json text;
	enum tu_status status = TU_OK;

	*count = 0;
	while (status == TU_OK && *count < FILTERS_MAX && tu_json_next_item(&iter, &text)) {
		struct asking a = {.call = call, .text = tu_json_str(text)};

		status = take_filter(&a, err);
		if (status == TU_OK)
			filters[(*count)++] = a.resolved->filter;
		else
			status = tu_error_prefix(err, "filters/%zu", *count);
	}
	return status;
}

enum tu_status tu_api_count_findings(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_list_filter *filters = tu_arena_array(call->arena, FILTERS_MAX, sizeof(*filters));
	uint64_t counts[FILTERS_MAX] = {0};
	struct tu_list_filters all = {
		.kind = TU_LIST_FINDINGS, .scope = &call->who.scope, .at = filters};
	struct tu_json_writer *json = tu_api_json(call);
	enum tu_status status = filters ? tu_api_list(call, err) : tu_no_memory(err);

	if (status == TU_OK)
		status = take_filters(call, filters, &all.count, err);
	if (status == TU_OK)
		status = tu_list_count(call->list, &all, counts, err);
	if (status != TU_OK)
		return status;
	tu_json_open_object(json);
	tu_json_key(json, "counts");
	tu_json_open_array(json);
	for (size_t i = 0; i < all.count; i++)
		tu_json_add_int(json, (int64_t)counts[i]);
	tu_json_close_array(json);
	tu_json_close_object(json);
	return TU_OK;
}

/* ---- without each term ---- */

struct without {
	struct asking asking;
	struct tu_filter_without *rows;
	struct tu_list_filter *filters; /* the whole, then without each */
	uint64_t counts[FILTERS_MAX];
	size_t count;
};

static enum tu_status take_without(struct without *x, struct tu_str text, struct tu_error *err)
{
	struct tu_api_call *call = x->asking.call;
	enum tu_status status = tu_filter_without_each(call->arena, text, &x->rows, &x->count, err);

	if (status == TU_OK && x->count >= FILTERS_MAX)
		return tu_fail(err, TU_E_USAGE, 0, "filter: it has too many terms");
	for (size_t i = 0; i <= x->count && status == TU_OK; i++) {
		x->asking.text = i ? x->rows[i - 1].filter : text;
		status = take_filter(&x->asking, err);
		if (status == TU_OK)
			x->filters[i] = x->asking.resolved->filter;
	}
	return status;
}

static void write_without(const struct without *x, struct tu_json_writer *json)
{
	tu_json_open_object(json);
	tu_json_member_int(json, "count", (int64_t)x->counts[0]);
	tu_json_key(json, "without");
	tu_json_open_array(json);
	for (size_t i = 0; i < x->count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "term", x->rows[i].term);
		tu_json_member_str(json, "filter", x->rows[i].filter);
		tu_json_member_int(json, "count", (int64_t)x->counts[i + 1]);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_close_object(json);
}

static enum tu_status explain(
	struct tu_api_call *call, enum tu_list_kind kind, struct tu_error *err)
{
	struct without x = {.asking = {.call = call},
		.filters = tu_arena_array(call->arena, FILTERS_MAX, sizeof(*x.filters))};
	const struct tu_list_filters all = {
		.kind = kind, .scope = &call->who.scope, .at = x.filters};
	struct tu_list_filters asked = all;
	enum tu_status status = x.filters ? tu_api_list(call, err) : tu_no_memory(err);

	if (status == TU_OK)
		status = take_without(&x, tu_api_query(call, "filter"), err);
	asked.count = x.count + 1;
	if (status == TU_OK)
		status = tu_list_count(call->list, &asked, x.counts, err);
	if (status == TU_OK)
		write_without(&x, tu_api_json(call));
	return status;
}

enum tu_status tu_api_explain_findings(struct tu_api_call *call, struct tu_error *err)
{
	return explain(call, TU_LIST_FINDINGS, err);
}

enum tu_status tu_api_explain_vulnerabilities(struct tu_api_call *call, struct tu_error *err)
{
	return explain(call, TU_LIST_OF_VULNERABILITIES, err);
}
