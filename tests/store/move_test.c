/* Carrying a folder's database to the other engine: whole, or not at all. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "tests/support/datadir_scene.h"

#include "store/dump.h"
#include "store/fault.h"
#include "store/migrate.h"

static bool on_postgres_alone(void)
{
	return !is_sqlite() && !getenv("TUTELA_STORE_POOLER");
}

static int64_t tables_there(void)
{
	const struct tu_store_options options = {.place = scene_direct(), .unprepared = true};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_tables tables = {0};
	struct tu_store *store;
	struct tu_tx *tx;

	assert_ok(tu_store_open(&options, &store, error));
	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(tu_store_tables(tx, arena, &tables, error));
	tu_tx_rollback(tx);
	tu_store_close(store);
	tu_arena_free(arena);
	return (int64_t)tables.count;
}

static void assert_is_there(const char *instance)
{
	struct tu_datadir *dir = open_data();
	struct tu_store *store;

	assert_ok(tu_datadir_store(dir, &store, error));
	assert_int_equal(tu_store_engine(store), TU_STORE_POSTGRES);
	assert_string_equal(tu_datadir_instance(dir), instance);
	tu_datadir_close(dir);
}

/* Whichever step fails: no table is there, the folder has the database it had, and the next move
 * goes. */
static void a_move_that_fails_leaves_nothing(void **state)
{
	char instance[TU_INSTANCE + 1], old[TU_OLD_NAME];
	struct tu_datadir *dir = NULL;
	struct tu_backup backup;
	struct tu_store *store;
	size_t nth = 1, failed = 0;

	(void)state;
	if (!on_postgres_alone())
		skip();
	clear(data);
	assert_ok(tu_datadir_init(&host, data, NULL, instance, error));
	scene_empty();
	for (enum tu_status status = TU_E_IO; status; nth += 61) {
		dir = open_data();
		assert_ok(tu_datadir_store(dir, &store, error));
		assert_int_equal(tu_store_engine(store), TU_STORE_SQLITE);
		tu_store_fault_set(nth);
		status = tu_datadir_move(dir, scene_direct(), &backup, old, NULL);
		tu_store_fault_set(0);
		tu_datadir_close(dir);
		failed += status != TU_OK;
		assert_int_equal(tables_there() != 0, !status);
	}
	assert_true(failed > 5);
	assert_is_there(instance);
	clear(data);
}

/* As a move leaves them that was interrupted: tables with nothing in them, or everything, before
 * tutela.yaml names it. What was written since is never taken. */
