/* Counts of projects in lists: clients show them, and take what is not there for none. */
#include <tutela/score.h>

#include "connect/dtrack/project.h"
#include "connect/dtrack/result.h"
#include "portfolio/device.h"

/* What is counted of each project; the severities come first. */
enum { CLOSED = TU_SEVERITY_COUNT_, NOT_ASSESSED, EXPLOITED, COUNTS };

static void make_filters(int64_t release, struct tu_list_filter *out)
{
	for (int i = 0; i < COUNTS; i++)
		out[i] = (struct tu_list_filter){.release_id = release, .closed = TU_LIST_NO};
	for (int i = 0; i < TU_SEVERITY_COUNT_; i++) {
		out[i].severity_from = (uint8_t)i;
		out[i].severity_below = (uint8_t)(i + 1);
	}
	out[CLOSED].closed = TU_LIST_YES;
	out[NOT_ASSESSED].closed = TU_LIST_ANY;
	out[NOT_ASSESSED].states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED);
	out[EXPLOITED].kev = TU_LIST_YES;
}

static void take(const uint64_t *counts, struct tu_dtrack_counts *out)
{
	int64_t open = 0;

	for (int i = 0; i < TU_SEVERITY_COUNT_; i++)
		open += (int64_t)counts[i];
	*out = (struct tu_dtrack_counts){.critical = (int64_t)counts[TU_SEVERITY_CRITICAL],
		.high = (int64_t)counts[TU_SEVERITY_HIGH],
		.medium = (int64_t)counts[TU_SEVERITY_MEDIUM],
		.low = (int64_t)counts[TU_SEVERITY_LOW],
		.unknown = (int64_t)counts[TU_SEVERITY_UNKNOWN],
		.none = (int64_t)counts[TU_SEVERITY_NONE],
		.open = open,
		.closed = (int64_t)counts[CLOSED],
		.not_assessed = (int64_t)counts[NOT_ASSESSED],
		.exploited = (int64_t)counts[EXPLOITED]};
}

/* ---- what depends on the policy ---- */

struct policies {
	struct tu_api_call *call;
	const struct tu_project *const *projects;
	size_t count;
	uint32_t *undecided_days; /* of each project */
	struct tu_dtrack_counts *out;
};

static enum tu_status read_policy(struct tu_work *w, const struct tu_project *project,
	uint32_t *out_days, bool *out_knows, struct tu_error *err)
{
	struct tu_device_row row;
	const struct tu_device *device = NULL;
	enum tu_status status = tu_device_find(w, project->device, &row, err);

	if (status == TU_OK)
		status = tu_device_load(w, &row, &device, NULL, err);
	*out_knows = status == TU_OK;
	*out_days = device && *out_knows ? device->policy.undecided_days : 0;
	return tu_device_is_unread(status) ? TU_OK : status;
}

static enum tu_status read_policies(struct tu_work *w, void *self, struct tu_error *err)
{
	struct policies *p = self;
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < p->count && status == TU_OK; i++) {
		struct tu_release_data data;
		const size_t before = i ? i - 1 : 0;

		status = tu_release_data(w, p->projects[i]->release_id, &data, err);
		if (status != TU_OK)
			return status;
		p->out[i].components = data.components;
		p->undecided_days[i] = p->undecided_days[before];
		p->out[i].knows_violations = p->out[before].knows_violations;
		/* versions of a name follow each other */
		if (!i || p->projects[i]->device_id != p->projects[before]->device_id)
			status = read_policy(w, p->projects[i], &p->undecided_days[i],
				&p->out[i].knows_violations, err);
	}
	return status;
}

static enum tu_status count_violations(
	const struct policies *p, struct tu_list_filters *all, struct tu_error *err)
{
	const size_t size = p->count * TU_VIOLATIONS;
	struct tu_list_filter *filters = tu_arena_array(p->call->arena, size, sizeof(*filters));
	int64_t **to = tu_arena_array(p->call->arena, size, sizeof(int64_t *));
	uint64_t *counts = tu_arena_array(p->call->arena, size, sizeof(*counts));
	enum tu_status status;

	if (!filters || !to || !counts)
		return tu_no_memory(err);
	all->at = filters;
	all->count = 0;
	for (size_t i = 0; i < size; i++) {
		const size_t of = i / TU_VIOLATIONS, rule = i % TU_VIOLATIONS;
		const struct tu_list_filter base = {.release_id = p->projects[of]->release_id};

		if (!tu_violation_filter(p->undecided_days[of], (enum tu_violation)rule,
			    p->call->now, &base, &filters[all->count]))
			continue;
		to[all->count++] = &p->out[of].violations[rule];
	}
	status = all->count ? tu_list_count(p->call->list, all, counts, err) : TU_OK;
	for (size_t i = 0; i < all->count && status == TU_OK; i++)
		*to[i] = (int64_t)counts[i];
	return status;
}

