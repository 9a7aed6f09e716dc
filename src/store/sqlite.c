/* The engine SQLite: connections, statements, the ledger. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/percent.h"
#include "ledger/chain.h"
#include "store/sqlite.h"
#include "store/tables.h"
#include "store/turn.h"

enum { READERS = 4, TIMEOUT_MS = 30000, PROGRESS_STEPS = 10000, NAME_CEILING = 8192 };

struct sqlite_rows {
	struct tu_rows head;
	sqlite3_stmt *statement;
	struct sqlite_connection *connection;
	int code;
	bool own; /* the statement is of this cursor alone */
};

/* ---- errors ---- */

/* "UNIQUE constraint failed: device.name, device.x" is about the table "device"; a CHECK has its
 * own name. */
static enum tu_status constraint(struct tu_error *err, const char *message)
{
	struct tu_str text = tu_str_c(message), what = TU_STR("FOREIGN KEY");
	size_t colon = tu_str_search(text, TU_STR("failed: "));
	char name[TU_ERROR_POINTER_MAX];

	if (colon < text.len) {
		what = tu_str_from(text, colon + 8);
		if (tu_str_starts(text, TU_STR("UNIQUE")))
			what = tu_str_first(what, tu_str_find(what, '.'));
	}
	(void)snprintf(name, sizeof(name), "%.*s", TU_STR_FMT(what));
	return tu_fail_at(err, TU_E_CONSTRAINT, &(struct tu_error_place){.pointer = name},
		"a rule of the database refuses it");
}

/* SQLite says so of some calls of the system only; of the others, the system's own word counts. */
static bool is_full(sqlite3 *db, int code)
{
	int number = db ? SQL(system_errno)(db) : 0;

	return (code & 0xff) == SQLITE_IOERR &&
		(number == ENOSPC || number == EDQUOT || number == EFBIG);
}

static enum tu_status full(struct tu_error *err)
{
	return tu_fail(err, TU_E_IO, 0, "database: no space left on the device");
}

enum tu_status tu_sqlite__failed(sqlite3 *db, int code, struct tu_error *err)
{
	const char *message = db ? SQL(errmsg)(db) : "out of memory";

	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return tu_no_memory(err);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT:
		return tu_fail(err, TU_E_BUSY, 0, "the database is busy: %s", message);
	case SQLITE_CONSTRAINT:
		return constraint(err, message);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return tu_fail(err, TU_E_CORRUPT, 0, "the database is damaged: %s", message);
	case SQLITE_FULL:
		return full(err);
	default:
		if (is_full(db, code))
			return full(err);
		return tu_fail(err, TU_E_IO, 0, "database: %s", message);
	}
}

/* ---- connections ---- */

/* Called every PROGRESS_STEPS steps of a statement: does it take too long? */
static int too_long(void *self)
{
	const struct sqlite_connection *c = self;
	struct timespec now;

	if (!c->deadline)
		return 0;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000 > c->deadline;
}

static void start_clock(struct sqlite_connection *c, int64_t timeout_ms)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	c->deadline = now.tv_sec * 1000 + now.tv_nsec / 1000000 + timeout_ms;
}

static void disconnect(struct sqlite_connection *c)
{
	for (size_t i = 0; i < TU_SQL_COUNT_; i++)
		(void)SQL(finalize)(c->statements[i]);
	(void)SQL(close_v2)(c->db);
	*c = (struct sqlite_connection){0};
}

/* Settings of every connection, then those of one that reads or writes. Only the writer puts what
 * is in the log into the database. */
static const char settings[] = "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
			       "PRAGMA cell_size_check=ON; PRAGMA mmap_size=268435456;"
			       "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;";
static const char settings_writer[] =
	"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000;"
	"PRAGMA secure_delete=ON;"; /* what is erased leaves its page, too, and freed pages */
static const char settings_reader[] = "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0;";

/* Who uses a connection: a viewer is one of a store that was opened for reading only. */
enum use { WRITER, READER, VIEWER };

static const int open_flags[] = {
	[WRITER] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	[READER] = SQLITE_OPEN_READWRITE,
	[VIEWER] = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
};

