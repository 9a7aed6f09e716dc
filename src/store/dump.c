#include <stdio.h>
#include <string.h>

#include "base/big_endian.h"
#include "store/dump.h"
#include "store/engine.h"
#include "store/migrate.h"

enum { LINES_MAX = 100 };

/* ---- which tables there are ---- */

/* table, column, type, place in the primary key */
static const char *const columns_of[TU_STORE_ENGINES] = {
	[TU_STORE_SQLITE] = "SELECT t.name, c.name, c.type, c.pk FROM sqlite_schema t, "
			    "pragma_table_info(t.name) c"
			    " WHERE t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_'"
			    " AND t.name <> 'migration' ORDER BY t.name, c.cid",
	[TU_STORE_POSTGRES] =
		"SELECT CAST(t.relname AS TEXT), CAST(a.attname AS TEXT), format_type(a.atttypid, "
		"NULL),"
		" CAST(COALESCE((SELECT array_position(CAST(i.indkey AS INT2[]), a.attnum) + 1"
		" FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary), 0) AS BIGINT)"
		" FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid"
		" WHERE t.relkind = 'r' AND t.relnamespace = CAST(current_schema() AS regnamespace)"
		" AND t.relname <> 'migration' AND a.attnum > 0 AND NOT a.attisdropped"
		" ORDER BY CAST(t.relname AS TEXT) COLLATE \"C\", a.attnum",
};

/* table, a table that it refers to */
static const char *const references_of[TU_STORE_ENGINES] = {
	[TU_STORE_SQLITE] = "SELECT DISTINCT t.name, f.\"table\" FROM sqlite_schema t,"
			    " pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
	[TU_STORE_POSTGRES] =
		"SELECT DISTINCT CAST(t.relname AS TEXT), CAST(o.relname AS TEXT) FROM "
		"pg_constraint c"
		" JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid"
		" WHERE c.contype = 'f'"
		" AND t.relnamespace = CAST(current_schema() AS regnamespace)",
};

struct listing {
	struct tu_arena *arena;
	struct tu_table tables[TU_TABLES_MAX];
	struct tu_column columns[TU_COLUMNS_MAX]; /* of the table that is being read */
	size_t count, column_count;
	bool refers[TU_TABLES_MAX][TU_TABLES_MAX];
	bool placed[TU_TABLES_MAX];
};

static bool type_of(struct tu_str word, enum tu_value_type *out_type)
{
	static const struct {
		struct tu_str word;
		enum tu_value_type type;
	} types[] = {{TU_STR_INIT("integer"), TU_VALUE_INT}, {TU_STR_INIT("bigint"), TU_VALUE_INT},
		{TU_STR_INIT("text"), TU_VALUE_TEXT}, {TU_STR_INIT("blob"), TU_VALUE_BLOB},
		{TU_STR_INIT("bytea"), TU_VALUE_BLOB}};

	for (size_t i = 0; i < TU_COUNT(types); i++) {
		if (tu_str_ieq(types[i].word, word)) {
			*out_type = types[i].type;
			return true;
		}
	}
	return false;
}

/* The columns that were collected are those of the last table. */
static enum tu_status finish_table(struct listing *list, struct tu_error *err)
{
	struct tu_column *columns;

	if (!list->count)
		return TU_OK;
	columns = tu_arena_array(list->arena, list->column_count, sizeof(*columns));
	if (!columns)
		return tu_no_memory(err);
	memcpy(columns, list->columns, list->column_count * sizeof(*columns));
	list->tables[list->count - 1].columns = columns;
	list->tables[list->count - 1].column_count = list->column_count;
	list->column_count = 0;
	return TU_OK;
}

static enum tu_status add_column(
	struct listing *list, const struct tu_rows *rows, struct tu_error *err)
{
	struct tu_str table = tu_rows_text(rows, 0);
	struct tu_column *column;
	enum tu_status status;

