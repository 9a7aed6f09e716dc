/* Metrics of a project and of all: counts of now. There is no history, and nothing to refresh. */
#include <stdlib.h>

#include <tutela/match.h>
#include <tutela/score.h>

#include "connect/dtrack/operations.h"
#include "connect/dtrack/result.h"
#include "portfolio/gaps.h"
#include "portfolio/violation.h"

struct metrics {
	int64_t severity[TU_SEVERITY_COUNT_]; /* not suppressed */
	int64_t total, suppressed, audited, unaudited, kev;
	int64_t affected, undecided, not_assessed, proposed; /* not suppressed */
	int64_t violations[TU_VIOLATIONS];
	int64_t components, without_data, vulnerable_components;
	int64_t projects, vulnerable_projects; /* of all */
};

/* ---- counting ---- */

static void count_one(struct metrics *m, const struct tu_dtrack_project *project,
	const struct tu_list_finding *f, int64_t at)
{
	uint32_t broken = tu_violations_of(project->undecided_days, f, at);

	for (int rule = 0; rule < TU_VIOLATIONS; rule++)
		m->violations[rule] += broken >> rule & 1;
	m->audited += f->state != TU_LIST_NOT_ASSESSED;
	m->unaudited += f->state == TU_LIST_NOT_ASSESSED;
	if (f->closed) {
		m->suppressed++;
		return;
	}
	m->total++;
	m->severity[f->vulnerability.severity < TU_SEVERITY_COUNT_ ? f->vulnerability.severity
								   : TU_SEVERITY_UNKNOWN]++;
	m->kev += f->vulnerability.kev;
	m->affected += f->verdict == TU_MATCH_AFFECTED;
	m->undecided += f->verdict == TU_MATCH_UNDECIDED;
	m->not_assessed += f->state == TU_LIST_NOT_ASSESSED;
	m->proposed += f->state == TU_LIST_PROPOSED;
}

static int compare_ids(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static enum tu_status count_components(struct tu_api_call *call,
	const struct tu_dtrack_findings *findings, int64_t *out, struct tu_error *err)
{
	int64_t *ids = tu_arena_array(call->arena, findings->count, sizeof(*ids));
	size_t count = 0;

	if (!ids)
		return tu_no_memory(err);
	for (size_t i = 0; i < findings->count; i++)
		if (!findings->at[i].closed)
			ids[count++] = findings->at[i].component.id;
	qsort(ids, count, sizeof(*ids), compare_ids);
	for (size_t i = 0; i < count; i++)
		*out += i == 0 || ids[i] != ids[i - 1];
	return TU_OK;
}

static enum tu_status count_project(struct tu_api_call *call,
	const struct tu_dtrack_project *project, struct metrics *m, struct tu_error *err)
{
	struct tu_dtrack_findings findings;
	enum tu_status status =
		tu_dtrack__findings(call, project, &tu_dtrack__worst_first, &findings, err);

	*m = (struct metrics){
		.components = project->data.components, .without_data = project->data.without_data};
	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < findings.count; i++)
		count_one(m, project, &findings.at[i], call->now);
	return count_components(call, &findings, &m->vulnerable_components, err);
}

/* ---- all of a scope ---- */

struct portfolio {
	struct tu_api_call *call;
	struct metrics *m;
};

static enum tu_status count_list(const struct portfolio *p, const struct tu_list_filter *filters,
	uint64_t *counts, size_t count, struct tu_error *err)
{
	const struct tu_list_filters list = {.kind = TU_LIST_FINDINGS,
		.scope = &p->call->who.scope,
		.at = filters,
		.count = count};

	return tu_list_count(p->call->list, &list, counts, err);
}

static enum tu_status count_device(struct portfolio *p, struct tu_work *w,
	const struct tu_device_row *device, struct tu_error *err)
{
	const struct tu_list_filter all = {.device_ids = &device->id, .device_count = 1};
	struct tu_list_filter filters[TU_VIOLATIONS];
	uint64_t counts[TU_VIOLATIONS] = {0};
	int rules[TU_VIOLATIONS];
	size_t count = 0;
	const struct tu_device *model;
	enum tu_status status = tu_device_load(w, device, &model, NULL, err);

	if (status != TU_OK)
		return status;
	for (int rule = 0; rule < TU_VIOLATIONS; rule++) {
		rules[count] = rule;
		count += tu_violation_filter(model->policy.undecided_days, (enum tu_violation)rule,
			p->call->now, &all, &filters[count]);
	}
	status = count_list(p, filters, counts, count, err);
	for (size_t i = 0; i < count; i++)
		p->m->violations[rules[i]] += (int64_t)counts[i];
	return status;
}

