/*
 * What an engine of the store provides. store.c alone calls these; sqlite.c and postgres.c define
 * them.
 */
#ifndef TU_STORE_ENGINE_H
#define TU_STORE_ENGINE_H

#include <stdatomic.h>

#include "store/store.h"

struct tu_table;

struct tu_store_driver {
	const char *name; /* "SQLite" */
	enum tu_status (*open)(const struct tu_store_options *options, struct tu_store **out_store,
		struct tu_error *err);
	void (*close)(struct tu_store *store);
	enum tu_status (*begin)(struct tu_store *store, enum tu_tx_kind kind, struct tu_tx **out_tx,
		struct tu_error *err);
	enum tu_status (*commit)(struct tu_tx *tx, struct tu_error *err);
	void (*rollback)(struct tu_tx *tx);
	enum tu_status (*exec)(struct tu_tx *tx, enum tu_sql sql, struct tu_params params,
		int64_t *out_changed, struct tu_error *err);
	enum tu_status (*query)(struct tu_tx *tx, enum tu_sql sql, struct tu_params params,
		struct tu_rows **out_rows, struct tu_error *err);
	bool (*next)(struct tu_rows *rows);
	bool (*is_null)(const struct tu_rows *rows, unsigned column);
	int64_t (*integer)(const struct tu_rows *rows, unsigned column);
	struct tu_str (*text)(const struct tu_rows *rows, unsigned column);
	enum tu_status (*end)(struct tu_rows *rows, struct tu_error *err);
	enum tu_status (*record)(
		struct tu_tx *tx, const struct tu_ledger_entry *entry, struct tu_error *err);
	/* Text of statements of the program's own, not of the table: migrations, backup. */
	enum tu_status (*script)(struct tu_tx *tx, const char *sql, struct tu_error *err);
	/* The same for one that gives rows of numbers of 64 bits, texts and bytes. */
	enum tu_status (*read)(
		struct tu_tx *tx, const char *sql, struct tu_rows **out_rows, struct tu_error *err);
	/* Insert whole rows (store/dump.h). */
	enum tu_status (*load)(struct tu_tx *tx, const struct tu_table *table, struct tu_str rows,
		struct tu_error *err);
};

/* times.c: zeroed at first. */
struct tu_store__clock {
	atomic_ullong within[TU_STORE_TIMES], commits, microseconds, again;
};
/* us by a clock that only goes forward. */
int64_t tu_store__instant(void);
/* A transaction that writes was committed; that `began` then. */
void tu_store__committed(struct tu_store *store, int64_t began);

/* The head of the structs of both engines. */
struct tu_store {
	const struct tu_store_driver *driver;
	enum tu_store_engine engine;
	struct tu_store__clock clock;
	/* what the last look at the migrations found (migrate.c): a newer program has changed the
	 * database; or it is another place that goes on with it */
	atomic_bool outdated, moved;
};

struct tu_tx {
	struct tu_store *store;
	enum tu_tx_kind kind;
	bool recorded; /* nothing but further records may follow */
	bool reading; /* a cursor is open */
	enum tu_status failed; /* of a statement: the transaction can only be rolled back */
};

struct tu_rows {
	struct tu_tx *tx;
};

extern const struct tu_store_driver tu_store__sqlite, tu_store__postgres;

/* What a transaction finds as the newest migration: TU_E_UNSUPPORTED when this program does not
 * know it, which is kept for tu_store_is_outdated(). */
TU_NODISCARD enum tu_status tu_store__found(
	struct tu_store *store, int64_t migration, struct tu_error *err);

/* Run SQL that has no name: for migrations and what maintains a database. Several statements with
 * semicolons. */
TU_NODISCARD enum tu_status tu_tx__script(struct tu_tx *tx, const char *sql, struct tu_error *err);
/* Read with SQL that has no name: one statement without parameters. No limit of time. */
TU_NODISCARD enum tu_status tu_tx__read(
	struct tu_tx *tx, const char *sql, struct tu_rows **out_rows, struct tu_error *err);
/* tu_table_load() (store/dump.h). */
TU_NODISCARD enum tu_status tu_tx__load(
	struct tu_tx *tx, const struct tu_table *table, struct tu_str rows, struct tu_error *err);

#endif