	if (!list->count || !tu_str_eq(list->tables[list->count - 1].name, table)) {
		status = finish_table(list, err);
		if (status)
			return status;
		if (list->count == TU_TABLES_MAX)
			return tu_fail(err, TU_E_LIMIT, 0, "too many tables");
		if (!tu_arena_dup(list->arena, table, &list->tables[list->count].name))
			return tu_no_memory(err);
		list->count++;
	}
	if (list->column_count == TU_COLUMNS_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "too many columns");
	column = &list->columns[list->column_count++];
	column->key = (unsigned)tu_rows_int(rows, 3);
	if (!tu_arena_dup(list->arena, tu_rows_text(rows, 1), &column->name))
		return tu_no_memory(err);
	if (!type_of(tu_rows_text(rows, 2), &column->type))
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"column %.*s of table %.*s is of a type that is not used: %.*s",
			TU_STR_FMT(column->name), TU_STR_FMT(table),
			TU_STR_FMT(tu_rows_text(rows, 2)));
	return TU_OK;
}

static size_t index_of(const struct listing *list, struct tu_str name)
{
	size_t i = 0;

	while (i < list->count && !tu_str_eq(list->tables[i].name, name))
		i++;
	return i;
}

static enum tu_status add_reference(
	struct listing *list, const struct tu_rows *rows, struct tu_error *err)
{
	size_t from = index_of(list, tu_rows_text(rows, 0));
	size_t to = index_of(list, tu_rows_text(rows, 1));

	(void)err;
	if (from < list->count && to < list->count && from != to)
		list->refers[from][to] = true;
	return TU_OK;
}

static enum tu_status each_row(struct tu_tx *tx, const char *sql,
	enum tu_status (*add)(struct listing *, const struct tu_rows *, struct tu_error *),
	struct listing *list, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx__read(tx, sql, &rows, err), end;

	if (status)
		return status;
	while (!status && tu_rows_next(rows))
		status = add(list, rows, err);
	end = tu_rows_close(rows, status ? NULL : err);
	return status ? status : end;
}

/* The first table, by name, of which everything it refers to has its place. */
static size_t next_table(const struct listing *list)
{
	for (size_t i = 0; i < list->count; i++) {
		size_t waits = 0;

		for (size_t k = 0; k < list->count; k++)
			waits += list->refers[i][k] && !list->placed[k];
		if (!list->placed[i] && !waits)
			return i;
	}
	return list->count;
}

enum tu_status tu_store_tables(struct tu_tx *tx, struct tu_arena *arena,
	struct tu_tables *out_tables, struct tu_error *err)
{
	enum tu_store_engine engine = tu_store_engine(tx->store);
	struct listing *list = tu_arena_array(arena, 1, sizeof(*list));
	struct tu_table *ordered = tu_arena_array(arena, TU_TABLES_MAX, sizeof(*ordered));
	enum tu_status status;

	if (!list || !ordered)
		return tu_no_memory(err);
	memset(list, 0, sizeof(*list));
	list->arena = arena;
	status = each_row(tx, columns_of[engine], add_column, list, err);
	if (!status)
		status = finish_table(list, err);
	if (!status)
		status = each_row(tx, references_of[engine], add_reference, list, err);
	for (size_t i = 0; !status && i < list->count; i++) {
		size_t next = next_table(list);

		if (next == list->count)
			return tu_fail(err, TU_E_UNSUPPORTED, 0, "tables refer to each other");
		list->placed[next] = true;
		ordered[i] = list->tables[next];
	}
	*out_tables = (struct tu_tables){ordered, list->count};
	return status;
}

const struct tu_table *tu_table_named(const struct tu_tables *tables, struct tu_str name)
{
	for (size_t i = 0; i < tables->count; i++)
		if (tu_str_eq(tables->at[i].name, name))
			return &tables->at[i];
	return NULL;
}

bool tu_table_eq(const struct tu_table *a, const struct tu_table *b)
{
	if (a->column_count != b->column_count)
		return false;
	for (size_t i = 0; i < a->column_count; i++)
		if (!tu_str_eq(a->columns[i].name, b->columns[i].name) ||
			a->columns[i].type != b->columns[i].type)
			return false;
	return true;
}

/* ---- reading ---- */

static void add_name(struct tu_buf *sql, struct tu_str name)
{
	tu_buf_printf(sql, "\"%.*s\"", TU_STR_FMT(name));
}

