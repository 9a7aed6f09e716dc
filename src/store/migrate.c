#include <stdio.h>
#include <string.h>

#include "store/engine.h"
#include "store/migrate.h"
#include "store/postgres.h"
#include "store/tables.h"

/* The account of migrations, which is there before the first one. */
static const char account[] = "CREATE TABLE IF NOT EXISTS migration (number BIGINT NOT NULL"
			      " PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, applied"
			      " BIGINT NOT NULL)";

/* A second process waits here, as long as it takes; whoever writes is waited for, and nobody begins
 * to write. SQLite's writer is alone anyway. */
static const char *const locks[TU_STORE_ENGINES] = {
	[TU_STORE_SQLITE] = NULL,
	[TU_STORE_POSTGRES] = "SET LOCAL statement_timeout=0;"
			      "SET LOCAL idle_in_transaction_session_timeout=0;"
			      "SELECT pg_advisory_xact_lock(" TU_POSTGRES_MIGRATING ")",
};

static enum tu_status open_unprepared(
	const struct tu_store_options *options, struct tu_store **out_store, struct tu_error *err)
{
	struct tu_store_options bare = *options;

	bare.unprepared = true;
	bare.read_only = false;
	bare.connections = 1;
	return tu_store_open(&bare, out_store, err);
}

enum tu_status tu_store_hold_writers(struct tu_tx *tx, struct tu_error *err)
{
	const char *lock = locks[tu_store_engine(tx->store)];

	return lock ? tu_tx__script(tx, lock, err) : TU_OK;
}

#define MOVED \
	"the database was moved from here to another place: tutela.yaml of the folder that was " \
	"moved names it"

/* One row of the account against the program's own. */
static enum tu_status check_row(const struct tu_rows *rows, struct tu_error *err)
{
	int64_t number = tu_rows_int(rows, 0);
	struct tu_str digest = tu_rows_text(rows, 2);

	if (number == TU_MIGRATION_MOVED)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, MOVED);
	if (number > (int64_t)tu_migration_count)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"the database is newer than this program: it has migration %lld (%.*s), the"
			" program knows %zu; use the program that wrote it, or a newer one",
			(long long)number, TU_STR_FMT(tu_rows_text(rows, 1)), tu_migration_count);
	if (number < 1 || !tu_str_eq(digest, tu_str_c(tu_migrations[number - 1].digest)))
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"migration %lld of the database (%.*s) is not the one that this program has"
			" under that number",
			(long long)number, TU_STR_FMT(tu_rows_text(rows, 1)));
	return TU_OK;
}

static enum tu_status read_account(
	struct tu_tx *tx, struct tu_migration_state *out_state, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status, end;

	*out_state = (struct tu_migration_state){.known = (unsigned)tu_migration_count};
	status = tu_tx__script(tx, account, err);
	if (!status)
		status = tu_tx_query(tx, TU_SQL_MIGRATION_LIST, TU_NO_BIND, &rows, err);
	if (status)
		return status;
	while (!status && tu_rows_next(rows)) {
		status = check_row(rows, err);
		if (!status && tu_rows_int(rows, 0) != (int64_t)out_state->applied + 1)
			status = tu_fail(err, TU_E_CORRUPT, 0, "migration %u is missing",
				out_state->applied + 1);
		out_state->applied++;
	}
	end = tu_rows_close(rows, status ? NULL : err);
	return status ? status : end;
}

static enum tu_status apply(
	struct tu_tx *tx, const struct tu_migration *migration, int64_t now, struct tu_error *err)
{
	const char *const *steps = migration->steps[tu_store_engine(tx->store)];
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && steps[i]; i++)
		status = tu_tx__script(tx, steps[i], err);
	if (status)
		return tu_error_prefix(
			err, "migration %u (%s)", migration->number, migration->name);
	return tu_tx_exec(tx, TU_SQL_MIGRATION_ADD,
		TU_BIND(tu_int(migration->number), tu_text(tu_str_c(migration->name)),
			tu_text(tu_str_c(migration->digest)), tu_int(now)),
		NULL, err);
}

struct goal {
	struct tu_migration_state *state;
	const struct tu_migrate_before *before; /* NULL: nothing */
	unsigned number;
	int64_t now;
	bool into_empty;
};

/* An empty place may say that a database was moved from it once. */
static enum tu_status forget_moved(struct tu_tx *tx, struct tu_error *err)
{
	char sql[128];
	enum tu_status status = tu_tx__script(tx, account, err);

