#include "job/once.h"

#include <string.h>

#define DAY INT64_C(86400000000)

struct beginning {
	const struct tu_once *once;
	struct tu_arena *arena;
	struct tu_once_found *found;
};

static struct tu_str digest_of(const struct tu_once *once)
{
	return tu_str_of((const char *)once->digest, sizeof(once->digest));
}

static enum tu_status no_memory_unless(bool fine, struct tu_error *err)
{
	return fine ? TU_OK : tu_no_memory(err);
}

static enum tu_status keep(
	const struct beginning *b, const struct tu_rows *rows, struct tu_error *err)
{
	struct tu_once_answer *answer = &b->found->answer;
	struct tu_str *texts[] = {&answer->type, &answer->etag, &answer->location, &answer->body};
	bool fine = true;

	if (!tu_str_eq(tu_rows_text(rows, 0), digest_of(b->once))) {
		b->found->state = TU_ONCE_OTHER;
		return TU_OK;
	}
	b->found->state = tu_rows_is_null(rows, 1) ? TU_ONCE_OPEN : TU_ONCE_DONE;
	answer->status = (unsigned)tu_rows_int(rows, 1);
	for (unsigned i = 0; i < TU_COUNT(texts); i++)
		fine &= tu_arena_dup(b->arena, tu_rows_text(rows, i + 2), texts[i]);
	return no_memory_unless(fine, err);
}

static enum tu_status begin(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct beginning *b = self;
	const struct tu_once *once = b->once;
	struct tu_rows *rows;
	int64_t taken = 0;
	enum tu_status status, closed;

	*b->found = (struct tu_once_found){.state = TU_ONCE_NEW};
	status = tu_tx_exec(tx, TU_SQL_ONCE_EXPIRE, TU_BIND(tu_int(once->at - DAY)), NULL, err);
	if (status == TU_OK)
		status = tu_tx_exec(tx, TU_SQL_ONCE_TAKE,
			TU_BIND(tu_text(once->owner), tu_text(once->key), tu_blob(digest_of(once)),
				tu_int(once->at)),
			&taken, err);
	if (status != TU_OK || taken)
		return status;
	status = tu_tx_row(tx, TU_SQL_ONCE_FIND, TU_BIND(tu_text(once->owner), tu_text(once->key)),
		&rows, err);
	if (status != TU_OK)
		return status;
	status = keep(b, rows, err);
	closed = tu_rows_close(rows, err);
	return status ? status : closed;
}

enum tu_status tu_once_begin(struct tu_store *store, const struct tu_once *once,
	struct tu_arena *arena, struct tu_once_found *out_found, struct tu_error *err)
{
	struct beginning b = {once, arena, out_found};

	return tu_store_run(store, TU_TX_WRITE, begin, &b, err);
}

struct ending {
	const struct tu_once *once;
	const struct tu_once_answer *answer; /* NULL: give the key back */
};

static enum tu_status end(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct ending *e = self;
	const struct tu_value owner = tu_text(e->once->owner), key = tu_text(e->once->key);

	if (!e->answer)
		return tu_tx_exec(tx, TU_SQL_ONCE_FORGET, TU_BIND(owner, key), NULL, err);
	return tu_tx_exec(tx, TU_SQL_ONCE_END,
		TU_BIND(owner, key, tu_int(e->answer->status), tu_text(e->answer->type),
			tu_text(e->answer->etag), tu_text(e->answer->location),
			tu_blob(e->answer->body)),
		NULL, err);
}

enum tu_status tu_once_end(struct tu_store *store, const struct tu_once *once,
	const struct tu_once_answer *answer, struct tu_error *err)
{
	struct ending e = {once, answer};

	return tu_store_run(store, TU_TX_WRITE, end, &e, err);
}

enum tu_status tu_once_forget(
	struct tu_store *store, const struct tu_once *once, struct tu_error *err)
{
	struct ending e = {once, NULL};

	return tu_store_run(store, TU_TX_WRITE, end, &e, err);
}
