/* Owning a folder, and opening its database. */
#define _DEFAULT_SOURCE /* flock() */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "datadir/inside.h"

enum { ARENA = 4 << 20 };

bool tu_datadir__join(const char *folder, const char *name, char out[TU_PATH_MAX])
{
	int len = snprintf(out, TU_PATH_MAX, "%s/%s", folder, name);

	return len > 0 && len < TU_PATH_MAX;
}

bool tu_datadir_path(const struct tu_datadir *dir, const char *name, char *out, size_t size)
{
	int len = snprintf(out, size, "%s/%s", dir->path, name);

	return dir->lock >= 0 && len > 0 && (size_t)len < size;
}

/* ---- the lock ---- */

static enum tu_status in_the_way(int lock, const char *path, struct tu_error *err)
{
	char who[200];
	ssize_t len = pread(lock, who, sizeof(who), 0);
	struct tu_str text = tu_str_trim(tu_str_of(who, len > 0 ? (size_t)len : 0));

	return tu_fail(err, TU_E_BUSY, 0, "%s is in use by %s%.*s", path,
		text.len ? "process " : "another process", TU_STR_FMT(text));
}

static enum tu_status sign_lock(
	int lock, const struct tu_datadir_host *host, const char *name, struct tu_error *err)
{
	char who[160];
	int len = snprintf(who, sizeof(who), "%ld (%s)\n", (long)getpid(), host->program);
	size_t size = len < 0 ? 0 : (size_t)len < sizeof(who) ? (size_t)len : sizeof(who) - 1;

	if (ftruncate(lock, 0) || pwrite(lock, who, size, 0) != (ssize_t)size)
		return tu_fail(err, TU_E_IO, 0, "%s: cannot write: %s", name, strerror(errno));
	return TU_OK;
}

enum tu_status tu_datadir__lock(
	const char *path, const struct tu_datadir_host *host, int *out_lock, struct tu_error *err)
{
	char name[TU_PATH_MAX];
	enum tu_status status;
	int lock;

	if (!tu_datadir__join(path, "lock", name))
		return tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name", path);
	lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock < 0 && errno == EROFS)
		return tu_fail(err, TU_E_IO, 0,
			"%s is on a read-only file system, and whoever opens a data folder writes "
			"in it (its lock, the database's log): copy it to where it can be written",
			path);
	if (lock < 0)
		return tu_fail(err, TU_E_IO, 0, "%s: cannot open: %s", name, strerror(errno));
	if (flock(lock, LOCK_EX | LOCK_NB))
		status = errno == EWOULDBLOCK
			? in_the_way(lock, path, err)
			: tu_fail(err, TU_E_IO, 0, "%s: cannot lock: %s", name, strerror(errno));
	else
		status = sign_lock(lock, host, name, err);
	if (status) {
		(void)close(lock);
		return status;
	}
	*out_lock = lock;
	return TU_OK;
}

/* ---- opening ---- */

bool tu_datadir_is(const char *path)
{
	char name[TU_PATH_MAX];

	return tu_datadir__join(path, TU_CONFIG_FILE, name) && access(name, F_OK) == 0;
}

/* Files that somebody else makes in it would be in the owner's way. */
static enum tu_status check_folder(const char *path, struct tu_error *err)
{
	char name[TU_PATH_MAX];
	struct stat info;

	if (stat(path, &info) || !S_ISDIR(info.st_mode))
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"%s: no such folder; \"tutela admin init\" makes one", path);
	if (!tu_datadir__join(path, TU_CONFIG_FILE, name) || access(name, F_OK))
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"%s: not a data folder: it has no " TU_CONFIG_FILE
			"; \"tutela admin init\" makes one",
			path);
	if (info.st_uid != geteuid())
		return tu_fail(err, TU_E_IO, 0,
			"%s belongs to user %lu, and this is user %lu: run as its owner", path,
			(unsigned long)info.st_uid, (unsigned long)geteuid());
	return TU_OK;
}

