/* The service itself: its document, how it is. */
#include "api/call.h"

#include "service/service.h"

enum tu_status tu_api_get_openapi(struct tu_api_call *call, struct tu_error *err)
{
	(void)err;
	tu_api_answer_static(
		call, "application/json", tu_str_of(tu_text_openapi, tu_text_openapi_len));
	return TU_OK;
}

enum tu_status tu_api_get_status(struct tu_api_call *call, struct tu_error *err)
{
	return tu_service_status_write(call->service, &call->answer.body, err);
}

static enum tu_status fine(struct tu_api_call *call)
{
	struct tu_json_writer *json = tu_api_json(call);

	tu_json_open_object(json);
	tu_json_member_str(json, "status", TU_STR("ok"));
	tu_json_close_object(json);
	return TU_OK;
}

enum tu_status tu_api_get_health(struct tu_api_call *call, struct tu_error *err)
{
	(void)err;
	return fine(call);
}

/* Why it is not ready is for the log and /v1/status: whoever asks here may be anybody. */
enum tu_status tu_api_get_readiness(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_service_health health;

	tu_service_health(call->service, &health);
	return health.ready ? fine(call) : tu_fail(err, TU_E_BUSY, 0, "%s", health.why);
}
