/*
 * The data folder: where a service's database is, its keys, its configuration. docs/operations.md.
 *
 *   tutela.yaml   which database, and which one it must be (the instance's id)
 *   tutela.db     the database, unless tutela.yaml names PostgreSQL
 *   keys/         what is not in the database: secret.key (datadir/secret.h), signing keys
 *   backups/      made before migrations; the newest three are kept
 *   checkpoints/  what a service has exported of the ledger (service/service.h)
 *   cache/        the knowledge base as a file, and what it was made from; may be removed
 *   lock          held by the one process that owns the folder
 *   control.sock  where that process answers the others (datadir/reach.h)
 *
 * One process owns a folder, and alone opens its database for writing; with PostgreSQL several
 * folders, each on its node, may name one database.
 *
 * Errors beside those of the store: TU_E_BUSY when another process owns the folder, which the
 * message names; TU_E_IO with the path. Threads: a folder that is open may be used from any.
 */
#ifndef TU_DATADIR_DATADIR_H
#define TU_DATADIR_DATADIR_H

#include <stdint.h>

#include "datadir/backup.h"
#include "datadir/secret.h"
#include "store/store.h"

struct tu_app_context;

/* What comes from whoever runs it; borrowed as long as a folder is open. */
struct tu_datadir_host {
	int64_t (*now)(void); /* us since 1970, UTC */
	const char *program; /* "tutela backup": for whom it is in the way of */
	const char *version; /* of the program */
	bool (*stopped)(void); /* does the user want an end of it? NULL: never; of a restore */
	const struct tu_app_context *context; /* for calls of the layers above (datadir/calls.h) */
	unsigned wait; /* for whoever owns a folder and does not answer; seconds */
};

struct tu_datadir;

/*
 * Make a folder, which must not exist or be empty (keys/ may be in it), and its database: a new
 * SQLite file, or the empty one of PostgreSQL that `place` names (NULL: SQLite). The database gets
 * a random instance id and the ledger its first record. TU_E_CONFLICT when something is there.
 */
TU_NODISCARD enum tu_status tu_datadir_init(const struct tu_datadir_host *host, const char *path,
	const char *place, char out_instance[TU_INSTANCE + 1], struct tu_error *err);

/*
 * Own a folder: take its lock and read its configuration. The database is opened when it is first
 * asked for. `path` may be "postgresql://…": a database without a folder, which no process owns.
 * TU_E_NOTFOUND when it is no data folder, TU_E_SYNTAX with the line of tutela.yaml.
 */
TU_NODISCARD enum tu_status tu_datadir_open(const struct tu_datadir_host *host, const char *path,
	struct tu_datadir **out_dir, struct tu_error *err);
/* Is it a folder that was made by tu_datadir_init(), whatever state it is in? */
bool tu_datadir_is(const char *path);
/* NULL is fine. */
void tu_datadir_close(struct tu_datadir *dir);

/*
 * Its database, opened and migrated when this is the first call; it belongs to the folder. Before a
 * migration a backup is written into backups/ and read back; if the migration fails, the message
 * says how that is restored. TU_E_UNSUPPORTED: the database is newer than the program, or there is
 * no folder where a backup could go. TU_E_CONFLICT: it is another instance's.
 */
TU_NODISCARD enum tu_status tu_datadir_store(
	struct tu_datadir *dir, struct tu_store **out_store, struct tu_error *err);

/* The instance's id; "" of a database without a folder before it was opened. */
const char *tu_datadir_instance(const struct tu_datadir *dir);
/* Path of a file in the folder, into `out` of `size` bytes; false: too long, or there is no folder.
 */
bool tu_datadir_path(const struct tu_datadir *dir, const char *name, char *out, size_t size);
/* keys/secret.key. Wipe it. */
TU_NODISCARD enum tu_status tu_datadir_secret_key(
	const struct tu_datadir *dir, struct tu_secret_key *out_key, struct tu_error *err);
/*
 * The signing process of the folder, with the keys and the log in keys/; keys that are missing are
 * made. It is started when it is first asked for, which must be before the database is opened and
 * before the first thread (sign/signer.h): a service asks when it begins. Errors as of
 * tu_signer_start(); TU_E_USAGE: a database without a folder has no keys.
 */
