/* Projects as JSON: one, and pages of them. */
#include <stdlib.h>

#include "connect/dtrack/ids.h"
#include "connect/dtrack/project.h"
#include "connect/dtrack/result.h"

static bool is_active(const struct tu_project *p)
{
	return !tu_str_eq(p->state, TU_STR("withdrawn"));
}

static void member_uuid(struct tu_json_writer *json, const char *key, struct tu_str public_id)
{
	struct tu_dtrack_uuid uuid = tu_dtrack_uuid(public_id);

	tu_json_member_str(json, key, tu_dtrack_uuid_str(&uuid));
}

/* What a person has to know of it before they believe a number. */
static struct tu_str description_of(const struct tu_project *p)
{
	if (p->intake && !p->imported)
		return TU_STR("Intake: nobody has described this device, so every harm is taken "
			      "for the worst. It "
			      "has no SBOM: nothing is known of what is in it");
	if (p->intake)
		return TU_STR("Intake: nobody has described this device, so every harm is taken "
			      "for the worst");
	if (!p->imported)
		return TU_STR("It has no SBOM: nothing is known of what is in it");
	return p->title;
}

static void write_parent(struct tu_json_writer *json, const struct tu_project *p)
{
	if (!p->parent.len)
		return;
	tu_json_key(json, "parent");
	tu_json_open_object(json);
	member_uuid(json, "uuid", p->parent);
	tu_json_member_str(json, "name", p->parent_name);
	tu_json_member_str(json, "version", p->parent_version);
	tu_json_member_int(json, "lastBomImport", tu_dtrack__ms(p->parent_imported));
	tu_json_close_object(json);
}

void tu_dtrack__write_project(struct tu_json_writer *json, const struct tu_project *p)
{
	member_uuid(json, "uuid", p->public_id);
	tu_json_member_str(json, "name", p->name);
	tu_json_member_str(json, "version", p->version);
	tu_json_member_str(json, "classifier", TU_STR("DEVICE"));
	tu_json_member_str(json, "description", description_of(p));
	tu_json_member_bool(json, "active", is_active(p));
	tu_json_member_bool(json, "isLatest", p->latest);
	tu_json_member_int(json, "lastBomImport", tu_dtrack__ms(p->imported));
	tu_json_key(json, "tags");
	tu_json_open_array(json);
	for (size_t i = 0; i < p->tag_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "name", p->tags[i]);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	write_parent(json, p);
}

