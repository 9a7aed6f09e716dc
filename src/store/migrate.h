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

/* The same up to a number, to which a backup is loaded. TU_E_UNSUPPORTED when this program does not
 * know it. */
TU_NODISCARD enum tu_status tu_store_migrate_to(const struct tu_store_options *options,
	unsigned number, int64_t now, struct tu_migration_state *out_state, struct tu_error *err);

/* The highest number of this program. */
unsigned tu_store_migration_known(void);
/* Hexadecimal SHA-256 of a migration of this program, from 1; NULL when there is none of this
 * number. */
const char *tu_store_migration_digest(unsigned number);

#endif
