/*
 * Any bytes as a backup, as what its first block says and as rows of a table: reading never
 * crashes, a refusal says why, and rows that pass the check have exactly the fields that they say.
 */
#define _GNU_SOURCE /* memfd_create() */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "datadir/blocks.h"
#include "datadir/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void read_file(struct tu_str text)
{
	int fd = memfd_create("backup", MFD_CLOEXEC);
	struct tu_blocks_reader reader;
	struct tu_error err = {0};
	enum tu_block_kind kind;
	struct tu_str content;
	enum tu_status status;

	if (fd < 0 || write(fd, text.ptr, text.len) != (ssize_t)text.len)
		exit(1);
	status = tu_blocks_open(&reader, fd, &err);
	while (!status && !reader.ended)
		status = tu_blocks_next(&reader, &kind, &content, &err);
	require(!status || err.message[0]);
	require(status || reader.at == text.len);
	tu_blocks_reader_done(&reader);
	(void)close(fd);
}

static void read_manifest(struct tu_str text)
{
	struct tu_arena *arena = tu_arena_new(64 << 20);
	struct tu_backup backup = {0};
	struct tu_tables tables = {0};
	struct tu_error err = {0};

	if (arena && tu_manifest_read(arena, text, &backup, &tables, &err))
		require(err.message[0] != '\0');
	if (arena && tu_manifest_check_end(text, &tables, NULL, &err) && !tables.count)
		require(err.message[0] != '\0');
	tu_arena_free(arena);
}

static void read_rows(struct tu_str rows)
{
	static const struct tu_column columns[] = {{TU_STR_INIT("id"), TU_VALUE_INT, 1},
		{TU_STR_INIT("name"), TU_VALUE_TEXT, 0}, {TU_STR_INIT("bytes"), TU_VALUE_BLOB, 0}};
	static const struct tu_table table = {TU_STR_INIT("thing"), columns, 3};
	struct tu_error err = {0};
	uint32_t count = rows.len ? (unsigned char)rows.ptr[0] : 0;

	rows = tu_str_from(rows, 1);
	if (tu_table_check(&table, rows, count, &err)) {
		require(err.message[0] != '\0');
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		rows = tu_str_from(rows, 2);
		for (size_t k = 0; k < TU_COUNT(columns); k++) {
			struct tu_value value = tu_rows__field(&rows, columns[k].type);

			require(value.type == TU_VALUE_NULL || value.type == columns[k].type);
		}
	}
	require(rows.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str text = {(const char *)data, size};

	read_file(text);
	read_manifest(text);
	read_rows(text);
	return 0;
}
