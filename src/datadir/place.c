/* A place that a database is to be carried to: is it free? */
#include <string.h>

#include <tutela/arena.h>

#include "datadir/backup.h"
#include "store/dump.h"

enum { ARENA = 4 << 20 };

static enum tu_status count_tables(struct tu_tx *tx, size_t *out_count, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(ARENA);
	struct tu_tables tables = {0};
	enum tu_status status =
		arena ? tu_store_tables(tx, arena, &tables, err) : tu_no_memory(err);

	*out_count = tables.count;
	tu_arena_free(arena);
	return status;
}

/* "" when it is none yet. */
static enum tu_status read_instance(
	struct tu_tx *tx, char out_instance[TU_INSTANCE + 1], struct tu_error *err)
{
	struct tu_rows *rows;
	struct tu_str text;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(TU_STR("instance"))), &rows, err);

	out_instance[0] = '\0';
	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	text = tu_rows_text(rows, 0);
	memset(out_instance, '?', TU_INSTANCE); /* of whatever it is */
	if (text.len == TU_INSTANCE)
		memcpy(out_instance, text.ptr, TU_INSTANCE);
	out_instance[TU_INSTANCE] = '\0';
	return tu_rows_close(rows, err);
}

/* What a question of a place is answered by, in a transaction that reads. */
struct question {
	const char *action;
	struct tu_place_end *before;
	bool yes;
};

static enum tu_status ask_unused(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct question *q = self;
	int64_t head = -1;
	enum tu_status status = tu_tx_int(tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &head, err);

	if (!status)
		status = read_instance(tx, q->before->instance, err);
	q->yes = !status && head == 0 && !q->before->instance[0];
	return status;
}

static enum tu_status ask_last(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct question *q = self;
	struct tu_place_end *before = q->before;
	struct tu_rows *rows;
	int64_t head = -1;
	enum tu_status status = tu_tx_int(tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &head, err);

	if (!status)
		status = read_instance(tx, before->instance, err);
	if (status || head < 2)
		return status;
	status = tu_tx_query(
		tx, TU_SQL_LEDGER_FROM, TU_BIND(tu_int(head - 1), tu_int(2)), &rows, err);
	if (status)
		return status;
	if (tu_rows_next(rows) && tu_rows_text(rows, 6).len == TU_SHA256_BYTES) {
		before->n = tu_rows_int(rows, 0);
		memcpy(before->hash, tu_rows_text(rows, 6).ptr, TU_SHA256_BYTES);
		q->yes = tu_rows_next(rows) && tu_rows_int(rows, 0) == head &&
			tu_str_eq(tu_rows_text(rows, 3), tu_str_c(q->action));
	}
	return tu_rows_close(rows, err);
}

/* A database that this program cannot open says no. */
static bool ask(const struct tu_store_options *place, tu_tx_work *work, struct question *q)
{
	const struct tu_store_options options = {.place = place->place, .connections = 1};
	struct tu_store *store = NULL;
	bool yes;

	if (tu_store_open(&options, &store, NULL) != TU_OK)
		return false;
	yes = tu_store_run(store, TU_TX_READ, work, q, NULL) == TU_OK && q->yes;
	tu_store_close(store);
	return yes;
}

bool tu_place_ends_with(
	const struct tu_store_options *place, const char *action, struct tu_place_end *out_before)
{
	struct question q = {.action = action, .before = out_before};

	*out_before = (struct tu_place_end){0};
	return ask(place, ask_last, &q);
}

/* Is it this program's schema with nothing in it? Whatever is written into a database makes it an
 * instance, and the ledger begins. */
static bool is_unused(const struct tu_store_options *place)
{
	struct tu_place_end ignored = {0};
	struct question q = {.before = &ignored};

	return ask(place, ask_unused, &q);
}

enum tu_status tu_place_check_empty(const struct tu_store_options *place, struct tu_error *err)
{
	struct tu_store_options bare = *place;
	struct tu_store *store;
	struct tu_tx *tx;
	size_t tables = 0;
	enum tu_status status;

	bare.unprepared = true; /* it may have no schema yet */
	bare.connections = 1;
	status = tu_store_open(&bare, &store, err);
	if (status)
		return status;
	status = tu_store_begin(store, TU_TX_READ, &tx, err);
	if (!status) {
		status = count_tables(tx, &tables, err);
		tu_tx_rollback(tx);
	}
	tu_store_close(store);
	if (!status && tables && is_unused(place))
		return TU_OK;
	if (status == TU_E_UNSUPPORTED || (!status && tables))
		return tu_fail(err, TU_E_CONFLICT, 0,
			"the database is not empty: name one without tables");
	return status;
}
