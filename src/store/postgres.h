/*
 * The engine PostgreSQL, inside: postgres.c has connections and statements, postgres_commit.c what
 * the ledger needs and how a transaction ends.
 */
#ifndef TU_STORE_POSTGRES_H
#define TU_STORE_POSTGRES_H

#include <pthread.h>

#include "base/sha256.h"
#include "store/engine.h"
#include "store/postgres_library.h"

#define PQ(name) (tu_postgres()->PQ##name)

struct postgres_connection {
	PGconn *pg;
	bool busy;
};

struct postgres_store {
	struct tu_store head;
	pthread_mutex_t lock;
	pthread_cond_t turn;
	struct postgres_connection *connections;
	size_t count;
	char *place;
	unsigned timeout_ms; /* of a statement */
	bool pooler;
	bool unprepared;
	bool read_only;
};

struct postgres_rows {
	struct tu_rows head;
	PGresult *row; /* NULL at the end */
	enum tu_status status;
	struct tu_error error;
};

/* Types of PostgreSQL (catalog/pg_type.dat). */
enum {
	TU_OID_BYTEA = 17,
	TU_OID_INT8 = 20,
	TU_OID_TEXT = 25,
	TU_OID_BYTEA_ARRAY = 1001,
	TU_OID_TEXT_ARRAY = 1009,
	TU_OID_INT8_ARRAY = 1016
};

struct postgres_record; /* waits for the end of the transaction */

struct postgres_tx {
	struct tu_tx head;
	struct postgres_connection *connection;
	struct tu_arena *arena; /* of what is pending */
	struct postgres_record *first, **last;
};

/* What a commit is answered for is on the disk, also where the server, the database or the role
 * has synchronous_commit=off; any other word is somebody's choice of how many disks to wait for. */
#define TU_POSTGRES_SYNCHRONOUS(is_local) \
	"SELECT set_config('synchronous_commit', 'on', " is_local ") " \
	"WHERE current_setting('synchronous_commit') = 'off'"

/* Whoever migrates has it alone, and whoever writes has it together with others who write. Any
 * number that nothing else in the database uses. */
#define TU_POSTGRES_MIGRATING "7308338820512543060"

/* Begin on a connection, which is made again, once, when it is dead. */
TU_NODISCARD enum tu_status tu_postgres__begin_on(struct postgres_store *store,
	struct postgres_connection *c, enum tu_tx_kind kind, struct tu_error *err);

/* Connect, again if need be; every statement is prepared and its types are checked. */
TU_NODISCARD enum tu_status tu_postgres__connect(const struct postgres_store *store,
	const char *place, struct postgres_connection *connection, struct tu_error *err);
/* What the last result, or without one the connection, complains of. */
enum tu_status tu_postgres__failed(PGconn *pg, const PGresult *result, struct tu_error *err);
/* Send a statement of the table with one row of parameters; what it gives is received later. */
TU_NODISCARD enum tu_status tu_postgres__send(
	struct postgres_tx *tx, enum tu_sql sql, struct tu_params row, struct tu_error *err);
/* The same with all rows, of a statement that takes arrays. */
TU_NODISCARD enum tu_status tu_postgres__send_rows(
	struct postgres_tx *tx, enum tu_sql sql, struct tu_params rows, struct tu_error *err);
/* Receive what one command gave: `changed` grows by its rows. */
TU_NODISCARD enum tu_status tu_postgres__receive(
	PGconn *pg, int64_t *changed, struct tu_error *err);
/* Receive the end of a pipeline. */
TU_NODISCARD enum tu_status tu_postgres__receive_sync(PGconn *pg, struct tu_error *err);
/* Run a text and wait. */
TU_NODISCARD enum tu_status tu_postgres__simple(PGconn *pg, const char *sql, struct tu_error *err);
/* COMMIT, which says whether it was one. */
TU_NODISCARD enum tu_status tu_postgres__plain_commit(PGconn *pg, struct tu_error *err);
/* Close a connection of which nothing may go on in the next transaction. */
void tu_postgres__drop(struct postgres_connection *connection);
/* Let others have the connection; forget the transaction. */
void tu_postgres__leave(struct postgres_tx *tx);

TU_NODISCARD enum tu_status tu_postgres__record(
	struct tu_tx *tx, const struct tu_ledger_entry *entry, struct tu_error *err);
TU_NODISCARD enum tu_status tu_postgres__commit(struct tu_tx *tx, struct tu_error *err);
TU_NODISCARD enum tu_status tu_postgres__read(
	struct tu_tx *tx, const char *sql, struct tu_rows **out_rows, struct tu_error *err);
TU_NODISCARD enum tu_status tu_postgres__load(
	struct tu_tx *tx, const struct tu_table *table, struct tu_str rows, struct tu_error *err);

#endif
