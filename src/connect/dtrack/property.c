/* What the service knows of a project, as its properties: they are read, and none can be set. */
#include "connect/dtrack/operations.h"
#include "connect/dtrack/project.h"

static void write_property(struct tu_json_writer *json, const char *name, struct tu_str value,
	const char *type, const char *description)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "groupName", TU_STR("tutela"));
	tu_json_member_str(json, "propertyName", tu_str_c(name));
	tu_json_member_str(json, "propertyValue", value);
	tu_json_member_str(json, "propertyType", tu_str_c(type));
	tu_json_member_str(json, "description", tu_str_c(description));
	tu_json_close_object(json);
}

enum tu_status tu_dtrack_get_properties(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_projects projects;
	const struct tu_project *p;
	enum tu_status status = tu_dtrack__read_project(call, call->path[0], &projects, err);

	if (status != TU_OK)
		return status;
	p = projects.one;
	tu_json_open_array(json);
	write_property(json, "device", p->device, "STRING", "The name of the device in /v1");
	write_property(json, "release", p->public_id, "STRING", "The id of the release in /v1");
	write_property(json, "state", p->state, "STRING", "draft, released or withdrawn");
	write_property(json, "intake", p->intake ? TU_STR("true") : TU_STR("false"), "BOOLEAN",
		"Nobody has described the device: every harm is taken for the worst");
	tu_json_close_array(json);
	return TU_OK;
}
