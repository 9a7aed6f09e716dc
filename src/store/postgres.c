/* The engine PostgreSQL: a pool of connections, statements. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/big_endian.h"
#include "store/postgres.h"
#include "store/tables.h"
#include "store/turn.h"

enum {
	CONNECTIONS = 4,
	TIMEOUT_MS = 30000,
	PARAMETERS_MAX = 40,
	PIPELINE_ROWS = 512,
	ARRAY_ROWS = 8192
};

/* ---- sending and receiving ---- */

/* Parameters as PQsendQueryPrepared() takes them: all binary. */
struct parameters {
	const char *values[PARAMETERS_MAX];
	int lengths[PARAMETERS_MAX];
	int formats[PARAMETERS_MAX];
	unsigned char numbers[PARAMETERS_MAX][8];
};

static void set_number(struct parameters *p, size_t i, uint64_t bits)
{
	tu_big_endian_put(p->numbers[i], bits, 8);
	p->values[i] = (const char *)p->numbers[i];
	p->lengths[i] = 8;
}

static void set_parameter(struct parameters *p, size_t i, const struct tu_value *value)
{
	p->formats[i] = 1;
	p->values[i] = NULL;
	p->lengths[i] = 0;
	switch (value->type) {
	case TU_VALUE_INT:
		set_number(p, i, (uint64_t)value->integer);
		break;
	case TU_VALUE_TEXT:
	case TU_VALUE_BLOB:
		p->values[i] = value->text.len ? value->text.ptr : "";
		p->lengths[i] = (int)value->text.len;
		break;
	case TU_VALUE_NULL:
	default:
		break;
	}
}

enum tu_status tu_postgres__send(
	struct postgres_tx *tx, enum tu_sql sql, struct tu_params params, struct tu_error *err)
{
	const struct postgres_store *store = (const struct postgres_store *)tx->head.store;
	const struct tu_sql_text *row = &tu_sql_texts[sql];
	PGconn *pg = tx->connection->pg;
	struct parameters p;
	int sent;

	if (params.count > PARAMETERS_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "too many parameters");
	for (size_t i = 0; i < params.count; i++) {
		if (params.values[i].text.len > INT32_MAX / 2)
			return tu_fail(err, TU_E_LIMIT, 0, "a value is larger than 1 GiB");
		set_parameter(&p, i, &params.values[i]);
	}
	sent = store->pooler || store->unprepared
		? PQ(sendQueryParams)(pg, row->text[TU_STORE_POSTGRES], (int)params.count, NULL,
			  p.values, p.lengths, p.formats, 1)
		: PQ(sendQueryPrepared)(
			  pg, row->name, (int)params.count, p.values, p.lengths, p.formats, 1);
	return sent ? TU_OK : tu_postgres__failed(pg, NULL, err);
}

/* How many rows a command says that it changed: digits, or nothing. */
static int64_t number_of(const char *digits)
{
	int64_t number = 0;

	for (; tu_char_is_digit(*digits); digits++)
		number = number * 10 + (*digits - '0');
	return number;
}

static bool is_fine(const PGresult *result)
{
	ExecStatusType given = PQ(resultStatus)(result);

	return given == PGRES_COMMAND_OK || given == PGRES_TUPLES_OK;
}

/* What one command gave: the first failure is kept, rows do not matter. What a pipeline leaves out
 * is left out because of an earlier command, which said why. */
enum tu_status tu_postgres__receive(PGconn *pg, int64_t *changed, struct tu_error *err)
{
	enum tu_status status = TU_OK;
	PGresult *result = PQ(getResult)(pg);

	if (!result)
		return tu_postgres__failed(pg, NULL, err);
	for (; result; result = PQ(getResult)(pg)) {
		if (is_fine(result))
			*changed += number_of(PQ(cmdTuples)(result));
		else if (!status && PQ(resultStatus)(result) != PGRES_PIPELINE_ABORTED)
			status = tu_postgres__failed(pg, result, err);
		PQ(clear)(result);
		if (PQ(status)(pg) == CONNECTION_BAD)
			break;
	}
	return status;
}

/* The end of a pipeline: what PQpipelineSync() gives, alone. */
enum tu_status tu_postgres__receive_sync(PGconn *pg, struct tu_error *err)
{
	PGresult *result = PQ(getResult)(pg);
	bool is_sync = result && PQ(resultStatus)(result) == PGRES_PIPELINE_SYNC;
	enum tu_status status = is_sync ? TU_OK : tu_postgres__failed(pg, result, err);

