/* Components of a project. */
#include "connect/dtrack/ids.h"
#include "connect/dtrack/operations.h"
#include "connect/dtrack/project.h"
#include "connect/dtrack/result.h"

static void write_component(struct tu_json_writer *json, const struct tu_release_part *part,
	const struct tu_project *project)
{
	struct tu_dtrack_uuid uuid = tu_dtrack_uuid(part->key);

	tu_json_open_object(json);
	tu_json_member_str(json, "uuid", tu_dtrack_uuid_str(&uuid));
	tu_json_member_str(json, "name", part->name);
	tu_json_member_opt(json, "version", part->version);
	tu_json_member_opt(json, "purl", part->purl);
	tu_json_member_str(json, "classifier", TU_STR("LIBRARY"));
	tu_json_member_bool(json, "isInternal", false);
	if (!part->known)
		tu_json_member_str(json, "notes",
			TU_STR("The knowledge base has no data on it: that nothing is found says "
			       "nothing"));
	tu_json_key(json, "project");
	tu_json_open_object(json);
	tu_dtrack__write_project(json, project);
	tu_json_close_object(json);
	tu_json_close_object(json);
}

enum tu_status tu_dtrack_get_components(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_projects projects;
	struct tu_release_parts parts = {.arena = call->arena, .scope = &call->who.scope};
	struct tu_dtrack_cut cut = {0};
	enum tu_status status = tu_dtrack__read_project(call, call->path[0], &projects, err);

	if (status != TU_OK)
		return status;
	parts.release = projects.one->public_id;
	status = tu_release_parts(tu_api_store(call), &parts, err);
	if (status == TU_OK)
		status = tu_dtrack__cut(call, parts.count, &cut, err);
	tu_json_open_array(json);
	for (size_t i = cut.from; i < cut.to; i++)
		write_component(json, &parts.rows[i], projects.one);
	tu_json_close_array(json);
	return status;
}

/* ---- as version 2 of its API lists them ---- */

/* What is not known here is not asked for. */
static enum tu_status check_asked(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_str sort = tu_api_query(call, "sort_by");

	if (tu_api_query_true(call, "only_outdated") || tu_api_query_true(call, "only_direct"))
		return tu_dtrack__bad(call,
			tu_fail(err, TU_E_USAGE, 0,
				"which components are outdated or direct is not known here"));
	if (sort.len && !tu_str_eq(sort, TU_STR("name")))
		return tu_dtrack__bad(
			call, tu_fail(err, TU_E_USAGE, 0, "components are sorted by name"));
	return TU_OK;
}

static void write_part(struct tu_json_writer *json, const struct tu_release_part *part)
{
	struct tu_dtrack_uuid uuid = tu_dtrack_uuid(part->key);

	tu_json_open_object(json);
	tu_json_member_str(json, "uuid", tu_dtrack_uuid_str(&uuid));
	tu_json_member_str(json, "name", part->name);
	tu_json_member_opt(json, "version", part->version);
	tu_json_member_opt(json, "purl", part->purl);
	tu_json_member_str(json, "classifier", TU_STR("LIBRARY"));
	tu_json_member_bool(json, "is_internal", false);
	tu_json_member_int(json, "occurrence_count", part->uses);
	tu_json_close_object(json);
}

/* Those that have the text, in the order that is asked for. */
static size_t choose(struct tu_api_call *call, const struct tu_release_parts *parts,
	const struct tu_release_part **out)
{
	const struct tu_str text = tu_api_query(call, "q");
	const bool falls = tu_str_ieq(tu_api_query(call, "sort_direction"), TU_STR("DESC"));
	size_t count = 0;

	for (size_t i = 0; i < parts->count; i++) {
		const struct tu_release_part *part = &parts->rows[falls ? parts->count - 1 - i : i];

		if (!text.len || tu_str_isearch(part->name, text) < part->name.len)
			out[count++] = part;
	}
	return count;
}

static void write_page(
	struct tu_api_call *call, const struct tu_release_part *const *rows, size_t count)
{
	struct tu_json_writer *json = tu_api_json(call);
	const uint64_t limit = (uint64_t)tu_api_query_int(call, "limit", 100);
	uint64_t at = (uint64_t)tu_api_query_int(call, "page_token", 0);

	tu_json_open_object(json);
	tu_json_key(json, "items");
	tu_json_open_array(json);
	for (uint64_t end = at + limit; at < count && at < end; at++)
		write_part(json, rows[at]);
	tu_json_close_array(json);
	if (at < count) {
		size_t start;

		tu_json_key(json, "next_page_token");
		start = tu_json_open_text(json);
		tu_buf_printf(json->buf, "%llu", (unsigned long long)at);
		tu_json_close_text(json, start);
	}
	tu_json_key(json, "total");
	tu_json_open_object(json);
	tu_json_member_int(json, "count", (int64_t)count);
	tu_json_member_str(json, "type", TU_STR("EXACT"));
	tu_json_close_object(json);
	tu_json_close_object(json);
}

enum tu_status tu_dtrack_list_project_components(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_release_parts parts = {.arena = call->arena, .scope = &call->who.scope};
	const struct tu_release_part **rows;
	struct tu_projects projects;
	enum tu_status status = check_asked(call, err);

	if (status == TU_OK)
		status = tu_dtrack__read_project(call, call->path[0], &projects, err);
	if (status != TU_OK)
		return status;
	parts.release = projects.one->public_id;
	status = tu_release_parts(tu_api_store(call), &parts, err);
	if (status != TU_OK)
		return status;
	rows = tu_arena_array(call->arena, parts.count, sizeof(struct tu_release_part *));
	if (!rows)
		return tu_no_memory(err);
	write_page(call, rows, choose(call, &parts, rows));
	return TU_OK;
}
