/* Devices. */
#include <string.h>

#include "api/call.h"
#include "job/job.h"
#include "portfolio/device.h"
#include "portfolio/release.h"
#include "portfolio/scope.h"
#include "service/service.h"

struct device_row {
	struct tu_str id, name, title, warning;
	int64_t releases, version, created;
	bool intake;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct device_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct device_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct device_row, title, TU_API_TEXT, 0),
	TU_API_COLUMN(struct device_row, intake, TU_API_BOOL, 0),
	TU_API_COLUMN(struct device_row, releases, TU_API_INT, 0),
	TU_API_COLUMN(struct device_row, version, TU_API_INT, 0),
	TU_API_COLUMN(struct device_row, created, TU_API_TIME, 0),
};
const struct tu_api_table tu_api_table_device = TU_API_TABLE("Device", struct device_row, columns);

static const struct tu_api_column replaced_columns[] = {
	TU_API_COLUMN(struct device_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct device_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct device_row, title, TU_API_TEXT, 0),
	TU_API_COLUMN(struct device_row, intake, TU_API_BOOL, 0),
	TU_API_COLUMN(struct device_row, releases, TU_API_INT, 0),
	TU_API_COLUMN(struct device_row, version, TU_API_INT, 0),
	TU_API_COLUMN(struct device_row, created, TU_API_TIME, 0),
	TU_API_COLUMN(struct device_row, warning, TU_API_TEXT, TU_API_OPT),
};
const struct tu_api_table tu_api_table_device_replaced =
	TU_API_TABLE("DeviceReplaced", struct device_row, replaced_columns);

/* A row in the arena of the call: that of the transaction ends with it. */
static bool take_row(
	struct tu_api_call *call, const struct tu_device_seen *seen, struct device_row *out)
{
	const struct tu_device_row *device = &seen->device;

	out->releases = seen->releases;
	out->intake = seen->intake;
	out->version = device->version;
	out->created = device->created;
	return tu_arena_dup(call->arena, device->public_id, &out->id) &&
		tu_arena_dup(call->arena, device->name, &out->name) &&
		tu_arena_dup(call->arena, device->title, &out->title);
}

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_reading *r = self;
	struct tu_devices_seen seen;
	struct device_row *rows;
	enum tu_status status = tu_device_list(w, &r->call->who.scope, &seen, err);
	bool kept = true;

	if (status != TU_OK)
		return status;
	rows = tu_arena_array(r->call->arena, seen.count, sizeof(*rows));
	for (size_t i = 0; rows && kept && i < seen.count; i++)
		kept = take_row(r->call, &seen.at[i], &rows[i]);
	r->rows = (struct tu_api_rows){rows, seen.count};
	return rows && kept ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_api_list_devices(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_whole(call, read_all, err);
}

/* ---- one ---- */

static enum tu_status answer_named(
	struct tu_api_call *call, struct tu_str name, struct tu_str warning, struct tu_error *err)
{
	struct tu_api_reading r = {.call = call};
	enum tu_status status = tu_api_read(call, read_all, &r, err);

	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < r.rows.count; i++) {
		struct device_row row = ((const struct device_row *)r.rows.at)[i];

		if (!tu_str_eq(row.name, name))
			continue;
		row.warning = warning;
		tu_api_etag_version(call, row.version);
		return tu_api_answer_row(call, &row, err);
	}
	return tu_api_unknown(err, "device");
}

enum tu_status tu_api_get_device(struct tu_api_call *call, struct tu_error *err)
{
	return answer_named(call, call->path[0], TU_STR(""), err);
}

/* ---- a new one ---- */

struct adding {
	struct tu_api_call *call;
	struct tu_str name;
};

static enum tu_status add(struct tu_work *w, void *self, struct tu_error *err)
{
	struct adding *a = self;
	const struct tu_device_put put = {.text = a->call->bytes, .file = TU_STR("device.yaml")};
	struct tu_device_row row;
	const struct tu_device *device;
	enum tu_status status = tu_device_put(w, &put, &row, &device, err);

