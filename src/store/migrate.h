/*
 * Migrations: the steps by which the schema of a database came to be. Numbered, forward only; each
 * is checked against what this program has under its number.
 */
#ifndef TU_STORE_MIGRATE_H
#define TU_STORE_MIGRATE_H

#include "store/store.h"

struct tu_migration_state {
	unsigned applied; /* the highest number in the database; 0: an empty one */
	unsigned known; /* of this program */
};

/*
 * Compare the database with this program; changes nothing. `options` are those of tu_store_open();
 * `unprepared` is taken for granted. TU_E_UNSUPPORTED: the database is newer than the program, or a
 * migration in it is another one than the program's of that number.
 */
TU_NODISCARD enum tu_status tu_store_migration_state(const struct tu_store_options *options,
	struct tu_migration_state *out_state, struct tu_error *err);

/*
 * Bring the database to this program's schema. All steps that are missing are one transaction,
 * under a lock that a second process waits for: it is done whole or not at all. `now` (us since
 * 1970, UTC) is what the database says it was done at. Errors as above.
 */
TU_NODISCARD enum tu_status tu_store_migrate(const struct tu_store_options *options, int64_t now,
	struct tu_migration_state *out_state, struct tu_error *err);

/* What is done before the first step, in the transaction that has the lock: nobody else writes. Not
 * called when no step is missing; called again when the transaction is run again. `applied`: the
 * highest number in the database. */
struct tu_migrate_before {
	enum tu_status (*run)(void *self, unsigned applied, struct tu_error *err);
	void *self;
};
/* tu_store_migrate() after that; its errors are errors of this. */
TU_NODISCARD enum tu_status tu_store_migrate_after(const struct tu_store_options *options,
	const struct tu_migrate_before *before, int64_t now, struct tu_migration_state *out_state,
	struct tu_error *err);

/* The same up to a number, as a part of a transaction that writes, of a store that was opened
 * `unprepared`: what a backup is loaded into. TU_E_UNSUPPORTED when this program does not know the
 * number. */
TU_NODISCARD enum tu_status tu_store_migrate_in(
	struct tu_tx *tx, unsigned number, int64_t now, struct tu_error *err);

/*
 * A store that is open while a newer program migrates its database (PostgreSQL: another node): from
 * then on no transaction that writes begins, TU_E_UNSUPPORTED. While the migration runs it is
 * TU_E_BUSY. What reads goes on; is_outdated() says what the last look, or the last transaction
 * that writes, has found.
 */
bool tu_store_is_outdated(const struct tu_store *store);
/* Outdated because the database was moved away (tu_store_set_aside()). */
bool tu_store_is_moved(const struct tu_store *store);
/* Look now: TU_E_UNSUPPORTED when it is so. */
TU_NODISCARD enum tu_status tu_store_look(struct tu_store *store, struct tu_error *err);

/* In a transaction that writes, of a store that was opened `unprepared`: whoever writes is waited
 * for, as long as it takes, and nobody else begins to until the transaction ends (TU_E_BUSY).
 * SQLite: nothing, its writer is alone anyway. */
TU_NODISCARD enum tu_status tu_store_hold_writers(struct tu_tx *tx, struct tu_error *err);

/* The number in the account of migrations of a place whose database was moved to another. */
enum { TU_MIGRATION_MOVED = 1000000000 };

/* The highest number of this program. */
unsigned tu_store_migration_known(void);
/* Hexadecimal SHA-256 of a migration of this program, from 1; NULL when there is none of this
 * number. */
const char *tu_store_migration_digest(unsigned number);

#endif
