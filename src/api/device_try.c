/* What another device.yaml would do, without putting it. */
#include "portfolio/device_try.h"

#include "api/call.h"
#include "api/sign.h"
#include "service/service.h"

struct trying {
	struct tu_api_call *call;
	struct tu_device_try that;
};

static void write_release(struct tu_json_writer *json, const struct tu_try_release *row)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "release", row->name);
	tu_json_member_bool(json, "looked_at", row->looked);
	tu_json_member_int(json, "findings", row->findings);
	tu_json_member_int(json, "uncontrolled_now", row->uncontrolled_now);
	tu_json_member_int(json, "uncontrolled_then", row->uncontrolled_then);
	tu_json_member_int(json, "to_uncontrolled", row->to_uncontrolled);
	tu_json_member_int(json, "to_controlled", row->to_controlled);
	tu_json_member_int(json, "reopened", row->reopened);
	tu_json_close_object(json);
}

static void write(const struct tu_device_try *that, struct tu_json_writer *json)
{
	tu_json_open_object(json);
	tu_json_key(json, "lowers");
	tu_json_open_array(json);
	for (size_t i = 0; i < that->lower_count; i++)
		tu_json_add_str(json, that->lowers[i]);
	tu_json_close_array(json);
	tu_json_key(json, "releases");
	tu_json_open_array(json);
	for (size_t i = 0; i < that->release_count; i++)
		write_release(json, &that->releases[i]);
	tu_json_close_array(json);
	tu_json_member_int(json, "releases_without_sbom", (int64_t)that->without_sbom);
	tu_json_close_object(json);
}

static enum tu_status run(struct tu_work *w, void *self, struct tu_error *err)
{
	struct trying *t = self;
	enum tu_status status = tu_device_try(w, &t->that, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	tu_api_restart(t->call);
	if (status == TU_OK)
		write(&t->that, tu_api_json(t->call));
	return status;
}

enum tu_status tu_api_try_device(struct tu_api_call *call, struct tu_error *err)
{
	struct trying t = {.call = call,
		.that = {.scope = &call->who.scope,
			.device = call->path[0],
			.text = call->bytes,
			.reader = tu_service_reader(call->service)}};
	enum tu_status status = tu_api_kb(call, err);

	if (status != TU_OK)
		return status;
	t.that.kb = call->kb->kb;
	return tu_api_read(call, run, &t, err);
}
