/* What violates the policy of a device (portfolio/violation.h), as violations of policies. */
#include "connect/dtrack/operations.h"
#include "connect/dtrack/project.h"
#include "connect/dtrack/result.h"
#include "portfolio/violation.h"

/* Kinds as clients group them. */
static const char *const kinds[TU_VIOLATIONS] = {[TU_VIOLATION_UNCONTROLLED] = "SECURITY",
	[TU_VIOLATION_NOT_DECIDED] = "OPERATIONAL",
	[TU_VIOLATION_OVERDUE] = "OPERATIONAL"};

struct found {
	const struct tu_list_finding *finding;
	enum tu_violation rule;
};

static void member_uuid(struct tu_json_writer *json, const char *key, struct tu_str name)
{
	const struct tu_dtrack_uuid uuid = tu_dtrack_uuid_of_vulnerability(name);

	tu_json_member_str(json, key, tu_dtrack_uuid_str(&uuid));
}

/* Stable: of the rule, the project, the component and the vulnerability. */
static void member_own_uuid(
	struct tu_json_writer *json, const struct tu_dtrack_project *project, const struct found *f)
{
	const struct tu_dtrack_uuid component = tu_dtrack__component_uuid(f->finding);
	struct tu_buf text;

	tu_buf_init(&text, 2000);
	tu_buf_printf(&text, "%s/%s/%s/%.*s", tu_violation_name(f->rule), project->uuid.text,
		component.text, TU_STR_FMT(f->finding->vulnerability.name));
	member_uuid(json, "uuid", tu_buf_str(&text));
	tu_buf_done(&text);
}

static void write_condition(struct tu_json_writer *json, enum tu_violation rule)
{
	const struct tu_str name = tu_str_c(tu_violation_name(rule));

	tu_json_key(json, "policyCondition");
	tu_json_open_object(json);
	member_uuid(json, "uuid", name);
	tu_json_member_str(json, "operator", TU_STR("IS"));
	tu_json_member_str(json, "subject", TU_STR("EXPRESSION"));
	tu_json_member_str(json, "value", name);
	tu_json_member_str(json, "violationType", tu_str_c(kinds[rule]));
	tu_json_key(json, "policy");
	tu_json_open_object(json);
	member_uuid(json, "uuid", TU_STR("policy of the device"));
	tu_json_member_str(json, "name", tu_str_c(tu_violation_sentence(rule)));
	tu_json_member_str(json, "operator", TU_STR("ANY"));
	tu_json_member_str(json, "violationState", TU_STR("FAIL"));
	tu_json_close_object(json);
	tu_json_close_object(json);
}

static void write_project(struct tu_json_writer *json, const struct tu_dtrack_project *project)
{
	tu_json_key(json, "project");
	tu_json_open_object(json);
	tu_json_member_str(json, "uuid", tu_dtrack_uuid_str(&project->uuid));
	tu_json_member_str(json, "name", project->name);
	tu_json_member_str(json, "version", project->version);
	tu_json_member_int(json, "lastBomImport", tu_dtrack__ms(project->imported));
	tu_json_close_object(json);
}

static void write_text(struct tu_json_writer *json, const struct found *f)
{
	size_t start;

	tu_json_key(json, "text");
	start = tu_json_open_text(json);
	tu_buf_str_add(json->buf, f->finding->vulnerability.name);
	tu_buf_c(json->buf, ": ");
	tu_buf_c(json->buf, tu_violation_sentence(f->rule));
	tu_json_close_text(json, start);
}

static void write_violation(
	struct tu_json_writer *json, const struct tu_dtrack_project *project, const struct found *f)
{
	const int64_t since =
		f->rule == TU_VIOLATION_OVERDUE ? f->finding->deadline : f->finding->first_seen;

	tu_json_open_object(json);
	member_own_uuid(json, project, f);
	tu_json_member_str(json, "type", tu_str_c(kinds[f->rule]));
	write_text(json, f);
	tu_json_member_int(json, "timestamp", tu_dtrack__ms(since));
	tu_json_key(json, "component");
	tu_json_open_object(json);
	tu_dtrack__component(json, f->finding);
	tu_json_member_str(json, "classifier", TU_STR("LIBRARY"));
	write_project(json, project);
	tu_json_close_object(json);
	write_project(json, project);
	write_condition(json, f->rule);
	tu_json_close_object(json);
}

static bool has_text(const struct tu_list_finding *f, struct tu_str text)
{
	return !text.len ||
		tu_str_isearch(f->vulnerability.name, text) < f->vulnerability.name.len ||
		tu_str_isearch(f->component.name, text) < f->component.name.len;
}

static enum tu_status gather(struct tu_api_call *call, const struct tu_dtrack_project *project,
	struct found **out, size_t *out_count, struct tu_error *err)
{
	const struct tu_str text = tu_api_query(call, "searchText");
	struct tu_dtrack_findings findings;
	enum tu_status status =
		tu_dtrack__findings(call, project, &tu_dtrack__worst_first, &findings, err);