	PQ(clear)(result);
	return status;
}

/* The server answers "ROLLBACK" to a COMMIT of what it has rolled back, and that is no failure. */
enum tu_status tu_postgres__plain_commit(PGconn *pg, struct tu_error *err)
{
	PGresult *result = PQ(exec)(pg, "COMMIT");
	enum tu_status status = is_fine(result) ? TU_OK : tu_postgres__failed(pg, result, err);

	if (!status && strcmp(PQ(cmdStatus)(result), "COMMIT") != 0)
		status = tu_fail(err, TU_E_CONFLICT, 0, "the database rolled the transaction back");
	PQ(clear)(result);
	return status;
}

enum tu_status tu_postgres__simple(PGconn *pg, const char *sql, struct tu_error *err)
{
	PGresult *result = PQ(exec)(pg, sql);
	enum tu_status status = is_fine(result) ? TU_OK : tu_postgres__failed(pg, result, err);

	PQ(clear)(result);
	return status;
}

/* ---- opening and closing ---- */

static enum tu_status connect(
	const struct postgres_store *store, struct postgres_connection *c, struct tu_error *err)
{
	return tu_postgres__connect(store, store->place, c, err);
}

static void postgres_close(struct tu_store *base)
{
	struct postgres_store *store = (struct postgres_store *)base;

	for (size_t i = 0; i < store->count; i++)
		if (store->connections[i].pg)
			PQ(finish)(store->connections[i].pg);
	tu_free(store->connections);
	tu_free(store->place);
	(void)pthread_cond_destroy(&store->turn);
	(void)pthread_mutex_destroy(&store->lock);
	tu_free(store);
}

/* In front of a pooler nothing stays prepared; once, at the start, everything is. */
static enum tu_status check_statements(
	const struct postgres_store *store, const char *place, struct tu_error *err)
{
	struct postgres_store direct = *store;
	struct postgres_connection c = {0};
	enum tu_status status;

	direct.pooler = false;
	status = tu_postgres__connect(&direct, place, &c, err);
	if (c.pg)
		PQ(finish)(c.pg);
	return status;
}

static enum tu_status postgres_open(
	const struct tu_store_options *options, struct tu_store **out_store, struct tu_error *err)
{
	struct postgres_store *store;
	size_t place_size = strlen(options->place) + 1;
	enum tu_status status = TU_OK;

	if (!tu_postgres())
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"the client of PostgreSQL is not installed: install the package libpq5");
	store = tu_alloc(1, sizeof(*store));
	if (!store)
		return tu_no_memory(err);
	store->count = options->connections ? options->connections : CONNECTIONS;
	store->timeout_ms = options->timeout_ms ? options->timeout_ms : TIMEOUT_MS;
	store->pooler = options->pooler;
	store->unprepared = options->unprepared;
	store->read_only = options->read_only;
	(void)pthread_mutex_init(&store->lock, NULL);
	tu_store__turn_init(&store->turn);
	store->place = tu_alloc(1, place_size);
	store->connections = tu_alloc(store->count, sizeof(*store->connections));
	if (!store->place || !store->connections) {
		store->count = store->connections ? store->count : 0;
		status = tu_no_memory(err);
	} else {
		memcpy(store->place, options->place, place_size);
		if (store->pooler && !store->unprepared && options->direct)
			status = check_statements(store, options->direct, err);
		if (!status) /* the first says whether all will do */
			status = connect(store, &store->connections[0], err);
	}
	if (status)
		postgres_close(&store->head);
	else
		*out_store = &store->head;
	return status;
}

/* ---- transactions ---- */

static struct postgres_connection *find_free(const struct postgres_store *store)
{
	for (size_t i = 0; i < store->count; i++)
		if (!store->connections[i].busy)
			return &store->connections[i];
	return NULL;
}

/* One of the pool; NULL with TU_E_BUSY: all have been busy for too long. */
static enum tu_status take(struct postgres_store *store,
	struct postgres_connection **out_connection, struct tu_error *err)
{
	struct postgres_connection *c;
	enum tu_status status = TU_OK;
	const struct timespec end = tu_store__turn_end(store->timeout_ms);
	int waited = 0;

