#include "portfolio/ledger_view.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "portfolio/scope.h"

/* Numbers of the records that are in the view. */
struct numbers {
	TU_VEC(int64_t) n;
};

static enum tu_status gather(struct tu_work *w, const struct tu_ledger_view_ask *ask,
	int64_t device, struct numbers *out, struct tu_error *err)
{
	const struct tu_ledger_filter *f = &ask->filter;
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_LEDGER_OF_DEVICE,
		TU_BIND(tu_int(device), tu_text(f->subject), tu_text(f->actor), tu_text(f->action),
			tu_int(f->from), tu_int(f->to ? f->to : INT64_MAX)),
		&rows, err);

	if (status)
		return status;
	while (kept && tu_rows_next(rows))
		kept = TU_VEC_PUSH_IN(w->arena, &out->n, tu_rows_int(rows, 0));
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

static int by_number(const void *a, const void *b)
{
	int64_t left, right;

	memcpy(&left, a, sizeof(left));
	memcpy(&right, b, sizeof(right));
	return (left > right) - (left < right);
}

static enum tu_status read_one(struct tu_work *w, int64_t n, struct tu_arena *arena,
	struct tu_ledger_record *out, struct tu_error *err)
{
	const struct tu_ledger_ask ask = {.before = n + 1, .limit = 1};
	struct tu_ledger_rows rows;
	enum tu_status status = tu_ledger_rows(w->tx, &ask, arena, &rows, err);

	if (status || rows.count != 1 || rows.at[0].n != n)
		return status ? status : tu_fail(err, TU_E_CORRUPT, 0, "a record is missing");
	*out = rows.at[0];
	out->n = 0;
	memset(out->hash, 0, sizeof(out->hash));
	return TU_OK;
}

enum tu_status tu_ledger_view(struct tu_work *w, const struct tu_ledger_view_ask *ask,
	struct tu_arena *arena, struct tu_ledger_view *out_view, struct tu_error *err)
{
	struct numbers all = {0};
	struct tu_ledger_record *rows;
	size_t end, count;
	enum tu_status status = TU_OK;

	*out_view = (struct tu_ledger_view){0};
	for (size_t i = 0; !status && i < ask->scope->device_count; i++)
		status = gather(w, ask, ask->scope->device_ids[i], &all, err);
	if (status)
		return status;
	if (all.n.count)
		qsort(all.n.at, all.n.count, sizeof(*all.n.at), by_number);
	end = ask->end < all.n.count ? (size_t)ask->end : all.n.count;
	count = end < ask->limit ? end : ask->limit;
	rows = tu_arena_array(arena, count, sizeof(*rows));
	if (!rows)
		return tu_no_memory(err);
	for (size_t i = 0; !status && i < count; i++)
		status = read_one(w, all.n.at[end - 1 - i], arena, &rows[i], err);
	*out_view = (struct tu_ledger_view){{rows, count}, all.n.count, end - count};
	return status;
}

/* ---- what a subject means ---- */

enum tu_status tu_ledger_subject(struct tu_work *w, struct tu_str subject,
	struct tu_ledger_subject *out, struct tu_error *err)
{
	const size_t colon = tu_str_find(subject, ':');
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status;

	*out = (struct tu_ledger_subject){0};
	if (colon == subject.len)
		return TU_OK;
	status = tu_tx_row(w->tx, TU_SQL_LEDGER_SUBJECT,
		TU_BIND(tu_text(tu_str_first(subject, colon)),
			tu_text(tu_str_from(subject, colon + 1))),
		&rows, err);
	if (status != TU_OK)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	status = tu_work_dup(w, tu_rows_text(rows, 0), &out->name, err);
	if (status == TU_OK)
		status = tu_work_dup(w, tu_rows_text(rows, 1), &out->of, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

/* ---- signatures ---- */

static bool read_signature(
	const struct tu_rows *rows, struct tu_arena *arena, struct tu_signature_row *out)
{
	struct tu_str *const texts[] = {
		&out->public, &out->person, &out->name, &out->meaning, &out->subject, &out->zone};
	const unsigned resets = 9;
	uint8_t hash[TU_SHA256_BYTES] = {0};
	struct tu_str content = tu_rows_text(rows, 7);
	struct tu_buf digits;
	bool kept = true;

	*out = (struct tu_signature_row){.at = tu_rows_int(rows, 6)};
	for (unsigned i = 0; kept && i < TU_COUNT(texts); i++)
		kept = tu_arena_dup(arena, tu_rows_text(rows, i), texts[i]);
	kept = kept && tu_arena_dup(arena, tu_rows_text(rows, resets), &out->credential_resets);
	if (content.len == sizeof(hash))
		memcpy(hash, content.ptr, sizeof(hash));
	tu_buf_init(&digits, 2 * TU_SHA256_BYTES);
	tu_sha256_write(hash, &digits);
	kept = kept && !digits.failed && tu_arena_dup(arena, tu_buf_str(&digits), &out->content);
	tu_buf_done(&digits);
	return kept;
}

enum tu_status tu_signature_rows(struct tu_work *w, const struct tu_signature_ask *ask,
	struct tu_arena *arena, struct tu_signature_rows *out_rows, struct tu_error *err)
{
	TU_VEC(struct tu_signature_row) all = {0};
	struct tu_signature_row row;
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_tx_query(
		w->tx, TU_SQL_SIGNATURES_OF, TU_BIND(tu_text(ask->subject)), &rows, err);

	*out_rows = (struct tu_signature_rows){0};
	if (status)
		return status;
	while (kept && tu_rows_next(rows)) {
		if (!ask->scope->everything && !tu_scope_has(ask->scope, tu_rows_int(rows, 8)))
			continue;
		kept = read_signature(rows, arena, &row) && TU_VEC_PUSH_IN(arena, &all, row);
	}
	status = tu_rows_close(rows, err);
	*out_rows = (struct tu_signature_rows){all.at, all.count};
	return status || kept ? status : tu_no_memory(err);
}
