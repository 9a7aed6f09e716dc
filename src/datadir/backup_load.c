/* Reading a backup: into an empty place, or to see whether it is whole. */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/big_endian.h"
#include "datadir/blocks.h"
#include "datadir/manifest.h"
#include "store/engine.h"
#include "store/migrate.h"

enum { ARENA = 64 << 20 };

struct loading {
	struct tu_arena *arena;
	struct tu_blocks_reader archive;
	struct tu_backup *backup;
	struct tu_tables said; /* by the backup */
	struct tu_tables there; /* in the place */
	struct tu_tx *tx;
	struct tu_backup_more more;
	int64_t rows[TU_TABLES_MAX]; /* as `said` */
};

/* The schema is made by the same migrations, so it has the same tables. */
static enum tu_status check_tables(struct loading *l, struct tu_error *err)
{
	if (l->said.count != l->there.count)
		return tu_fail(err, TU_E_CORRUPT, 0,
			"the backup has %zu tables, its schema has %zu", l->said.count,
			l->there.count);
	for (size_t i = 0; i < l->said.count; i++) {
		const struct tu_table *table = &l->said.at[i];
		const struct tu_table *there = tu_table_named(&l->there, table->name);

		if (!there || !tu_table_eq(table, there))
			return tu_fail(err, TU_E_CORRUPT, 0,
				"table %.*s of the backup is not the one of its schema",
				TU_STR_FMT(table->name));
	}
	return TU_OK;
}

static enum tu_status load_block(struct loading *l, struct tu_str content, struct tu_error *err)
{
	const char *head = content.ptr;
	size_t table = content.len < 6 ? l->said.count : (size_t)tu_big_endian_get(head, 2);
	struct tu_str rows = tu_str_from(content, 6);
	uint32_t count;
	enum tu_status status;

	if (table >= l->said.count) {
		(void)tu_fail(err, TU_E_CORRUPT, 0, "it is of no table");
		return tu_blocks_refuse(&l->archive, err);
	}
	count = (uint32_t)tu_big_endian_get(head + 2, 4);
	status = tu_table_check(&l->said.at[table], rows, count, err);
	if (status)
		return tu_blocks_refuse(&l->archive, err);
	l->rows[table] += count;
	if (tu_str_eq(l->said.at[table].name, TU_STR("secret")))
		l->backup->secrets += count;
	l->backup->rows += count;
	return tu_table_load(l->tx, &l->said.at[table], rows, err);
}

static enum tu_status check_end(struct loading *l, struct tu_str content, struct tu_error *err)
{
	enum tu_status status = tu_manifest_check_end(content, &l->said, l->rows, err);

	if (status)
		return tu_blocks_refuse(&l->archive, err);
	for (size_t i = 0; !status && i < l->said.count; i++) {
		int64_t count = 0;

		status = tu_table_count(l->tx, &l->said.at[i], &count, err);
		if (!status && count != l->rows[i])
			status = tu_fail(err, TU_E_CORRUPT, 0,
				"table %.*s has %lld rows of the backup's %lld",
				TU_STR_FMT(l->said.at[i].name), (long long)count,
				(long long)l->rows[i]);
	}
	return status;
}

static enum tu_status load_blocks(struct loading *l, struct tu_error *err)
{
	enum tu_block_kind kind;
	struct tu_str content;
	enum tu_status status = TU_OK;

	while (!status && !l->archive.ended) {
		status = l->more.stopped && l->more.stopped()
			? tu_fail(err, TU_E_IO, 0, "interrupted")
			: tu_blocks_next(&l->archive, &kind, &content, err);
		if (status)
			return status;
		if (kind == TU_BLOCK_ROWS) {
			status = load_block(l, content, err);
		} else if (kind == TU_BLOCK_END) {
			status = check_end(l, content, err);
		} else {
			(void)tu_fail(err, TU_E_CORRUPT, 0, "its kind is none that belongs here");
			status = tu_blocks_refuse(&l->archive, err);
		}
	}
	return status;
}

/* The chain, before anything of it counts. */
static enum tu_status check_ledger(struct loading *l, struct tu_error *err)
{
	const struct tu_backup *backup = l->backup;
	struct tu_str hash = tu_str_of((const char *)backup->head_hash, TU_SHA256_BYTES);
	struct tu_rows *rows;
	int64_t records;
	enum tu_status status = tu_chain_check(l->tx, &records, err);
	bool fits;

	if (!status)
		status = tu_tx_row(l->tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &rows, err);
	if (status)
		return status;
	fits = records == backup->head && tu_str_eq(tu_rows_text(rows, 1), hash);
	status = tu_rows_close(rows, err);
	return status || fits ? status
			      : tu_fail(err, TU_E_CORRUPT, 0,
					"the ledger's head is not the one that the backup names");
}

/* What is known when all of it was read. */
static void sum_up(struct loading *l)
{
	l->backup->tables = (int64_t)l->said.count;
	l->backup->bytes = l->archive.at;
	memcpy(l->backup->hash, l->archive.hash, sizeof(l->backup->hash));
}