static enum tu_status find_place(struct tu_datadir *dir, struct tu_error *err)
{
	const char *database = dir->config.database;
	int len = tu_store_engine_of(tu_str_c(database)) == TU_STORE_POSTGRES
		? snprintf(dir->place, sizeof(dir->place), "%s", database)
		: snprintf(dir->place, sizeof(dir->place), "%s/%s", dir->path, database);

	if (len < 0 || (size_t)len >= sizeof(dir->place))
		return tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name", database);
	return TU_OK;
}

static enum tu_status open_folder(struct tu_datadir *dir, struct tu_error *err)
{
	char name[TU_PATH_MAX];
	enum tu_status status = check_folder(dir->path, err);

	if (!status)
		status = tu_datadir__lock(dir->path, dir->host, &dir->lock, err);
	if (status)
		return status;
	(void)tu_datadir__join(dir->path, TU_CONFIG_FILE, name);
	status = tu_datadir__config_read(dir->arena, name, &dir->config, err);
	if (!status)
		(void)snprintf(dir->instance, sizeof(dir->instance), "%s", dir->config.instance);
	return status;
}

enum tu_status tu_datadir_open(const struct tu_datadir_host *host, const char *path,
	struct tu_datadir **out_dir, struct tu_error *err)
{
	struct tu_datadir *dir = tu_alloc(1, sizeof(*dir));
	enum tu_status status = TU_OK;

	if (!dir)
		return tu_no_memory(err);
	*dir = (struct tu_datadir){
		.host = host, .path = path, .lock = -1, .config.settings = tu_datadir__settings};
	(void)pthread_mutex_init(&dir->opening, NULL);
	dir->arena = tu_arena_new(ARENA);
	if (!dir->arena)
		status = tu_no_memory(err);
	else if (tu_store_engine_of(tu_str_c(path)) == TU_STORE_POSTGRES)
		dir->config.database = path;
	else
		status = open_folder(dir, err);
	if (!status)
		status = find_place(dir, err);
	if (status)
		tu_datadir_close(dir);
	else
		*out_dir = dir;
	return status;
}

void tu_datadir_close(struct tu_datadir *dir)
{
	if (!dir)
		return;
	tu_store_close(dir->store);
	tu_signer_stop(dir->signer);
	if (dir->lock >= 0)
		(void)close(dir->lock);
	tu_arena_free(dir->arena);
	(void)pthread_mutex_destroy(&dir->opening);
	tu_free(dir);
}

/* ---- the database ---- */

struct tu_store_options tu_datadir_options(const struct tu_datadir *dir)
{
	return (struct tu_store_options){.place = dir->place,
		.pooler = dir->config.pooler,
		.direct = dir->config.direct,
		.connections = dir->config.connections};
}

static enum tu_status check_instance(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct tu_datadir *dir = self;
	struct tu_rows *rows;
	struct tu_str found;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(TU_STR("instance"))), &rows, err);

	if (status)
		return status == TU_E_NOTFOUND
			? tu_fail(err, TU_E_CONFLICT, 0, "the database is of no instance")
			: status;
	found = tu_rows_text(rows, 0);
	if (dir->lock < 0)
		(void)snprintf(dir->instance, sizeof(dir->instance), "%.*s", TU_STR_FMT(found));
	if (!tu_str_eq(found, tu_str_c(dir->instance)))
		status = tu_fail(err, TU_E_CONFLICT, 0,
			"the database is instance %.*s, and %s is the folder of instance %s",
			TU_STR_FMT(tu_str_first(found, 40)), dir->path, dir->instance);
	return tu_rows_close(rows, status ? NULL : err) ? err->status : status;
}