struct tu_signer;
TU_NODISCARD enum tu_status tu_datadir_signer(
	struct tu_datadir *dir, struct tu_signer **out_signer, struct tu_error *err);
/*
 * How a service runs, as tutela.yaml says (docs/operations.md has the keys). What is not stated has
 * its default; intervals are seconds, 0: never.
 */
enum { TU_DATADIR_CERTIFICATES = 256 };
/* Of "webhooks": networks that they may go to, beside public addresses (feed/hook.h). */
enum tu_datadir_net {
	TU_DATADIR_LOOPBACK = 1 << 0,
	TU_DATADIR_LINK_LOCAL = 1 << 1,
	TU_DATADIR_PRIVATE = 1 << 2
};
struct tu_datadir_settings {
	bool sandbox_off; /* sandbox: off */
	bool demonstration; /* its accounts have known passwords: for this machine alone [no] */
	unsigned workers; /* threads that do jobs [2] */
	int64_t checkpoint; /* [1 day] */
	int64_t backup; /* [never] */
	int64_t sync; /* of the feeds [never] */
	unsigned builds; /* of a draft that are kept [20]: portfolio/build.h */
	unsigned webhooks; /* a set of enum tu_datadir_net [none] */
	/* a file of those who certify the mail server, in place of the system's [""] */
	char certificates[TU_DATADIR_CERTIFICATES];
};
/* As they were when the folder was opened. */
const struct tu_datadir_settings *tu_datadir_settings(const struct tu_datadir *dir);
/* As the file has them now. TU_E_SYNTAX with the line. */
TU_NODISCARD enum tu_status tu_datadir_settings_read(const struct tu_datadir *dir,
	struct tu_datadir_settings *out_settings, struct tu_error *err);

/* How its database is opened, for what opens it beside the store. */
struct tu_store_options tu_datadir_options(const struct tu_datadir *dir);
int64_t tu_datadir_now(const struct tu_datadir *dir);
const struct tu_datadir_host *tu_datadir_host(const struct tu_datadir *dir);

/*
 * May a command write its output to `file`? Not into the folder `data` (backups/ in it excepted)
 * and not over a file that the folder uses, whatever name or link leads there: TU_E_USAGE. `data`
 * that is no folder has no such files.
 */
TU_NODISCARD enum tu_status tu_datadir_check_outside(
	const char *data, const char *file, struct tu_error *err);

/* Write a backup to `fd` and read it back, with a scratch file in the folder. */
TU_NODISCARD enum tu_status tu_datadir_backup(
	struct tu_datadir *dir, int fd, struct tu_backup *out_backup, struct tu_error *err);

/* The same into backups/NAME-TIME.backup, of which the newest `keep` stay. `name` has no '-'. */
TU_NODISCARD enum tu_status tu_datadir_backup_keep(struct tu_datadir *dir, const char *name,
	unsigned keep, struct tu_backup *out_backup, struct tu_error *err);
/*
 * Make a folder from a backup: as tu_datadir_init(), with the backup's instance and everything that
 * is in it, migrated. The ledger gets a record that it was restored and from what. A key of secrets
 * is made only where none is in keys/ and the backup has no secrets.
 */
struct tu_datadir_new {
	const char *path;
	const char *place; /* "postgresql://…"; NULL: SQLite in the folder */
};
TU_NODISCARD enum tu_status tu_datadir_restore(const struct tu_datadir_host *host, int fd,
	const struct tu_datadir_new *place, struct tu_backup *out_backup, struct tu_error *err);

/*
 * Carry a folder's database to another place: an empty database of PostgreSQL, or NULL for SQLite
 * in the folder. By way of a backup in backups/, which stays; the ledger gets a record; tutela.yaml
 * then names the new place. The old one is kept: `out_old` says under what name. The folder must be
 * opened again. Nobody may use the database meanwhile.
 */
enum { TU_OLD_NAME = 80 };
TU_NODISCARD enum tu_status tu_datadir_move(struct tu_datadir *dir, const char *place,
	struct tu_backup *out_backup, char out_old[TU_OLD_NAME], struct tu_error *err);

#endif