/* Texts in an order that does not depend on where the database is. */
static void add_order(struct tu_buf *sql, const struct tu_table *table, bool collate)
{
	const char *between = " ORDER BY ";

	for (unsigned key = 1; key <= table->column_count; key++)
		for (size_t i = 0; i < table->column_count; i++) {
			const struct tu_column *column = &table->columns[i];

			if (column->key != key)
				continue;
			tu_buf_c(sql, between);
			add_name(sql, column->name);
			if (collate && column->type == TU_VALUE_TEXT)
				tu_buf_c(sql, " COLLATE \"C\"");
			between = ", ";
		}
}

static void add_columns(struct tu_buf *sql, const struct tu_table *table)
{
	for (size_t i = 0; i < table->column_count; i++) {
		tu_buf_c(sql, i ? ", " : "");
		add_name(sql, table->columns[i].name);
	}
}

static void put(struct tu_buf *out, uint64_t number, unsigned bytes)
{
	char made[8];

	tu_big_endian_put(made, number, bytes);
	tu_buf_add(out, made, bytes);
}

static void put_row(const struct tu_rows *rows, const struct tu_table *table, struct tu_buf *out)
{
	put(out, table->column_count, 2);
	for (unsigned i = 0; i < table->column_count; i++) {
		if (tu_rows_is_null(rows, i)) {
			put(out, UINT32_MAX, 4);
		} else if (table->columns[i].type == TU_VALUE_INT) {
			put(out, 8, 4);
			put(out, (uint64_t)tu_rows_int(rows, i), 8);
		} else {
			struct tu_str text = tu_rows_text(rows, i);

			put(out, text.len, 4);
			tu_buf_str_add(out, text);
		}
	}
}

static enum tu_status read_rows(struct tu_rows *rows, const struct tu_table *table,
	tu_rows_piece *piece, void *self, struct tu_error *err)
{
	struct tu_buf out;
	uint32_t count = 0;
	enum tu_status status = TU_OK, end;

	tu_buf_init(&out, TU_ROWS_MAX);
	while (!status && tu_rows_next(rows)) {
		put_row(rows, table, &out);
		count++;
		if (out.failed) {
			status = tu_no_memory(err);
		} else if (out.len >= TU_ROWS_PIECE) {
			status = piece(self, tu_buf_str(&out), count, err);
			tu_buf_clear(&out);
			count = 0;
		}
	}
	end = tu_rows_close(rows, status ? NULL : err);
	status = status ? status : end;
	if (!status && count)
		status = piece(self, tu_buf_str(&out), count, err);
	tu_buf_done(&out);
	return status;
}

/* Run a composed text that gives rows. */
static enum tu_status read_composed(
	struct tu_tx *tx, struct tu_buf *sql, struct tu_rows **out_rows, struct tu_error *err)
{
	enum tu_status status;

	tu_buf_byte(sql, '\0');
	status = sql->failed ? tu_no_memory(err) : tu_tx__read(tx, sql->ptr, out_rows, err);
	tu_buf_done(sql);
	return status;
}

enum tu_status tu_table_read(struct tu_tx *tx, const struct tu_table *table, tu_rows_piece *piece,
	void *self, struct tu_error *err)
{
	struct tu_rows *rows;
	struct tu_buf sql;
	enum tu_status status;

	tu_buf_init(&sql, 64 * 1024);
	tu_buf_c(&sql, "SELECT ");
	add_columns(&sql, table);
	tu_buf_c(&sql, " FROM ");
	add_name(&sql, table->name);
	add_order(&sql, table, tu_store_engine(tx->store) == TU_STORE_POSTGRES);
	status = read_composed(tx, &sql, &rows, err);
	if (!status)
		status = read_rows(rows, table, piece, self, err);
	return status ? tu_error_prefix(err, "table %.*s", TU_STR_FMT(table->name)) : TU_OK;
}

enum tu_status tu_table_count(
	struct tu_tx *tx, const struct tu_table *table, int64_t *out_count, struct tu_error *err)
{
	struct tu_rows *rows;
	struct tu_buf sql;
	enum tu_status status;

	tu_buf_init(&sql, 1024);
	tu_buf_c(&sql, "SELECT CAST(COUNT(*) AS BIGINT) FROM ");
	add_name(&sql, table->name);
	status = read_composed(tx, &sql, &rows, err);
	if (status)
		return status;
	*out_count = tu_rows_next(rows) ? tu_rows_int(rows, 0) : 0;
	return tu_rows_close(rows, err);
}