enum tu_status tu_datadir__check_place(const struct tu_datadir *dir, struct tu_error *err)
{
	if (tu_store_engine_of(tu_str_c(dir->place)) == TU_STORE_POSTGRES ||
		access(dir->place, F_OK) == 0)
		return TU_OK;
	return tu_fail(err, TU_E_NOTFOUND, 0,
		"%s: the database is missing: put it back, or restore a backup into another folder"
		" (\"tutela restore\")",
		dir->place);
}

bool tu_datadir__is_open(struct tu_datadir *dir)
{
	bool is_open;

	(void)pthread_mutex_lock(&dir->opening);
	is_open = dir->store != NULL;
	(void)pthread_mutex_unlock(&dir->opening);
	return is_open;
}

static enum tu_status open_store(struct tu_datadir *dir, struct tu_error *err)
{
	struct tu_store_options options = tu_datadir_options(dir);
	struct tu_store *store;
	enum tu_status status;

	status = tu_datadir__check_place(dir, err);
	if (!status)
		status = tu_datadir__migrate(dir, err);
	if (!status)
		status = tu_store_open(&options, &store, err);
	if (status)
		return status;
	status = tu_store_run(store, TU_TX_READ, check_instance, dir, err);
	if (status)
		tu_store_close(store);
	else
		dir->store = store;
	return status;
}

enum tu_status tu_datadir_store(
	struct tu_datadir *dir, struct tu_store **out_store, struct tu_error *err)
{
	struct tu_error own = {0};
	enum tu_status status = TU_OK;

	(void)pthread_mutex_lock(&dir->opening);
	if (!dir->store)
		status = open_store(dir, err ? err : &own);
	*out_store = dir->store;
	(void)pthread_mutex_unlock(&dir->opening);
	return status;
}

const char *tu_datadir_instance(const struct tu_datadir *dir)
{
	return dir->instance;
}

enum tu_status tu_datadir_secret_key(
	const struct tu_datadir *dir, struct tu_secret_key *out_key, struct tu_error *err)
{
	char name[TU_PATH_MAX];

	if (!tu_datadir_path(dir, "keys/secret.key", name, sizeof(name)))
		return tu_fail(err, TU_E_USAGE, 0, "%s: a key of secrets is in a data folder only",
			dir->path);
	return tu_secret_key_read(name, out_key, err);
}

/* ---- the signing process ---- */

static enum tu_status start_signer(struct tu_datadir *dir, struct tu_error *err)
{
	char name[TU_PATH_MAX], user[100];
	const struct tu_signer_options options = {
		.folder = name, .make_keys = true, .at = tu_datadir_now(dir), .user_id = user};

	if (!tu_datadir_path(dir, "keys", name, sizeof(name)))
		return tu_fail(err, TU_E_USAGE, 0,
			"%s: the keys that sign are in a data folder only: name that", dir->path);
	if (dir->unsigned_why.status) {
		*err = dir->unsigned_why;
		return err->status;
	}
	if (dir->store)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"%s: its owner has no signing process: start that again", dir->path);
	(void)snprintf(user, sizeof(user), "CSAF documents (Tutela, instance %s)",
		tu_datadir_instance(dir));
	return tu_signer_start(&options, &dir->signer, err);
}

enum tu_status tu_datadir_signer(
	struct tu_datadir *dir, struct tu_signer **out_signer, struct tu_error *err)
{
	struct tu_error own = {0};
	enum tu_status status = TU_OK;

	(void)pthread_mutex_lock(&dir->opening);
	if (!dir->signer) {
		status = start_signer(dir, &own);
		own.status = status;
		if (status)
			dir->unsigned_why = own;
	}
	*out_signer = dir->signer;
	(void)pthread_mutex_unlock(&dir->opening);
	if (status && err)
		*err = own;
	return status;
}

int64_t tu_datadir_now(const struct tu_datadir *dir)
{
	return dir->host->now();
}

const struct tu_datadir_host *tu_datadir_host(const struct tu_datadir *dir)
{
	return dir->host;
}
