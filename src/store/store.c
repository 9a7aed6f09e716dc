/* What both engines have in common: checks of use, and running a transaction again. */
#include <time.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "store/engine.h"
#include "store/fault.h"
#include "store/tables.h"

enum { ATTEMPTS = 8, PAUSE_MS = 4 };
/* Of a conflict that the work itself finds. SQLite has one writer: what the work reads is so, and
 * stays so. On PostgreSQL it may have read what was before another transaction. */
static const unsigned own_attempts[TU_STORE_ENGINES] = {
	[TU_STORE_SQLITE] = 1,
	[TU_STORE_POSTGRES] = 5,
};
/* Of a record's texts: an exported line of them has at most six times as many bytes, and a reader
 * of ledgers takes that (ledger/export.h). */
#define RECORD_MAX ((size_t)10 << 20)

static const struct tu_store_driver *const drivers[TU_STORE_ENGINES] = {
	[TU_STORE_SQLITE] = &tu_store__sqlite,
	[TU_STORE_POSTGRES] = &tu_store__postgres,
};

enum tu_store_engine tu_store_engine_of(struct tu_str place)
{
	return tu_str_starts(place, TU_STR("postgresql://")) ||
			tu_str_starts(place, TU_STR("postgres://"))
		? TU_STORE_POSTGRES
		: TU_STORE_SQLITE;
}

const char *tu_store_engine_name(enum tu_store_engine engine)
{
	return drivers[engine]->name;
}

enum tu_store_engine tu_store_engine(const struct tu_store *store)
{
	return store->engine;
}

enum tu_status tu_store_open(
	const struct tu_store_options *options, struct tu_store **out_store, struct tu_error *err)
{
	enum tu_store_engine engine = tu_store_engine_of(tu_str_c(options->place));
	enum tu_status status = drivers[engine]->open(options, out_store, err);

	if (status)
		return status;
	(*out_store)->driver = drivers[engine];
	(*out_store)->engine = engine;
	return TU_OK;
}

void tu_store_close(struct tu_store *store)
{
	if (store)
		store->driver->close(store);
}

enum tu_status tu_store_begin(
	struct tu_store *store, enum tu_tx_kind kind, struct tu_tx **out_tx, struct tu_error *err)
{
	return store->driver->begin(store, kind, out_tx, err);
}

static enum tu_status step_failed(struct tu_error *err)
{
	return tu_fail(err, TU_E_IO, 0, "the step was made to fail");
}

enum tu_status tu_tx_commit(struct tu_tx *tx, struct tu_error *err)
{
	enum tu_status status = tx->failed;
	struct tu_store *store = tx->store;
	const bool writes = tx->kind != TU_TX_READ;
	int64_t began;

	if (status) {
		tu_tx_rollback(tx);
		return tu_fail(err, status, 0, "an earlier statement of the transaction failed");
	}
	if (tu_store__fault_hit()) {
		tu_tx_rollback(tx);
		return step_failed(err);
	}
	began = writes ? tu_store__instant() : 0;
	status = store->driver->commit(tx, err);
	if (!status && writes)
		tu_store__committed(store, began);
	return status;
}

void tu_tx_rollback(struct tu_tx *tx)
{
	if (tx)
		tx->store->driver->rollback(tx);
}

static void pause_before(unsigned attempt)
{
	struct timespec pause = {0};
	long ms = (long)PAUSE_MS << attempt;

	pause.tv_sec = ms / 1000;
	pause.tv_nsec = ms % 1000 * 1000000;
	(void)nanosleep(&pause, NULL);
}

struct running {
	struct tu_store *store;
	enum tu_tx_kind kind;
	tu_tx_work *work;
	void *self;
	unsigned attempts; /* so many may be made */
};

static enum tu_status run_once(struct running *r, struct tu_error *err)
{
	struct tu_tx *tx;
	enum tu_status status = tu_store_begin(r->store, r->kind, &tx, err);

	if (status)
		return status;
	status = r->work(tx, r->self, err);
	if (!status)
		return tu_tx_commit(tx, err);
	if (status == TU_E_CONFLICT && !tx->failed)
		r->attempts = own_attempts[r->store->engine];
	tu_tx_rollback(tx);
	return status;
}

enum tu_status tu_store_run(struct tu_store *store, enum tu_tx_kind kind, tu_tx_work *work,
	void *self, struct tu_error *err)
{
	struct running r = {store, kind, work, self, ATTEMPTS};
	enum tu_status status = TU_E_CONFLICT;

	for (unsigned attempt = 0; attempt < r.attempts; attempt++) {
		if (attempt) {
			atomic_fetch_add(&store->clock.again, 1);
			pause_before(attempt);
		}
		r.attempts = ATTEMPTS;
		status = run_once(&r, err);
		if (status != TU_E_CONFLICT && status != TU_E_BUSY)
			break;
	}
	return status;
}

/* What no engine would find wrong, but must not be done. */
static enum tu_status check(struct tu_tx *tx, enum tu_sql sql, size_t columns, struct tu_error *err)
{
	const struct tu_sql_text *row = &tu_sql_texts[sql];

	if (tx->failed)
		return tu_fail(err, TU_E_USAGE, 0,
			"statement %s after one that failed: the transaction must be rolled back",
			row->name);
	if (tx->recorded)
		return tu_fail(err, TU_E_USAGE, 0,
			"statement %s after a record of the ledger, which comes last", row->name);
	if (tx->reading)
		return tu_fail(
			err, TU_E_USAGE, 0, "statement %s while rows are being read", row->name);
	if (columns != row->parameters)
		return tu_fail(err, TU_E_USAGE, 0, "statement %s takes %zu parameters, %zu given",
			row->name, row->parameters, columns);
	return tu_store__fault_hit() ? step_failed(err) : TU_OK;
}