enum tu_status tu_dtrack__answer_project(
	struct tu_api_call *call, const struct tu_projects *projects, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_dtrack_counts *counts;
	enum tu_status status = tu_dtrack__count(call, &projects->one, 1, &counts, err);

	if (status != TU_OK)
		return status;
	tu_json_open_object(json);
	tu_dtrack__write_project(json, projects->one);
	tu_dtrack__write_counts(call, json, projects->one, counts);
	tu_json_key(json, "versions");
	tu_json_open_array(json);
	for (size_t i = 0; i < projects->count; i++) {
		const struct tu_project *p = &projects->at[i];

		tu_json_open_object(json);
		member_uuid(json, "uuid", p->public_id);
		tu_json_member_str(json, "version", p->version);
		tu_json_member_bool(json, "active", is_active(p));
		tu_json_member_bool(json, "isLatest", p->latest);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_close_object(json);
	return TU_OK;
}

/* ---- pages ---- */

struct rows {
	const struct tu_project **at;
	size_t count;
};

static bool has_text(const struct tu_project *p, struct tu_str text)
{
	if (!text.len || tu_str_isearch(p->name, text) < p->name.len ||
		tu_str_isearch(p->version, text) < p->version.len)
		return true;
	for (size_t i = 0; i < p->tag_count; i++)
		if (tu_str_isearch(p->tags[i], text) < p->tags[i].len)
			return true;
	return false;
}

static bool has_tag(const struct tu_api_call *call, const struct tu_project *p)
{
	struct tu_str tag = tu_api_query(call, "tag");

	for (size_t i = 0; i < p->tag_count; i++)
		if (tu_str_eq(p->tags[i], tag))
			return true;
	return !tag.len;
}

static bool is_wanted(const struct tu_api_call *call, const struct tu_project *p)
{
	if (tu_api_query_true(call, "excludeInactive") && !is_active(p))
		return false;
	if (tu_api_query_given(call, "active") && tu_api_query_true(call, "active") != is_active(p))
		return false;
	if (tu_api_query_given(call, "version") &&
		!tu_str_eq(tu_api_query(call, "version"), p->version))
		return false;
	if (tu_api_query_true(call, "onlyRoot") && p->parent_id)
		return false;
	return has_tag(call, p) && has_text(p, tu_api_query(call, "searchText"));
}

static const struct tu_project *of(const void *row)
{
	return *(const struct tu_project *const *)row;
}

static int compare_names(const void *a, const void *b)
{
	int order = tu_str_cmp(of(a)->name, of(b)->name);

	return order
		? order
		: (of(a)->release_id > of(b)->release_id) - (of(a)->release_id < of(b)->release_id);
}

static int compare_versions(const void *a, const void *b)
{
	int order = tu_str_cmp(of(a)->version, of(b)->version);

	return order ? order : compare_names(a, b);
}

static int compare_imports(const void *a, const void *b)
{
	int order = (of(a)->imported > of(b)->imported) - (of(a)->imported < of(b)->imported);

	return order ? order : compare_names(a, b);
}

static void sort(const struct tu_api_call *call, struct rows *rows)
{
	static const struct {
		const char *name;
		int (*compare)(const void *a, const void *b);
	} orders[] = {{"name", compare_names}, {"version", compare_versions},
		{"lastBomImport", compare_imports}};
	bool falls = tu_str_eq(tu_api_query(call, "sortOrder"), TU_STR("desc"));

	for (size_t i = 0; i < TU_COUNT(orders); i++)
		if (rows->count &&
			tu_str_eq(tu_api_query(call, "sortName"), tu_str_c(orders[i].name)))
			qsort(rows->at, rows->count, sizeof(struct tu_project *),
				orders[i].compare);
	for (size_t i = 0; falls && i < rows->count / 2; i++) {
		const struct tu_project *other = rows->at[i];

		rows->at[i] = rows->at[rows->count - 1 - i];
		rows->at[rows->count - 1 - i] = other;
	}
}

static bool has_children(const struct tu_projects *all, int64_t release)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->at[i].parent_id == release)
			return true;
	return false;
}

enum tu_status tu_dtrack__answer_projects(
	struct tu_api_call *call, const struct tu_projects *projects, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct rows rows = {
		.at = tu_arena_array(call->arena, projects->count, sizeof(struct tu_project *))};
	struct tu_dtrack_counts *counts;
	struct tu_dtrack_cut cut;
	enum tu_status status;

	if (!rows.at)
		return tu_no_memory(err);
	for (size_t i = 0; i < projects->count; i++)
		if (is_wanted(call, &projects->at[i]))
			rows.at[rows.count++] = &projects->at[i];
	sort(call, &rows);
	status = tu_dtrack__cut(call, rows.count, &cut, err);
	if (status == TU_OK)
		status =
			tu_dtrack__count(call, rows.at + cut.from, cut.to - cut.from, &counts, err);
	if (status != TU_OK)
		return status;
	if (tu_api_query_given(call, "totalCount"))
		tu_api_answer_header(call, "X-Total-Count-Type", TU_STR("EXACT"));
	tu_json_open_array(json);
	for (size_t i = cut.from; i < cut.to; i++) {
		tu_json_open_object(json);
		tu_dtrack__write_project(json, rows.at[i]);
		tu_dtrack__write_counts(call, json, rows.at[i], &counts[i - cut.from]);
		tu_json_member_bool(
			json, "hasChildren", has_children(projects, rows.at[i]->release_id));
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	return TU_OK;
}