/* ---- rows as bytes ---- */

static bool take(struct tu_str *rows, unsigned bytes, uint64_t *out)
{
	if (rows->len < bytes)
		return false;
	*out = tu_big_endian_get(rows->ptr, bytes);
	*rows = tu_str_from(*rows, bytes);
	return true;
}

static bool skip_field(struct tu_str *rows, enum tu_value_type type)
{
	uint64_t len;

	if (!take(rows, 4, &len))
		return false;
	if (len == UINT32_MAX)
		return true;
	if (len > rows->len || (type == TU_VALUE_INT && len != 8))
		return false;
	if (type == TU_VALUE_TEXT && memchr(rows->ptr, '\0', (size_t)len))
		return false;
	*rows = tu_str_from(*rows, (size_t)len);
	return true;
}

enum tu_status tu_table_check(
	const struct tu_table *table, struct tu_str rows, uint32_t count, struct tu_error *err)
{
	for (uint32_t row = 0; row < count; row++) {
		uint64_t fields = 0;
		bool fine = take(&rows, 2, &fields) && fields == table->column_count;

		for (size_t i = 0; fine && i < table->column_count; i++)
			fine = skip_field(&rows, table->columns[i].type);
		if (!fine)
			return tu_fail(err, TU_E_CORRUPT, 0, "row %u of %u of table %.*s", row + 1,
				count, TU_STR_FMT(table->name));
	}
	return rows.len ? tu_fail(err, TU_E_CORRUPT, 0, "more than %u rows of table %.*s", count,
				  TU_STR_FMT(table->name))
			: TU_OK;
}

struct tu_value tu_rows__field(struct tu_str *rows, enum tu_value_type type)
{
	uint64_t len = 0, bits = 0;
	struct tu_value value = tu_null();

	if (!take(rows, 4, &len) || len == UINT32_MAX)
		return value;
	if (type == TU_VALUE_INT) {
		(void)take(rows, 8, &bits);
		return tu_int((int64_t)bits);
	}
	value = (struct tu_value){.type = type, .text = tu_str_first(*rows, (size_t)len)};
	*rows = tu_str_from(*rows, (size_t)len);
	return value;
}

/* ---- loading ---- */

/* Run a composed text. */
static enum tu_status run_composed(struct tu_tx *tx, struct tu_buf *sql, struct tu_error *err)
{
	enum tu_status status;

	tu_buf_byte(sql, '\0');
	status = sql->failed ? tu_no_memory(err) : tu_tx__script(tx, sql->ptr, err);
	tu_buf_done(sql);
	return status;
}

enum tu_status tu_store_load_begin(
	struct tu_tx *tx, const struct tu_tables *tables, struct tu_error *err)
{
	struct tu_buf sql;

	tu_buf_init(&sql, 64 * 1024);
	tu_buf_c(&sql,
		tu_store_engine(tx->store) == TU_STORE_POSTGRES
			? "SET LOCAL statement_timeout = 0;"
			  " SET LOCAL idle_in_transaction_session_timeout = 0;"
			: "PRAGMA defer_foreign_keys = ON;");
	for (size_t i = tables->count; i > 0; i--) {
		tu_buf_c(&sql, " DELETE FROM ");
		add_name(&sql, tables->at[i - 1].name);
		tu_buf_byte(&sql, ';');
	}
	return run_composed(tx, &sql, err);
}

enum tu_status tu_table_load(
	struct tu_tx *tx, const struct tu_table *table, struct tu_str rows, struct tu_error *err)
{
	return tu_tx__load(tx, table, rows, err)
		? tu_error_prefix(err, "table %.*s", TU_STR_FMT(table->name))
		: TU_OK;
}

static bool gives_ids(const struct tu_table *table)
{
	return table->column_count && tu_str_eq(table->columns[0].name, TU_STR("id")) &&
		table->columns[0].key == 1;
}

enum tu_status tu_store_load_end(
	struct tu_tx *tx, const struct tu_tables *tables, struct tu_error *err)
{
	struct tu_buf sql;