	(void)pthread_mutex_lock(&store->lock);
	while (!(c = find_free(store)) && waited != ETIMEDOUT)
		waited = pthread_cond_timedwait(&store->turn, &store->lock, &end);
	if (c)
		c->busy = true;
	(void)pthread_mutex_unlock(&store->lock);
	if (!c)
		return tu_fail(err, TU_E_BUSY, 0, "all %zu connections are in use", store->count);
	if (!c->pg || PQ(status)(c->pg) != CONNECTION_OK)
		status = connect(store, c, err);
	*out_connection = c;
	return status;
}

static void give_back(struct postgres_store *store, struct postgres_connection *c)
{
	(void)pthread_mutex_lock(&store->lock);
	c->busy = false;
	(void)pthread_cond_broadcast(&store->turn);
	(void)pthread_mutex_unlock(&store->lock);
}

void tu_postgres__drop(struct postgres_connection *c)
{
	if (c->pg)
		PQ(finish)(c->pg);
	c->pg = NULL;
}

void tu_postgres__leave(struct postgres_tx *tx)
{
	if (tx->connection)
		give_back((struct postgres_store *)tx->head.store, tx->connection);
	tu_arena_free(tx->arena);
	tu_free(tx);
}

static enum tu_status postgres_begin(
	struct tu_store *base, enum tu_tx_kind kind, struct tu_tx **out_tx, struct tu_error *err)
{
	struct postgres_store *store = (struct postgres_store *)base;
	struct postgres_tx *tx = tu_alloc(1, sizeof(*tx));
	enum tu_status status;

	if (!tx)
		return tu_no_memory(err);
	tx->head = (struct tu_tx){.store = base, .kind = kind};
	tx->last = &tx->first;
	status = take(store, &tx->connection, err);
	if (!status)
		status = tu_postgres__begin_on(store, tx->connection, kind, err);
	if (status) {
		tu_postgres__leave(tx);
	} else {
		*out_tx = &tx->head;
	}
	return status;
}

static void postgres_rollback(struct tu_tx *base)
{
	struct postgres_tx *tx = (struct postgres_tx *)base;

	if (tu_postgres__simple(tx->connection->pg, "ROLLBACK", NULL))
		tu_postgres__drop(
			tx->connection); /* nothing of it may go on in the next transaction */
	tu_postgres__leave(tx);
}

/* ---- statements ---- */

static struct tu_params row_of(struct tu_params params, size_t i)
{
	return tu_bind_rows(params.values + i * params.count, 1, params.count);
}

static enum tu_status exec_pipeline(struct postgres_tx *tx, enum tu_sql sql,
	struct tu_params params, int64_t *changed, struct tu_error *err)
{
	PGconn *pg = tx->connection->pg;
	enum tu_status status = TU_OK, one;

	if (!PQ(enterPipelineMode)(pg))
		return tu_postgres__failed(pg, NULL, err);
	for (size_t i = 0; !status && i < params.rows; i++)
		status = tu_postgres__send(tx, sql, row_of(params, i), err);
	if (!status && !PQ(pipelineSync)(pg))
		status = tu_postgres__failed(pg, NULL, err);
	if (status) { /* in the middle of a pipeline: the connection is of no use any more */
		tu_postgres__drop(tx->connection);
		return status;
	}
	for (size_t i = 0; i < params.rows && PQ(status)(pg) == CONNECTION_OK; i++) {
		one = tu_postgres__receive(pg, changed, status ? NULL : err);
		status = status ? status : one;
	}
	one = PQ(status)(pg) == CONNECTION_OK ? tu_postgres__receive_sync(pg, status ? NULL : err)
					      : TU_E_IO;
	(void)PQ(exitPipelineMode)(pg);
	return status ? status : one;
}

static enum tu_status exec_piece(struct postgres_tx *tx, enum tu_sql sql, struct tu_params params,
	int64_t *changed, struct tu_error *err)
{
	bool arrays = tu_sql_texts[sql].arrays != NULL;
	enum tu_status status;

	if (!arrays && params.rows > 1)
		return exec_pipeline(tx, sql, params, changed, err);
	status = arrays ? tu_postgres__send_rows(tx, sql, params, err)
			: tu_postgres__send(tx, sql, params, err);
	return status ? status : tu_postgres__receive(tx->connection->pg, changed, err);
}

