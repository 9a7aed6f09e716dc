/* Making a folder: an empty one, one from a backup. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "audit/trail.h"
#include "datadir/inside.h"
#include "store/migrate.h"

/* What is being made; on failure what is new in it goes. */
struct making {
	const struct tu_datadir_host *host;
	const char *path;
	struct tu_datadir_config config;
	char place[TU_PATH_MAX];
	bool made_folder, made_key;
	int lock;
};

/* ---- the folder ---- */

/* Only keys/ may be there, and what a run that was killed left. */
static bool may_be_there(const char *name)
{
	static const char *const names[] = {".", "..", "keys", "lock", TU_UNFINISHED_FILE,
		TU_UNFINISHED_FILE "-wal", TU_UNFINISHED_FILE "-shm",
		TU_UNFINISHED_FILE "-journal"};

	for (size_t i = 0; i < TU_COUNT(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static enum tu_status check_contents(const char *path, struct tu_error *err)
{
	DIR *folder = opendir(path);
	enum tu_status status = TU_OK;

	if (!folder)
		return tu_fail(err, TU_E_IO, 0, "%s: cannot open: %s", path, strerror(errno));
	for (const struct dirent *entry = readdir(folder); !status && entry;
		entry = readdir(folder))
		if (!may_be_there(entry->d_name))
			status = tu_fail(err, TU_E_CONFLICT, 0,
				"%s is not empty: \"%s\" is in it; name a folder that does not "
				"exist, or"
				" that has nothing but keys/",
				path, entry->d_name);
	(void)closedir(folder);
	return status;
}

static enum tu_status make_folder(const char *path, bool *out_made, struct tu_error *err)
{
	*out_made = mkdir(path, 0700) == 0;
	return *out_made || errno == EEXIST
		? TU_OK
		: tu_fail(err, TU_E_IO, 0, "%s: cannot make the folder: %s", path, strerror(errno));
}

static enum tu_status prepare_folder(struct making *m, struct tu_error *err)
{
	char keys[TU_PATH_MAX];
	enum tu_status status = make_folder(m->path, &m->made_folder, err);
	bool ignored;

	if (!status)
		status = check_contents(m->path, err);
	if (!status && chmod(m->path, 0700))
		status = tu_fail(err, TU_E_IO, 0, "%s: cannot make it private: %s", m->path,
			strerror(errno));
	if (!status)
		status = tu_datadir__lock(m->path, m->host, &m->lock, err);
	if (!status && !tu_datadir__join(m->path, "keys", keys))
		status = tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name", m->path);
	return status ? status : make_folder(keys, &ignored, err);
}

static enum tu_status prepare_key(struct making *m, struct tu_error *err)
{
	char name[TU_PATH_MAX];
	enum tu_status status;

	if (!tu_datadir__join(m->path, "keys/secret.key", name) || access(name, F_OK) == 0)
		return TU_OK;
	status = tu_secret_key_make(name, err);
	m->made_key = !status;
	return status;
}

/* A SQLite file that nobody else may read from its first moment. */
static enum tu_status prepare_place(struct making *m, const char *place, struct tu_error *err)
{
	const struct tu_store_options options = {.place = m->place};
	int fd;

	m->config.settings = tu_datadir__settings;
	m->config.database = place ? place : TU_DATABASE_FILE;
	if (place && tu_store_engine_of(tu_str_c(place)) != TU_STORE_POSTGRES)
		return tu_fail(err, TU_E_USAGE, 0,
			"\"%s\": expected \"postgresql://…\"; a file is always in the folder",
			place);
	if (place) {
		(void)snprintf(m->place, sizeof(m->place), "%s", place);
		return tu_place_check_empty(&options, err);
	}
	if (!tu_datadir__join(m->path, TU_UNFINISHED_FILE, m->place))
		return tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name", m->path);
	tu_sqlite_file_remove(m->place);
	fd = open(m->place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return tu_fail(err, TU_E_IO, 0, "%s: cannot make: %s", m->place, strerror(errno));
	(void)close(fd);
	return TU_OK;
}

static void unmake(struct making *m)
{
	static const char *const files[] = {"keys/secret.key", "lock"};
	char name[TU_PATH_MAX];

	if (m->config.database && tu_store_engine_of(tu_str_c(m->place)) == TU_STORE_SQLITE)
		tu_sqlite_file_remove(m->place);
	for (size_t i = m->made_key ? 0 : 1; m->lock >= 0 && i < TU_COUNT(files); i++)
		if (tu_datadir__join(m->path, files[i], name))
			(void)unlink(name);
	if (!m->made_folder)
		return;
	if (tu_datadir__join(m->path, "keys", name))
		(void)rmdir(name);
	(void)rmdir(m->path);
}

static enum tu_status begin(struct making *m, const struct tu_datadir_host *host, const char *path,
	const char *place, struct tu_error *err)
{
	enum tu_status status;

	*m = (struct making){.host = host, .path = path, .lock = -1};
	status = prepare_folder(m, err);
	return status ? status : prepare_place(m, place, err);
}

static enum tu_status name_database(struct making *m, struct tu_error *err)
{
	char name[TU_PATH_MAX];

	if (tu_store_engine_of(tu_str_c(m->place)) == TU_STORE_POSTGRES)
		return TU_OK;
	if (!tu_datadir__join(m->path, TU_DATABASE_FILE, name))
		return tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name", m->path);
	if (rename(m->place, name))
		return tu_fail(err, TU_E_IO, 0, "%s: cannot rename: %s", m->place, strerror(errno));
	(void)snprintf(m->place, sizeof(m->place), "%s", name);
	return TU_OK;
}

/* The configuration comes last: with it, it is a data folder. */
static enum tu_status end(
	struct making *m, const char *instance, enum tu_status status, struct tu_error *err)
{
	char name[TU_PATH_MAX];

	m->config.instance = instance;
	if (!status && m->host->stopped && m->host->stopped())
		status = tu_fail(err, TU_E_IO, 0, "interrupted");
	if (!status)
		status = name_database(m, err);
	if (!status && !tu_datadir__join(m->path, TU_CONFIG_FILE, name))
		status = tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name", m->path);
	if (!status)
		status = tu_datadir__config_write(name, &m->config, err);
	if (status)
		unmake(m);
	if (m->lock >= 0)
		(void)close(m->lock);
	return status;
}

/* ---- an empty one ---- */

static enum tu_status read_instance(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return tu_audit_instance(tx, self, err);
}

static enum tu_status fill_new(
	struct making *m, char out_instance[TU_INSTANCE + 1], struct tu_error *err)
{
	const struct tu_store_options options = {.place = m->place, .connections = 1};
	const struct tu_audit_act act = {.at = m->host->now(),
		.actor = TU_STR("program:admin"),
		.reason = TU_STR("the data folder was made")};
	struct tu_migration_state state;
	struct tu_store *store;
	enum tu_status status = tu_store_migrate(&options, act.at, &state, err);

	if (!status)
		status = tu_store_open(&options, &store, err);
	if (status)
		return status;
	status = tu_audit_begin(store, &act, err);
	if (!status)
		status = tu_store_run(store, TU_TX_READ, read_instance, out_instance, err);
	tu_store_close(store);
	return status;
}

enum tu_status tu_datadir_init(const struct tu_datadir_host *host, const char *path,
	const char *place, char out_instance[TU_INSTANCE + 1], struct tu_error *err)
{
	struct making m;
	enum tu_status status = begin(&m, host, path, place, err);

	if (!status)
		status = prepare_key(&m, err);
	if (!status)
		status = fill_new(&m, out_instance, err);
	return end(&m, out_instance, status, err);
}

/* ---- one from a backup ---- */

/* The schema becomes the program's own, and what was done is the last record: in the transaction of
 * the rows, so that nobody finds the one without the other. */
static enum tu_status end_carry(
	void *self, struct tu_tx *tx, const struct tu_backup *backup, struct tu_error *err)
{
	const struct tu_datadir__carry *carry = self;
	const enum tu_store_engine engine = tu_store_engine_of(tu_str_c(carry->place));
	char made[24]; /* what it was carried by is a backup, too */
	const struct tu_datadir__record record = {.at = carry->at,
		.action = carry->action,
		.instance = backup->instance,
		.setting = "backup.last",
		.value = made};
	struct tu_buf body;
	enum tu_status status = tu_store_migrate_in(tx, tu_store_migration_known(), carry->at, err);

	if (status)
		return status;
	(void)snprintf(made, sizeof(made), "%" PRId64, backup->at);
	tu_buf_init(&body, 4096);
	tu_datadir__write_carried(backup, tu_store_engine_name(engine), carry->reason, &body);
	status = tu_datadir__record_in(tx, &record, &body, err);
	tu_buf_done(&body);
	return status;
}

enum tu_status tu_datadir__fill_from(const struct tu_datadir__carry *carry, int fd,
	struct tu_backup *out_backup, struct tu_error *err)
{
	const struct tu_store_options options = {.place = carry->place, .connections = 1};
	struct tu_datadir__carry copy = *carry;
	const struct tu_backup_more more = {end_carry, &copy, carry->stopped};

	return tu_backup_load_with(fd, &options, &more, out_backup, err);
}

enum tu_status tu_datadir_restore(const struct tu_datadir_host *host, int fd,
	const struct tu_datadir_new *place, struct tu_backup *out_backup, struct tu_error *err)
{
	struct making m = {.lock = -1};
	struct tu_datadir__carry carry = {
		m.place, "database.restore", "restored from a backup", host->now(), host->stopped};
	enum tu_status status = tu_backup_peek(fd, out_backup, err);

	if (status)
		return status;
	status = begin(&m, host, place->path, place->place, err);
	if (!status)
		status = tu_datadir__fill_from(&carry, fd, out_backup, err);
	if (!status && !out_backup->secrets)
		status = prepare_key(&m, err);
	return end(&m, out_backup->instance, status, err);
}