static enum tu_status load_rows(struct loading *l, struct tu_error *err)
{
	struct tu_tx *tx = l->tx;
	enum tu_status status = tu_store_tables(tx, l->arena, &l->there, err);

	if (!status)
		status = check_tables(l, err);
	if (!status)
		status = tu_store_load_begin(tx, &l->there, err);
	if (!status)
		status = load_blocks(l, err);
	if (!status)
		status = tu_store_load_end(tx, &l->there, err);
	return status ? status : check_ledger(l, err);
}

/* The schema, the rows and what is recorded of it: all of it is there, or nothing. */
static enum tu_status load_tx(struct loading *l, struct tu_error *err)
{
	const struct tu_backup *backup = l->backup;
	enum tu_status status =
		tu_store_migrate_in(l->tx, (unsigned)backup->migration, backup->at, err);

	if (!status)
		status = load_rows(l, err);
	sum_up(l);
	return status || !l->more.end ? status : l->more.end(l->more.self, l->tx, backup, err);
}

/* It may have no schema yet. */
static enum tu_status open_unprepared(
	const struct tu_store_options *place, struct tu_store **out_store, struct tu_error *err)
{
	struct tu_store_options bare = *place;

	bare.unprepared = true;
	bare.connections = 1;
	return tu_store_open(&bare, out_store, err);
}

/* Not repeated: what was read from the file is read once. */
static enum tu_status load_once(
	struct loading *l, const struct tu_store_options *place, struct tu_error *err)
{
	struct tu_store *store;
	enum tu_status status = open_unprepared(place, &store, err);

	if (status)
		return status;
	status = tu_store_begin(store, TU_TX_WRITE, &l->tx, err);
	if (!status) {
		status = load_tx(l, err);
		if (status)
			tu_tx_rollback(l->tx);
		else
			status = tu_tx_commit(l->tx, err);
	}
	tu_store_close(store);
	return status;
}

static enum tu_status read_manifest(struct loading *l, struct tu_error *err)
{
	enum tu_block_kind kind;
	struct tu_str content;
	enum tu_status status = tu_blocks_next(&l->archive, &kind, &content, err);

	if (status)
		return status;
	if (kind != TU_BLOCK_MANIFEST)
		(void)tu_fail(err, TU_E_CORRUPT, 0, "it does not say what the backup is of");
	else
		status = tu_manifest_read(l->arena, content, l->backup, &l->said, err);
	return kind != TU_BLOCK_MANIFEST || status == TU_E_CORRUPT
		? tu_blocks_refuse(&l->archive, err)
		: status;
}

static enum tu_status begin(
	struct loading *l, int fd, struct tu_backup *out_backup, struct tu_error *err)
{
	enum tu_status status;

	*out_backup = (struct tu_backup){0};
	*l = (struct loading){.arena = tu_arena_new(ARENA), .backup = out_backup};
	status = tu_blocks_open(&l->archive, fd, err);
	if (!status && !l->arena)
		status = tu_no_memory(err);
	return status ? status : read_manifest(l, err);
}

static void end(struct loading *l)
{
	sum_up(l);
	tu_blocks_reader_done(&l->archive);
	tu_arena_free(l->arena);
}

enum tu_status tu_backup_peek(int fd, struct tu_backup *out_backup, struct tu_error *err)
{
	struct loading l;
	enum tu_status status = begin(&l, fd, out_backup, err);

	end(&l);
	return status;
}

enum tu_status tu_backup_load(int fd, const struct tu_store_options *place,
	struct tu_backup *out_backup, struct tu_error *err)
{
	const struct tu_backup_more nothing = {0};

	return tu_backup_load_with(fd, place, &nothing, out_backup, err);
}

enum tu_status tu_backup_load_with(int fd, const struct tu_store_options *place,
	const struct tu_backup_more *more, struct tu_backup *out_backup, struct tu_error *err)
{
	struct loading l;
	enum tu_status status = begin(&l, fd, out_backup, err);

	l.more = *more;
	if (!status)
		status = load_once(&l, place, err);
	end(&l);
	return status;
}

void tu_sqlite_file_remove(const char *path)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	char name[4096];

	for (size_t i = 0; i < TU_COUNT(ends); i++)
		if (snprintf(name, sizeof(name), "%s%s", path, ends[i]) < (int)sizeof(name))
			(void)unlink(name);
}

enum tu_status tu_backup_verify(
	int fd, const char *scratch, const struct tu_backup *wanted, struct tu_error *err)
{
	const struct tu_store_options place = {.place = scratch};
	struct tu_backup found;
	enum tu_status status;

	tu_sqlite_file_remove(scratch);
	status = tu_backup_load(fd, &place, &found, err);
	tu_sqlite_file_remove(scratch);
	if (status)
		return tu_error_prefix(err, "the backup that was just written");
	if (found.rows != wanted->rows || found.head != wanted->head ||
		memcmp(found.hash, wanted->hash, sizeof(found.hash)) != 0)
		return tu_fail(err, TU_E_CORRUPT, 0,
			"the backup that was just written reads back as another one");
	return TU_OK;
}
