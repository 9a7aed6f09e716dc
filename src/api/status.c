/* The service itself: its document, how it is. */
#include "api/call.h"

#include "list/list.h"
#include "service/service.h"

enum tu_status tu_api_get_openapi(struct tu_api_call *call, struct tu_error *err)
{
	(void)err;
	tu_api_answer_static(call, "application/json",
		tu_str_of(call->door->document, *call->door->document_len));
	return TU_OK;
}

static void write_kb(struct tu_json_writer *json, const struct tu_service_kb *kb)
{
	char time[TU_API_TIME_TEXT];
	struct tu_kb_info info;

	tu_json_key(json, "knowledge_base");
	if (!kb) {
		tu_json_add_null(json);
		return;
	}
	tu_kb_info(kb->kb, &info);
	tu_json_open_object(json);
	tu_json_member_bool(json, "starter", kb->is_starter);
	tu_json_member_int(json, "vulnerabilities", info.vulnerabilities);
	tu_json_member_str(json, "newest", tu_api_time_text(info.newest * 1000000, time));
	tu_json_close_object(json);
}

/* What is about the portfolio as a whole only for who sees it as a whole. */
static void write_size(struct tu_json_writer *json, const struct tu_api_call *call)
{
	struct tu_list_size size = tu_list_size(call->list);

	tu_json_key(json, "portfolio");
	if (!call->who.scope.everything) {
		tu_json_add_null(json);
		return;
	}
	tu_json_open_object(json);
	tu_json_member_int(json, "devices", (int64_t)size.devices);
	tu_json_member_int(json, "releases", (int64_t)size.releases);
	tu_json_member_int(json, "components", (int64_t)size.components);
	tu_json_member_int(json, "findings", (int64_t)size.findings);
	tu_json_close_object(json);
}

enum tu_status tu_api_get_status(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	enum tu_store_engine engine = tu_store_engine(tu_api_store(call));
	enum tu_status status = tu_api_list(call, err);
	char time[TU_API_TIME_TEXT];

	if (status != TU_OK)
		return status;
	call->kb = tu_service_kb_hold(call->service); /* NULL is an answer here */
	tu_json_open_object(json);
	tu_json_member_str(json, "time", tu_api_time_text(call->now, time));
	tu_json_member_str(json, "engine", tu_str_c(tu_store_engine_name(engine)));
	write_kb(json, call->kb);
	write_size(json, call);
	tu_json_close_object(json);
	return TU_OK;
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

/* In words for anybody: what more there is to say is in the log and in `tutela admin status`. */
enum tu_status tu_api_get_readiness(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_service_health health;
	enum tu_status status;

	tu_service_health(call->service, &health);
	status = health.ready ? tu_api_list(call, err) : TU_OK;
	if (health.ready && status == TU_OK)
		return fine(call);
	call->problem.type = TU_PROBLEM_BUSY;
	call->problem.open = true;
	return tu_fail(err, TU_E_BUSY, 0, "not ready: %s",
		tu_service_reason_words(health.ready ? TU_SERVICE_NO_DATABASE : health.reason));
}
