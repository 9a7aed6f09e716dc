#include "portfolio/release.h"

#include "portfolio/scope.h"

static const char *const state_names[] = {"draft", "released", "withdrawn"};

/* ---- reading ---- */

static bool take_row(struct tu_work *w, const struct tu_rows *rows, struct tu_release_row *row)
{
	*row = (struct tu_release_row){.id = tu_rows_int(rows, 0),
		.device_id = tu_rows_int(rows, 1),
		.released = tu_rows_int(rows, 5),
		.support_end = tu_rows_int(rows, 6),
		.sbom_id = tu_rows_int(rows, 7),
		.locked = tu_rows_int(rows, 8) != 0,
		.due = tu_rows_int(rows, 9) != 0,
		.row_version = tu_rows_int(rows, 10)};
	return tu_arena_dup(w->arena, tu_rows_text(rows, 2), &row->public_id) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 3), &row->version) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 4), &row->state);
}

static enum tu_status find(struct tu_work *w, enum tu_sql sql, struct tu_params params,
	struct tu_release_row *out_row, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(w->tx, sql, params, &rows, err);
	bool ok;

	if (status != TU_OK)
		return status;
	ok = take_row(w, rows, out_row);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_release_find(struct tu_work *w, const struct tu_device_row *device,
	struct tu_str version, struct tu_release_row *out_row, struct tu_error *err)
{
	enum tu_status status = find(w, TU_SQL_RELEASE_BY_VERSION,
		TU_BIND(tu_int(device->id), tu_text(version)), out_row, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "device %.*s has no release \"%.*s\"",
			TU_STR_FMT(device->name), TU_STR_FMT(version));
	return status;
}

enum tu_status tu_release_by_id(
	struct tu_work *w, int64_t id, struct tu_release_row *out_row, struct tu_error *err)
{
	return find(w, TU_SQL_RELEASE_BY_ID, TU_BIND(tu_int(id)), out_row, err);
}

enum tu_status tu_release_by_public(struct tu_work *w, struct tu_str public,
	struct tu_release_row *out_row, struct tu_error *err)
{
	return find(w, TU_SQL_RELEASE_BY_PUBLIC, TU_BIND(tu_text(public)), out_row, err);
}

enum tu_status tu_release_in(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str public, struct tu_release_row *out_row, struct tu_error *err)
{
	enum tu_status status = tu_release_by_public(w, public, out_row, err);

	if (status == TU_E_NOTFOUND ||
		(status == TU_OK && !tu_scope_has(scope, out_row->device_id)))
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such release");
	return status;
}

enum tu_status tu_release_list(struct tu_work *w, int64_t device_id,
	struct tu_release_rows *out_rows, struct tu_error *err)
{
	TU_VEC(struct tu_release_row) list = {0};
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(
		w->tx, TU_SQL_RELEASES_OF_DEVICE, TU_BIND(tu_int(device_id)), &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_release_row row;

		ok = take_row(w, rows, &row) && TU_VEC_PUSH_IN(w->arena, &list, row);
	}
	status = tu_rows_close(rows, err);
	*out_rows = (struct tu_release_rows){list.at, list.count};
	return status || ok ? status : tu_no_memory(err);
}

/* ---- as device.yaml lists them ---- */

static enum tu_status add_release(
	struct tu_work *w, int64_t device, const struct tu_release *model, struct tu_error *err)
{
	struct tu_str public_id;
	enum tu_status status = tu_work_new_id(w, &public_id, err);

	if (status != TU_OK)
		return status;
	return tu_work_exec(w, TU_SQL_RELEASE_ADD,
		TU_BIND(tu_text(public_id), tu_int(device), tu_text(model->version),
			model->released ? tu_int(model->released) : tu_null(),
			model->support_end ? tu_int(model->support_end) : tu_null(),
			tu_text_opt(model->configuration), tu_int(w->act->at)),
		err);
}

static enum tu_status change_release(struct tu_work *w, const struct tu_release_row *row,
	const struct tu_device *device, const struct tu_release *model, struct tu_error *err)
{
	if (row->locked && row->released && row->released != model->released)
		return tu_fail(err, TU_E_USAGE, 0,
			"%.*s:%u: release %.*s is released and locked: its date of release cannot "
			"become another",
			TU_STR_FMT(device->file), model->place.line, TU_STR_FMT(model->version));
	return tu_work_exec(w, TU_SQL_RELEASE_DESCRIBE,
		TU_BIND(tu_int(row->id), model->released ? tu_int(model->released) : tu_null(),
			model->support_end ? tu_int(model->support_end) : tu_null(),
			tu_text_opt(model->configuration)),
		err);
}

static const struct tu_release_row *row_of(
	const struct tu_release_rows *rows, struct tu_str version)
{
	for (size_t i = 0; i < rows->count; i++)
		if (tu_str_eq(rows->at[i].version, version))
			return &rows->at[i];
	return NULL;
}

enum tu_status tu_device__list_releases(
	struct tu_work *w, int64_t device, const struct tu_device *model, struct tu_error *err)
{
	struct tu_release_rows rows = {0};
	enum tu_status status = tu_release_list(w, device, &rows, err);

	for (size_t i = 0; i < rows.count && status == TU_OK; i++)
		if (tu_device_release(model, rows.at[i].version) == TU_NO_RELEASE)
			status = tu_fail(err, TU_E_USAGE, 0,
				"%.*s: release %.*s is missing: the store has it, and a release is "
				"withdrawn, not removed",
				TU_STR_FMT(model->file), TU_STR_FMT(rows.at[i].version));
	for (size_t i = 0; i < model->release_count && status == TU_OK; i++) {
		const struct tu_release *release = &model->releases[i];
		const struct tu_release_row *row = row_of(&rows, release->version);

		status = row ? change_release(w, row, model, release, err)
			     : add_release(w, device, release, err);
	}
	return status;
}

/* ---- changes ---- */

static enum tu_status record_state(struct tu_work *w, const struct tu_release_row *row,
	struct tu_str before, struct tu_error *err)
{
	struct tu_record record;

	tu_record_begin(&record, "release.state", "release:%.*s", TU_STR_FMT(row->public_id));
	record.change = (struct tu_change){"release", row->id};
	tu_json_member_str(&record.json, "version", row->version);
	tu_json_member_str(&record.json, "before", before);
	tu_json_member_str(&record.json, "after", row->state);
	return tu_record_add(&record, w, err);
}

static bool is_allowed(struct tu_str from, enum tu_release_state to)
{
	if (to == TU_RELEASE_RELEASED)
		return tu_str_eq(from, TU_STR("draft"));
	return to == TU_RELEASE_WITHDRAWN && !tu_str_eq(from, TU_STR("withdrawn"));
}

enum tu_status tu_release_move(struct tu_work *w, struct tu_release_row *row,
	enum tu_release_state to, struct tu_error *err)
{
	struct tu_str before = row->state;
	bool locks = to == TU_RELEASE_RELEASED || row->locked;
	enum tu_status status;

	if (!is_allowed(row->state, to))
		return tu_fail(err, TU_E_USAGE, 0, "release %.*s is %.*s: it cannot become %s",
			TU_STR_FMT(row->version), TU_STR_FMT(row->state), state_names[to]);
	if (to == TU_RELEASE_RELEASED && !row->sbom_id)
		return tu_fail(err, TU_E_USAGE, 0, "release %.*s has no SBOM yet",
			TU_STR_FMT(row->version));
	if (to == TU_RELEASE_WITHDRAWN && !w->act->reason.len)
		return tu_fail(err, TU_E_USAGE, 0, "a release is withdrawn for a reason");
	status = tu_work_update(w, TU_SQL_RELEASE_MOVE,
		TU_BIND(tu_int(row->id), tu_int(row->row_version),
			tu_text(tu_str_c(state_names[to])), tu_int(locks)),
		"release", err);
	if (status != TU_OK)
		return status;
	row->state = tu_str_c(state_names[to]);
	row->locked = locks;
	row->row_version++;
	return record_state(w, row, before, err);
}

enum tu_status tu_release_when_out(
	struct tu_work *w, struct tu_release_row *row, struct tu_error *err)
{
	bool is_out = row->released && row->released <= tu_work_seconds(w);

	if (!is_out || !row->sbom_id || !tu_str_eq(row->state, TU_STR("draft")))
		return TU_OK;
	return tu_release_move(w, row, TU_RELEASE_RELEASED, err);
}

enum tu_status tu_releases_when_out(struct tu_work *w, int64_t device_id, struct tu_error *err)
{
	struct tu_release_rows rows = {0};
	enum tu_status status = tu_release_list(w, device_id, &rows, err);

	for (size_t i = 0; i < rows.count && status == TU_OK; i++) {
		struct tu_release_row row = rows.at[i];

		status = tu_release_when_out(w, &row, err);
	}
	return status;
}

static enum tu_status find_out(
	struct tu_work *w, size_t limit, int64_t *ids, size_t *out_count, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_RELEASE_OUT_NEXT,
		TU_BIND(tu_int(tu_work_seconds(w)), tu_int((int64_t)limit)), &rows, err);

	*out_count = 0;
	if (status != TU_OK)
		return status;
	while (*out_count < limit && tu_rows_next(rows))
		ids[(*out_count)++] = tu_rows_int(rows, 0);
	return tu_rows_close(rows, err);
}

