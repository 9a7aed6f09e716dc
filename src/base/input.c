#define _GNU_SOURCE /* scandir, O_CLOEXEC */
#include "base/input.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/vec.h"

enum { CHUNK = 256 * 1024, DEFAULT_ENTRIES = 4000000, DEFAULT_DEPTH = 64 };

#define DEFAULT_BYTES ((size_t)2 << 30)

/* ---- one file ---- */

static enum tu_status fail_errno(struct tu_error *err, const char *what)
{
	int code = errno;

	return tu_fail(
		err, code == ENOENT ? TU_E_NOTFOUND : TU_E_IO, 0, "%s: %s", what, strerror(code));
}

static enum tu_status fail_full(const struct tu_buf *out, struct tu_error *err)
{
	if (out->len + CHUNK > out->ceiling)
		return tu_fail(err, TU_E_LIMIT, out->len, "more than the limit of %zu bytes",
			out->ceiling);
	return tu_fail(err, TU_E_NOMEM, out->len, "out of memory");
}

/* The padding is in the buffer but not in its length. */
static enum tu_status pad(struct tu_buf *out, struct tu_error *err)
{
	static const char zeros[TU_JSON_PADDING];
	size_t ceiling = out->ceiling;

	if (!out->failed) {
		out->ceiling += TU_JSON_PADDING;
		tu_buf_add(out, zeros, sizeof(zeros));
		out->ceiling = ceiling;
	}
	if (out->failed)
		return fail_full(out, err);
	out->len -= sizeof(zeros);
	return TU_OK;
}

static enum tu_status read_all(int fd, struct tu_buf *out, struct tu_error *err)
{
	struct stat info;

	tu_buf_clear(out);
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
		(size_t)info.st_size < out->ceiling)
		(void)tu_buf_reserve(out, (size_t)info.st_size + 1);
	for (;;) {
		size_t room = out->cap - out->len;
		ssize_t got;

		if (room == 0) {
			room = out->ceiling - out->len < CHUNK ? out->ceiling - out->len : CHUNK;
			if (!tu_buf_reserve(out, room ? room : 1))
				return fail_full(out, err);
			room = out->cap - out->len;
		}
		got = read(fd, out->ptr + out->len, room);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_errno(err, "reading");
		if (got == 0)
			return TU_OK;
		out->len += (size_t)got;
	}
}

static enum tu_status read_raw(const char *path, struct tu_buf *out, struct tu_error *err)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	enum tu_status status;

	if (fd < 0)
		return fail_errno(err, "opening");
	status = read_all(fd, out, err);
	if (!standard)
		(void)close(fd);
	return status;
}

/* ---- compression ---- */

static bool is_gzip(struct tu_str s)
{
	return tu_str_starts(s, TU_STR("\x1f\x8b"));
}

static bool is_zstd(struct tu_str s)
{
	return tu_str_starts(s, TU_STR("\x28\xb5\x2f\xfd"));
}

static bool make_room(struct tu_buf *out)
{
	size_t left = out->ceiling - out->len;

	return out->cap > out->len || (left && tu_buf_reserve(out, left < CHUNK ? left : CHUNK));
}

static enum tu_status gunzip_step(
	z_stream *stream, struct tu_buf *out, int *out_code, struct tu_error *err)
{
	size_t room;

	if (!make_room(out))
		return fail_full(out, err);
	room = out->cap - out->len < UINT32_MAX ? out->cap - out->len : UINT32_MAX;
	stream->next_out = (Bytef *)out->ptr + out->len;
	stream->avail_out = (uInt)room;
	*out_code = inflate(stream, Z_NO_FLUSH);
	out->len += room - stream->avail_out;
	if (*out_code == Z_OK || *out_code == Z_STREAM_END)
		return TU_OK;
	if (*out_code == Z_BUF_ERROR)
		return tu_fail(err, TU_E_SYNTAX, stream->total_in, "gzip data ends too early");
	return tu_fail(err, *out_code == Z_MEM_ERROR ? TU_E_NOMEM : TU_E_SYNTAX, stream->total_in,
		"damaged gzip data%s%s", stream->msg ? ": " : "", stream->msg ? stream->msg : "");
}