static bool has_beside(const char *path, const char *ending)
{
	struct tu_buf name;
	struct stat info;
	bool there;

	tu_buf_init(&name, NAME_CEILING);
	tu_buf_printf(&name, "%s%s", path, ending);
	tu_buf_byte(&name, '\0');
	there = !name.failed && stat(name.ptr, &info) == 0;
	tu_buf_done(&name);
	return there;
}

/* A viewer makes no file and changes none. Without a log nobody writes, and SQLite needs none of
 * its own; with one it reads that, too. */
static int open_file(struct sqlite_connection *c, const char *path, enum use use)
{
	bool still = use == VIEWER && !has_beside(path, "-wal") && !has_beside(path, "-shm");
	struct tu_buf uri;
	int code = SQLITE_NOMEM;

	if (use != VIEWER)
		return SQL(open_v2)(path, &c->db, SQLITE_OPEN_NOMUTEX | open_flags[use], NULL);
	tu_buf_init(&uri, 3 * NAME_CEILING);
	tu_buf_c(&uri, "file:");
	tu_percent_add(tu_str_c(path), TU_STR("/._-"), &uri);
	tu_buf_c(&uri, still ? "?immutable=1" : "?mode=ro");
	tu_buf_byte(&uri, '\0');
	if (!uri.failed)
		code = SQL(open_v2)(uri.ptr, &c->db, SQLITE_OPEN_NOMUTEX | open_flags[use], NULL);
	tu_buf_done(&uri);
	return code;
}

static enum tu_status connect(
	struct sqlite_connection *c, const char *path, enum use use, struct tu_error *err)
{
	int code = open_file(c, path, use);
	enum tu_status status;

