/* How a transaction begins on PostgreSQL: one that writes, on a database of this program's schema.
 */
#include <stdio.h>

#include "store/postgres.h"

/* By one message: what a command that reads rows has given last, as a number; "t" is 1 and "f" is
 * 0. Its words are of the database's own, in text. */
enum { ANSWERS = 2 };
struct answers {
	int64_t at[ANSWERS]; /* the last ones */
};

static int64_t number_in(const PGresult *result)
{
	struct tu_str text = tu_str_c(PQ(getvalue)(result, 0, 0));
	uint64_t number = 0;

	if (tu_str_eq(text, TU_STR("t")))
		return 1;
	return tu_str_to_u64(text, INT64_MAX, &number) ? (int64_t)number : 0;
}

static void take_answer(const PGresult *result, struct answers *out)
{
	if (PQ(resultStatus)(result) != PGRES_TUPLES_OK || PQ(ntuples)(result) != 1)
		return;
	for (size_t i = 1; i < ANSWERS; i++)
		out->at[i - 1] = out->at[i];
	out->at[ANSWERS - 1] = number_in(result);
}

static enum tu_status ask(PGconn *pg, const char *sql, struct answers *out, struct tu_error *err)
{
	enum tu_status status = TU_OK;
	PGresult *result;

	*out = (struct answers){0};
	if (!PQ(sendQuery)(pg, sql))
		return tu_postgres__failed(pg, NULL, err);
	while ((result = PQ(getResult)(pg)) != NULL) {
		ExecStatusType given = PQ(resultStatus)(result);

		if (given == PGRES_TUPLES_OK || given == PGRES_COMMAND_OK)
			take_answer(result, out);
		else if (!status)
			status = tu_postgres__failed(pg, result, err);
		PQ(clear)(result);
	}
	return status;
}

/* The commands with which a transaction begins: those of a pooled connection, which has no settings
 * of its own, and the two questions of one that writes. The second sees what the migration has
 * committed for which the first one's lock was not there: each command has a state of its own. */
static void write_begin(
	const struct postgres_store *store, enum tu_tx_kind kind, bool asks, struct tu_buf *out)
{
	tu_buf_c(out, "BEGIN");
	if (kind == TU_TX_READ)
		tu_buf_c(out, " ISOLATION LEVEL REPEATABLE READ READ ONLY");
	if (store->pooler)
		tu_buf_printf(out,
			"; SET LOCAL statement_timeout=%u; " TU_POSTGRES_SYNCHRONOUS("true"),
			store->timeout_ms);
	if (asks)
		tu_buf_c(out,
			"; SELECT pg_try_advisory_xact_lock_shared(" TU_POSTGRES_MIGRATING ");"
			" SELECT COALESCE(MAX(number), 0) FROM migration");
	tu_buf_byte(out, '\0');
}

/* May it write? Nothing of it goes on when it may not. */
static enum tu_status judge(struct postgres_store *store, struct postgres_connection *c,
	const struct answers *answers, struct tu_error *err)
{
	enum tu_status status = !answers->at[0]
		? tu_fail(err, TU_E_BUSY, 0, "the database is being migrated or moved")
		: tu_store__found(&store->head, answers->at[1], err);

	if (status && tu_postgres__simple(c->pg, "ROLLBACK", NULL))
		tu_postgres__drop(c);
	return status;
}

enum tu_status tu_postgres__begin_on(struct postgres_store *store, struct postgres_connection *c,
	enum tu_tx_kind kind, struct tu_error *err)
{
	const bool asks = kind == TU_TX_WRITE && !store->unprepared;
	struct answers answers = {0};
	struct tu_buf begin;
	enum tu_status status;

	tu_buf_init(&begin, 1024);
	write_begin(store, kind, asks, &begin);
	if (begin.failed)
		return tu_no_memory(err);
	status = ask(c->pg, begin.ptr, &answers, err);
	if (status && PQ(status)(c->pg) != CONNECTION_OK) {
		status = tu_postgres__connect(store, store->place, c, err);
		if (!status)
			status = ask(c->pg, begin.ptr, &answers, err);
	}
	tu_buf_done(&begin);
	if (status && c->pg && tu_postgres__simple(c->pg, "ROLLBACK", NULL))
		tu_postgres__drop(c);
	if (status || !asks)
		return status;
	return judge(store, c, &answers, err);
}
