/* Counts of projects in lists: clients show them, and take what is not there for none. */
#include <tutela/score.h>

#include "connect/dtrack/project.h"
#include "connect/dtrack/result.h"

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
	return status;
}

/* Without an SBOM nobody knows, which is not none. */
void tu_dtrack__write_counts(const struct tu_api_call *call, struct tu_json_writer *json,
	const struct tu_project *project, const struct tu_dtrack_counts *c)
{
	const struct {
		const char *name;
		int64_t count;
	} rows[] = {{"critical", c->critical}, {"high", c->high}, {"medium", c->medium},
		{"low", c->low}, {"unassigned", c->unknown + c->none}, {"vulnerabilities", c->open},
		{"suppressed", c->closed}, {"kev", c->exploited}, {"findingsTotal", c->open},
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
	tu_json_close_object(json);
}