	if (code == SQLITE_OK) {
		(void)SQL(busy_timeout)(c->db, 5000);
		SQL(progress_handler)(c->db, PROGRESS_STEPS, too_long, c);
		(void)SQL(db_config)(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		code = SQL(exec)(c->db, settings, NULL, NULL, NULL);
	}
	if (code == SQLITE_OK)
		code = SQL(exec)(
			c->db, use == WRITER ? settings_writer : settings_reader, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		return TU_OK;
	status = tu_sqlite__failed(c->db, code, err);
	disconnect(c);
	(void)tu_error_in_file(err, "%s", path);
	return status;
}

static enum tu_status prepare(struct sqlite_connection *c, enum tu_sql sql, struct tu_error *err)
{
	const struct tu_sql_text *row = &tu_sql_texts[sql];
	const char *text = row->text[TU_STORE_SQLITE];
	int code;

	if (!text || c->statements[sql])
		return TU_OK;
	code = SQL(prepare_v3)(
		c->db, text, -1, SQLITE_PREPARE_PERSISTENT, &c->statements[sql], NULL);
	if (code == SQLITE_OK)
		return TU_OK;
	return tu_sqlite__failed(c->db, code, err), tu_error_prefix(err, "statement %s", row->name);
}

static void sqlite_close(struct tu_store *base)
{
	struct sqlite_store *store = (struct sqlite_store *)base;

	for (size_t i = 0; i < store->reader_count; i++)
		disconnect(&store->readers[i]);
	if (store->writer.db) /* the last writer leaves one file, not three */
		(void)SQL(exec)(
			store->writer.db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
	disconnect(&store->writer);
	tu_free(store->readers);
	(void)pthread_cond_destroy(&store->committed);
	(void)pthread_cond_destroy(&store->turn);
	(void)pthread_mutex_destroy(&store->lock);
	tu_free(store);
}

/* Every statement is understood by this database: a wrong column is known at the start. */
static enum tu_status prepare_all(struct sqlite_connection *c, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_SQL_COUNT_; i++)
		status = prepare(c, (enum tu_sql)i, err);
	return status;
}

static enum tu_status connect_all(
	struct sqlite_store *store, const struct tu_store_options *options, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	if (!options->read_only)
		status = connect(&store->writer, options->place, WRITER, err);
	for (size_t i = 0; !status && i < store->reader_count; i++)
		status = connect(&store->readers[i], options->place,
			options->read_only ? VIEWER : READER, err);
	if (!status && !options->unprepared)
		status = prepare_all(options->read_only ? &store->readers[0] : &store->writer, err);
	return status;
}

static enum tu_status sqlite_open(
	const struct tu_store_options *options, struct tu_store **out_store, struct tu_error *err)
{
	struct sqlite_store *store;
	enum tu_status status;

	if (!tu_sqlite())
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"SQLite is not installed: install the package libsqlite3-0");
	store = tu_alloc(1, sizeof(*store));
	if (!store)
		return tu_no_memory(err);
	store->reader_count = options->connections ? options->connections : READERS;
	store->timeout_ms = options->timeout_ms ? options->timeout_ms : TIMEOUT_MS;
	(void)pthread_mutex_init(&store->lock, NULL);
	tu_store__turn_init(&store->turn);
	tu_store__turn_init(&store->committed);
	store->readers = tu_alloc(store->reader_count, sizeof(*store->readers));
	if (!store->readers) {
		store->reader_count = 0;
		status = tu_no_memory(err);
	} else {
		status = connect_all(store, options, err);
	}
	if (status) {
		sqlite_close(&store->head);
		return status;
	}
	*out_store = &store->head;
	return TU_OK;
}

/* ---- statements ---- */

int tu_sqlite__bind(sqlite3_stmt *statement, int index, const struct tu_value *value)
{
	const char *bytes = value->text.len ? value->text.ptr : "";

	switch (value->type) {
	case TU_VALUE_INT:
		return SQL(bind_int64)(statement, index, value->integer);
	case TU_VALUE_TEXT:
		return SQL(bind_text64)(
			statement, index, bytes, value->text.len, SQLITE_STATIC, SQLITE_UTF8);
	case TU_VALUE_BLOB:
		return SQL(bind_blob64)(statement, index, bytes, value->text.len, SQLITE_STATIC);
	case TU_VALUE_NULL:
	default:
		return SQL(bind_null)(statement, index);
	}
}

/* "$2" may come first or twice: SQLite numbers parameters by name. */
static int bind(sqlite3_stmt *statement, const struct tu_value *values, size_t count)
{
	int code = SQLITE_OK, parameters = SQL(bind_parameter_count)(statement);

	for (int i = 1; code == SQLITE_OK && i <= parameters; i++) {
		const char *name = SQL(bind_parameter_name)(statement, i);
		size_t number = 0;

		for (size_t k = 1; name && name[k]; k++)
			number = number * 10 + (size_t)(name[k] - '0');
		code = number < 1 || number > count
			? SQLITE_RANGE
			: tu_sqlite__bind(statement, i, &values[number - 1]);
	}
	return code;
}

static enum tu_status ready(struct sqlite_tx *tx, enum tu_sql sql, const struct tu_value *values,
	size_t count, struct tu_error *err)
{
	struct sqlite_store *store = (struct sqlite_store *)tx->head.store;
	struct sqlite_connection *c = tx->connection;
	enum tu_status status;
	int code;

	if (tx->broken)
		return tu_fail(err, TU_E_CONFLICT, 0, "the database rolled the transaction back");
	status = prepare(c, sql, err);
	if (status)
		return status;
	start_clock(c, store->timeout_ms);
	code = bind(c->statements[sql], values, count);
	return code == SQLITE_OK ? TU_OK : tu_sqlite__failed(c->db, code, err);
}

/* What failed may have ended the transaction, for all that are in it. */
static enum tu_status after_failure(
	struct sqlite_tx *tx, enum tu_sql sql, int code, struct tu_error *err)
{
	enum tu_status status = tu_sqlite__failed(tx->connection->db, code, err);

