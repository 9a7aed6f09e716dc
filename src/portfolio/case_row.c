/* The row of a case: its parts, as a scope sees them. */
#include "portfolio/case.h"
#include "portfolio/scope.h"

static bool in_scope(const struct tu_list_scope *scope, int64_t device_id)
{
	return !scope || tu_scope_has(scope, device_id);
}

static bool take_part(struct tu_work *w, const struct tu_rows *rows, struct tu_case_row *row)
{
	struct tu_case_part part = {
		.device_id = tu_rows_int(rows, 0),
		.owner_id = tu_rows_int(rows, 2),
		.closed = tu_str_eq(tu_rows_text(rows, 3), TU_STR("closed")),
		.learned_at = tu_rows_int(rows, 4),
		.opened = tu_rows_int(rows, 5),
		.closed_at = tu_rows_int(rows, 6),
		.version = tu_rows_int(rows, 7),
	};

	return tu_arena_dup(w->arena, tu_rows_text(rows, 1), &part.device) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 8), &part.owner_public) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 9), &part.owner) &&
		TU_VEC_PUSH_IN(w->arena, &row->parts.list, part);
}

static int64_t earliest(int64_t a, int64_t b)
{
	return !a || b < a ? b : a;
}

static void sum_up(struct tu_case_row *row)
{
	row->owner_id = row->learned_at = row->opened = row->closed_at = row->version = 0;
	row->owner = row->owner_public = (struct tu_str){0};
	row->closed = true;
	for (size_t i = 0; i < row->parts.list.count; i++) {
		const struct tu_case_part *part = &row->parts.list.at[i];

		if (!row->owner_id) {
			row->owner_id = part->owner_id;
			row->owner = part->owner;
			row->owner_public = part->owner_public;
		}
		row->closed = row->closed && part->closed;
		row->learned_at = earliest(row->learned_at, part->learned_at);
		row->opened = earliest(row->opened, part->opened);
		row->closed_at =
			part->closed_at > row->closed_at ? part->closed_at : row->closed_at;
		row->version += part->version;
	}
	if (!row->closed)
		row->closed_at = 0;
}

enum tu_status tu_case__read_parts(struct tu_work *w, struct tu_case_row *row, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_CASE_PARTS, TU_BIND(tu_int(row->id)), &rows, err);

	if (status != TU_OK)
		return status;
	memset(&row->parts, 0, sizeof(row->parts));
	while (ok && tu_rows_next(rows))
		if (in_scope(row->scope, tu_rows_int(rows, 0)))
			ok = take_part(w, rows, row);
	status = tu_rows_close(rows, err);
	if (status != TU_OK || !ok)
		return status ? status : tu_no_memory(err);
	sum_up(row);
	return row->parts.list.count
		? TU_OK
		: tu_fail(err, TU_E_NOTFOUND, 0, "there is no case on %.*s", TU_STR_FMT(row->vuln));
}

/* Public ids are 32 digits, which no name of a vulnerability is. */
static enum tu_status find_row(
	struct tu_work *w, struct tu_str name, struct tu_case_row *row, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status closed, status;

	status = tu_tx_row(w->tx,
		name.len == TU_RANDOM_ID ? TU_SQL_CASE_BY_PUBLIC : TU_SQL_CASE_BY_VULN,
		TU_BIND(tu_text(name)), &rows, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no case on %.*s", TU_STR_FMT(name));
	if (status != TU_OK)
		return status;
	row->id = tu_rows_int(rows, 0);
	row->vuln_id = tu_rows_int(rows, 1);
	row->own = tu_rows_int(rows, 4) != 0;
	status = tu_work_dup(w, tu_rows_text(rows, 2), &row->public_id, err);
	if (status == TU_OK)
		status = tu_work_dup(w, tu_rows_text(rows, 3), &row->vuln, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

enum tu_status tu_case_find_in(struct tu_work *w, struct tu_str vuln_or_public,
	const struct tu_list_scope *scope, struct tu_case_row *out_row, struct tu_error *err)
{
	struct tu_case_row row = {.scope = scope};
	enum tu_status status = find_row(w, vuln_or_public, &row, err);

	if (status == TU_OK)
		status = tu_case__read_parts(w, &row, err);
	*out_row = row;
	return status;
}

enum tu_status tu_case_find(
	struct tu_work *w, struct tu_str vuln, struct tu_case_row *out, struct tu_error *err)
{
	return tu_case_find_in(w, vuln, NULL, out, err);
}

enum tu_status tu_case__record_add(struct tu_record *record, struct tu_work *w,
	const struct tu_case_row *row, struct tu_error *err)
{
	const struct tu_change changes[] = {{"vulnerability", row->vuln_id}, {"case", row->id}};

	return tu_record_add_changes(record, w, changes, TU_COUNT(changes), err);
}

/* ---- what is written ---- */

enum tu_status tu_case__touch(struct tu_work *w, int64_t case_id, struct tu_error *err)
{
	for (size_t i = 0; i < w->touched.count; i++)
		if (w->touched.at[i] == case_id)
			return TU_OK;
	return TU_VEC_PUSH_IN(w->arena, &w->touched, case_id) ? TU_OK : tu_no_memory(err);
}

/* ---- new parts ---- */

struct device_ids {
	TU_VEC(int64_t) list;
};

static enum tu_status read_new(struct tu_work *w, const struct tu_case_row *row,
	const struct tu_case_opening *opening, struct device_ids *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_CASE_PART_NEW,
		TU_BIND(tu_int(row->id), tu_int(row->vuln_id)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		int64_t id = tu_rows_int(rows, 0);

		if (tu_rows_int(rows, 1) || (opening && in_scope(opening->scope, id)))
			ok = TU_VEC_PUSH_IN(w->arena, &out->list, id);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_case__join(struct tu_work *w, struct tu_case_row *row,
	const struct tu_case_opening *opening, struct tu_error *err)
{
	struct device_ids ids = {0};
	struct tu_batch batch = {.w = w};
	enum tu_status status = read_new(w, row, opening, &ids, err);

	if (status == TU_OK && ids.list.count)
		status = tu_case__touch(w, row->id, err);
	for (size_t i = 0; i < ids.list.count; i++)
		tu_batch_add(&batch,
			TU_BIND(tu_int(row->id), tu_int(ids.list.at[i]),
				tu_int(opening ? opening->learned_at : w->act->at),
				tu_int(w->act->at)));
	return status ? status : tu_batch_run(&batch, TU_SQL_CASE_PART_ADD, err);
}