static enum tu_status postgres_exec(struct tu_tx *base, enum tu_sql sql, struct tu_params params,
	int64_t *out_changed, struct tu_error *err)
{
	struct postgres_tx *tx = (struct postgres_tx *)base;
	size_t at_once = tu_sql_texts[sql].arrays ? ARRAY_ROWS : PIPELINE_ROWS;
	enum tu_status status = TU_OK;

	*out_changed = 0;
	for (size_t i = 0; !status && i < params.rows; i += at_once) {
		size_t left = params.rows - i;

		status = exec_piece(tx, sql,
			tu_bind_rows(params.values + i * params.count,
				left < at_once ? left : at_once, params.count),
			out_changed, err);
	}
	return status ? tu_error_prefix(err, "statement %s", tu_sql_texts[sql].name) : TU_OK;
}

static enum tu_status postgres_query(struct tu_tx *base, enum tu_sql sql, struct tu_params params,
	struct tu_rows **out_rows, struct tu_error *err)
{
	struct postgres_tx *tx = (struct postgres_tx *)base;
	struct postgres_rows *rows = tu_alloc(1, sizeof(*rows));
	enum tu_status status;

	if (!rows)
		return tu_no_memory(err);
	rows->head.tx = base;
	status = tu_postgres__send(tx, sql, params, err);
	if (status) {
		tu_free(rows);
		return status;
	}
	(void)PQ(setSingleRowMode)(tx->connection->pg);
	*out_rows = &rows->head;
	return TU_OK;
}

static PGconn *connection_of(const struct tu_rows *rows)
{
	return ((const struct postgres_tx *)rows->tx)->connection->pg;
}

static bool postgres_next(struct tu_rows *base)
{
	struct postgres_rows *rows = (struct postgres_rows *)base;
	PGconn *pg = connection_of(base);
	PGresult *result;

	PQ(clear)(rows->row);
	rows->row = NULL;
	while ((result = PQ(getResult)(pg)) != NULL) {
		if (PQ(resultStatus)(result) == PGRES_SINGLE_TUPLE) {
			rows->row = result;
			break;
		}
		if (!is_fine(result) && !rows->status)
			rows->status = tu_postgres__failed(pg, result, &rows->error);
		PQ(clear)(result);
	}
	return rows->row != NULL;
}

static bool postgres_is_null(const struct tu_rows *base, unsigned column)
{
	return PQ(getisnull)(((const struct postgres_rows *)base)->row, 0, (int)column) != 0;
}

static struct tu_str postgres_text(const struct tu_rows *base, unsigned column)
{
	const PGresult *row = ((const struct postgres_rows *)base)->row;

	return tu_str_of(
		PQ(getvalue)(row, 0, (int)column), (size_t)PQ(getlength)(row, 0, (int)column));
}

static int64_t postgres_integer(const struct tu_rows *base, unsigned column)
{
	struct tu_str value = postgres_text(base, column);

	return value.len == 8 ? (int64_t)tu_big_endian_get(value.ptr, 8) : 0;
}

static enum tu_status postgres_end(struct tu_rows *base, struct tu_error *err)
{
	struct postgres_rows *rows = (struct postgres_rows *)base;
	enum tu_status status;

	while (postgres_next(base)) /* what was not asked for must be received all the same */
		continue;
	status = rows->status;
	if (status && err)
		*err = rows->error;
	tu_free(rows);
	return status;
}

static enum tu_status postgres_script(struct tu_tx *base, const char *sql, struct tu_error *err)
{
	return tu_postgres__simple(((struct postgres_tx *)base)->connection->pg, sql, err);
}

const struct tu_store_driver tu_store__postgres = {
	.name = "PostgreSQL",
	.open = postgres_open,
	.close = postgres_close,
	.begin = postgres_begin,
	.commit = tu_postgres__commit,
	.rollback = postgres_rollback,
	.exec = postgres_exec,
	.query = postgres_query,
	.next = postgres_next,
	.is_null = postgres_is_null,
	.integer = postgres_integer,
	.text = postgres_text,
	.end = postgres_end,
	.record = tu_postgres__record,
	.script = postgres_script,
	.read = tu_postgres__read,
	.load = tu_postgres__load,
};
