/* Carrying a folder's database from one engine to the other. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "datadir/inside.h"
#include "store/dump.h"
#include "store/migrate.h"

#define ACTION "database.move" /* of the record */

/* ---- the new place ---- */

/* Where a file of this folder goes that must not be taken for its database. */
static enum tu_status put_aside(const struct tu_datadir *dir, const char *path,
	char out_old[TU_OLD_NAME], struct tu_error *err)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char stamp[24], from[TU_PATH_MAX + 8], to[TU_PATH_MAX + TU_OLD_NAME + 8];

	tu_datadir__stamp(tu_datadir_now(dir), stamp);
	(void)snprintf(out_old, TU_OLD_NAME, "moved-%s.db", stamp);
	(void)snprintf(to, sizeof(to), "%s/%s", dir->path, out_old);
	for (unsigned i = 2; access(to, F_OK) == 0; i++) {
		(void)snprintf(out_old, TU_OLD_NAME, "moved-%s-%u.db", stamp, i);
		(void)snprintf(to, sizeof(to), "%s/%s", dir->path, out_old);
	}
	for (size_t i = TU_COUNT(ends); i-- > 0;) { /* the log before what it belongs to */
		(void)snprintf(from, sizeof(from), "%s%s", path, ends[i]);
		(void)snprintf(to, sizeof(to), "%s/%s%s", dir->path, out_old, ends[i]);
		if (rename(from, to) && errno != ENOENT)
			return tu_fail(
				err, TU_E_IO, 0, "%s: cannot rename: %s", from, strerror(errno));
	}
	return TU_OK;
}

/* A file is filled under another name. What has its name already, while the database is another
 * one, is what a move left that was interrupted: it stays, under the name of an old one. */
static enum tu_status prepare_file(
	const struct tu_datadir *dir, char out_place[TU_PATH_MAX], struct tu_error *err)
{
	char name[TU_PATH_MAX], old[TU_OLD_NAME];
	enum tu_status status;
	int fd;

	if (!tu_datadir__join(dir->path, TU_DATABASE_FILE, name) ||
		!tu_datadir__join(dir->path, TU_UNFINISHED_FILE, out_place))
		return tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name", dir->path);
	status = put_aside(dir, name, old, err);
	if (status)
		return status;
	tu_sqlite_file_remove(out_place);
	fd = open(out_place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return tu_fail(
			err, TU_E_CONFLICT, 0, "%s: cannot make: %s", out_place, strerror(errno));
	(void)close(fd);
	return TU_OK;
}

static enum tu_status has_record_tx(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct tu_place_end *end = self;
	struct tu_str hash = tu_str_of((const char *)end->hash, TU_SHA256_BYTES);
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_LEDGER_FROM, TU_BIND(tu_int(end->n), tu_int(1)), &rows, err);

	if (status)
		return status;
	if (!tu_rows_next(rows) || tu_rows_int(rows, 0) != end->n ||
		!tu_str_eq(tu_rows_text(rows, 6), hash))
		end->n = 0;
	return tu_rows_close(rows, err);
}

/* Is what is there this folder's own database, as a move left it that was killed before tutela.yaml
 * named it, and nothing was recorded since? Only of a folder whose database is a file: the other
 * one could be the very one that is to be moved. */
static bool is_left_by_move(struct tu_datadir *dir, const struct tu_store_options *place)
{
	struct tu_place_end end;

	return tu_store_engine(dir->store) == TU_STORE_SQLITE &&
		tu_place_ends_with(place, ACTION, &end) &&
		strcmp(end.instance, dir->instance) == 0 &&
		tu_store_run(dir->store, TU_TX_READ, has_record_tx, &end, NULL) == TU_OK && end.n;
}

static enum tu_status prepare(
	struct tu_datadir *dir, const char *to, char out_place[TU_PATH_MAX], struct tu_error *err)
{
	const struct tu_store_options options = {.place = to};
	enum tu_store_engine engine = tu_store_engine_of(tu_str_c(dir->place));
	enum tu_status status;

	if (dir->lock < 0)
		return tu_fail(err, TU_E_USAGE, 0, "%s: expected a data folder", dir->path);
	if (to && tu_store_engine_of(tu_str_c(to)) != TU_STORE_POSTGRES)
		return tu_fail(err, TU_E_USAGE, 0,
			"\"%s\": expected \"postgresql://…\" or \"sqlite\"", to);
	if (!to && engine == TU_STORE_SQLITE)
		return tu_fail(err, TU_E_USAGE, 0, "the database is SQLite's already");
	if (!to)
		return prepare_file(dir, out_place, err);
	if (snprintf(out_place, TU_PATH_MAX, "%s", to) >= TU_PATH_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "too long a name");
	status = tu_place_check_empty(&options, err);
	return status == TU_E_CONFLICT && is_left_by_move(dir, &options) ? TU_OK : status;
}

