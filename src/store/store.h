/*
 * The store: one database on two engines, SQLite in the data folder or PostgreSQL.
 *
 * A statement has a name (statements.sql); nobody writes SQL elsewhere. All are prepared when a
 * connection is made, so that a wrong column fails at the start. Work happens in transactions;
 * what a person could be asked about is recorded in the ledger by the same transaction, with
 * tu_tx_record(), which comes last: the ledger's head is then held for an instant only.
 *
 *   SQLite       One connection writes. Transactions that wait for it become one commit, at most
 *                64 of them, each in a savepoint of its own. Readers cannot write.
 *   PostgreSQL   A transaction takes a connection of the pool. A commit is asynchronous, and is
 *                answered when a flush after it has reached the disk: the head of the ledger is
 *                not held meanwhile (docs/internals/store.md).
 *
 * A commit that returned TU_OK is on the disk. Any other end has changed nothing, except TU_E_IO
 * of a commit whose answer was lost, or (SQLite) that waited for another transaction longer than a
 * statement may take: it may have happened.
 *
 * Errors of every call: TU_E_BUSY (another process or transaction is in the way; later it may
 * work), TU_E_CONFLICT (the transaction collided with another one and is rolled back: run it again
 * as a whole), TU_E_CONSTRAINT (the database refuses it; err->pointer is the constraint's name),
 * TU_E_SYNTAX (a text is not UTF-8 without NUL), TU_E_IO (the disk or the connection), TU_E_NOMEM.
 *
 * Ownership: texts of a row are valid until the next row. Threads: a store may be used from any; a
 * transaction belongs to one.
 */
#ifndef TU_STORE_STORE_H
#define TU_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "store/statements.h"

struct tu_store;
struct tu_tx;
struct tu_rows;

enum tu_store_engine { TU_STORE_SQLITE, TU_STORE_POSTGRES, TU_STORE_ENGINES };

/* By what a place is written: a URL "postgresql://…" or else the path of a file. */
enum tu_store_engine tu_store_engine_of(struct tu_str place);

struct tu_store_options {
	const char *place; /* path of the SQLite file, or "postgresql://…" */
	bool read_only; /* SQLite: no file is made or changed, also beside the database */
	bool pooler; /* between us and PostgreSQL is a pooler that binds a connection to a
			transaction only: nothing is kept in a session */
	const char *direct; /* pooler: where PostgreSQL itself answers, to check every statement at
			       the start; NULL: statements are checked as they are used */
	unsigned connections; /* readers (SQLite) or all (PostgreSQL); 0: 4 */
	unsigned timeout_ms; /* of a statement; 0: 30,000 */
	bool unprepared; /* before migrations have run: no statement is prepared */
};

TU_NODISCARD enum tu_status tu_store_open(
	const struct tu_store_options *options, struct tu_store **out_store, struct tu_error *err);
/* Every transaction has ended. NULL is fine. */
void tu_store_close(struct tu_store *store);
enum tu_store_engine tu_store_engine(const struct tu_store *store);
const char *tu_store_engine_name(enum tu_store_engine engine);

/* ---- transactions ---- */

enum tu_tx_kind { TU_TX_READ, TU_TX_WRITE };

TU_NODISCARD enum tu_status tu_store_begin(
	struct tu_store *store, enum tu_tx_kind kind, struct tu_tx **out_tx, struct tu_error *err);
/* Ends the transaction, whatever the status. After a statement that failed it is rolled back, and
 * the status is that of the statement. */
TU_NODISCARD enum tu_status tu_tx_commit(struct tu_tx *tx, struct tu_error *err);
/* Ends the transaction without effect. NULL is fine. */
void tu_tx_rollback(struct tu_tx *tx);

/*
 * Begin, call `work`, commit; roll back when it fails. On TU_E_CONFLICT and TU_E_BUSY the whole is
 * run again, at most eight times with growing pauses, so `work` must begin from nothing each time
 * and do nothing outside the transaction. A conflict that `work` finds itself ("changed since you
 * read it") is run again on PostgreSQL alone, where the next attempt may see another's commit, and
 * fewer times. TU_E_IO is not repeated.
 */
typedef enum tu_status tu_tx_work(struct tu_tx *tx, void *self, struct tu_error *err);
TU_NODISCARD enum tu_status tu_store_run(struct tu_store *store, enum tu_tx_kind kind,
	tu_tx_work *work, void *self, struct tu_error *err);

/* ---- statements ---- */

/* How long commits of transactions that write take, since the store was opened. Any thread. */
enum { TU_STORE_TIMES = 8 };
extern const uint32_t tu_store_time_bounds[TU_STORE_TIMES]; /* ms: 1, 3, 10, … */
struct tu_store_times {
	uint64_t within[TU_STORE_TIMES]; /* at most so many ms, each with those below */
	uint64_t commits, microseconds; /* all of them */
	uint64_t again; /* transactions that were run again, for another was in their way */
};
void tu_store_times(const struct tu_store *store, struct tu_store_times *out);