static enum tu_status count_releases(struct portfolio *p, struct tu_work *w,
	const struct tu_device_row *device, struct tu_error *err)
{
	struct tu_release_rows rows;
	enum tu_status status = tu_release_list(w, device->id, &rows, err);

	for (size_t i = 0; i < rows.count && status == TU_OK; i++) {
		const struct tu_list_filter open = {
			.release_id = rows.at[i].id, .closed = TU_LIST_NO};
		struct tu_release_data data;
		uint64_t findings = 0;

		status = tu_release_data(w, rows.at[i].id, &data, err);
		if (status == TU_OK)
			status = count_list(p, &open, &findings, 1, err);
		if (status != TU_OK)
			return status;
		p->m->projects++;
		p->m->vulnerable_projects += findings > 0;
		p->m->components += data.components;
		p->m->without_data += data.without_data;
	}
	return status;
}

static enum tu_status count_devices(struct tu_work *w, void *self, struct tu_error *err)
{
	struct portfolio *p = self;
	struct tu_devices_seen devices;
	enum tu_status status = tu_device_list(w, &p->call->who.scope, &devices, err);

	*p->m = (struct metrics){0};
	for (size_t i = 0; i < devices.count && status == TU_OK; i++) {
		status = count_device(p, w, &devices.at[i].device, err);
		if (status == TU_OK)
			status = count_releases(p, w, &devices.at[i].device, err);
	}
	return status;
}

static enum tu_status count_portfolio(
	struct tu_api_call *call, struct metrics *m, struct tu_error *err)
{
	enum { CLOSED, UNAUDITED, ALL, KEV, AFFECTED, UNDECIDED, OPEN_UNASSESSED, PROPOSED, FIRST };
	struct portfolio p = {call, m};
	struct tu_list_filter filters[FIRST + TU_SEVERITY_COUNT_] = {0};
	uint64_t counts[TU_COUNT(filters)] = {0};
	enum tu_status status = tu_api_list(call, err);

	if (status == TU_OK)
		status = tu_api_read(call, count_devices, &p, err);
	filters[CLOSED].closed = TU_LIST_YES;
	filters[UNAUDITED].states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED);
	for (size_t i = KEV; i < TU_COUNT(filters); i++)
		filters[i].closed = TU_LIST_NO;
	filters[KEV].kev = TU_LIST_YES;
	filters[AFFECTED].verdicts = TU_LIST_BIT(TU_MATCH_AFFECTED);
	filters[UNDECIDED].verdicts = TU_LIST_BIT(TU_MATCH_UNDECIDED);
	filters[OPEN_UNASSESSED].states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED);
	filters[PROPOSED].states = TU_LIST_BIT(TU_LIST_PROPOSED);
	filters[FIRST].unscored = TU_LIST_YES;
	for (uint8_t i = 1; i < TU_SEVERITY_COUNT_; i++) {
		filters[FIRST + i].severity_from = i;
		filters[FIRST + i].severity_below = (uint8_t)(i + 1);
	}
	if (status == TU_OK)
		status = count_list(&p, filters, counts, TU_COUNT(filters), err);
	m->suppressed = (int64_t)counts[CLOSED];
	m->total = (int64_t)(counts[ALL] - counts[CLOSED]);
	m->unaudited = (int64_t)counts[UNAUDITED];
	m->audited = (int64_t)(counts[ALL] - counts[UNAUDITED]);
	m->kev = (int64_t)counts[KEV];
	m->affected = (int64_t)counts[AFFECTED];
	m->undecided = (int64_t)counts[UNDECIDED];
	m->not_assessed = (int64_t)counts[OPEN_UNASSESSED];
	m->proposed = (int64_t)counts[PROPOSED];
	for (size_t i = 0; i < TU_SEVERITY_COUNT_; i++)
		m->severity[i] = (int64_t)counts[FIRST + i];
	return status;
}

/* ---- the answer ---- */

/* As its clients compute it: what has no severity weighs as a high one. */
static int64_t risk_score(const struct metrics *m)
{
	return m->severity[TU_SEVERITY_CRITICAL] * 10 + m->severity[TU_SEVERITY_HIGH] * 5 +
		m->severity[TU_SEVERITY_MEDIUM] * 3 + m->severity[TU_SEVERITY_LOW] +
		m->severity[TU_SEVERITY_UNKNOWN] * 5;
}

static void write_violations(struct tu_json_writer *json, const struct metrics *m)
{
	static const struct {
		const char *total, *unaudited, *audited;
	} kinds[] = {{"policyViolationsSecurityTotal", "policyViolationsSecurityUnaudited",
			     "policyViolationsSecurityAudited"},
		{"policyViolationsOperationalTotal", "policyViolationsOperationalUnaudited",
			"policyViolationsOperationalAudited"},
		{"policyViolationsLicenseTotal", "policyViolationsLicenseUnaudited",
			"policyViolationsLicenseAudited"},
		{"policyViolationsTotal", "policyViolationsUnaudited", "policyViolationsAudited"}};
	const int64_t security = m->violations[TU_VIOLATION_UNCONTROLLED];
	const int64_t operational =
		m->violations[TU_VIOLATION_NOT_DECIDED] + m->violations[TU_VIOLATION_OVERDUE];
	const int64_t totals[] = {security, operational, 0, security + operational};

	for (size_t i = 0; i < TU_COUNT(kinds); i++) {
		tu_json_member_int(json, kinds[i].total, totals[i]);
		tu_json_member_int(json, kinds[i].unaudited, totals[i]);
		tu_json_member_int(json, kinds[i].audited, 0);
	}
	tu_json_member_int(json, "policyViolationsFail", security + operational);
	tu_json_member_int(json, "policyViolationsWarn", 0);
	tu_json_member_int(json, "policyViolationsInfo", 0);
}