static enum tu_status add_policies(struct policies *p, struct tu_error *err)
{
	struct tu_list_filters all = {.kind = TU_LIST_FINDINGS, .scope = &p->call->who.scope};
	enum tu_status status;

	p->undecided_days = tu_arena_array(p->call->arena, p->count, sizeof(*p->undecided_days));
	if (!p->undecided_days)
		return tu_no_memory(err);
	status = tu_api_read(p->call, read_policies, p, err);
	return status ? status : count_violations(p, &all, err);
}

enum tu_status tu_dtrack__count(struct tu_api_call *call, const struct tu_project *const *projects,
	size_t count, struct tu_dtrack_counts **out, struct tu_error *err)
{
	struct tu_list_filter *filters =
		tu_arena_array(call->arena, count * COUNTS, sizeof(*filters));
	uint64_t *counts = tu_arena_array(call->arena, count * COUNTS, sizeof(*counts));
	const struct tu_list_filters all = {.kind = TU_LIST_FINDINGS,
		.scope = &call->who.scope,
		.at = filters,
		.count = count * COUNTS};
	enum tu_status status = tu_api_list(call, err);

	*out = tu_arena_array(call->arena, count, sizeof(**out));
	if (status != TU_OK || !count)
		return status;
	if (!filters || !counts || !*out)
		return tu_no_memory(err);
	for (size_t i = 0; i < count; i++)
		make_filters(projects[i]->release_id, &filters[i * COUNTS]);
	status = tu_list_count(call->list, &all, counts, err);
	for (size_t i = 0; status == TU_OK && i < count; i++)
		take(&counts[i * COUNTS], &(*out)[i]);
	return status ? status
		      : add_policies(&(struct policies){call, projects, count, NULL, *out}, err);
}

static void write_violations(struct tu_json_writer *json, const struct tu_dtrack_counts *c)
{
	const int64_t security = c->violations[TU_VIOLATION_UNCONTROLLED];
	const int64_t operational =
		c->violations[TU_VIOLATION_NOT_DECIDED] + c->violations[TU_VIOLATION_OVERDUE];

	tu_json_member_int(json, "policyViolationsSecurityTotal", security);
	tu_json_member_int(json, "policyViolationsOperationalTotal", operational);
	tu_json_member_int(json, "policyViolationsLicenseTotal", 0);
	tu_json_member_int(json, "policyViolationsTotal", security + operational);
	tu_json_member_int(json, "policyViolationsFail", security + operational);
	tu_json_member_int(json, "policyViolationsWarn", 0);
	tu_json_member_int(json, "policyViolationsInfo", 0);
}

/* Without an SBOM nobody knows, which is not none. */
void tu_dtrack__write_counts(const struct tu_api_call *call, struct tu_json_writer *json,
	const struct tu_project *project, const struct tu_dtrack_counts *c)
{
	const struct {
		const char *name;
		int64_t count;
	} rows[] = {{"components", c->components}, {"critical", c->critical}, {"high", c->high},
		{"medium", c->medium}, {"low", c->low}, {"unassigned", c->unknown + c->none},
		{"vulnerabilities", c->open}, {"suppressed", c->closed}, {"kev", c->exploited},
		{"findingsTotal", c->open},
		{"findingsAudited", c->open + c->closed - c->not_assessed},
		{"findingsUnaudited", c->not_assessed},
		{"inheritedRiskScore",
			c->critical * 10 + c->high * 5 + c->medium * 3 + c->low + c->unknown * 5},
		{"firstOccurrence", tu_dtrack__ms(call->now)},
		{"lastOccurrence", tu_dtrack__ms(call->now)}};

	if (!project->imported)
		return;
	tu_json_key(json, "metrics");
	tu_json_open_object(json);
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		tu_json_member_int(json, rows[i].name, rows[i].count);
	if (c->knows_violations)
		write_violations(json, c);
	tu_json_close_object(json);
}
