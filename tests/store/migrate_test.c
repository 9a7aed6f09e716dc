/* Migrations: whole or not at all, the same on every way, and never a database from the future. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>

#include "tests/support/store_scene.h"

#include "store/fault.h"
#include "store/postgres.h"
#include "store/tables.h"

static struct tu_store_options direct_options(void)
{
	return (struct tu_store_options){.place = scene_direct()};
}

static struct tu_migration_state state_of(void)
{
	struct tu_store_options options = direct_options();
	struct tu_migration_state state;

	assert_ok(tu_store_migration_state(&options, &state, error));
	return state;
}

static void run_script(const char *sql)
{
	struct tu_store_options options = direct_options();
	struct tu_store *store;
	struct tu_tx *tx;

	options.unprepared = true;
	assert_ok(tu_store_open(&options, &store, error));
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx__script(tx, sql, error));
	assert_ok(tu_tx_commit(tx, error));
	tu_store_close(store);
}

static void an_empty_database_gets_everything(void **state)
{
	struct tu_store *store = scene_open();

	(void)state;
	assert_int_equal(state_of().applied, tu_migration_count);
	assert_int_equal(state_of().known, tu_migration_count);
	scene_close(store);
}

/* Whichever step fails: the database is as it was, and a second run completes. */
static void interrupted_after_every_statement(void **state)
{
	struct tu_store_options options = direct_options();
	struct tu_migration_state now;
	struct tu_error err;
	size_t steps, failed = 0;

	(void)state;
	scene_empty();
	tu_store_fault_set(0);
	assert_ok(tu_store_migrate(&options, 1, &now, error));
	steps = tu_store_fault_count();
	assert_true(steps > 40);
	for (size_t nth = 1; nth <= steps; nth++) {
		scene_empty();
		tu_store_fault_set(nth);
		failed += tu_store_migrate(&options, 1, &now, &err) == TU_E_IO;
		tu_store_fault_set(0);
		assert_int_equal(state_of().applied, 0);
	}
	assert_int_equal(failed, steps);
	assert_ok(tu_store_migrate(&options, 1, &now, error));
	assert_int_equal(state_of().applied, tu_migration_count);
	scene_empty();
}

/* scene_open() gives the time 1; what has another breaks the rule that there is a digest. */
static void the_time_is_the_one_that_was_given(void **state)
{
	struct tu_store *store = scene_open();

	(void)state;
	tu_store_close(store);
	run_script("UPDATE migration SET digest = NULL WHERE applied <> 1");
	assert_int_equal(state_of().applied, tu_migration_count);
	scene_empty();
}

static void a_second_run_changes_nothing(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_store_options options = direct_options();
	struct tu_migration_state now;

	(void)state;
	tu_store_close(store);
	run_script("INSERT INTO setting (name, value) VALUES ('kept', 'yes')");
	assert_ok(tu_store_migrate(&options, 1, &now, error));
	run_script("UPDATE setting SET name = NULL WHERE name = 'none'");
	assert_int_equal(state_of().applied, tu_migration_count);
	scene_empty();
}

static void refused(const char *sql, const char *says)
{
	struct tu_store *store = scene_open();
	struct tu_store_options options = direct_options();
	struct tu_migration_state now;
	struct tu_error err;

	tu_store_close(store);
	run_script(sql);
	assert_int_equal(tu_store_migrate(&options, 1, &now, &err), TU_E_UNSUPPORTED);
	assert_non_null(strstr(err.message, says));
	assert_int_equal(tu_store_migration_state(&options, &now, &err), TU_E_UNSUPPORTED);
	scene_empty();
}

static void a_database_from_the_future_is_refused(void **state)
{
	(void)state;
	refused("INSERT INTO migration (number, name, digest, applied) VALUES (99, 'later', 'x', "
		"1)",
		"newer than this program");
}

static void another_migration_of_that_number_is_refused(void **state)
{
	(void)state;
	refused("UPDATE migration SET digest = 'x' WHERE number = 1",
		"is not the one that this program has");
}

/* ---- before the first step ---- */

struct backup {
	unsigned calls, applied;
	enum tu_status ends;
};

static enum tu_status save(void *self, unsigned applied, struct tu_error *err)
{
	struct backup *backup = self;

	backup->calls++;
	backup->applied = applied;
	return backup->ends ? tu_fail(err, backup->ends, 0, "the disk is full") : TU_OK;
}

static void what_comes_before_decides(void **state)
{
	struct tu_store_options options = direct_options();
	struct backup backup = {.ends = TU_E_IO};
	const struct tu_migrate_before before = {save, &backup};
	struct tu_migration_state now;
	struct tu_error err;

	(void)state;
	scene_empty();
	assert_int_equal(tu_store_migrate_after(&options, &before, 1, &now, &err), TU_E_IO);
	assert_non_null(strstr(err.message, "the disk is full"));
	assert_int_equal(state_of().applied, 0);
	backup = (struct backup){0};
	assert_ok(tu_store_migrate_after(&options, &before, 1, &now, error));
	assert_int_equal(backup.calls, 1);
	assert_int_equal(backup.applied, 0);
	assert_ok(tu_store_migrate_after(&options, &before, 1, &now, error));
	assert_int_equal(backup.calls, 1); /* nothing was missing */
	scene_empty();
}