static enum tu_status gunzip_stream(
	z_stream *stream, struct tu_str packed, struct tu_buf *out, struct tu_error *err)
{
	size_t fed = 0;
	int code = Z_OK;

	for (;;) {
		enum tu_status status;

		if (stream->avail_in == 0 && fed < packed.len) {
			size_t some = packed.len - fed < UINT32_MAX / 2 ? packed.len - fed
									: UINT32_MAX / 2;

			stream->next_in = (Bytef *)(uintptr_t)(packed.ptr + fed);
			stream->avail_in = (uInt)some;
			fed += some;
		}
		status = gunzip_step(stream, out, &code, err);
		if (status)
			return status;
		if (code != Z_STREAM_END)
			continue;
		/* Another member may follow; zeros behind the last one are padding. */
		if (stream->avail_in == 0 || stream->next_in[0] == 0)
			return TU_OK;
		if (inflateReset(stream) != Z_OK)
			return tu_fail(err, TU_E_SYNTAX, 0, "damaged gzip data");
	}
}

static enum tu_status gunzip(struct tu_str packed, struct tu_buf *out, struct tu_error *err)
{
	enum { GZIP_WINDOW = 15 + 16 };
	z_stream stream = {0};
	enum tu_status status;

	if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	status = gunzip_stream(&stream, packed, out, err);
	(void)inflateEnd(&stream);
	return status;
}

static enum tu_status unzstd_stream(
	ZSTD_DStream *stream, struct tu_str packed, struct tu_buf *out, struct tu_error *err)
{
	ZSTD_inBuffer in = {packed.ptr, packed.len, 0};
	size_t hint = 1;

	while (in.pos < in.size || hint != 0) {
		ZSTD_outBuffer chunk;
		size_t before = in.pos;

		if (!make_room(out))
			return fail_full(out, err);
		chunk = (ZSTD_outBuffer){out->ptr + out->len, out->cap - out->len, 0};
		hint = ZSTD_decompressStream(stream, &chunk, &in);
		if (ZSTD_isError(hint))
			return tu_fail(err, TU_E_SYNTAX, in.pos, "damaged zstd data: %s",
				ZSTD_getErrorName(hint));
		out->len += chunk.pos;
		if (in.pos == before && chunk.pos == 0 && hint != 0)
			return tu_fail(err, TU_E_SYNTAX, in.pos, "zstd data ends too early");
	}
	return TU_OK;
}

static enum tu_status unzstd(struct tu_str packed, struct tu_buf *out, struct tu_error *err)
{
	ZSTD_DStream *stream = ZSTD_createDStream();
	unsigned long long size = ZSTD_getFrameContentSize(packed.ptr, packed.len);
	enum tu_status status;

	if (!stream)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	/* A claimed size spares growth, but is only believed when the frame could hold it. */
	if (size < (unsigned long long)packed.len * 64 && size < out->ceiling)
		(void)tu_buf_reserve(out, (size_t)size + 1);
	status = unzstd_stream(stream, packed, out, err);
	(void)ZSTD_freeDStream(stream);
	return status;
}

enum tu_status tu_input_unpack(struct tu_str packed, struct tu_buf *out, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	tu_buf_clear(out);
	if (is_gzip(packed))
		status = gunzip(packed, out, err);
	else if (is_zstd(packed))
		status = unzstd(packed, out, err);
	else
		tu_buf_str_add(out, packed);
	return status ? status : pad(out, err);
}

enum tu_status tu_input_read(const char *path, struct tu_buf *out, struct tu_error *err)
{
	struct tu_buf raw;
	enum tu_status status = read_raw(path, out, err);

	if (!status && (is_gzip(tu_buf_str(out)) || is_zstd(tu_buf_str(out)))) {
		raw = *out;
		tu_buf_init(out, raw.ceiling);
		status = tu_input_unpack(tu_buf_str(&raw), out, err);
		tu_buf_done(&raw);
	} else if (!status) {
		status = pad(out, err);
	}
	return status ? tu_error_prefix(err, "%s", path) : TU_OK;
}

/* ---- folders and archives ---- */

struct id {
	dev_t device;
	ino_t inode;
};

struct walker {
	const struct tu_input_walk *walk;
	size_t bytes;
	size_t entries;
	size_t entries_max;
	size_t depth_max;
	struct tu_buf raw;
	struct tu_buf text;
	struct tu_buf member;
	TU_VEC(struct id) folders; /* from the root down to the present one */
};

static void report(struct walker *w, struct tu_str name, const struct tu_error *problem)
{
	if (w->walk->problem)
		w->walk->problem(w->walk->context, name, problem);
}