static void an_interrupted_move_is_repeated(void **state)
{
	const struct tu_store_options options = {.place = scene_direct(), .connections = 1};
	const struct tu_datadir__carry carry = {
		options.place, "database.move", "moved to another database", clock_us, NULL};
	char instance[TU_INSTANCE + 1], old[TU_OLD_NAME];
	struct tu_migration_state migrated;
	struct tu_datadir *dir;
	struct tu_backup backup;
	struct tu_store *there;
	struct tu_error err = {0};
	int fd = scene_file();

	(void)state;
	if (!on_postgres_alone())
		skip();
	for (int filled = 0; filled < 2; filled++) {
		clear(data);
		assert_ok(tu_datadir_init(&host, data, NULL, instance, error));
		scene_empty();
		assert_ok(tu_store_migrate(&options, clock_us, &migrated, error));
		dir = open_data();
		if (filled) {
			assert_ok(tu_datadir_backup(dir, fd, &backup, error));
			assert_ok(tu_datadir__fill_from(&carry, fd, &backup, error));
		}
		assert_ok(tu_datadir_move(dir, options.place, &backup, old, error));
		tu_datadir_close(dir);
		assert_is_there(instance);
	}
	/* the folder as it was, but somebody goes on with the one that it moved to */
	(void)nftw(data, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	assert_ok(tu_datadir_restore(
		&host, fd, &(struct tu_datadir_new){data, NULL}, &backup, error));
	assert_ok(tu_store_open(&options, &there, error));
	scene_record(there, 1);
	tu_store_close(there);
	dir = open_data();
	assert_int_equal(tu_datadir_move(dir, options.place, &backup, old, &err), TU_E_CONFLICT);
	assert_non_null(strstr(err.message, "not empty"));
	tu_datadir_close(dir);
	(void)close(fd);
	clear(data);
}

static int files_named(const char *folder, const char *prefix)
{
	DIR *dir = opendir(folder);
	int count = 0;

	assert_non_null(dir);
	for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
		count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
	(void)closedir(dir);
	return count;
}

static void moved_there_and_back(void **state)
{
	char instance[TU_INSTANCE + 1], old[TU_OLD_NAME], name[TU_PATH_MAX], stays[TU_PATH_MAX];
	struct tu_datadir *dir;
	struct tu_backup backup;
	struct tu_store *store;
	struct tu_error err = {0};

	(void)state;
	if (!on_postgres_alone())
		skip();
	clear(data);
	assert_ok(tu_datadir_init(&host, data, NULL, instance, error));
	for (int back = 0; back < 2; back++) {
		assert_true(tu_datadir__join(data, TU_DATABASE_FILE, name));
		if (back)
			assert_int_equal(link(stays, name), 0); /* left by a run that was killed */
		dir = open_data();
		assert_int_equal(tu_datadir_move(dir, back ? scene_direct() : "elsewhere", &backup,
					 old, &err),
			back ? TU_E_CONFLICT : TU_E_USAGE);
		assert_ok(tu_datadir_move(dir, back ? NULL : scene_direct(), &backup, old, error));
		tu_datadir_close(dir);
		dir = open_data();
		assert_ok(tu_datadir_store(dir, &store, error));
		assert_int_equal(
			tu_store_engine(store), back ? TU_STORE_SQLITE : TU_STORE_POSTGRES);
		assert_string_equal(tu_datadir_instance(dir), instance);
		tu_datadir_close(dir);
		assert_true(tu_datadir__join(data, old, name));
		assert_int_equal(access(name, F_OK) == 0, !back);
		if (!back)
			memcpy(stays, name, sizeof(stays));
	}
	assert_int_equal(files_named(data, "moved-"), 2);
	assert_int_equal(backup.head, 2); /* begun, moved; the second move follows */
	clear(data);
}

/* ---- another node ---- */

struct node {
	struct tu_store *store;
	atomic_int written; /* what it was answered that it is there */
	enum tu_status ended;
};

static enum tu_status record_one(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct tu_ledger_entry entry = {.at = clock_us,
		.actor = TU_STR("person:1"),
		.action = TU_STR("test.change"),
		.subject = TU_STR("thing"),
		.body = TU_STR("{}")};

	(void)self;
	return tu_tx_record(tx, &entry, err);
}

/* Writes for as long as it may. */
static void *go_on(void *self)
{
	struct node *node = self;
	enum tu_status status;

	do {
		status = tu_store_run(node->store, TU_TX_WRITE, record_one, NULL, NULL);
		node->written += status == TU_OK;
	} while (status == TU_OK || status == TU_E_BUSY);
	node->ended = status;
	return NULL;
}

static int64_t head_of(struct tu_datadir *dir)
{
	struct tu_store *store;
	struct tu_tx *tx;
	int64_t head = 0;

	assert_ok(tu_datadir_store(dir, &store, error));
	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(tu_tx_int(tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &head, error));
	tu_tx_rollback(tx);
	return head;
}

static void assert_moved(struct tu_store *store)
{
	const struct tu_store_options options = {.place = scene_direct(), .connections = 1};
	struct tu_migration_state found;
	struct tu_error err = {0};

	assert_int_equal(tu_store_look(store, &err), TU_E_UNSUPPORTED);
	assert_true(tu_store_is_outdated(store) && tu_store_is_moved(store));
	assert_non_null(strstr(err.message, "moved from here"));
	/* nor does one that is started again make a new one there */
	assert_int_equal(tu_store_migration_state(&options, &found, &err), TU_E_UNSUPPORTED);
	assert_int_equal(tu_store_migrate(&options, clock_us, &found, &err), TU_E_UNSUPPORTED);
	assert_non_null(strstr(err.message, "moved from here"));
}

/* Another folder names the database, too: everything that its node was answered is in the new
 * place, and then it writes no more. */
static void another_node_is_stopped(void **state)
{
	const struct tu_store_options options = {.place = scene_direct(), .connections = 2};
	char instance[TU_INSTANCE + 1], old[TU_OLD_NAME];
	struct node node = {0};
	struct tu_datadir *dir;
	struct tu_backup backup;
	pthread_t thread;
	int64_t head;

	(void)state;
	if (!on_postgres_alone())
		skip();
	clear(data);
	assert_ok(tu_datadir_init(&host, data, scene_direct(), instance, error));
	assert_ok(tu_store_open(&options, &node.store, error));
	dir = open_data();
	head = head_of(dir);
	assert_int_equal(pthread_create(&thread, NULL, go_on, &node), 0);
	while (node.written < 3)
		(void)sched_yield();
	assert_ok(tu_datadir_move(dir, NULL, &backup, old, error));
	tu_datadir_close(dir);
	(void)pthread_join(thread, NULL);
	assert_int_equal(node.ended, TU_E_UNSUPPORTED);
	dir = open_data();
	assert_int_equal(head_of(dir), head + node.written + 1);
	assert_moved(node.store);
	/* what was moved away does not keep anything from coming back */
	assert_ok(tu_datadir_move(dir, scene_direct(), &backup, old, error));
	tu_datadir_close(dir);
	assert_is_there(instance);
	assert_ok(tu_store_look(node.store, error));
	assert_false(tu_store_is_moved(node.store));
	tu_store_close(node.store);
	clear(data);
}

/* A move that fails lets the others write. */
static void a_node_goes_on_when_a_move_fails(void **state)
{
	const struct tu_store_options options = {.place = scene_direct(), .connections = 2};
	char instance[TU_INSTANCE + 1], old[TU_OLD_NAME];
	struct tu_store *store, *ours;
	struct tu_datadir *dir;
	struct tu_backup backup;

	(void)state;
	if (!on_postgres_alone())
		skip();
	clear(data);
	assert_ok(tu_datadir_init(&host, data, scene_direct(), instance, error));
	assert_ok(tu_store_open(&options, &store, error));
	for (size_t nth = 1; nth < 200; nth += 49) {
		dir = open_data();
		assert_ok(tu_datadir_store(dir, &ours, error));
		tu_store_fault_set(nth);
		assert_int_not_equal(tu_datadir_move(dir, NULL, &backup, old, NULL), TU_OK);
		tu_store_fault_set(0);
		tu_datadir_close(dir);
		assert_ok(tu_store_run(store, TU_TX_WRITE, record_one, NULL, error));
	}
	tu_store_close(store);
	clear(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_node_is_stopped),
		cmocka_unit_test(a_node_goes_on_when_a_move_fails),
		cmocka_unit_test(a_move_that_fails_leaves_nothing),
		cmocka_unit_test(an_interrupted_move_is_repeated),
		cmocka_unit_test(moved_there_and_back),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
