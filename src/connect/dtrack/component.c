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
