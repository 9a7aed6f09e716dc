/*
 * The engine SQLite, inside: sqlite.c has connections, statements and the ledger, sqlite_commit.c
 * the transactions that share commits.
 */
#ifndef TU_STORE_SQLITE_H
#define TU_STORE_SQLITE_H

#include <pthread.h>

#include "store/engine.h"
#include "store/sqlite_library.h"

#define SQL(name) (tu_sqlite()->sqlite3_##name)

struct sqlite_connection {
	sqlite3 *db;
	sqlite3_stmt *statements[TU_SQL_COUNT_]; /* prepared when first asked for */
	bool busy;
	int64_t deadline; /* of the statement that runs: clock ticks of the progress handler */
};

struct sqlite_tx {
	struct tu_tx head;
	struct sqlite_connection *connection;
	bool broken; /* the database rolled it back by itself */
	/* while it waits for the commit that it is part of */
	struct sqlite_tx *next;
	bool answered;
	enum tu_status status;
	struct tu_error error;
};

struct sqlite_store {
	struct tu_store head;
	pthread_mutex_t lock;
	pthread_cond_t turn; /* the writer, or a reader, is free */
	pthread_cond_t committed; /* a batch has been answered */
	struct sqlite_connection writer;
	pthread_t owner; /* who has the writer while it is busy */
	bool open; /* the writer's transaction: members of the batch have gone before */
	size_t waiting; /* for the writer */
	size_t batch; /* members of the open transaction */
	struct sqlite_tx *members; /* those that wait for its commit */
	struct sqlite_connection *readers;
	size_t reader_count;
	int64_t timeout_ms;
};

/* What SQLite's code means to a caller, with its message. */
enum tu_status tu_sqlite__failed(sqlite3 *db, int code, struct tu_error *err);
/* Bind one parameter, from 1; what it points to must stay. SQLite's code. */
int tu_sqlite__bind(sqlite3_stmt *statement, int index, const struct tu_value *value);
/* Has the database ended the writer's transaction by itself, with all that is in it? */
bool tu_sqlite__is_lost(const struct sqlite_store *store);

TU_NODISCARD enum tu_status tu_sqlite__begin(
	struct tu_store *store, enum tu_tx_kind kind, struct tu_tx **out_tx, struct tu_error *err);
TU_NODISCARD enum tu_status tu_sqlite__commit(struct tu_tx *tx, struct tu_error *err);
void tu_sqlite__rollback(struct tu_tx *tx);
TU_NODISCARD enum tu_status tu_sqlite__load(
	struct tu_tx *tx, const struct tu_table *table, struct tu_str rows, struct tu_error *err);

#endif
