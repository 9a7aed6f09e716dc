/* Is what a token stands for still going on? An upload is done when it is answered; other tokens
 * are jobs. One that nobody has is of nothing that goes on. */
#include "api/call.h"
#include "connect/dtrack/ids.h"
#include "connect/dtrack/operations.h"
#include "job/job.h"

struct asking {
	struct tu_api_call *call;
	char id[TU_RANDOM_ID + 1];
	bool goes_on;
};

static enum tu_status look(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *a = self;
	struct tu_job_seen job;
	enum tu_status status = tu_job_see(w->tx, tu_random_id_str(a->id), w->arena, &job, err);

	if (status == TU_E_NOTFOUND)
		return TU_OK;
	if (status == TU_OK)
		a->goes_on = tu_str_eq(job.state, TU_STR("queued")) ||
			tu_str_eq(job.state, TU_STR("running"));
	return status;
}

static enum tu_status answer(struct tu_api_call *call, struct tu_error *err)
{
	struct asking a = {.call = call};
	struct tu_json_writer *json = tu_api_json(call);
	enum tu_status status = TU_OK;

	if (tu_dtrack_uuid_read(call->path[0], a.id))
		status = tu_api_read(call, look, &a, err);
	tu_json_open_object(json);
	tu_json_member_bool(json, "processing", a.goes_on);
	tu_json_close_object(json);
	return status;
}

enum tu_status tu_dtrack_get_event_token(struct tu_api_call *call, struct tu_error *err)
{
	return answer(call, err);
}

enum tu_status tu_dtrack_get_bom_token(struct tu_api_call *call, struct tu_error *err)
{
	tu_api_answer_header(call, "X-API-Deprecated", TU_STR("true"));
	return answer(call, err);
}
