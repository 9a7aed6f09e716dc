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

/* The new place; a file gets its name when everything is in it. */
static enum tu_status prepare(
	struct tu_datadir *dir, const char *to, char out_place[TU_PATH_MAX], struct tu_error *err)
{
	const struct tu_store_options options = {.place = out_place};
	enum tu_store_engine engine = tu_store_engine_of(tu_str_c(dir->place));
	int len;

	if (dir->lock < 0)
		return tu_fail(err, TU_E_USAGE, 0, "%s: expected a data folder", dir->path);
	if (to && tu_store_engine_of(tu_str_c(to)) != TU_STORE_POSTGRES)
		return tu_fail(err, TU_E_USAGE, 0,
			"\"%s\": expected \"postgresql://…\" or \"sqlite\"", to);
	if (!to && engine == TU_STORE_SQLITE)
		return tu_fail(err, TU_E_USAGE, 0, "the database is SQLite's already");
	len = to ? snprintf(out_place, TU_PATH_MAX, "%s", to)
		 : snprintf(out_place, TU_PATH_MAX, "%s/" TU_DATABASE_FILE, dir->path);
	if (len < 0 || len >= TU_PATH_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "too long a name");
	if (to)
		return tu_place_check_empty(&options, err);
	len = open(out_place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (len < 0)
		return tu_fail(
			err, TU_E_CONFLICT, 0, "%s: cannot make: %s", out_place, strerror(errno));
	(void)close(len);
	return TU_OK;
}

static enum tu_status carry_over(struct tu_datadir *dir, const char *place,
	struct tu_backup *out_backup, struct tu_error *err)
{
	const struct tu_datadir__carry carry = {
		place, "database.move", "moved to another database", tu_datadir_now(dir), NULL};
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

static enum tu_status name_new(struct tu_datadir *dir, const char *to, struct tu_error *err)
{
	struct tu_datadir_config config = {.instance = dir->config.instance,
		.database = to ? to : TU_DATABASE_FILE,
		.connections = dir->config.connections,
		.settings = dir->config.settings};
	char path[TU_PATH_MAX];

	(void)tu_datadir__join(dir->path, TU_CONFIG_FILE, path);
	return tu_datadir__config_write(path, &config, err);
}

struct aside {
	const char *name;
};

static enum tu_status set_aside_tx(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return tu_store_set_aside(tx, ((const struct aside *)self)->name, err);
}

/* The old one stays, where nobody takes it for the present one. */
static enum tu_status set_aside(
	struct tu_datadir *dir, char out_old[TU_OLD_NAME], struct tu_error *err)
{
	char stamp[24], path[TU_PATH_MAX];
	struct aside aside = {out_old};
	struct tu_store *store = dir->store;
	enum tu_status status;

	tu_datadir__stamp(tu_datadir_now(dir), stamp);
	if (tu_store_engine(store) == TU_STORE_POSTGRES) {
		(void)snprintf(out_old, TU_OLD_NAME, "tutela_moved_%s", stamp);
		status = tu_store_run(store, TU_TX_WRITE, set_aside_tx, &aside, err);
	} else {
		tu_store_close(store);
		dir->store = NULL;
		(void)snprintf(out_old, TU_OLD_NAME, "moved-%s.db", stamp);
		status = tu_datadir__join(dir->path, out_old, path) && !rename(dir->place, path)
			? TU_OK
			: tu_fail(err, TU_E_IO, 0, "%s: cannot rename: %s", dir->place,
				  strerror(errno));
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
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (!status)
		status = prepare(dir, place, new_place, err);
	if (status)
		return status;
	status = carry_over(dir, new_place, out_backup, err);
	if (!status)
		status = name_new(dir, place, err);
	if (status && !place)
		tu_sqlite_file_remove(new_place);
	return status ? status : set_aside(dir, out_old, err);
}