/* SQLite would take any bytes for a text; PostgreSQL takes UTF-8 without NUL. */
static bool is_text(struct tu_str text)
{
	return tu_str_find(text, '\0') == text.len && tu_utf8_invalid_at(text) == text.len;
}

static enum tu_status check_texts(enum tu_sql sql, struct tu_params params, struct tu_error *err)
{
	for (size_t i = 0; i < params.rows * params.count; i++)
		if (params.values[i].type == TU_VALUE_TEXT && !is_text(params.values[i].text))
			return tu_fail(err, TU_E_SYNTAX, 0,
				"statement %s: the text of $%zu is not UTF-8 without NUL",
				tu_sql_texts[sql].name, i % params.count + 1);
	return TU_OK;
}

static enum tu_status note(struct tu_tx *tx, enum tu_status status)
{
	if (status && !tx->failed)
		tx->failed = status;
	return status;
}

enum tu_status tu_tx_exec(struct tu_tx *tx, enum tu_sql sql, struct tu_params params,
	int64_t *out_changed, struct tu_error *err)
{
	enum tu_status status = check(tx, sql, params.count, err);
	int64_t changed = 0;

	if (!status)
		status = check_texts(sql, params, err);
	if (!status && params.rows)
		status = tx->store->driver->exec(tx, sql, params, &changed, err);
	if (out_changed)
		*out_changed = changed;
	return note(tx, status);
}

enum tu_status tu_tx_query(struct tu_tx *tx, enum tu_sql sql, struct tu_params params,
	struct tu_rows **out_rows, struct tu_error *err)
{
	enum tu_status status = check(tx, sql, params.count, err);

	if (!status)
		status = check_texts(sql, params, err);
	if (!status)
		status = tx->store->driver->query(tx, sql, params, out_rows, err);
	tx->reading = !status;
	return note(tx, status);
}

enum tu_status tu_tx_row(struct tu_tx *tx, enum tu_sql sql, struct tu_params params,
	struct tu_rows **out_rows, struct tu_error *err)
{
	enum tu_status status = tu_tx_query(tx, sql, params, out_rows, err);

	if (status || tu_rows_next(*out_rows))
		return status;
	status = tu_rows_close(*out_rows, err);
	return status ? status : tu_fail(err, TU_E_NOTFOUND, 0, "no such row");
}

bool tu_rows_next(struct tu_rows *rows)
{
	return rows->tx->store->driver->next(rows);
}

bool tu_rows_is_null(const struct tu_rows *rows, unsigned column)
{
	return rows->tx->store->driver->is_null(rows, column);
}

int64_t tu_rows_int(const struct tu_rows *rows, unsigned column)
{
	return rows->tx->store->driver->integer(rows, column);
}

struct tu_str tu_rows_text(const struct tu_rows *rows, unsigned column)
{
	return rows->tx->store->driver->text(rows, column);
}

enum tu_status tu_rows_close(struct tu_rows *rows, struct tu_error *err)
{
	struct tu_tx *tx = rows->tx;

	tx->reading = false;
	return note(tx, tx->store->driver->end(rows, err));
}

enum tu_status tu_tx_int(struct tu_tx *tx, enum tu_sql sql, struct tu_params params, int64_t *out,
	struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(tx, sql, params, &rows, err);

	if (status)
		return status;
	*out = tu_rows_int(rows, 0);
	return tu_rows_close(rows, err);
}

static enum tu_status check_record(const struct tu_ledger_entry *entry, struct tu_error *err)
{
	const struct {
		const char *name;
		struct tu_str text;
	} parts[] = {{"actor", entry->actor}, {"action", entry->action},
		{"subject", entry->subject}, {"body", entry->body}};
	size_t bytes = 0;

	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		if (!is_text(parts[i].text))
			return tu_fail_at(err, TU_E_SYNTAX,
				&(struct tu_error_place){.pointer = parts[i].name},
				"a text of a record is not UTF-8 without NUL");
		bytes += parts[i].text.len < RECORD_MAX ? parts[i].text.len : RECORD_MAX;
	}
	return bytes < RECORD_MAX
		? TU_OK
		: tu_fail(err, TU_E_LIMIT, 0,
			  "a record of the ledger has less than %zu bytes of text", RECORD_MAX);
}

enum tu_status tu_tx_record(
	struct tu_tx *tx, const struct tu_ledger_entry *entry, struct tu_error *err)
{
	if (tx->reading || tx->kind != TU_TX_WRITE)
		return tu_fail(err, TU_E_USAGE, 0,
			"a record of the ledger belongs at the end of a transaction that writes");
	tx->recorded = true;
	if (tu_store__fault_hit())
		return note(tx, step_failed(err));
	if (note(tx, check_record(entry, err)))
		return tx->failed;
	return note(tx, tx->store->driver->record(tx, entry, err));
}

enum tu_status tu_tx__script(struct tu_tx *tx, const char *sql, struct tu_error *err)
{
	if (tu_store__fault_hit())
		return note(tx, step_failed(err));
	return note(tx, tx->store->driver->script(tx, sql, err));
}

enum tu_status tu_tx__read(
	struct tu_tx *tx, const char *sql, struct tu_rows **out_rows, struct tu_error *err)
{
	enum tu_status status = tu_store__fault_hit()
		? step_failed(err)
		: tx->store->driver->read(tx, sql, out_rows, err);

	tx->reading = !status;
	return note(tx, status);
}

enum tu_status tu_tx__load(
	struct tu_tx *tx, const struct tu_table *table, struct tu_str rows, struct tu_error *err)
{
	if (tu_store__fault_hit())
		return note(tx, step_failed(err));
	return note(tx, tx->store->driver->load(tx, table, rows, err));
}
