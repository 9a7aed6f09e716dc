/* Backups: the same rows on either engine, and no damage that is not found. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>

#include "tests/support/backup_scene.h"

#include "datadir/blocks.h"
#include "datadir/backup.h"
#include "store/dump.h"
#include "store/fault.h"

enum { ROWS = 40000 };

static char folder[] = "/tmp/tutela-backup-XXXXXX";
static char other[64], scratch[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return 1;
	(void)snprintf(other, sizeof(other), "%s/other.db", folder);
	(void)snprintf(scratch, sizeof(scratch), "%s/scratch.db", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	tu_sqlite_file_remove(other);
	tu_sqlite_file_remove(scratch);
	return rmdir(folder);
}

static struct tu_backup write_backup(struct tu_store *store, int fd)
{
	const struct tu_backup_source source = {store, "1.2", 77, 1};
	struct tu_backup backup;

	assert_ok(tu_backup_write(&source, fd, &backup, error));
	return backup;
}

static enum tu_status add_piece(
	void *self, struct tu_str rows, uint32_t count, struct tu_error *err)
{
	(void)count;
	(void)err;
	return tu_sha256_add(self, rows);
}

/* Of all rows of all tables. */
static void digest_of(struct tu_store *store, uint8_t out[TU_SHA256_BYTES])
{
	struct tu_arena *arena = tu_arena_new(64 << 20);
	struct tu_sha256 hash;
	struct tu_tables tables;
	struct tu_tx *tx;

	assert_int_equal(tu_sha256_begin(&hash), TU_OK);
	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(tu_store_tables(tx, arena, &tables, error));
	for (size_t i = 0; i < tables.count; i++)
		assert_ok(tu_table_read(tx, &tables.at[i], add_piece, &hash, error));
	tu_tx_rollback(tx);
	assert_int_equal(tu_sha256_end(&hash, out), TU_OK);
	tu_arena_free(arena);
}

static void there_and_back(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_store_options there = {.place = other};
	uint8_t before[TU_SHA256_BYTES], after[TU_SHA256_BYTES];
	struct tu_backup first, second, loaded;
	int fd = scene_file(), back = scene_file();

	(void)state;
	scene_fill(store, ROWS);
	digest_of(store, before);
	first = write_backup(store, fd);
	assert_int_equal(first.head, SCENE_RECORDS);
	assert_true(first.rows > ROWS);
	assert_ok(tu_backup_verify(fd, scratch, &first, error));
	assert_int_not_equal(access(scratch, F_OK), 0);
	tu_store_close(store);

	assert_ok(tu_backup_load(fd, &there, &loaded, error));
	assert_memory_equal(loaded.hash, first.hash, sizeof(first.hash));
	assert_string_equal(loaded.instance, SCENE_INSTANCE);
	assert_ok(tu_store_open(&there, &store, error));
	digest_of(store, after);
	assert_memory_equal(before, after, sizeof(before));
	second = write_backup(store, back);
	assert_int_equal(second.rows, first.rows);
	tu_store_close(store);

	scene_empty();
	there.place = scene_direct();
	assert_ok(tu_backup_load(back, &there, &loaded, error));
	assert_ok(tu_store_open(&there, &store, error));
	digest_of(store, after);
	assert_memory_equal(before, after, sizeof(before));
	/* ids go on after the highest, and the ledger after its head */
	scene_script(store,
		"INSERT INTO device (public, name, title, document_id, version, created)"
		" VALUES ('d2', 'second', '', 1, 1, 5)");
	scene_record(store, 9);
	tu_store_close(store);
	(void)close(fd);
	(void)close(back);
	tu_sqlite_file_remove(other);
	scene_empty();
}

static enum tu_status walk(int fd, struct tu_error *err)
{
	struct tu_blocks_reader reader;
	enum tu_block_kind kind;
	struct tu_str content;
	enum tu_status status = tu_blocks_open(&reader, fd, err);

	while (!status && !reader.ended)
		status = tu_blocks_next(&reader, &kind, &content, err);
	tu_blocks_reader_done(&reader);
	return status;
}

