/* Backups that are made of a folder: on demand, and before a migration. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "datadir/inside.h"
#include "store/migrate.h"

enum { KEPT = 3, FILES_MAX = 1000 };
#define BEFORE "before-migration"

void tu_datadir__stamp(int64_t at, char out[24])
{
	time_t seconds = (time_t)(at / 1000000);
	struct tm parts;

	out[0] = '\0';
	if (gmtime_r(&seconds, &parts))
		(void)strftime(out, 24, "%Y%m%dT%H%M%SZ", &parts);
}

/* A scratch file in the folder, or beside nothing where there is none. */
static bool scratch_of(const struct tu_datadir *dir, char out[TU_PATH_MAX])
{
	static _Atomic unsigned counter;
	unsigned number = ++counter;
	int len = dir->lock < 0
		? snprintf(out, TU_PATH_MAX, "/tmp/tutela-%ld-%u.scratch", (long)getpid(), number)
		: snprintf(out, TU_PATH_MAX, "%s/scratch-%u.db", dir->path, number);

	return len > 0 && len < TU_PATH_MAX;
}

static enum tu_status write_and_verify(struct tu_datadir *dir,
	const struct tu_backup_source *source, int fd, struct tu_backup *out_backup,
	struct tu_error *err)
{
	char scratch[TU_PATH_MAX];
	enum tu_status status = tu_backup_write(source, fd, out_backup, err);

	if (status)
		return status;
	if (!scratch_of(dir, scratch))
		return tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name", dir->path);
	/* nobody else may read it, before SQLite opens it */
	(void)unlink(scratch);
	(void)close(open(scratch, O_CREAT | O_EXCL | O_CLOEXEC | O_WRONLY, 0600));
	return tu_backup_verify(fd, scratch, out_backup, err);
}

enum tu_status tu_datadir_backup(
	struct tu_datadir *dir, int fd, struct tu_backup *out_backup, struct tu_error *err)
{
	struct tu_backup_source source = {.program = dir->host->version, .at = tu_datadir_now(dir)};
	enum tu_status status = tu_datadir_store(dir, &source.store, err);

	source.migration = tu_store_migration_known();
	if (!status)
		status = write_and_verify(dir, &source, fd, out_backup, err);
	return status ? status : tu_datadir__note_backup(source.store, out_backup, err);
}

/* ---- in backups/ ---- */

static enum tu_status name_of(const struct tu_datadir *dir, const char *name, int64_t at,
	char out_path[TU_PATH_MAX], struct tu_error *err)
{
	char stamp[24], folder[TU_PATH_MAX];
	int len;

	tu_datadir__stamp(at, stamp);
	if (!tu_datadir_path(dir, "backups", folder, sizeof(folder)))
		return tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name", dir->path);
	if (mkdir(folder, 0700) && errno != EEXIST)
		return tu_fail(
			err, TU_E_IO, 0, "%s: cannot make the folder: %s", folder, strerror(errno));
	len = snprintf(out_path, TU_PATH_MAX, "%s/%s-%s.backup", folder, name, stamp);
	return len > 0 && len < TU_PATH_MAX
		? TU_OK
		: tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name", folder);
}

enum tu_status tu_datadir__keep(struct tu_datadir *dir, const struct tu_backup_source *source,
	const char *name, struct tu_kept *out_kept, struct tu_error *err)
{
	const char *path = out_kept->path;
	enum tu_status status = name_of(dir, name, source->at, out_kept->path, err);
	int fd;

	if (status)
		return status;
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return tu_fail(err, TU_E_IO, 0, "%s: cannot write: %s", path, strerror(errno));
	status = write_and_verify(dir, source, fd, &out_kept->backup, err);
	if (!status && fsync(fd))
		status = tu_fail(err, TU_E_IO, 0, "%s: cannot write: %s", path, strerror(errno));
	(void)close(fd);
	if (status)
		(void)unlink(path);
	return status;
}

static int is_backup(const struct dirent *entry)
{
	return tu_str_ends(tu_str_c(entry->d_name), TU_STR(".backup"));
}

/* By the time in the name, whatever migration it was before. */
static int by_time(const struct dirent **a, const struct dirent **b)
{
	struct tu_str x = tu_str_c((*a)->d_name), y = tu_str_c((*b)->d_name);

	return tu_str_cmp(
		tu_str_from(x, tu_str_rfind(x, '-')), tu_str_from(y, tu_str_rfind(y, '-')));
}