	*out_count = 0;
	if (status != TU_OK)
		return status;
	*out = tu_arena_array(call->arena, findings.count * TU_VIOLATIONS, sizeof(**out));
	if (!*out)
		return tu_no_memory(err);
	for (size_t i = 0; i < findings.count; i++) {
		uint32_t broken =
			tu_violations_of(project->undecided_days, &findings.at[i], call->now);

		if (!has_text(&findings.at[i], text))
			continue;
		for (int rule = 0; rule < TU_VIOLATIONS; rule++)
			if (broken >> rule & 1)
				(*out)[(*out_count)++] =
					(struct found){&findings.at[i], (enum tu_violation)rule};
	}
	return TU_OK;
}

enum tu_status tu_dtrack_get_violations_by_project(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_dtrack_project project;
	struct tu_dtrack_cut cut;
	struct found *found = NULL;
	size_t count = 0;
	enum tu_status status = tu_dtrack__project(call, call->path[0], &project, err);

	if (status == TU_OK)
		status = gather(call, &project, &found, &count, err);
	if (status == TU_OK)
		status = tu_dtrack__cut(call, count, &cut, err);
	if (status != TU_OK)
		return status;
	tu_json_open_array(json);
	for (size_t i = cut.from; i < cut.to; i++)
		write_violation(json, &project, &found[i]);
	tu_json_close_array(json);
	return TU_OK;
}

/* ---- of all projects ---- */

static enum tu_status check_asked(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_query(call, "searchText").len
		? tu_dtrack__bad(call,
			  tu_fail(err, TU_E_USAGE, 0,
				  "a text is looked for in the violations of a project"))
		: TU_OK;
}

static int64_t sum(const struct tu_dtrack_counts *c)
{
	int64_t total = 0;

	for (int rule = 0; rule < TU_VIOLATIONS; rule++)
		total += c->violations[rule];
	return total;
}

struct all {
	const struct tu_project **at;
	size_t count;
	struct tu_dtrack_counts *counts;
	int64_t total;
};

/* What is counted of each: nobody's violations are none because their policy cannot be read. */
static enum tu_status count_all(struct tu_api_call *call, const struct tu_projects *projects,
	struct all *all, struct tu_error *err)
{
	enum tu_status status;

	all->at = tu_arena_array(call->arena, projects->count, sizeof(struct tu_project *));
	if (!all->at)
		return tu_no_memory(err);
	for (size_t i = 0; i < projects->count; i++)
		if (tu_api_query_true(call, "showInactive") ||
			!tu_str_eq(projects->at[i].state, TU_STR("withdrawn")))
			all->at[all->count++] = &projects->at[i];
	status = tu_dtrack__count(call, all->at, all->count, &all->counts, err);
	for (size_t i = 0; i < all->count && status == TU_OK; i++) {
		all->total += sum(&all->counts[i]);
		if (!all->counts[i].knows_violations)
			status = tu_fail(err, TU_E_CONFLICT, 0,
				"the device.yaml of %.*s cannot be read: what violates it is not "
				"known",
				TU_STR_FMT(all->at[i]->device));
	}
	return status;
}

/* Those of a project that are in the cut, of which the first is the number `first` of all. */
static enum tu_status write_some(struct tu_api_call *call, struct tu_str public_id, size_t first,
	const struct tu_dtrack_cut *cut, struct tu_error *err)
{
	const struct tu_dtrack_uuid uuid = tu_dtrack_uuid(public_id);
	struct tu_dtrack_project project;
	struct found *found = NULL;
	size_t count = 0;
	enum tu_status status = tu_dtrack__project(call, tu_dtrack_uuid_str(&uuid), &project, err);

	if (status == TU_OK)
		status = gather(call, &project, &found, &count, err);
	for (size_t i = 0; i < count && status == TU_OK; i++)
		if (first + i >= cut->from && first + i < cut->to)
			write_violation(tu_api_json(call), &project, &found[i]);
	return status;
}

enum tu_status tu_dtrack_get_violations(struct tu_api_call *call, struct tu_error *err)
{
	enum { PAGE = 100 };
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_projects projects;
	struct all all = {0};
	struct tu_dtrack_cut cut = {0};
	size_t first = 0;
	enum tu_status status = check_asked(call, err);

	if (status == TU_OK)
		status = tu_dtrack__read_projects(call, TU_STR(""), &projects, err);
	if (status == TU_OK)
		status = count_all(call, &projects, &all, err);
	if (status == TU_OK)
		status = tu_dtrack__cut(call, (size_t)all.total, &cut, err);
	if (cut.to - cut.from > PAGE)
		cut.to = cut.from + PAGE;
	tu_json_open_array(json);
	for (size_t i = 0; i < all.count && status == TU_OK; i++) {
		const size_t count = (size_t)sum(&all.counts[i]);

		if (first < cut.to && first + count > cut.from)
			status = write_some(call, all.at[i]->public_id, first, &cut, err);
		first += count;
	}
	tu_json_close_array(json);
	return status;
}