static void flip(int fd, off_t at, unsigned bit)
{
	unsigned char byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= (unsigned char)(1U << bit);
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

static bool is_refused(int fd, off_t at)
{
	struct tu_error err = {0};
	enum tu_status status = walk(fd, &err);

	if (at < 16)
		return status == TU_E_SYNTAX || status == TU_E_UNSUPPORTED;
	return status == TU_E_CORRUPT && strstr(err.message, "block ") &&
		err.offset <= (size_t)at && err.offset + 4096 > (size_t)at;
}

static void no_bit_may_change(void **state)
{
	struct tu_store *store = scene_open();
	int fd = scene_file();
	struct tu_backup backup;
	struct tu_error err = {0};
	size_t unnoticed = 0;

	(void)state;
	scene_fill(store, 10);
	backup = write_backup(store, fd);
	assert_int_equal(lseek(fd, 0, SEEK_END), (off_t)backup.bytes);
	assert_int_equal(walk(fd, &err), TU_OK);
	for (off_t at = 0; at < (off_t)backup.bytes; at++) {
		flip(fd, at, (unsigned)at % 8);
		unnoticed += !is_refused(fd, at);
		flip(fd, at, (unsigned)at % 8);
	}
	assert_int_equal(unnoticed, 0);
	assert_int_equal(pwrite(fd, "x", 1, (off_t)backup.bytes), 1);
	assert_int_equal(walk(fd, &err), TU_E_CORRUPT);
	assert_non_null(strstr(err.message, "more follows"));
	for (off_t len = (off_t)backup.bytes - 1; len >= 0; len--) {
		assert_int_equal(ftruncate(fd, len), 0);
		unnoticed += walk(fd, &err) == TU_OK;
	}
	assert_int_equal(unnoticed, 0);
	(void)close(fd);
	scene_close(store);
}

/* What is well formed and yet not the truth. */
static void a_false_ledger_is_refused(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_store_options there = {.place = other};
	int fd = scene_file();
	struct tu_backup backup;
	struct tu_error err = {0};

	(void)state;
	scene_fill(store, 10);
	scene_script(store, "UPDATE ledger SET actor = 'person:2' WHERE n = 3");
	backup = write_backup(store, fd);
	assert_int_equal(tu_backup_verify(fd, scratch, &backup, &err), TU_E_CORRUPT);
	assert_non_null(strstr(err.message, "record 3 was changed"));
	assert_int_equal(tu_backup_load(fd, &there, &backup, &err), TU_E_CORRUPT);
	tu_sqlite_file_remove(other);
	(void)close(fd);
	scene_close(store);
}

/* Whichever step fails: no row is there. */
static void a_load_that_fails_leaves_nothing(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_store_options there = {.place = scene_direct()};
	struct tu_backup backup;
	struct tu_error err;
	size_t steps, failed = 0, tried = 0, left = 0;
	int fd = scene_file();

	(void)state;
	scene_fill(store, 10);
	(void)write_backup(store, fd);
	tu_store_close(store);
	scene_empty();
	assert_ok(tu_backup_load(fd, &there, &backup, error)); /* the schema is there, and rows */
	tu_store_fault_set(0);
	assert_ok(tu_backup_load(fd, &there, &backup, error));
	steps = tu_store_fault_count();
	assert_true(steps > 30);
	for (size_t nth = 1; nth <= steps; nth += 7, tried++) {
		struct tu_backup again;
		int out = scene_file();

		tu_store_fault_set(nth);
		failed += tu_backup_load(fd, &there, &backup, &err) == TU_E_IO;
		tu_store_fault_set(0);
		assert_ok(tu_store_open(&there, &store, error));
		again = write_backup(store, out);
		tu_store_close(store);
		left += again.rows != backup.rows && again.head != SCENE_RECORDS;
		(void)close(out);
	}
	assert_int_equal(failed, tried);
	assert_int_equal(left, 0);
	(void)close(fd);
	scene_empty();
}

static void a_place_that_is_not_empty(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_store_options options = {.place = scene_direct()}, fresh = {.place = other};
	struct tu_error err = {0};

	struct tu_tx *tx;

	(void)state;
	/* tables alone are what a move leaves that was interrupted */
	tu_store_close(store);
	assert_ok(tu_place_check_empty(&options, error));
	assert_ok(tu_store_open(&options, &store, error));
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx_exec(tx, TU_SQL_SETTING_PUT,
		TU_BIND(tu_text(TU_STR("instance")), tu_text(TU_STR("another"))), NULL, error));
	assert_ok(tu_tx_commit(tx, error));
	tu_store_close(store);
	assert_int_equal(tu_place_check_empty(&options, &err), TU_E_CONFLICT);
	assert_ok(tu_place_check_empty(&fresh, error));
	tu_sqlite_file_remove(other);
	scene_empty();
	assert_ok(tu_place_check_empty(&options, error));
	scene_empty();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(no_bit_may_change),
		cmocka_unit_test(a_false_ledger_is_refused),
		cmocka_unit_test(a_load_that_fails_leaves_nothing),
		cmocka_unit_test(a_place_that_is_not_empty),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