	(void)snprintf(
		sql, sizeof(sql), "DELETE FROM migration WHERE number = %d", TU_MIGRATION_MOVED);
	return status ? status : tu_tx__script(tx, sql, err);
}

static enum tu_status migrate_all(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct goal *goal = self;
	enum tu_status status = tu_store_hold_writers(tx, err);

	if (!status && goal->into_empty)
		status = forget_moved(tx, err);
	if (!status)
		status = read_account(tx, goal->state, err);
	if (!status && goal->before && goal->state->applied < goal->number)
		status = goal->before->run(goal->before->self, goal->state->applied, err);
	while (!status && goal->state->applied < goal->number) {
		status = apply(tx, &tu_migrations[goal->state->applied], goal->now, err);
		goal->state->applied += !status;
	}
	return status;
}

static enum tu_status reach(
	const struct tu_store_options *options, struct goal *goal, struct tu_error *err)
{
	struct tu_store *store;
	enum tu_status status = open_unprepared(options, &store, err);

	if (status)
		return status;
	status = tu_store_run(store, TU_TX_WRITE, migrate_all, goal, err);
	tu_store_close(store);
	return status;
}

enum tu_status tu_store_migrate_in(
	struct tu_tx *tx, unsigned number, int64_t now, struct tu_error *err)
{
	struct tu_migration_state state;
	struct goal goal = {.state = &state, .number = number, .now = now, .into_empty = true};

	if (number > tu_migration_count)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"migration %u is of a newer program; this one knows %zu", number,
			tu_migration_count);
	return migrate_all(tx, &goal, err);
}

enum tu_status tu_store_migrate_after(const struct tu_store_options *options,
	const struct tu_migrate_before *before, int64_t now, struct tu_migration_state *out_state,
	struct tu_error *err)
{
	struct goal goal = {out_state, before, (unsigned)tu_migration_count, now, false};

	return reach(options, &goal, err);
}

enum tu_status tu_store_migrate(const struct tu_store_options *options, int64_t now,
	struct tu_migration_state *out_state, struct tu_error *err)
{
	return tu_store_migrate_after(options, NULL, now, out_state, err);
}

unsigned tu_store_migration_known(void)
{
	return (unsigned)tu_migration_count;
}

const char *tu_store_migration_digest(unsigned number)
{
	return number >= 1 && number <= tu_migration_count ? tu_migrations[number - 1].digest
							   : NULL;
}

enum tu_status tu_store_migration_state(const struct tu_store_options *options,
	struct tu_migration_state *out_state, struct tu_error *err)
{
	struct tu_store *store;
	struct tu_tx *tx;
	enum tu_status status = open_unprepared(options, &store, err);

	if (status)
		return status;
	status = tu_store_begin(store, TU_TX_WRITE, &tx, err);
	if (!status) {
		status = read_account(tx, out_state, err);
		tu_tx_rollback(tx); /* nothing was changed, not even the account made */
	}
	tu_store_close(store);
	return status;
}

/* ---- while it is used ---- */

enum tu_status tu_store__found(struct tu_store *store, int64_t migration, struct tu_error *err)
{
	const bool newer = migration > (int64_t)tu_migration_count,
		   moved = migration == TU_MIGRATION_MOVED;

	atomic_store(&store->moved, moved);
	atomic_store(&store->outdated, newer);
	if (moved)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, MOVED);
	return newer
		? tu_fail(err, TU_E_UNSUPPORTED, 0,
			  "the database was changed by a newer program: it has migration %lld, this"
			  " program knows %zu; start the newer program here",
			  (long long)migration, tu_migration_count)
		: TU_OK;
}

bool tu_store_is_outdated(const struct tu_store *store)
{
	return atomic_load(&store->outdated);
}

bool tu_store_is_moved(const struct tu_store *store)
{
	return atomic_load(&store->moved);
}

static enum tu_status read_newest(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return tu_tx_int(tx, TU_SQL_MIGRATION_NEWEST, TU_NO_BIND, self, err);
}

enum tu_status tu_store_look(struct tu_store *store, struct tu_error *err)
{
	int64_t newest = 0;
	enum tu_status status = tu_store_run(store, TU_TX_READ, read_newest, &newest, err);

	return status ? status : tu_store__found(store, newest, err);
}