/* ---- a program that is older than its database, and runs ---- */

static enum tu_status put(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return tu_tx_exec(tx, TU_SQL_SETTING_PUT,
		TU_BIND(tu_text(TU_STR("test")), tu_text(tu_str_c(self))), NULL, err);
}

static enum tu_status expect(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(TU_STR("test"))), &rows, err);

	if (status)
		return status;
	assert_true(tu_str_eq(tu_rows_text(rows, 0), tu_str_c(self)));
	return tu_rows_close(rows, err);
}

static void an_open_store_stops_writing_when_it_is_older(void **state)
{
	struct tu_store *store = scene_open();
	const bool fenced = tu_store_engine(store) == TU_STORE_POSTGRES;
	struct tu_error err;

	(void)state;
	assert_ok(tu_store_run(store, TU_TX_WRITE, put, (char[]){"before"}, error));
	assert_false(tu_store_is_outdated(store));
	run_script("INSERT INTO migration (number, name, digest, applied) VALUES (99, 'later', "
		   "'x', 1)");
	if (fenced) { /* a file belongs to one process */
		assert_int_equal(tu_store_run(store, TU_TX_WRITE, put, (char[]){"after"}, &err),
			TU_E_UNSUPPORTED);
		assert_non_null(strstr(err.message, "a newer program"));
		assert_non_null(strstr(err.message, "migration 99"));
		assert_true(tu_store_is_outdated(store));
	}
	assert_int_equal(tu_store_look(store, &err), TU_E_UNSUPPORTED);
	assert_true(tu_store_is_outdated(store));
	assert_ok(tu_store_run(store, TU_TX_READ, expect, (char[]){"before"}, error));
	run_script("DELETE FROM migration WHERE number = 99");
	assert_ok(tu_store_look(store, error));
	assert_false(tu_store_is_outdated(store));
	assert_ok(tu_store_run(store, TU_TX_WRITE, put, (char[]){"later"}, error));
	assert_ok(tu_store_run(store, TU_TX_READ, expect, (char[]){"later"}, error));
	scene_close(store);
}

static int64_t lock_is_taken(struct tu_store *store)
{
	struct tu_rows *rows;
	struct tu_tx *tx;
	int64_t taken;

	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx__read(tx,
		"SELECT CAST(CASE WHEN pg_try_advisory_xact_lock(" TU_POSTGRES_MIGRATING
		") THEN 0 ELSE 1 END AS BIGINT)",
		&rows, error));
	assert_true(tu_rows_next(rows));
	taken = tu_rows_int(rows, 0);
	assert_ok(tu_rows_close(rows, error));
	tu_tx_rollback(tx);
	return taken;
}

/* PostgreSQL: whoever migrates waits for those that write, and none begins meanwhile. */
static void nobody_writes_while_it_migrates(void **state)
{
	struct tu_store *store = scene_open(), *other;
	struct tu_store_options options = direct_options();
	struct tu_tx *tx;
	struct tu_error err;

	(void)state;
	if (tu_store_engine(store) != TU_STORE_POSTGRES) {
		scene_close(store);
		return;
	}
	options.unprepared = true;
	assert_ok(tu_store_open(&options, &other, error));
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_int_equal(lock_is_taken(other), 1);
	tu_tx_rollback(tx);
	assert_int_equal(lock_is_taken(other), 0);
	assert_ok(tu_store_begin(other, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx__script(
		tx, "SELECT pg_advisory_xact_lock(" TU_POSTGRES_MIGRATING ")", error));
	assert_int_equal(
		tu_store_run(store, TU_TX_WRITE, put, (char[]){"meanwhile"}, &err), TU_E_BUSY);
	assert_non_null(strstr(err.message, "being migrated or moved"));
	assert_false(tu_store_is_outdated(store));
	tu_tx_rollback(tx);
	assert_ok(tu_store_run(store, TU_TX_WRITE, put, (char[]){"afterwards"}, error));
	tu_store_close(other);
	scene_close(store);
}

/* ---- two processes at once ---- */

static void *migrate_once(void *self)
{
	struct tu_store_options options = direct_options();
	struct tu_migration_state now;
	struct tu_error err;

	*(enum tu_status *)self = tu_store_migrate(&options, 1, &now, &err);
	return NULL;
}

static void two_at_once_apply_it_once(void **state)
{
	enum tu_status statuses[4];
	pthread_t threads[4];

	(void)state;
	scene_empty();
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, migrate_once, &statuses[i]), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(statuses[i], TU_OK);
	}
	assert_int_equal(state_of().applied, tu_migration_count);
	scene_empty();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_database_gets_everything),
		cmocka_unit_test(interrupted_after_every_statement),
		cmocka_unit_test(the_time_is_the_one_that_was_given),
		cmocka_unit_test(a_second_run_changes_nothing),
		cmocka_unit_test(a_database_from_the_future_is_refused),
		cmocka_unit_test(another_migration_of_that_number_is_refused),
		cmocka_unit_test(what_comes_before_decides),
		cmocka_unit_test(an_open_store_stops_writing_when_it_is_older),
		cmocka_unit_test(nobody_writes_while_it_migrates),
		cmocka_unit_test(two_at_once_apply_it_once),
	};

	return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