/* Remove those whose name begins with `name`, except the newest `keep`. */
static void drop_old(const struct tu_datadir *dir, struct tu_str name, unsigned keep)
{
	char folder[TU_PATH_MAX], path[TU_PATH_MAX];
	struct dirent **found = NULL;
	unsigned kept = 0;
	int count;

	if (!tu_datadir_path(dir, "backups", folder, sizeof(folder)))
		return;
	count = scandir(folder, &found, is_backup, by_time);
	for (int i = count - 1; i >= 0; i--) {
		if (tu_str_starts(tu_str_c(found[i]->d_name), name) && ++kept > keep &&
			tu_datadir__join(folder, found[i]->d_name, path))
			(void)unlink(path);
		free(found[i]);
	}
	free(found);
}

void tu_datadir__drop_old(const struct tu_datadir *dir)
{
	drop_old(dir, TU_STR(BEFORE), KEPT);
}

enum tu_status tu_datadir_backup_keep(struct tu_datadir *dir, const char *name, unsigned keep,
	struct tu_backup *out_backup, struct tu_error *err)
{
	struct tu_backup_source source = {.program = dir->host->version, .at = tu_datadir_now(dir)};
	struct tu_kept kept;
	enum tu_status status = tu_datadir_store(dir, &source.store, err);

	source.migration = tu_store_migration_known();
	if (!status)
		status = tu_datadir__keep(dir, &source, name, &kept, err);
	if (!status)
		status = tu_datadir__note_backup(source.store, &kept.backup, err);
	if (status)
		return status;
	*out_backup = kept.backup;
	drop_old(dir, tu_str_c(name), keep);
	return TU_OK;
}

/* ---- before a migration ---- */

enum tu_status tu_datadir__keep_before(
	struct tu_datadir *dir, unsigned migration, struct tu_kept *out_kept, struct tu_error *err)
{
	struct tu_store_options options = tu_datadir_options(dir);
	struct tu_backup_source source = {
		.program = dir->host->version, .at = tu_datadir_now(dir), .migration = migration};
	char name[40];
	enum tu_status status;

	if (dir->lock < 0)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"the database must be migrated: open it by its data folder, where the "
			"backup"
			" that is made before goes");
	(void)snprintf(name, sizeof(name), BEFORE "-%u", migration + 1);
	options.unprepared = true;
	options.read_only = true; /* the writer is whoever migrates */
	options.connections = 1;
	status = tu_store_open(&options, &source.store, err);
	if (status)
		return status;
	status = tu_datadir__keep(dir, &source, name, out_kept, err);
	tu_store_close(source.store);
	return status ? tu_error_prefix(err, "the backup before the migration") : TU_OK;
}

struct keeping {
	struct tu_datadir *dir;
	struct tu_kept kept;
	bool done;
};

static enum tu_status keep_now(void *self, unsigned applied, struct tu_error *err)
{
	struct keeping *keeping = self;
	enum tu_status status = tu_datadir__keep_before(keeping->dir, applied, &keeping->kept, err);

	keeping->done = !status;
	return status;
}

/* The backup has everything: nobody writes between it and the migration. */
enum tu_status tu_datadir__migrate(struct tu_datadir *dir, struct tu_error *err)
{
	struct tu_store_options options = tu_datadir_options(dir);
	struct tu_migration_state state;
	struct keeping keeping = {.dir = dir};
	const struct tu_migrate_before before = {keep_now, &keeping};
	enum tu_status status;

	if (options.pooler && options.direct)
		options.place = options.direct;
	options.pooler = false;
	status = tu_store_migration_state(&options, &state, err);
	if (status || state.applied == state.known)
		return status;
	if (!state.applied)
		return tu_fail(err, TU_E_CORRUPT, 0, "%s: the database is empty: %s", dir->path,
			"restore a backup into another folder (\"tutela restore\")");
	status = tu_store_migrate_after(&options, &before, tu_datadir_now(dir), &state, err);
	if (status && keeping.done)
		return tu_error_prefix(err,
			"the migration failed and changed nothing; what was before it is in %s: "
			"\"tutela"
			" restore %s NEWFOLDER\", with the program that was used before",
			keeping.kept.path, keeping.kept.path);
	if (!status)
		tu_datadir__drop_old(dir);
	return status;
}
