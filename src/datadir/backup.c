/* Writing a backup. */
#include <stdio.h>
#include <string.h>

#include "base/big_endian.h"
#include "base/json_writer.h"
#include "datadir/blocks.h"
#include "datadir/manifest.h"
#include "store/dump.h"
#include "store/migrate.h"

enum { ARENA = 64 << 20 };

struct writing {
	const struct tu_backup_source *source;
	struct tu_tx *tx;
	struct tu_blocks_writer archive;
	struct tu_tables tables;
	size_t table; /* that is being read */
	struct tu_buf block;
	int64_t rows[TU_TABLES_MAX];
	struct tu_backup *backup;
};

static enum tu_status read_setting(struct writing *w, struct tu_error *err)
{
	struct tu_backup *backup = w->backup;
	struct tu_rows *rows;
	struct tu_str value;
	enum tu_status status = tu_tx_row(
		w->tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(TU_STR("instance"))), &rows, err);
	bool fits;

	if (status)
		return status == TU_E_NOTFOUND
			? tu_fail(err, TU_E_CORRUPT, 0, "the database does not say which one it is")
			: status;
	value = tu_rows_text(rows, 0);
	fits = value.len == TU_INSTANCE;
	if (fits)
		memcpy(backup->instance, value.ptr, TU_INSTANCE);
	status = tu_rows_close(rows, err);
	return status || fits ? status
			      : tu_fail(err, TU_E_CORRUPT, 0, "the id of the database is none");
}

static enum tu_status read_head(struct writing *w, struct tu_error *err)
{
	struct tu_backup *backup = w->backup;
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(w->tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &rows, err);
	bool fits;

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_CORRUPT, 0, "the ledger has no head row");
	if (status)
		return status;
	backup->head = tu_rows_int(rows, 0);
	fits = tu_rows_text(rows, 1).len == TU_SHA256_BYTES;
	if (fits)
		memcpy(backup->head_hash, tu_rows_text(rows, 1).ptr, TU_SHA256_BYTES);
	status = tu_rows_close(rows, err);
	return status || fits ? status
			      : tu_fail(err, TU_E_CORRUPT, 0, "the ledger's head has no hash");
}

static enum tu_status add_rows(void *self, struct tu_str rows, uint32_t count, struct tu_error *err)
{
	struct writing *w = self;
	unsigned char head[6];

	tu_big_endian_put(head, w->table, 2);
	tu_big_endian_put(head + 2, count, 4);
	tu_buf_clear(&w->block);
	tu_buf_add(&w->block, head, sizeof(head));
	tu_buf_str_add(&w->block, rows);
	if (w->block.failed)
		return tu_no_memory(err);
	w->rows[w->table] += count;
	return tu_blocks_add(&w->archive, TU_BLOCK_ROWS, tu_buf_str(&w->block), err);
}

static enum tu_status add_json(struct writing *w, enum tu_block_kind kind, struct tu_error *err)
{
	tu_buf_clear(&w->block);
	if (kind == TU_BLOCK_MANIFEST)
		tu_manifest_write(w->backup, &w->tables, &w->block);
	else
		tu_manifest_write_end(w->rows, w->tables.count, &w->block);
	return w->block.failed ? tu_no_memory(err)
			       : tu_blocks_add(&w->archive, kind, tu_buf_str(&w->block), err);
}

static enum tu_status write_all(struct writing *w, struct tu_error *err)
{
	struct tu_backup *backup = w->backup;
	enum tu_status status = add_json(w, TU_BLOCK_MANIFEST, err);

	for (w->table = 0; !status && w->table < w->tables.count; w->table++) {
		const struct tu_table *table = &w->tables.at[w->table];

		status = tu_table_read(w->tx, table, add_rows, w, err);
		backup->rows += w->rows[w->table];
		if (tu_str_eq(table->name, TU_STR("secret")))
			backup->secrets = w->rows[w->table];
	}
	if (!status)
		status = add_json(w, TU_BLOCK_END, err);
	backup->tables = (int64_t)w->tables.count;
	backup->bytes = w->archive.bytes;
	memcpy(backup->hash, w->archive.hash, sizeof(backup->hash));
	return status;
}

static enum tu_status write_snapshot(struct writing *w, int fd, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(ARENA);
	enum tu_status status =
		arena ? tu_store_tables(w->tx, arena, &w->tables, err) : tu_no_memory(err);

	if (!status)
		status = read_setting(w, err);
	if (!status)
		status = read_head(w, err);
	if (!status) {
		status = tu_blocks_begin(&w->archive, fd, err);
		if (!status)
			status = write_all(w, err);
		tu_blocks_writer_done(&w->archive);
	}
	tu_arena_free(arena);
	return status;
}

enum tu_status tu_backup_write(const struct tu_backup_source *source, int fd,
	struct tu_backup *out_backup, struct tu_error *err)
{
	struct writing w = {.source = source, .backup = out_backup};
	enum tu_status status;

	*out_backup = (struct tu_backup){.at = source->at, .migration = source->migration};
	(void)snprintf(out_backup->program, sizeof(out_backup->program), "%s", source->program);
	(void)snprintf(out_backup->engine, sizeof(out_backup->engine), "%s",
		tu_store_engine_name(tu_store_engine(source->store)));
	status = tu_store_begin(source->store, TU_TX_READ, &w.tx, err);
	if (status)
		return status;
	tu_buf_init(&w.block, TU_BLOCK_MAX);
	status = write_snapshot(&w, fd, err);
	tu_buf_done(&w.block);
	tu_tx_rollback(w.tx);
	return status;
}
