/*
 * The data folder, inside src/datadir.
 */
#ifndef TU_DATADIR_INSIDE_H
#define TU_DATADIR_INSIDE_H

#include <pthread.h>

#include <tutela/arena.h>

#include "datadir/datadir.h"
#include "sign/signer.h"

enum { TU_PATH_MAX = 4096 };
#define TU_CONFIG_FILE "tutela.yaml"
#define TU_DATABASE_FILE "tutela.db"

/* tutela.yaml. Texts end in NUL; NULL: not stated. */
struct tu_datadir_config {
	const char *instance;
	const char *database; /* a name in the folder, or "postgresql://…" */
	const char *direct; /* PostgreSQL itself, where `database` is a pooler */
	bool pooler; /* pooler: transaction */
	unsigned connections; /* 0: as the store has it */
	struct tu_datadir_settings settings;
};

struct tu_datadir {
	struct tu_arena *arena;
	const struct tu_datadir_host *host;
	const char *path; /* as it was given */
	int lock; /* -1: no folder */
	struct tu_datadir_config config;
	char place[TU_PATH_MAX]; /* of the database */
	char instance[TU_INSTANCE + 1];
	pthread_mutex_t opening;
	struct tu_store *store; /* NULL: not opened yet */
	struct tu_signer *signer; /* NULL: not started yet */
	struct tu_error unsigned_why; /* status TU_OK: nothing has failed */
};

extern const struct tu_datadir_settings tu_datadir__settings; /* what is not stated */

/* Read or write tutela.yaml at `path`. TU_E_SYNTAX names line and key. */
TU_NODISCARD enum tu_status tu_datadir__config_read(struct tu_arena *arena, const char *path,
	struct tu_datadir_config *out_config, struct tu_error *err);
TU_NODISCARD enum tu_status tu_datadir__config_write(
	const char *path, const struct tu_datadir_config *config, struct tu_error *err);

/* "folder/name"; false: too long. */
bool tu_datadir__join(const char *folder, const char *name, char out[TU_PATH_MAX]);
/* Take the lock. */
TU_NODISCARD enum tu_status tu_datadir__lock(
	const char *path, const struct tu_datadir_host *host, int *out_lock, struct tu_error *err);
/* Bring the database to this program's schema, after a backup. */
TU_NODISCARD enum tu_status tu_datadir__migrate(struct tu_datadir *dir, struct tu_error *err);
/* A backup in backups/. */
struct tu_kept {
	char path[TU_PATH_MAX];
	struct tu_backup backup;
};
/* Its part: the backup of a database that has that many migrations, and the removal of all such
 * backups but the newest three. */
TU_NODISCARD enum tu_status tu_datadir__keep_before(
	struct tu_datadir *dir, unsigned migration, struct tu_kept *out_kept, struct tu_error *err);
void tu_datadir__drop_old(const struct tu_datadir *dir);
/* Has the database been opened? */
bool tu_datadir__is_open(struct tu_datadir *dir);
/* Is the file of the database there? PostgreSQL is not asked. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_datadir__check_place(
	const struct tu_datadir *dir, struct tu_error *err);
/* Make backups/NAME-TIME.backup of a store that is open. */
TU_NODISCARD enum tu_status tu_datadir__keep(struct tu_datadir *dir,
	const struct tu_backup_source *source, const char *name, struct tu_kept *out_kept,
	struct tu_error *err);
/* Record what was done to the database as a whole. */
struct tu_datadir__record {
	int64_t at;
	const char *action, *instance;
	const char *setting, *value; /* to be kept with it; NULL: none */
};
TU_NODISCARD enum tu_status tu_datadir__record(struct tu_store *store,
	const struct tu_datadir__record *record, const struct tu_buf *body, struct tu_error *err);
/* The same at the end of a transaction that writes. */
TU_NODISCARD enum tu_status tu_datadir__record_in(struct tu_tx *tx,
	const struct tu_datadir__record *record, const struct tu_buf *body, struct tu_error *err);
/* Append the body for a backup that was restored or moved. */
void tu_datadir__write_carried(
	const struct tu_backup *backup, const char *engine, const char *reason, struct tu_buf *out);
/* Record that a backup was made and read back, and keep when. */
TU_NODISCARD enum tu_status tu_datadir__note_backup(
	struct tu_store *store, const struct tu_backup *backup, struct tu_error *err);

/* The database is filled under this name, and gets its own when all is in it. */
#define TU_UNFINISHED_FILE "unfinished.db"

/* Load a backup into an empty place, migrate it and record that: one transaction. */
struct tu_datadir__carry {
	const char *place;
	const char *action, *reason; /* of the record */
	int64_t at;
	bool (*stopped)(void); /* NULL: never */
};
TU_NODISCARD enum tu_status tu_datadir__fill_from(const struct tu_datadir__carry *carry, int fd,
	struct tu_backup *out_backup, struct tu_error *err);

/* "20260210T120000Z" of a time; us. */
void tu_datadir__stamp(int64_t at, char out[24]);

#endif
