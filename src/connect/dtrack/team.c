/* Who asks: clients look at the permissions to say what they can do. */
#include "api/call.h"
#include "connect/dtrack/ids.h"
#include "connect/dtrack/operations.h"

/* Permissions of Dependency-Track, and the class of operations of ours that gives each. */
static const struct {
	const char *name;
	enum tu_access_class class;
} permissions[] = {
	{"BOM_UPLOAD", TU_CLASS_WRITE},
	{"PORTFOLIO_MANAGEMENT", TU_CLASS_WRITE},
	{"PROJECT_CREATION_UPLOAD", TU_CLASS_WRITE},
	{"VIEW_PORTFOLIO", TU_CLASS_READ},
	{"VIEW_VULNERABILITY", TU_CLASS_READ},
	{"VIEW_POLICY_VIOLATION", TU_CLASS_READ},
	{"VIEW_BADGES", TU_CLASS_READ},
};

/* A key stands for itself: what it may, and not who else is in its team. */
enum tu_status tu_dtrack_get_team_self(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_dtrack_uuid uuid = tu_dtrack_uuid(tu_random_id_str(call->who.actor));

	(void)err;
	tu_json_open_object(json);
	tu_json_member_str(json, "uuid", tu_dtrack_uuid_str(&uuid));
	tu_json_member_str(
		json, "name", call->who.by == TU_ACCESS_KEY ? TU_STR("key") : TU_STR("person"));
	tu_json_key(json, "permissions");
	tu_json_open_array(json);
	for (size_t i = 0; i < TU_COUNT(permissions); i++) {
		if (!tu_access_may(&call->who, permissions[i].class))
			continue;
		tu_json_open_object(json);
		tu_json_member_str(json, "name", tu_str_c(permissions[i].name));
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_close_object(json);
	return TU_OK;
}