	if (status == TU_OK && !tu_arena_dup(a->call->arena, row.name, &a->name))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_api_create_device(struct tu_api_call *call, struct tu_error *err)
{
	struct adding a = {.call = call};
	enum tu_status status;

	/* whoever sees some devices could not see this one, and would learn which names are taken
	 */
	if (!call->who.scope.everything) {
		call->problem.type = TU_PROBLEM_FORBIDDEN;
		return tu_fail(err, TU_E_CONSTRAINT, 0, "only who sees all devices can add one");
	}
	status = tu_api_write(call, add, &a, err);
	if (status == TU_E_CONFLICT)
		return tu_fail(err, status, 0, "there is a device of this name already");
	if (status == TU_OK)
		status = answer_named(call, a.name, TU_STR(""), err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/devices/%.*s", TU_STR_FMT(a.name));
	return status;
}

/* ---- another device.yaml ---- */

enum tu_status tu_api_device_due(
	const struct tu_api_call *call, struct tu_work *w, int64_t device, struct tu_error *err)
{
	/* by device: a job that is open for another one may have looked already */
	const struct tu_job_spec spec = {.kind = TU_STR("settle"),
		.key = call->path[0],
		.payload = TU_STR("{}"),
		.run_at = w->act->at};
	struct tu_job_queued queued;
	enum tu_status status = tu_device_due(w, device, err);

	return status ? status : tu_job_add(w->tx, &spec, w->arena, &queued, err);
}

struct replacing {
	struct tu_api_call *call;
	struct tu_str warning; /* in its arena */
	bool is_approver; /* who has just proved who they are: may lower what the policy protects */
};

static enum tu_status replace(struct tu_work *w, void *self, struct tu_error *err)
{
	struct replacing *r = self;
	const struct tu_api_call *call = r->call;
	struct tu_device_row before, row;
	const struct tu_device *model;
	struct tu_str warning = {0};
	struct tu_device_put put = {
		.text = call->bytes, .file = TU_STR("device.yaml"), .out_warning = &warning};
	enum tu_status status = tu_device_in(w, &call->who.scope, call->path[0], &before, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	if (status == TU_OK)
		status = tu_device_parse(w, put.file, put.text, &model, err);
	if (status == TU_OK && !tu_str_eq(model->id, before.name))
		status = tu_fail(err, TU_E_USAGE, 0,
			"device.yaml is that of %.*s: a device keeps its name",
			TU_STR_FMT(model->id));
	if (status != TU_OK)
		return status;
	put.kb = call->kb ? call->kb->kb : NULL;
	put.based_on = call->if_match ? call->if_match : before.version;
	put.guarded = !r->is_approver;
	status = tu_device_put(w, &put, &row, NULL, err);
	/* harms, clocks and decisions are judged by it */
	if (status == TU_OK && row.version != before.version)
		status = tu_api_device_due(call, w, row.id, err);
	if (status == TU_OK && !tu_arena_dup(call->arena, warning, &r->warning))
		return tu_no_memory(err);
	return status ? status : tu_releases_when_out(w, row.id, err);
}

enum tu_status tu_api_replace_device(struct tu_api_call *call, struct tu_error *err)
{
	struct replacing r = {.call = call};
	struct tu_proof proof;
	struct tu_error none = {0};
	bool approves =
		tu_access_may(&call->who, TU_CLASS_APPROVE) && call->who.by == TU_ACCESS_SESSION;
	enum tu_status status;

	r.is_approver = approves && tu_api_proof(call, &proof, &none) == TU_OK;
	call->problem.type = TU_PROBLEM_NONE; /* it is asked for where the policy is lowered */
	/* without one decisions alone say what is exploited */
	call->kb = call->kb ? call->kb : tu_service_kb_hold(call->service);
	status = tu_api_write(call, replace, &r, err);
	if (status == TU_E_CONSTRAINT && err && strcmp(err->pointer, "policy") == 0) {
		err->pointer[0] = '\0';
		call->problem.type = approves ? TU_PROBLEM_NEEDS_PROOF : TU_PROBLEM_FORBIDDEN;
	}
	if (status == TU_OK)
		tu_service_wake(call->service);
	return status ? status : answer_named(call, call->path[0], r.warning, err);
}

enum tu_status tu_api_get_device_document(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_device_opened opened = {.scope = &call->who.scope, .name = call->path[0]};
	enum tu_status status = tu_device_open(tu_api_store(call), call->arena, &opened, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	if (status != TU_OK)
		return status;
	tu_api_etag_version(call, opened.row.version);
	tu_api_answer_file(call, "application/yaml", opened.text, TU_STR("device.yaml"));
	return TU_OK;
}

/* ---- no longer there ---- */

static enum tu_status remove_one(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct tu_api_call *call = self;
	struct tu_device_row row;
	enum tu_status status = tu_device_in(w, &call->who.scope, call->path[0], &row, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	if (status == TU_OK && call->if_match)
		row.version = call->if_match;
	return status ? status : tu_device_remove(w, &row, err);
}

enum tu_status tu_api_delete_device(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_write(call, remove_one, call, err);
}