static enum tu_status visit(
	struct walker *w, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	if (++w->entries > w->entries_max)
		return tu_fail(
			err, TU_E_LIMIT, 0, "more than the limit of %zu documents", w->entries_max);
	return w->walk->visit(w->walk->context, name, text, err);
}

bool tu_input_is_archive(struct tu_str s)
{
	enum { TAR_MAGIC_AT = 257 };

	return tu_str_starts(s, TU_STR("PK\x03\x04")) || tu_str_starts(s, TU_STR("PK\x05\x06")) ||
		tu_str_starts(tu_str_from(s, TAR_MAGIC_AT), TU_STR("ustar"));
}

static enum tu_status fail_archive(struct archive *archive, struct tu_error *err)
{
	const char *words = archive_error_string(archive);

	return tu_fail(
		err, TU_E_SYNTAX, 0, "damaged archive%s%s", words ? ": " : "", words ? words : "");
}

static enum tu_status read_member(struct walker *w, struct archive *archive, struct tu_error *err)
{
	tu_buf_clear(&w->member);
	for (;;) {
		la_ssize_t got;

		if (!make_room(&w->member))
			return fail_full(&w->member, err);
		got = archive_read_data(
			archive, w->member.ptr + w->member.len, w->member.cap - w->member.len);
		if (got < 0)
			return fail_archive(archive, err);
		if (got == 0)
			return pad(&w->member, err);
		w->member.len += (size_t)got;
	}
}

static enum tu_status visit_packed_member(
	struct walker *w, struct tu_str name, struct tu_error *err)
{
	struct tu_str text = tu_buf_str(&w->member);
	enum tu_status status;

	if (!is_gzip(text) && !is_zstd(text))
		return visit(w, name, text, err);
	/* The outer text is needed while its archive is read: unpack into `raw`, which is free. */
	status = tu_input_unpack(text, &w->raw, err);
	if (status) {
		report(w, name, err);
		return TU_OK;
	}
	return visit(w, name, tu_buf_str(&w->raw), err);
}

static enum tu_status visit_member(struct walker *w, struct tu_str outer, struct archive *archive,
	struct archive_entry *entry, struct tu_error *err)
{
	const char *path = archive_entry_pathname(entry);
	struct tu_buf name;
	struct tu_error problem = {0};
	enum tu_status status = TU_OK;

	tu_buf_init(&name, 64 * 1024);
	tu_buf_printf(&name, "%.*s: %s", TU_STR_FMT(outer), path ? path : "(unnamed)");
	status = read_member(w, archive, &problem);
	if (status) {
		report(w, tu_buf_str(&name), &problem);
		status = status == TU_E_NOMEM ? tu_fail(err, status, 0, "%s", problem.message)
					      : TU_OK;
	} else {
		status = visit_packed_member(w, tu_buf_str(&name), err);
	}
	tu_buf_done(&name);
	return status;
}

static enum tu_status walk_archive(
	struct walker *w, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	struct tu_error problem = {0};
	enum tu_status status = TU_OK;
	int code;

	if (!archive)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	(void)archive_read_support_format_tar(archive);
	(void)archive_read_support_format_zip(archive);
	code = archive_read_open_memory(archive, text.ptr, text.len);
	while (!status && code == ARCHIVE_OK) {
		code = archive_read_next_header(archive, &entry);
		if (code == ARCHIVE_OK && archive_entry_filetype(entry) == AE_IFREG)
			status = visit_member(w, name, archive, entry, err);
	}
	if (!status && code != ARCHIVE_EOF) {
		(void)fail_archive(archive, &problem);
		report(w, name, &problem);
	}
	(void)archive_read_free(archive);
	return status;
}

static enum tu_status walk_file(struct walker *w, const char *path, struct tu_error *err)
{
	struct tu_str name = tu_str_c(path);
	struct tu_error problem = {0};
	struct tu_buf *text = &w->raw;
	enum tu_status status = read_raw(path, &w->raw, &problem);

	if (!status && (is_gzip(tu_buf_str(&w->raw)) || is_zstd(tu_buf_str(&w->raw)))) {
		text = &w->text;
		status = tu_input_unpack(tu_buf_str(&w->raw), text, &problem);
	} else if (!status) {
		/* `raw` serves members of archives: keep the text apart. */
		struct tu_buf swap = w->raw;

		w->raw = w->text;
		w->text = swap;
		text = &w->text;
		status = pad(text, &problem);
	}
	if (status) {
		report(w, name, &problem);
		return status == TU_E_NOMEM ? tu_fail(err, status, 0, "%s", problem.message)
					    : TU_OK;
	}
	return tu_input_is_archive(tu_buf_str(text)) ? walk_archive(w, name, tu_buf_str(text), err)
						     : visit(w, name, tu_buf_str(text), err);
}

