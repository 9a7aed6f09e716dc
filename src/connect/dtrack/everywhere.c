/*
 * Findings of all projects, one by one and by vulnerability. The list is asked by pages that go on
 * from a place; its clients ask by number, so pages are walked up to theirs, and not beyond
 * DEEPEST.
 */
#include <tutela/claim.h>
#include <tutela/score.h>

#include "connect/dtrack/operations.h"
#include "connect/dtrack/project.h"
#include "connect/dtrack/result.h"

enum { PAGE = 100, DEEPEST = 100000 };

/* ---- what is asked ---- */

static enum tu_status bad(struct tu_api_call *call, struct tu_error *err, const char *words)
{
	return tu_dtrack__bad(call, tu_fail(err, TU_E_USAGE, 0, "%s", words));
}

/* Words with commas between them as a set of the places of `names`, ended by NULL; false: one is
 * none of them. */
static bool read_words(struct tu_str words, const char *const *names, uint32_t *out_set)
{
	struct tu_str word;

	*out_set = 0;
	while (words.len && tu_str_split(&words, ',', &word)) {
		uint32_t bit = 1;
		const char *const *name = names;

		for (; *name && !tu_str_ieq(tu_str_trim(word), tu_str_c(*name)); name++)
			bit <<= 1;
		if (!*name)
			return false;
		*out_set |= bit;
	}
	return true;
}

/* The list knows "from" and "below" alone. */
static enum tu_status take_severity(
	struct tu_api_call *call, struct tu_list_filter *filter, struct tu_error *err)
{
	static const char *const names[] = {[TU_SEVERITY_UNKNOWN] = "UNASSIGNED",
		[TU_SEVERITY_NONE] = "INFO",
		[TU_SEVERITY_LOW] = "LOW",
		[TU_SEVERITY_MEDIUM] = "MEDIUM",
		[TU_SEVERITY_HIGH] = "HIGH",
		[TU_SEVERITY_CRITICAL] = "CRITICAL",
		[TU_SEVERITY_COUNT_] = NULL};
	uint32_t set;

	if (!read_words(tu_api_query(call, "severity"), names, &set))
		return bad(
			call, err, "severity is of CRITICAL, HIGH, MEDIUM, LOW, INFO, UNASSIGNED");
	if (!set)
		return TU_OK;
	while (!(set >> filter->severity_from & 1))
		filter->severity_from++;
	filter->severity_below = filter->severity_from;
	while (set >> filter->severity_below & 1)
		filter->severity_below++;
	return set >> filter->severity_below
		? bad(call, err, "severities are asked for that stand beside each other")
		: TU_OK;
}

/* As findings say it (tu_dtrack__state). What is in triage is so for more than one reason, which is
 * no question to the list. */
static enum tu_status take_states(
	struct tu_api_call *call, struct tu_list_filter *filter, struct tu_error *err)
{
	enum { NOT_SET = 1, EXPLOITABLE = 2, NOT_AFFECTED = 4, RESOLVED = 8 };
	static const char *const names[] = {
		"NOT_SET", "EXPLOITABLE", "NOT_AFFECTED", "RESOLVED", NULL};
	static const char words[] = "analysisStatus is NOT_SET alone, or of EXPLOITABLE, "
				    "NOT_AFFECTED, RESOLVED; what is in triage is in /v1/findings";
	uint32_t set;

	if (!read_words(tu_api_query(call, "analysisStatus"), names, &set))
		return bad(call, err, words);
	if (!set)
		return TU_OK;
	if (set == NOT_SET) {
		filter->states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED);
		return TU_OK;
	}
	filter->states = TU_LIST_BIT(TU_LIST_CARRIED) | TU_LIST_BIT(TU_LIST_DECIDED);
	filter->statuses = (set & EXPLOITABLE ? TU_LIST_BIT(TU_CLAIM_AFFECTED) : 0) |
		(set & NOT_AFFECTED ? TU_LIST_BIT(TU_CLAIM_NOT_AFFECTED) : 0) |
		(set & RESOLVED ? TU_LIST_BIT(TU_CLAIM_FIXED) : 0);
	return set & NOT_SET ? bad(call, err, words) : TU_OK;
}

static enum tu_status take_text(
	struct tu_api_call *call, struct tu_list_filter *filter, struct tu_error *err)
{
	static const char *const names[] = {"vulnerability_id", "component_name", NULL};
	struct tu_str text = tu_api_query(call, "textSearchInput");
	uint32_t set;

	filter->text = text.len ? text : tu_api_query(call, "searchText");
	if (!text.len || read_words(tu_api_query(call, "textSearchField"), names, &set))
		return TU_OK;
	return bad(call, err, "a text is looked for in vulnerability_id and component_name");
}

static enum tu_status take_filter(
	struct tu_api_call *call, struct tu_list_filter *filter, struct tu_error *err)
{
	enum tu_status status = take_severity(call, filter, err);

	filter->closed = tu_api_query_true(call, "showSuppressed") ? TU_LIST_ANY : TU_LIST_NO;
	if (!tu_api_query_true(call, "showInactive"))
		filter->release_states =
			TU_LIST_BIT(TU_RELEASE_DRAFT) | TU_LIST_BIT(TU_RELEASE_RELEASED);
	if (status == TU_OK)
		status = take_states(call, filter, err);
	return status ? status : take_text(call, filter, err);
}