enum tu_status tu_releases_out(struct tu_work *w, struct tu_releases_out *out, struct tu_error *err)
{
	int64_t *ids = tu_arena_array(w->arena, out->limit, sizeof(*ids));
	size_t count = 0;
	enum tu_status status = ids ? find_out(w, out->limit, ids, &count, err) : tu_no_memory(err);

	for (size_t i = 0; i < count && status == TU_OK; i++) {
		struct tu_release_row row;

		status = tu_release_by_id(w, ids[i], &row, err);
		if (status == TU_OK)
			status = tu_release_when_out(w, &row, err);
	}
	out->released = count;
	out->more = count == out->limit;
	return status;
}

static enum tu_status correct(struct tu_work *w, const struct tu_release_row *row,
	const struct tu_document *sbom, struct tu_error *err)
{
	if (!w->act->reason.len)
		return tu_fail(err, TU_E_USAGE, 0,
			"release %.*s is %.*s and locked: its SBOM changes only by a correction "
			"with a reason",
			TU_STR_FMT(row->version), TU_STR_FMT(row->state));
	return tu_work_exec(w, TU_SQL_RELEASE_CORRECT,
		TU_BIND(tu_int(row->id), row->sbom_id ? tu_int(row->sbom_id) : tu_null(),
			tu_int(sbom->id), tu_text(w->act->reason), tu_int(w->act->at)),
		err);
}

enum tu_status tu_release_set_sbom(struct tu_work *w, struct tu_release_row *row,
	const struct tu_document *sbom, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	if (row->locked && row->sbom_id != sbom->id)
		status = correct(w, row, sbom, err);
	if (status == TU_OK)
		status = tu_work_update(w, TU_SQL_RELEASE_SET_SBOM,
			TU_BIND(tu_int(row->id), tu_int(row->row_version), tu_int(sbom->id)),
			"release", err);
	if (status != TU_OK)
		return status;
	row->sbom_id = sbom->id;
	row->row_version++;
	return TU_OK;
}