static enum tu_status walk_path(struct walker *w, const char *path, struct tu_error *err);

static bool is_loop(const struct walker *w, struct id id)
{
	for (size_t i = 0; i < w->folders.count; i++) {
		if (w->folders.at[i].device == id.device && w->folders.at[i].inode == id.inode)
			return true;
	}
	return false;
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum tu_status walk_entry(
	struct walker *w, const char *folder, const char *entry, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status;

	tu_buf_init(&path, 64 * 1024);
	tu_buf_printf(&path, "%s/%s", folder, entry);
	tu_buf_byte(&path, '\0');
	status = path.failed ? tu_fail(err, TU_E_NOMEM, 0, "%s: path too long", folder)
			     : walk_path(w, path.ptr, err);
	tu_buf_done(&path);
	return status;
}

static enum tu_status walk_folder(
	struct walker *w, const char *path, struct id id, struct tu_error *err)
{
	struct dirent **entries = NULL;
	struct tu_error problem = {0};
	enum tu_status status = TU_OK;
	int count;

	if (is_loop(w, id) || w->folders.count >= w->depth_max) {
		(void)tu_fail(&problem, TU_E_LIMIT, 0, "%s",
			is_loop(w, id) ? "a link leads back to a folder above"
				       : "folders nested too deeply");
		report(w, tu_str_c(path), &problem);
		return TU_OK;
	}
	count = scandir(path, &entries, not_hidden, by_bytes);
	if (count < 0) {
		(void)fail_errno(&problem, "opening");
		report(w, tu_str_c(path), &problem);
		return TU_OK;
	}
	if (!TU_VEC_PUSH(&w->folders, id))
		status = tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	for (int i = 0; i < count; i++) {
		if (!status)
			status = walk_entry(w, path, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	if (w->folders.count)
		w->folders.count--;
	return status;
}

static enum tu_status walk_path(struct walker *w, const char *path, struct tu_error *err)
{
	struct tu_error problem = {0};
	struct stat info;

	if (strcmp(path, "-") == 0)
		return walk_file(w, path, err);
	if (stat(path, &info) != 0) {
		(void)fail_errno(&problem, "opening");
		report(w, tu_str_c(path), &problem);
		return TU_OK;
	}
	if (S_ISDIR(info.st_mode))
		return walk_folder(w, path, (struct id){info.st_dev, info.st_ino}, err);
	/* Below a folder, devices and pipes are left out; named outright they are read. */
	if (!S_ISREG(info.st_mode) && w->folders.count)
		return TU_OK;
	return walk_file(w, path, err);
}

static size_t or_default(size_t limit, size_t value)
{
	return limit ? limit : value;
}

static struct walker walker_for(const struct tu_input_walk *walk)
{
	struct walker w = {.walk = walk,
		.bytes = or_default(walk->limits.bytes, DEFAULT_BYTES),
		.entries_max = or_default(walk->limits.entries, DEFAULT_ENTRIES),
		.depth_max = or_default(walk->limits.depth, DEFAULT_DEPTH)};

	tu_buf_init(&w.raw, w.bytes);
	tu_buf_init(&w.text, w.bytes);
	tu_buf_init(&w.member, w.bytes);
	return w;
}

static void walker_done(struct walker *w)
{
	tu_buf_done(&w->raw);
	tu_buf_done(&w->text);
	tu_buf_done(&w->member);
	TU_VEC_DONE(&w->folders);
}

enum tu_status tu_input_each(
	const char *path, const struct tu_input_walk *walk, struct tu_error *err)
{
	struct walker w;
	enum tu_status status;
	struct stat info;

	if (strcmp(path, "-") != 0 && stat(path, &info) != 0) {
		status = fail_errno(err, "opening");
		(void)tu_error_prefix(err, "%s", path);
		return status;
	}
	w = walker_for(walk);
	status = walk_path(&w, path, err);
	walker_done(&w);
	return status;
}

enum tu_status tu_input_each_entry(struct tu_str name, struct tu_str text,
	const struct tu_input_walk *walk, struct tu_error *err)
{
	struct walker w = walker_for(walk);
	enum tu_status status = walk_archive(&w, name, text, err);

	walker_done(&w);
	return status;
}
