/* Who asks: clients look at the permissions to say what they can do. */
#include "api/call.h"
#include "connect/dtrack/ids.h"
#include "connect/dtrack/operations.h"
#include "connect/dtrack/permissions.h"

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
	tu_dtrack__write_permissions(json, &call->who, false);
	tu_json_close_object(json);
	return TU_OK;
}