/* A transaction of which a statement failed can only be rolled back: PostgreSQL has it so. */

enum tu_value_type { TU_VALUE_NULL, TU_VALUE_INT, TU_VALUE_TEXT, TU_VALUE_BLOB };

struct tu_value {
	enum tu_value_type type;
	int64_t integer;
	struct tu_str text; /* TEXT: UTF-8 without NUL; BLOB: any bytes */
};

static inline struct tu_value tu_int(int64_t integer)
{
	return (struct tu_value){.type = TU_VALUE_INT, .integer = integer};
}

static inline struct tu_value tu_text(struct tu_str text)
{
	return (struct tu_value){.type = TU_VALUE_TEXT, .text = text};
}

static inline struct tu_value tu_blob(struct tu_str bytes)
{
	return (struct tu_value){.type = TU_VALUE_BLOB, .text = bytes};
}

static inline struct tu_value tu_null(void)
{
	return (struct tu_value){.type = TU_VALUE_NULL};
}

/* Empty text as NULL: for what may be not stated. */
static inline struct tu_value tu_text_opt(struct tu_str text)
{
	return text.len ? tu_text(text) : tu_null();
}

/* The parameters $1, $2, … of a statement, of one row or of many that follow each other. */
struct tu_params {
	const struct tu_value *values;
	size_t count; /* of one row */
	size_t rows;
};

/* TU_BIND(tu_int(id), tu_text(name)) */
#define TU_BIND(...) \
	((struct tu_params){(const struct tu_value[]){__VA_ARGS__}, \
		sizeof((const struct tu_value[]){__VA_ARGS__}) / sizeof(struct tu_value), 1})
#define TU_NO_BIND ((struct tu_params){NULL, 0, 1})

static inline struct tu_params tu_bind_rows(
	const struct tu_value *values, size_t rows, size_t columns)
{
	return (struct tu_params){values, columns, rows};
}

/* Run a statement that gives no rows, or whose rows do not matter, for each row of parameters; stop
 * at the first that fails. PostgreSQL takes them in one pipeline. `out_changed` (may be NULL): how
 * many rows were inserted, updated or deleted in all. */
TU_NODISCARD enum tu_status tu_tx_exec(struct tu_tx *tx, enum tu_sql sql, struct tu_params params,
	int64_t *out_changed, struct tu_error *err);
/* Run a statement that gives rows. One cursor at a time in a transaction; end with
 * tu_rows_close() before the next statement. */
TU_NODISCARD enum tu_status tu_tx_query(struct tu_tx *tx, enum tu_sql sql, struct tu_params params,
	struct tu_rows **out_rows, struct tu_error *err);
/* The same for a statement that gives one row: it is the current one. TU_E_NOTFOUND without one,
 * and then the cursor is closed; this is no failure of the transaction. */
TU_NODISCARD enum tu_status tu_tx_row(struct tu_tx *tx, enum tu_sql sql, struct tu_params params,
	struct tu_rows **out_rows, struct tu_error *err);
/* To the next row; false at the end or on failure, which tu_rows_close() returns. */
bool tu_rows_next(struct tu_rows *rows);
bool tu_rows_is_null(const struct tu_rows *rows, unsigned column);
int64_t tu_rows_int(const struct tu_rows *rows, unsigned column); /* 0 for NULL */
struct tu_str tu_rows_text(const struct tu_rows *rows, unsigned column); /* TEXT and BLOB */
TU_NODISCARD enum tu_status tu_rows_close(struct tu_rows *rows, struct tu_error *err);

/* The first column of the first row as a number. TU_E_NOTFOUND without a row. */
TU_NODISCARD enum tu_status tu_tx_int(struct tu_tx *tx, enum tu_sql sql, struct tu_params params,
	int64_t *out, struct tu_error *err);

/* ---- the ledger ---- */

/* What a record changes of the things that lists are made of: nodes follow these rows, in the order
 * of the ledger, and read again what they name. */
struct tu_change {
	const char *kind; /* "release", "component", "vulnerability", … */
	int64_t key; /* its id */
};

/* One record (ledger/record.h has what it must say): its body's canonical text, what it is about
 * for queries, and when. */
struct tu_ledger_entry {
	int64_t at; /* us since 1970, UTC */
	struct tu_str actor; /* who: the public id of a person, a key or a part of the program */
	struct tu_str action; /* "decision.propose" */
	struct tu_str subject; /* "finding:CVE-2024-1234/libexpat/4.2" */
	struct tu_str body;
	const struct tu_change *changes;
	size_t change_count;
};

/* Append a record; it gets its number and hash when the transaction commits. After it, the
 * transaction can only record more, or end. Everything is copied. TU_E_SYNTAX: err->pointer names
 * the text; TU_E_LIMIT: texts of 10 MiB and more, which no reader of a ledger would take. */
TU_NODISCARD enum tu_status tu_tx_record(
	struct tu_tx *tx, const struct tu_ledger_entry *entry, struct tu_error *err);

#endif