	tx->broken |= tx->head.kind == TU_TX_WRITE &&
		tu_sqlite__is_lost((const struct sqlite_store *)tx->head.store);
	(void)tu_error_prefix(err, "statement %s", tu_sql_texts[sql].name);
	return status;
}

static enum tu_status sqlite_exec(struct tu_tx *base, enum tu_sql sql, struct tu_params params,
	int64_t *out_changed, struct tu_error *err)
{
	struct sqlite_tx *tx = (struct sqlite_tx *)base;
	struct sqlite_connection *c = tx->connection;
	int64_t changed = 0;

	for (size_t i = 0; i < params.rows; i++) {
		enum tu_status status =
			ready(tx, sql, params.values + i * params.count, params.count, err);
		int code = SQLITE_ROW;

		if (status)
			return status;
		while (code == SQLITE_ROW)
			code = SQL(step)(c->statements[sql]);
		if (code != SQLITE_DONE)
			status = after_failure(tx, sql, code, err);
		else if (!SQL(stmt_readonly)(c->statements[sql]))
			changed += SQL(changes64)(c->db);
		(void)SQL(reset)(c->statements[sql]);
		(void)SQL(clear_bindings)(c->statements[sql]);
		if (status)
			return status;
	}
	*out_changed = changed;
	return TU_OK;
}

static enum tu_status sqlite_query(struct tu_tx *base, enum tu_sql sql, struct tu_params params,
	struct tu_rows **out_rows, struct tu_error *err)
{
	struct sqlite_tx *tx = (struct sqlite_tx *)base;
	enum tu_status status = ready(tx, sql, params.values, params.count, err);
	struct sqlite_rows *rows;

	if (status)
		return status;
	rows = tu_alloc(1, sizeof(*rows));
	if (!rows)
		return tu_no_memory(err);
	*rows = (struct sqlite_rows){.head = {.tx = base},
		.statement = tx->connection->statements[sql],
		.connection = tx->connection,
		.code = SQLITE_ROW};
	*out_rows = &rows->head;
	return TU_OK;
}

static bool sqlite_next(struct tu_rows *base)
{
	struct sqlite_rows *rows = (struct sqlite_rows *)base;

	if (rows->code == SQLITE_ROW)
		rows->code = SQL(step)(rows->statement);
	return rows->code == SQLITE_ROW;
}

static bool sqlite_is_null(const struct tu_rows *base, unsigned column)
{
	const struct sqlite_rows *rows = (const struct sqlite_rows *)base;

	return SQL(column_type)(rows->statement, (int)column) == SQLITE_NULL;
}

static int64_t sqlite_integer(const struct tu_rows *base, unsigned column)
{
	return SQL(column_int64)(((const struct sqlite_rows *)base)->statement, (int)column);
}

static struct tu_str sqlite_text(const struct tu_rows *base, unsigned column)
{
	sqlite3_stmt *statement = ((const struct sqlite_rows *)base)->statement;
	const char *bytes = SQL(column_blob)(statement, (int)column);

	return tu_str_of(bytes, bytes ? (size_t)SQL(column_bytes)(statement, (int)column) : 0);
}

static enum tu_status sqlite_end(struct tu_rows *base, struct tu_error *err)
{
	struct sqlite_rows *rows = (struct sqlite_rows *)base;
	struct sqlite_tx *tx = (struct sqlite_tx *)base->tx;
	enum tu_status status = TU_OK;

	if (rows->code != SQLITE_ROW && rows->code != SQLITE_DONE) {
		status = tu_sqlite__failed(rows->connection->db, rows->code, err);
		tx->broken |= base->tx->kind == TU_TX_WRITE &&
			tu_sqlite__is_lost((const struct sqlite_store *)base->tx->store);
	}
	(void)SQL(reset)(rows->statement);
	(void)SQL(clear_bindings)(rows->statement);
	if (rows->own)
		(void)SQL(finalize)(rows->statement);
	tu_free(rows);
	return status;
}

static enum tu_status sqlite_read(
	struct tu_tx *base, const char *sql, struct tu_rows **out_rows, struct tu_error *err)
{
	struct sqlite_connection *c = ((struct sqlite_tx *)base)->connection;
	struct sqlite_rows *rows = tu_alloc(1, sizeof(*rows));
	int code;