/* What its clients have no word for. */
static void write_ours(struct tu_json_writer *json, const struct metrics *m)
{
	tu_json_key(json, "tutela");
	tu_json_open_object(json);
	tu_json_member_int(json, "affected", m->affected);
	tu_json_member_int(json, "undecided", m->undecided);
	tu_json_member_int(json, "notAssessed", m->not_assessed);
	tu_json_member_int(json, "proposed", m->proposed);
	tu_json_member_int(json, "componentsWithoutData", m->without_data);
}

static void write_counts(struct tu_json_writer *json, const struct metrics *m, int64_t now)
{
	const struct {
		const char *name;
		int64_t count;
	} counts[] = {{"critical", m->severity[TU_SEVERITY_CRITICAL]},
		{"high", m->severity[TU_SEVERITY_HIGH]},
		{"medium", m->severity[TU_SEVERITY_MEDIUM]}, {"low", m->severity[TU_SEVERITY_LOW]},
		/* also those of severity "none": counted nowhere else, they must not vanish */
		{"unassigned", m->severity[TU_SEVERITY_UNKNOWN] + m->severity[TU_SEVERITY_NONE]},
		{"vulnerabilities", m->total}, {"suppressed", m->suppressed},
		{"findingsTotal", m->total}, {"findingsAudited", m->audited},
		{"findingsUnaudited", m->unaudited}, {"kev", m->kev}, {"components", m->components},
		{"firstOccurrence", tu_dtrack__ms(now)}, {"lastOccurrence", tu_dtrack__ms(now)},
		{"inheritedRiskScore", risk_score(m)}};

	for (size_t i = 0; i < TU_COUNT(counts); i++)
		tu_json_member_int(json, counts[i].name, counts[i].count);
	write_violations(json, m);
}

static enum tu_status write_project(struct tu_api_call *call, bool as_list, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_dtrack_project project;
	struct metrics m;
	enum tu_status status = tu_dtrack__project(call, call->path[0], &project, err);

	if (status == TU_OK)
		status = count_project(call, &project, &m, err);
	if (status != TU_OK)
		return status;
	if (as_list)
		tu_json_open_array(json);
	tu_json_open_object(json);
	write_counts(json, &m, call->now);
	tu_json_member_int(json, "vulnerableComponents", m.vulnerable_components);
	write_ours(json, &m);
	tu_json_member_bool(json, "hasBom", project.has_sbom);
	tu_json_member_bool(json, "settled", !project.due);
	tu_json_close_object(json);
	tu_json_close_object(json);
	if (as_list)
		tu_json_close_array(json);
	return TU_OK;
}

static enum tu_status write_portfolio(struct tu_api_call *call, bool as_list, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct metrics m;
	enum tu_status status = count_portfolio(call, &m, err);

	if (status != TU_OK)
		return status;
	if (as_list)
		tu_json_open_array(json);
	tu_json_open_object(json);
	write_counts(json, &m, call->now);
	tu_json_member_int(json, "projects", m.projects);
	tu_json_member_int(json, "vulnerableProjects", m.vulnerable_projects);
	write_ours(json, &m);
	tu_json_close_object(json);
	tu_json_close_object(json);
	if (as_list)
		tu_json_close_array(json);
	return TU_OK;
}

enum tu_status tu_dtrack_get_project_current_metrics(struct tu_api_call *call, struct tu_error *err)
{
	return write_project(call, false, err);
}

/* What it is now is all that is known of any day. */
enum tu_status tu_dtrack_get_project_metrics_since(struct tu_api_call *call, struct tu_error *err)
{
	return write_project(call, true, err);
}

enum tu_status tu_dtrack_get_project_metrics_of_days(struct tu_api_call *call, struct tu_error *err)
{
	return write_project(call, true, err);
}

enum tu_status tu_dtrack_refresh_project_metrics(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_dtrack_project project;

	call->answer.status = 200;
	return tu_dtrack__project(call, call->path[0], &project, err);
}

enum tu_status tu_dtrack_get_portfolio_current_metrics(
	struct tu_api_call *call, struct tu_error *err)
{
	return write_portfolio(call, false, err);
}

enum tu_status tu_dtrack_get_portfolio_metrics_since(struct tu_api_call *call, struct tu_error *err)
{
	return write_portfolio(call, true, err);
}

enum tu_status tu_dtrack_get_portfolio_metrics_of_days(
	struct tu_api_call *call, struct tu_error *err)
{
	return write_portfolio(call, true, err);
}

enum tu_status tu_dtrack_refresh_portfolio_metrics(struct tu_api_call *call, struct tu_error *err)
{
	(void)err;
	call->answer.status = 200;
	return TU_OK;
}