/* ---- the rows ---- */

static enum tu_status carry_over(struct tu_datadir *dir, const char *place,
	struct tu_backup *out_backup, struct tu_error *err)
{
	const struct tu_datadir__carry carry = {
		place, ACTION, "moved to another database", tu_datadir_now(dir), NULL};
	struct tu_backup_source source = {.program = dir->host->version,
		.at = carry.at,
		.migration = tu_store_migration_known()};
	struct tu_kept kept;
	enum tu_status status = tu_datadir_store(dir, &source.store, err);
	int fd;

	if (!status)
		status = tu_datadir__keep(dir, &source, "before-move", &kept, err);
	if (status)
		return status;
	fd = open(kept.path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return tu_fail(err, TU_E_IO, 0, "%s: cannot read: %s", kept.path, strerror(errno));
	status = tu_datadir__fill_from(&carry, fd, out_backup, err);
	(void)close(fd);
	if (status)
		(void)unlink(kept.path); /* the old database is as it was */
	return status;
}

/* From here on it is the folder's database. */
static enum tu_status name_new(
	struct tu_datadir *dir, const char *to, const char *place, struct tu_error *err)
{
	struct tu_datadir_config config = {.instance = dir->config.instance,
		.database = to ? to : TU_DATABASE_FILE,
		.connections = dir->config.connections,
		.settings = dir->config.settings};
	char path[TU_PATH_MAX];

	if (!to && (!tu_datadir__join(dir->path, TU_DATABASE_FILE, path) || rename(place, path)))
		return tu_fail(err, TU_E_IO, 0, "%s: cannot rename: %s", place, strerror(errno));
	(void)tu_datadir__join(dir->path, TU_CONFIG_FILE, path);
	return tu_datadir__config_write(path, &config, err);
}

/* ---- the old place ---- */

/* Folders on other nodes may name a database of PostgreSQL: from before it is read until it is set
 * aside nobody writes into it. */
struct holding {
	struct tu_store *store; /* NULL: it is a file, whose folder is ours */
	struct tu_tx *tx;
};

static enum tu_status hold(
	const struct tu_datadir *dir, struct holding *holding, struct tu_error *err)
{
	struct tu_store_options options = tu_datadir_options(dir);
	enum tu_status status;

	if (tu_store_engine(dir->store) != TU_STORE_POSTGRES)
		return TU_OK;
	options.unprepared = true;
	options.connections = 1;
	status = tu_store_open(&options, &holding->store, err);
	if (!status)
		status = tu_store_begin(holding->store, TU_TX_WRITE, &holding->tx, err);
	return status ? status : tu_store_hold_writers(holding->tx, err);
}

static void let_go(struct holding *holding)
{
	if (holding->tx)
		tu_tx_rollback(holding->tx);
	tu_store_close(holding->store);
}

/* It stays, where nobody takes it for the present one; a file's name goes at the end. */
static enum tu_status set_aside(const struct tu_datadir *dir, const struct holding *holding,
	char out_old[TU_OLD_NAME], struct tu_error *err)
{
	char stamp[24];

	if (!holding->store)
		return TU_OK;
	tu_datadir__stamp(tu_datadir_now(dir), stamp);
	(void)snprintf(out_old, TU_OLD_NAME, "tutela_moved_%s", stamp);
	return tu_store_set_aside(holding->tx, out_old, err);
}

static enum tu_status end_old(struct tu_datadir *dir, struct holding *holding,
	char out_old[TU_OLD_NAME], struct tu_error *err)
{
	struct tu_tx *tx = holding->tx;
	enum tu_status status;

	holding->tx = NULL;
	if (tx) {
		status = tu_tx_commit(tx, err);
	} else {
		tu_store_close(dir->store);
		dir->store = NULL;
		status = put_aside(dir, dir->place, out_old, err);
	}
	return status
		? tu_error_prefix(err,
			  "the database was moved, but the old one could not be renamed; do not"
			  " use it any more")
		: TU_OK;
}

enum tu_status tu_datadir_move(struct tu_datadir *dir, const char *place,
	struct tu_backup *out_backup, char out_old[TU_OLD_NAME], struct tu_error *err)
{
	char new_place[TU_PATH_MAX];
	struct holding holding = {0};
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (!status)
		status = prepare(dir, place, new_place, err);
	if (status)
		return status;
	status = hold(dir, &holding, err);
	if (!status)
		status = carry_over(dir, new_place, out_backup, err);
	if (!status)
		status = set_aside(dir, &holding, out_old, err);
	if (!status)
		status = name_new(dir, place, new_place, err);
	if (status && !place)
		tu_sqlite_file_remove(new_place);
	if (!status)
		status = end_old(dir, &holding, out_old, err);
	let_go(&holding);
	return status;
}