	if (!rows)
		return tu_no_memory(err);
	*rows = (struct sqlite_rows){
		.head = {.tx = base}, .connection = c, .code = SQLITE_ROW, .own = true};
	c->deadline = 0;
	code = SQL(prepare_v3)(c->db, sql, -1, 0, &rows->statement, NULL);
	if (code != SQLITE_OK) {
		tu_free(rows);
		return tu_sqlite__failed(c->db, code, err);
	}
	*out_rows = &rows->head;
	return TU_OK;
}

static enum tu_status sqlite_script(struct tu_tx *base, const char *sql, struct tu_error *err)
{
	struct sqlite_tx *tx = (struct sqlite_tx *)base;
	int code;

	tx->connection->deadline = 0;
	code = SQL(exec)(tx->connection->db, sql, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		return TU_OK;
	tx->broken |= tu_sqlite__is_lost((const struct sqlite_store *)base->store);
	return tu_sqlite__failed(tx->connection->db, code, err);
}

/* ---- the ledger ---- */

static enum tu_status read_head(struct tu_tx *tx, int64_t *out_number,
	uint8_t out_hash[TU_SHA256_BYTES], struct tu_error *err)
{
	struct tu_rows *rows = NULL;
	enum tu_status status = sqlite_query(tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &rows, err);
	bool found;

	if (!rows)
		return status;
	found = sqlite_next(rows) && sqlite_text(rows, 1).len == TU_SHA256_BYTES;
	if (found) {
		*out_number = sqlite_integer(rows, 0);
		memcpy(out_hash, sqlite_text(rows, 1).ptr, TU_SHA256_BYTES);
	}
	status = sqlite_end(rows, err);
	return status || found ? status
			       : tu_fail(err, TU_E_CORRUPT, 0, "the ledger has no head row");
}

static enum tu_status sqlite_record(
	struct tu_tx *tx, const struct tu_ledger_entry *entry, struct tu_error *err)
{
	uint8_t hash[TU_SHA256_BYTES] = {0}, content[TU_SHA256_BYTES];
	struct tu_str hash_text = tu_str_of((const char *)hash, sizeof(hash));
	int64_t number = 0, changed;
	enum tu_status status = tu_ledger_content(
		&(struct tu_ledger_texts){entry->actor, entry->action, entry->subject, entry->body},
		content, err);

	if (!status)
		status = read_head(tx, &number, hash, err);
	if (status)
		return status;
	if (number < 0 || number == INT64_MAX)
		return tu_fail(err, TU_E_LIMIT, 0,
			"no record can follow the one that the head of the ledger names, %lld",
			(long long)number);
	if (tu_ledger_hash(hash, ++number, entry->at, content, hash))
		return tu_no_memory(err);
	status = sqlite_exec(tx, TU_SQL_LEDGER_MOVE_HEAD,
		TU_BIND(tu_int(number), tu_blob(hash_text)), &changed, err);
	if (!status)
		status = sqlite_exec(tx, TU_SQL_LEDGER_ADD,
			TU_BIND(tu_int(number), tu_int(entry->at), tu_text(entry->actor),
				tu_text(entry->action), tu_text(entry->subject),
				tu_text(entry->body), tu_blob(hash_text)),
			&changed, err);
	for (size_t i = 0; !status && i < entry->change_count; i++)
		status = sqlite_exec(tx, TU_SQL_CHANGE_ADD,
			TU_BIND(tu_int((int64_t)i), tu_text(tu_str_c(entry->changes[i].kind)),
				tu_int(entry->changes[i].key)),
			&changed, err);
	return status;
}

const struct tu_store_driver tu_store__sqlite = {
	.name = "SQLite",
	.open = sqlite_open,
	.close = sqlite_close,
	.begin = tu_sqlite__begin,
	.commit = tu_sqlite__commit,
	.rollback = tu_sqlite__rollback,
	.exec = sqlite_exec,
	.query = sqlite_query,
	.next = sqlite_next,
	.is_null = sqlite_is_null,
	.integer = sqlite_integer,
	.text = sqlite_text,
	.end = sqlite_end,
	.record = sqlite_record,
	.script = sqlite_script,
	.read = sqlite_read,
	.load = tu_sqlite__load,
};