	if (tu_store_engine(tx->store) != TU_STORE_POSTGRES)
		return TU_OK; /* SQLite keeps account by itself */
	tu_buf_init(&sql, 64 * 1024);
	tu_buf_c(&sql, "SELECT 1;");
	for (size_t i = 0; i < tables->count; i++) {
		const struct tu_table *table = &tables->at[i];

		if (gives_ids(table))
			tu_buf_printf(&sql,
				"SELECT setval(pg_get_serial_sequence('\"%.*s\"', 'id'),"
				" COALESCE(max(id), 1), max(id) IS NOT NULL) FROM \"%.*s\";",
				TU_STR_FMT(table->name), TU_STR_FMT(table->name));
	}
	return run_composed(tx, &sql, err);
}

/* ---- what maintains a database ---- */

static enum tu_status add_lines(
	struct tu_tx *tx, const char *sql, struct tu_buf *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx__read(tx, sql, &rows, err);

	if (status)
		return status;
	for (int i = 0; i < LINES_MAX && tu_rows_next(rows); i++) {
		if (tu_str_eq(tu_rows_text(rows, 0), TU_STR("ok")))
			continue;
		tu_buf_str_add(out, tu_rows_text(rows, 0));
		tu_buf_byte(out, '\n');
	}
	return tu_rows_close(rows, err);
}

static enum tu_status read_nothing(
	void *self, struct tu_str rows, uint32_t count, struct tu_error *err)
{
	(void)self;
	(void)rows;
	(void)count;
	(void)err;
	return TU_OK;
}

static enum tu_status scan_all(struct tu_tx *tx, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(64 << 20);
	struct tu_tables tables = {0};
	enum tu_status status =
		arena ? tu_store_tables(tx, arena, &tables, err) : tu_no_memory(err);

	for (size_t i = 0; !status && i < tables.count; i++)
		status = tu_table_read(tx, &tables.at[i], read_nothing, NULL, err);
	tu_arena_free(arena);
	return status;
}

enum tu_status tu_store_integrity(struct tu_tx *tx, struct tu_buf *out_lines, struct tu_error *err)
{
	enum tu_status status;

	if (tu_store_engine(tx->store) == TU_STORE_POSTGRES)
		return scan_all(tx, err);
	status = add_lines(tx, "PRAGMA integrity_check", out_lines, err);
	if (!status)
		status = add_lines(tx,
			"SELECT 'a row of table ' || \"table\" || ' refers to a row of ' || parent "
			"||"
			" ' that is not there' FROM pragma_foreign_key_check",
			out_lines, err);
	return status;
}

static enum tu_status is_taken(
	struct tu_tx *tx, const char *schema, bool *out, struct tu_error *err)
{
	char sql[256];
	struct tu_rows *rows;
	enum tu_status status;

	(void)snprintf(sql, sizeof(sql),
		"SELECT CAST(COUNT(*) AS BIGINT) FROM pg_namespace WHERE nspname = '%s'", schema);
	status = tu_tx__read(tx, sql, &rows, err);
	if (status)
		return status;
	*out = tu_rows_next(rows) && tu_rows_int(rows, 0);
	return tu_rows_close(rows, err);
}

enum tu_status tu_store_set_aside(
	struct tu_tx *tx, char name[TU_SET_ASIDE_NAME], struct tu_error *err)
{
	struct tu_buf sql;
	bool taken = true;
	const size_t len = strlen(name);
	enum tu_status status = is_taken(tx, name, &taken, err);

	for (unsigned i = 2; !status && taken; i++) {
		(void)snprintf(name + len, TU_SET_ASIDE_NAME - len, "_%u", i);
		status = is_taken(tx, name, &taken, err);
	}
	if (status)
		return status;
	tu_buf_init(&sql, 1024);
	tu_buf_printf(&sql,
		"ALTER SCHEMA public RENAME TO \"%s\"; CREATE SCHEMA public;"
		"CREATE TABLE public.migration (LIKE \"%s\".migration INCLUDING ALL);"
		"INSERT INTO public.migration (number, name, digest, applied) VALUES (%d, 'moved', "
		"'', 0)",
		name, name, TU_MIGRATION_MOVED);
	return run_composed(tx, &sql, err);
}
