/* Reading without a name, and loading rows of a dump into PostgreSQL. */
#include <stdio.h>

#include "base/alloc.h"
#include "store/dump.h"
#include "store/postgres.h"

/* "PGCOPY\n\377\r\n\0", no flags, no extension; at the end a count of -1. */
static const char copy_head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
static const char copy_tail[] = "\377\377";
enum { COPY_PIECE = 1 << 24 };

enum tu_status tu_postgres__read(
	struct tu_tx *base, const char *sql, struct tu_rows **out_rows, struct tu_error *err)
{
	struct postgres_tx *tx = (struct postgres_tx *)base;
	struct postgres_rows *rows = tu_alloc(1, sizeof(*rows));
	PGconn *pg = tx->connection->pg;
	enum tu_status status = rows ? tu_postgres__simple(pg,
					       "SET LOCAL statement_timeout = 0;"
					       " SET LOCAL idle_in_transaction_session_timeout = 0",
					       err)
				     : tu_no_memory(err);

	if (!status && !PQ(sendQueryParams)(pg, sql, 0, NULL, NULL, NULL, NULL, 1))
		status = tu_postgres__failed(pg, NULL, err);
	if (status) {
		tu_free(rows);
		return status;
	}
	rows->head.tx = base;
	(void)PQ(setSingleRowMode)(pg);
	*out_rows = &rows->head;
	return TU_OK;
}

static void add_copy(const struct tu_table *table, struct tu_buf *sql)
{
	tu_buf_printf(sql, "COPY \"%.*s\" (", TU_STR_FMT(table->name));
	for (size_t i = 0; i < table->column_count; i++)
		tu_buf_printf(sql, "%s\"%.*s\"", i ? ", " : "", TU_STR_FMT(table->columns[i].name));
	tu_buf_c(sql, ") FROM STDIN WITH (FORMAT binary)");
	tu_buf_byte(sql, '\0');
}

static bool put(PGconn *pg, struct tu_str bytes)
{
	while (bytes.len) {
		struct tu_str piece = tu_str_first(bytes, COPY_PIECE);

		if (PQ(putCopyData)(pg, piece.ptr, (int)piece.len) != 1)
			return false;
		bytes = tu_str_from(bytes, piece.len);
	}
	return true;
}

static enum tu_status begin_copy(PGconn *pg, const struct tu_table *table, struct tu_error *err)
{
	struct tu_buf sql;
	PGresult *result;
	enum tu_status status = TU_OK;

	tu_buf_init(&sql, 64 * 1024);
	add_copy(table, &sql);
	if (sql.failed) {
		tu_buf_done(&sql);
		return tu_no_memory(err);
	}
	result = PQ(exec)(pg, sql.ptr);
	if (PQ(resultStatus)(result) != PGRES_COPY_IN)
		status = tu_postgres__failed(pg, result, err);
	PQ(clear)(result);
	tu_buf_done(&sql);
	return status;
}

enum tu_status tu_postgres__load(
	struct tu_tx *base, const struct tu_table *table, struct tu_str rows, struct tu_error *err)
{
	PGconn *pg = ((struct postgres_tx *)base)->connection->pg;
	int64_t ignored = 0;
	enum tu_status status = begin_copy(pg, table, err);

	if (status)
		return status;
	if (!put(pg, tu_str_of(copy_head, sizeof(copy_head) - 1)) || !put(pg, rows) ||
		!put(pg, tu_str_of(copy_tail, sizeof(copy_tail) - 1)) ||
		PQ(putCopyEnd)(pg, NULL) != 1)
		return tu_postgres__failed(pg, NULL, err);
	return tu_postgres__receive(pg, &ignored, err);
}
