/*
 * Packed forms for tests: gzip, zstd, zip and tar of what a test names, in memory or in files.
 */
#ifndef TU_TESTS_PACK_H
#define TU_TESTS_PACK_H

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <tutela/buf.h>

/* Append one gzip member. */
static inline void pack_gzip(struct tu_str text, struct tu_buf *out)
{
	z_stream stream = {0};
	uLong room;

	assert_int_equal(
		deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
	room = deflateBound(&stream, text.len);
	assert_true(tu_buf_reserve(out, room));
	stream.next_in = (Bytef *)(uintptr_t)text.ptr;
	stream.avail_in = (uInt)text.len;
	stream.next_out = (Bytef *)out->ptr + out->len;
	stream.avail_out = (uInt)room;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	out->len += stream.total_out;
	(void)deflateEnd(&stream);
}

/* Append one zstd frame. */
static inline void pack_zstd(struct tu_str text, struct tu_buf *out)
{
	size_t room = ZSTD_compressBound(text.len);
	size_t got;

	assert_true(tu_buf_reserve(out, room));
	got = ZSTD_compress(out->ptr + out->len, room, text.ptr, text.len, 3);
	assert_false(ZSTD_isError(got));
	out->len += got;
}

struct pack_entry {
	const char *name;
	struct tu_str text;
	const char *link; /* a symbolic link to this, or with type AE_IFREG a hard link */
	unsigned type; /* 0: a file */
};

/* Append a zip or tar archive. */
static inline void pack_archive(
	bool zip, const struct pack_entry *entries, size_t count, struct tu_buf *out)
{
	struct archive *archive = archive_write_new();
	size_t room = 1 << 20;
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		room += entries[i].text.len + 4096;
	assert_true(tu_buf_reserve(out, room));
	assert_int_equal(zip ? archive_write_set_format_zip(archive)
			     : archive_write_set_format_pax_restricted(archive),
		ARCHIVE_OK);
	(void)archive_write_set_bytes_in_last_block(archive, 1);
	assert_int_equal(
		archive_write_open_memory(archive, out->ptr + out->len, room, &used), ARCHIVE_OK);
	for (size_t i = 0; i < count; i++) {
		struct archive_entry *entry = archive_entry_new();
		unsigned type = entries[i].type ? entries[i].type : (unsigned)AE_IFREG;

		archive_entry_set_pathname(entry, entries[i].name);
		archive_entry_set_filetype(entry, type);
		archive_entry_set_perm(entry, 0644);
		archive_entry_set_size(entry, (la_int64_t)entries[i].text.len);
		if (entries[i].link && type == AE_IFLNK)
			archive_entry_set_symlink(entry, entries[i].link);
		else if (entries[i].link)
			archive_entry_set_hardlink(entry, entries[i].link);
		assert_true(archive_write_header(archive, entry) >= ARCHIVE_WARN);
		if (entries[i].text.len)
			assert_int_equal(archive_write_data(
						 archive, entries[i].text.ptr, entries[i].text.len),
				entries[i].text.len);
		archive_entry_free(entry);
	}
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	(void)archive_write_free(archive);
	out->len += used;
}

static inline void pack_file(const char *path, struct tu_str text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
}

/* A new folder that becomes the present one, so that paths in tests are short. */
static inline void pack_folder(char path[64])
{
	const char *base = getenv("TMPDIR");

	(void)snprintf(path, 64, "%.40s/tutela-XXXXXX", base ? base : "/tmp");
	assert_non_null(mkdtemp(path));
	assert_int_equal(chdir(path), 0);
}

static inline void pack_remove(const char *path)
{
	char command[96];

	assert_int_equal(chdir("/"), 0);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", path);
	if (system(command) != 0)
		print_error("%s is left behind\n", path);
}

/* For cmocka_unit_test_setup_teardown(): a test in a folder of its own, whose path is *state. */
static inline int pack_set_up(void **state)
{
	static char path[64];

	pack_folder(path);
	*state = path;
	return 0;
}

static inline int pack_tear_down(void **state)
{
	pack_remove(*state);
	return 0;
}

#endif
