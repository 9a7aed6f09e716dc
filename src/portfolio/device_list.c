/* The devices that a person may see. */
#include "portfolio/device.h"
#include "portfolio/scope.h"

enum tu_status tu_device_in(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str name, struct tu_device_row *out_row, struct tu_error *err)
{
	enum tu_status status = tu_device_find(w, name, out_row, err);

	if (status == TU_E_NOTFOUND || (status == TU_OK && !tu_scope_has(scope, out_row->id)))
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such device");
	return status;
}

enum tu_status tu_device_due(struct tu_work *w, int64_t id, struct tu_error *err)
{
	return tu_work_exec(w, TU_SQL_RELEASE_DUE_DEVICE, TU_BIND(tu_int(id)), err);
}

static bool take_row(struct tu_work *w, const struct tu_rows *rows, struct tu_device_seen *out)
{
	struct tu_device_row *row = &out->device;

	*out = (struct tu_device_seen){
		.releases = tu_rows_int(rows, 7), .intake = tu_rows_int(rows, 8) != 0};
	row->id = tu_rows_int(rows, 0);
	row->document_id = tu_rows_int(rows, 4);
	row->version = tu_rows_int(rows, 5);
	row->created = tu_rows_int(rows, 6);
	return tu_arena_dup(w->arena, tu_rows_text(rows, 1), &row->public_id) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 2), &row->name) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 3), &row->title);
}

enum tu_status tu_device_list(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_devices_seen *out_devices, struct tu_error *err)
{
	TU_VEC(struct tu_device_seen) list = {0};
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_DEVICE_ROWS, TU_NO_BIND, &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_device_seen seen;

		if (!tu_scope_has(scope, tu_rows_int(rows, 0)))
			continue;
		ok = take_row(w, rows, &seen) && TU_VEC_PUSH_IN(w->arena, &list, seen);
	}
	status = tu_rows_close(rows, err);
	*out_devices = (struct tu_devices_seen){list.at, list.count};
	return status || ok ? status : tu_no_memory(err);
}
