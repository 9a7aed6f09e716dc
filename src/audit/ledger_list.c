#include "audit/ledger_list.h"

#include <string.h>

#include "base/vec.h"

static void take_hash(struct tu_str text, uint8_t out_hash[TU_SHA256_BYTES])
{
	memset(out_hash, 0, TU_SHA256_BYTES);
	if (text.len == TU_SHA256_BYTES)
		memcpy(out_hash, text.ptr, TU_SHA256_BYTES);
}

static bool read_record(
	const struct tu_rows *rows, struct tu_arena *arena, struct tu_ledger_record *out)
{
	struct tu_str *const texts[] = {
		&out->texts.actor, &out->texts.action, &out->texts.subject, &out->texts.body};
	bool kept = true;

	*out = (struct tu_ledger_record){.n = tu_rows_int(rows, 0), .at = tu_rows_int(rows, 1)};
	for (unsigned i = 0; kept && i < TU_COUNT(texts); i++)
		kept = tu_arena_dup(arena, tu_rows_text(rows, 2 + i), texts[i]);
	take_hash(tu_rows_text(rows, 6), out->hash);
	return kept;
}

static int64_t end_of(const struct tu_ledger_filter *filter)
{
	return filter->to ? filter->to : INT64_MAX;
}

enum tu_status tu_ledger_rows(struct tu_tx *tx, const struct tu_ledger_ask *ask,
	struct tu_arena *arena, struct tu_ledger_rows *out_rows, struct tu_error *err)
{
	const struct tu_ledger_filter *f = &ask->filter;
	TU_VEC(struct tu_ledger_record) all = {0};
	struct tu_ledger_record row;
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status =
		tu_tx_query(tx, f->subject.len ? TU_SQL_LEDGER_PAGE_SUBJECT : TU_SQL_LEDGER_PAGE,
			TU_BIND(tu_int(ask->before), tu_int(ask->limit), tu_text(f->actor),
				tu_text(f->action), tu_int(f->from), tu_int(end_of(f)),
				tu_text(f->subject)),
			&rows, err);

	*out_rows = (struct tu_ledger_rows){0};
	if (status)
		return status;
	while (kept && tu_rows_next(rows))
		kept = read_record(rows, arena, &row) && TU_VEC_PUSH_IN(arena, &all, row);
	status = tu_rows_close(rows, err);
	*out_rows = (struct tu_ledger_rows){all.at, all.count};
	return status || kept ? status : tu_no_memory(err);
}

enum tu_status tu_ledger_count(struct tu_tx *tx, const struct tu_ledger_filter *filter,
	int64_t *out_count, bool *out_exact, struct tu_error *err)
{
	enum tu_status status = tu_tx_int(tx,
		filter->subject.len ? TU_SQL_LEDGER_COUNT_SUBJECT : TU_SQL_LEDGER_COUNT,
		TU_BIND(tu_int(TU_LEDGER_COUNT_MAX + 1), tu_text(filter->actor),
			tu_text(filter->action), tu_int(filter->from), tu_int(end_of(filter)),
			tu_text(filter->subject)),
		out_count, err);

	*out_exact = !status && *out_count <= TU_LEDGER_COUNT_MAX;
	if (!status && !*out_exact)
		*out_count = TU_LEDGER_COUNT_MAX;
	return status;
}

/* ---- one ---- */

/* The record before it, it, the next: what there is of them. */
static enum tu_status read_three(struct tu_tx *tx, int64_t n, struct tu_arena *arena,
	struct tu_ledger_rows *out, struct tu_error *err)
{
	TU_VEC(struct tu_ledger_record) all = {0};
	struct tu_ledger_record row;
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_LEDGER_FROM, TU_BIND(tu_int(n - 1), tu_int(3)), &rows, err);

	if (status)
		return status;
	while (kept && tu_rows_next(rows))
		kept = read_record(rows, arena, &row) && TU_VEC_PUSH_IN(arena, &all, row);
	status = tu_rows_close(rows, err);
	*out = (struct tu_ledger_rows){all.at, all.count};
	return status || kept ? status : tu_no_memory(err);
}

static enum tu_status judge(struct tu_ledger_one *one, struct tu_error *err)
{
	uint8_t content[TU_SHA256_BYTES], hash[TU_SHA256_BYTES];
	enum tu_status status = tu_ledger_content(&one->record.texts, content, err);

	if (!status && tu_ledger_hash(one->before, one->record.n, one->record.at, content, hash))
		status = tu_no_memory(err);
	one->follows = !status && memcmp(hash, one->record.hash, sizeof(hash)) == 0;
	return status == TU_E_SYNTAX ? TU_OK : status;
}

enum tu_status tu_ledger_one(struct tu_tx *tx, int64_t n, struct tu_arena *arena,
	struct tu_ledger_one *out_one, struct tu_error *err)
{
	struct tu_ledger_rows near = {0};
	bool found = false;
	enum tu_status status;

	*out_one = (struct tu_ledger_one){.last = true};
	status = n < 1 ? TU_OK : read_three(tx, n, arena, &near, err);
	for (size_t i = 0; !status && i < near.count; i++) {
		const struct tu_ledger_record *row = &near.at[i];

		if (row->n == n - 1)
			memcpy(out_one->before, row->hash, sizeof(row->hash));
		if (row->n == n + 1)
			memcpy(out_one->after, row->hash, sizeof(row->hash));
		if (row->n == n)
			out_one->record = *row;
		out_one->last &= row->n <= n;
		found |= row->n == n;
	}
	if (!status && !found)
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such record");
	if (!status)
		status = judge(out_one, err);
	if (!status)
		status = tu_tx_int(tx, TU_SQL_CHECKPOINT_FROM, TU_BIND(tu_int(n), tu_int(1)),
			&out_one->checkpoint, err);
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

/* ---- checkpoints ---- */

static bool read_checkpoint(
	const struct tu_rows *rows, struct tu_arena *arena, struct tu_checkpoint_row *out)
{
	uint8_t hash[TU_SHA256_BYTES];
	struct tu_buf digits;
	bool kept;

	*out = (struct tu_checkpoint_row){.n = tu_rows_int(rows, 0),
		.at = tu_rows_int(rows, 1),
		.exported = tu_rows_int(rows, 4)};
	take_hash(tu_rows_text(rows, 2), hash);
	tu_buf_init(&digits, 2 * TU_SHA256_BYTES);
	tu_sha256_write(hash, &digits);
	kept = !digits.failed && tu_arena_dup(arena, tu_buf_str(&digits), &out->hash) &&
		tu_arena_dup(arena, tu_rows_text(rows, 3), &out->key);
	tu_buf_done(&digits);
	return kept;
}

enum tu_status tu_checkpoint_rows(struct tu_tx *tx, struct tu_arena *arena,
	struct tu_checkpoint_rows *out_rows, struct tu_error *err)
{
	TU_VEC(struct tu_checkpoint_row) all = {0};
	struct tu_checkpoint_row row;
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_tx_query(tx, TU_SQL_CHECKPOINT_LIST, TU_NO_BIND, &rows, err);

	*out_rows = (struct tu_checkpoint_rows){0};
	if (status)
		return status;
	while (kept && tu_rows_next(rows))
		kept = read_checkpoint(rows, arena, &row) && TU_VEC_PUSH_IN(arena, &all, row);
	status = tu_rows_close(rows, err);
	*out_rows = (struct tu_checkpoint_rows){all.at, all.count};
	return status || kept ? status : tu_no_memory(err);
}
