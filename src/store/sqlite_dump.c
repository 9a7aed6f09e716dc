/* Loading rows of a dump into SQLite. */
#include <stdio.h>

#include "store/dump.h"
#include "store/sqlite.h"

static void add_insert(const struct tu_table *table, struct tu_buf *sql)
{
	tu_buf_printf(sql, "INSERT INTO \"%.*s\" (", TU_STR_FMT(table->name));
	for (size_t i = 0; i < table->column_count; i++)
		tu_buf_printf(sql, "%s\"%.*s\"", i ? ", " : "", TU_STR_FMT(table->columns[i].name));
	tu_buf_c(sql, ") VALUES (");
	for (size_t i = 0; i < table->column_count; i++)
		tu_buf_c(sql, i ? ", ?" : "?");
	tu_buf_byte(sql, ')');
	tu_buf_byte(sql, '\0');
}

/* `code` is SQLITE_DONE when all rows are in. */
static int insert_all(sqlite3_stmt *statement, const struct tu_table *table, struct tu_str rows)
{
	int code = SQLITE_DONE;

	while (code == SQLITE_DONE && rows.len) {
		rows = tu_str_from(rows, 2); /* how many fields: checked before */
		code = SQLITE_OK;
		for (size_t i = 0; code == SQLITE_OK && i < table->column_count; i++) {
			struct tu_value value = tu_rows__field(&rows, table->columns[i].type);

			code = tu_sqlite__bind(statement, (int)i + 1, &value);
		}
		if (code == SQLITE_OK)
			code = SQL(step)(statement);
		(void)SQL(reset)(statement);
	}
	return code;
}

enum tu_status tu_sqlite__load(
	struct tu_tx *base, const struct tu_table *table, struct tu_str rows, struct tu_error *err)
{
	struct sqlite_tx *tx = (struct sqlite_tx *)base;
	sqlite3 *db = tx->connection->db;
	sqlite3_stmt *statement = NULL;
	struct tu_buf sql;
	enum tu_status status = TU_OK;
	int code;

	tu_buf_init(&sql, 64 * 1024);
	add_insert(table, &sql);
	if (sql.failed) {
		tu_buf_done(&sql);
		return tu_no_memory(err);
	}
	tx->connection->deadline = 0;
	code = SQL(prepare_v3)(db, sql.ptr, -1, 0, &statement, NULL);
	tu_buf_done(&sql);
	if (code == SQLITE_OK)
		code = insert_all(statement, table, rows);
	if (code != SQLITE_DONE) {
		status = tu_sqlite__failed(db, code, err);
		tx->broken |= tu_sqlite__is_lost((const struct sqlite_store *)base->store);
	}
	(void)SQL(finalize)(statement);
	return status;
}
