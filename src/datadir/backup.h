/*
 * A database as one file, the same from both engines and for both: written from one state of it
 * while others go on writing, read back before it counts as made.
 *
 * A backup contains everything that is in the database, and so no key and no secret that is not
 * sealed (datadir/secret.h): keys are files beside it.
 */
#ifndef TU_DATADIR_BACKUP_H
#define TU_DATADIR_BACKUP_H

#include "base/sha256.h"
#include "ledger/checkpoint.h"
#include "store/store.h"

enum { TU_INSTANCE = TU_INSTANCE_DIGITS };

struct tu_backup {
	char instance[TU_INSTANCE + 1];
	char engine[16]; /* it was written from: "SQLite", "PostgreSQL" */
	char program[32]; /* version */
	int64_t at; /* us since 1970, UTC */
	int64_t migration;
	int64_t head; /* number of the last record of the ledger */
	uint8_t head_hash[TU_SHA256_BYTES];
	int64_t tables, rows;
	int64_t secrets; /* sealed ones */
	uint64_t bytes; /* of the file */
	uint8_t hash[TU_SHA256_BYTES]; /* of all of it */
};

/*
 * Write all of `store`, as it is at one instant, to `fd`, an empty regular file that may be read.
 * `program` and `at` go into it. TU_E_IO; TU_E_CORRUPT when the ledger has no head.
 */
struct tu_backup_source {
	struct tu_store *store;
	const char *program;
	int64_t at;
	int64_t migration; /* of the database */
};
TU_NODISCARD enum tu_status tu_backup_write(const struct tu_backup_source *source, int fd,
	struct tu_backup *out_backup, struct tu_error *err);

/*
 * Read a backup into an empty place: the schema of the time at which it was made and every row, in
 * one transaction, which commits when every row is there, the ledger's chain is whole and its head
 * is the one that the backup names. Whoever is killed before that leaves nothing. TU_E_CORRUPT
 * names block and byte; TU_E_SYNTAX for a file that is no backup; TU_E_UNSUPPORTED for one of a
 * newer program.
 */
TU_NODISCARD enum tu_status tu_backup_load(int fd, const struct tu_store_options *place,
	struct tu_backup *out_backup, struct tu_error *err);

/* The same, and more in that transaction: `end` brings the schema to the program's own and records
 * what was done; its errors are errors of the load. `stopped` (which may be NULL) ends it with
 * TU_E_IO. */
struct tu_backup_more {
	enum tu_status (*end)(
		void *self, struct tu_tx *tx, const struct tu_backup *backup, struct tu_error *err);
	void *self;
	bool (*stopped)(void);
};
TU_NODISCARD enum tu_status tu_backup_load_with(int fd, const struct tu_store_options *place,
	const struct tu_backup_more *more, struct tu_backup *out_backup, struct tu_error *err);

/* What a backup says of itself; only its first block is read and checked. */
TU_NODISCARD enum tu_status tu_backup_peek(
	int fd, struct tu_backup *out_backup, struct tu_error *err);

/* Load a backup into a new SQLite file at `scratch` and remove that again. `wanted`: what was
 * written; another head or number of rows is TU_E_CORRUPT. */
TU_NODISCARD enum tu_status tu_backup_verify(
	int fd, const char *scratch, const struct tu_backup *wanted, struct tu_error *err);

/* Refuse a place in which anything was written; tables alone are fine. TU_E_CONFLICT. */
TU_NODISCARD enum tu_status tu_place_check_empty(
	const struct tu_store_options *place, struct tu_error *err);
/* Is the record `action` the last one of the database there? out_before: the record before it. */
struct tu_place_end {
	char instance[TU_INSTANCE + 1];
	int64_t n;
	uint8_t hash[TU_SHA256_BYTES];
};
bool tu_place_ends_with(
	const struct tu_store_options *place, const char *action, struct tu_place_end *out_before);

/* Follow the ledger's chain from its first record to its head; out_records: how many there are.
 * TU_E_CORRUPT names the first bad record. */
TU_NODISCARD enum tu_status tu_chain_check(
	struct tu_tx *tx, int64_t *out_records, struct tu_error *err);

/* Remove a SQLite file and what belongs to it. */
void tu_sqlite_file_remove(const char *path);

#endif
