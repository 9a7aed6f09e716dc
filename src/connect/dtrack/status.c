/* What answers here. */
#include "api/call.h"
#include "base/json_writer.h"
#include "connect/dtrack/operations.h"
#include "service/service.h"

/* The version of Dependency-Track's API whose shapes these are: clients look at it to choose. */
#define API_VERSION "4.14.0"

enum tu_status tu_dtrack_get_version(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	char time[TU_API_TIME_TEXT];

	(void)err;
	tu_json_open_object(json);
	tu_json_member_str(json, "application", TU_STR("Tutela"));
	tu_json_member_str(json, "version", TU_STR(API_VERSION));
	tu_json_member_str(json, "timestamp", tu_api_time_text(call->now, time));
	tu_json_close_object(json);
	return TU_OK;
}