static void take_order(const struct tu_api_call *call, struct tu_list_query *query)
{
	static const struct {
		const char *name;
		enum tu_list_sort sort;
	} rows[] = {{"vulnerability.vulnId", TU_LIST_BY_NAME},
		{"vulnerability.severity", TU_LIST_BY_SEVERITY},
		{"vulnerability.epssScore", TU_LIST_BY_EPSS},
		{"attribution.attributedOn", TU_LIST_BY_FIRST_SEEN},
		{"analysis.state", TU_LIST_BY_STATE}};
	const bool falls = tu_str_eq(tu_api_query(call, "sortOrder"), TU_STR("desc"));

	query->sort = TU_LIST_BY_SEVERITY;
	query->descending = true;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		if (!tu_str_eq(tu_api_query(call, "sortName"), tu_str_c(rows[i].name)))
			continue;
		query->sort = rows[i].sort;
		/* ranks of severity count from the worst */
		query->descending = falls != (rows[i].sort == TU_LIST_BY_SEVERITY);
	}
}

/* ---- the rows ---- */

struct asking {
	struct tu_api_call *call;
	struct tu_list_filter filter;
	struct tu_list_query query;
	struct tu_projects projects; /* of findings */
	enum tu_status (*write)(const struct asking *a, const struct tu_list_page *page, size_t at,
		struct tu_error *err);
};

static enum tu_status write_finding(
	const struct asking *a, const struct tu_list_page *page, size_t at, struct tu_error *err)
{
	const struct tu_list_finding *f = &page->findings[at];
	const struct tu_project *of = NULL;
	struct tu_dtrack_project project;

	for (size_t i = 0; i < a->projects.count && !of; i++)
		if (a->projects.at[i].release_id == f->release.id)
			of = &a->projects.at[i];
	if (!of) /* it was made after the projects were read: the next question has both */
		return TU_OK;
	project = (struct tu_dtrack_project){.uuid = tu_dtrack_uuid(of->public_id),
		.id = of->public_id,
		.name = of->name,
		.version = of->version};
	return tu_dtrack__finding(a->call, &project, f, err);
}

static enum tu_status write_group(
	const struct asking *a, const struct tu_list_page *page, size_t at, struct tu_error *err)
{
	const struct tu_list_group *group = &page->groups[at];
	struct tu_json_writer *json = tu_api_json(a->call);
	enum tu_status status;

	tu_json_open_object(json);
	tu_json_key(json, "vulnerability");
	tu_json_open_object(json);
	status = tu_dtrack__vulnerability(a->call, json, &group->vulnerability, err);
	tu_json_member_int(
		json, "severityRank", tu_dtrack__severity_rank(group->vulnerability.severity));
	tu_json_member_int(json, "affectedProjectCount", group->releases);
	tu_json_close_object(json);
	tu_json_key(json, "attribution");
	tu_json_open_object(json);
	tu_json_member_str(json, "analyzerIdentity", TU_STR("INTERNAL_ANALYZER"));
	tu_json_member_int(json, "attributedOn", tu_dtrack__ms(group->first_seen));
	tu_json_close_object(json);
	tu_json_close_object(json);
	return status;
}

/* The rows of the cut. */
static enum tu_status write_rows(
	struct asking *a, const struct tu_dtrack_cut *cut, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	a->query.page_size = TU_LIST_PAGE_MAX;
	for (size_t at = 0; at < cut->to && status == TU_OK;) {
		struct tu_list_page page;

		status = tu_list_page(a->call->arena, a->call->list, &a->query, &page, err);
		for (size_t i = 0; status == TU_OK && i < page.count && at < cut->to; i++, at++)
			if (at >= cut->from)
				status = a->write(a, &page, i, err);
		a->query.cursor = page.next;
		if (!page.next.len)
			break;
	}
	return status;
}

static enum tu_status cut_page(
	struct asking *a, uint64_t total, struct tu_dtrack_cut *cut, struct tu_error *err)
{
	enum tu_status status = tu_dtrack__cut(a->call, (size_t)total, cut, err);

	if (status != TU_OK)
		return status;
	if (!tu_api_query_given(a->call, "pageSize") && !tu_api_query_given(a->call, "limit") &&
		cut->to - cut->from > PAGE)
		cut->to = cut->from + PAGE;
	if (cut->to - cut->from > TU_LIST_PAGE_MAX)
		cut->to = cut->from + TU_LIST_PAGE_MAX;
	return cut->to > DEEPEST && cut->from < cut->to
		? bad(a->call, err,
			  "a page begins before 100000; /v1/findings goes on from a place")
		: TU_OK;
}

static enum tu_status answer(struct asking *a, struct tu_error *err)
{
	const struct tu_list_filters counting = {
		.kind = a->query.kind, .scope = &a->call->who.scope, .at = &a->filter, .count = 1};
	struct tu_dtrack_cut cut = {0};
	uint64_t total = 0;
	enum tu_status status = take_filter(a->call, &a->filter, err);

	a->query.filter = &a->filter;
	a->query.scope = &a->call->who.scope;
	take_order(a->call, &a->query);
	if (status == TU_OK)
		status = tu_api_list(a->call, err);
	if (status == TU_OK)
		status = tu_list_count(a->call->list, &counting, &total, err);
	if (status == TU_OK)
		status = cut_page(a, total, &cut, err);
	if (status != TU_OK)
		return status;
	tu_json_open_array(tu_api_json(a->call));
	status = write_rows(a, &cut, err);
	tu_json_close_array(tu_api_json(a->call));
	return status;
}

enum tu_status tu_dtrack_get_all_findings(struct tu_api_call *call, struct tu_error *err)
{
	struct asking a = {.call = call, .query.kind = TU_LIST_FINDINGS, .write = write_finding};
	enum tu_status status = tu_dtrack__read_projects(call, TU_STR(""), &a.projects, err);

	return status ? status : answer(&a, err);
}

enum tu_status tu_dtrack_get_all_findings_grouped(struct tu_api_call *call, struct tu_error *err)
{
	struct asking a = {
		.call = call, .query.kind = TU_LIST_OF_VULNERABILITIES, .write = write_group};

	return answer(&a, err);
}
