/*
 * A whole database as rows, the same on both engines: for backups, which are restored on either.
 *
 * Which tables and columns there are is asked of the database, not of this program: what an older
 * program made can be read before it is migrated. Rows are bytes, in the form of PostgreSQL's
 * binary COPY (www.postgresql.org/docs/15/sql-copy.html, "Tuples"), all numbers with the most
 * significant byte first:
 *
 *   row    16 bits: how many fields, then the fields in the order of the table's columns
 *   field  32 bits: how many bytes follow, -1 for NULL; a number is 8 bytes, a text is UTF-8
 */
#ifndef TU_STORE_DUMP_H
#define TU_STORE_DUMP_H

#include <tutela/buf.h>

#include "store/store.h"

enum { TU_TABLES_MAX = 256, TU_COLUMNS_MAX = 64 };
/* Of one piece of rows that is given out: a row that is larger is a piece of its own. */
#define TU_ROWS_PIECE ((size_t)1 << 20)
#define TU_ROWS_MAX ((size_t)5 << 28)

struct tu_column {
	struct tu_str name;
	enum tu_value_type type; /* never TU_VALUE_NULL */
	unsigned key; /* its place in the primary key, from 1; 0: it is not in it */
};

struct tu_table {
	struct tu_str name;
	const struct tu_column *columns;
	size_t column_count;
};

struct tu_tables {
	const struct tu_table *at;
	size_t count;
};

/*
 * All tables but the account of migrations, in an order in which they can be loaded: what a table
 * refers to comes before it, and else by name. They live in the arena. TU_E_UNSUPPORTED: a column
 * is of a type that we do not write, or tables refer to each other in a circle.
 */
TU_NODISCARD enum tu_status tu_store_tables(struct tu_tx *tx, struct tu_arena *arena,
	struct tu_tables *out_tables, struct tu_error *err);
const struct tu_table *tu_table_named(const struct tu_tables *tables, struct tu_str name);
/* Have both the same columns in the same order? */
bool tu_table_eq(const struct tu_table *a, const struct tu_table *b);

TU_NODISCARD enum tu_status tu_table_count(
	struct tu_tx *tx, const struct tu_table *table, int64_t *out_count, struct tu_error *err);

/* Called with whole rows, in the order of the primary key. */
typedef enum tu_status tu_rows_piece(
	void *self, struct tu_str rows, uint32_t count, struct tu_error *err);
TU_NODISCARD enum tu_status tu_table_read(struct tu_tx *tx, const struct tu_table *table,
	tu_rows_piece *piece, void *self, struct tu_error *err);

/* Are these whole rows of the table, `count` of them? TU_E_CORRUPT says in which row not. */
TU_NODISCARD enum tu_status tu_table_check(
	const struct tu_table *table, struct tu_str rows, uint32_t count, struct tu_error *err);

/* Before the first row is loaded: empty all tables, of what migrations put in. */
TU_NODISCARD enum tu_status tu_store_load_begin(
	struct tu_tx *tx, const struct tu_tables *tables, struct tu_error *err);
/* Insert checked rows. */
TU_NODISCARD enum tu_status tu_table_load(
	struct tu_tx *tx, const struct tu_table *table, struct tu_str rows, struct tu_error *err);
/* After the last: ids that are given out go on after the highest one. */
TU_NODISCARD enum tu_status tu_store_load_end(
	struct tu_tx *tx, const struct tu_tables *tables, struct tu_error *err);

/* Of one field in checked rows; `*rows` moves on. */
struct tu_value tu_rows__field(struct tu_str *rows, enum tu_value_type type);

/* ---- what maintains a database ---- */

/* What is wrong with the file or the tables, by the engine's own means: a line each, at most a
 * hundred; nothing when all is well. SQLite checks pages, indexes and references; PostgreSQL reads
 * every row of every table. */
TU_NODISCARD enum tu_status tu_store_integrity(
	struct tu_tx *tx, struct tu_buf *out_lines, struct tu_error *err);
/* Keep what is in the database under another name, and make room: PostgreSQL's schema is renamed
 * to `name`, and programs that have it open, or open it later, are refused with the reason
 * (TU_MIGRATION_MOVED). Not for SQLite, where it is a file. */
enum { TU_SET_ASIDE_NAME = 80 }; /* letters, digits and "_"; one that is taken gets a number */
TU_NODISCARD enum tu_status tu_store_set_aside(
	struct tu_tx *tx, char name[TU_SET_ASIDE_NAME], struct tu_error *err);

#endif
