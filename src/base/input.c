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
#include <zstd_errors.h>

#include "base/alloc.h"
#include "base/checked.h"
#include "base/fault.h"
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

static enum tu_status fail_memory(struct tu_error *err)
{
	return tu_no_memory(err);
}

static enum tu_status check_ceiling(const struct tu_buf *out, struct tu_error *err)
{
	if (out->len <= out->ceiling)
		return TU_OK;
	return tu_fail(
		err, TU_E_LIMIT, out->ceiling, "more than the limit of %zu bytes", out->ceiling);
}

/* The limit is for the text; its padding goes on top. */
static bool reserve_padded(struct tu_buf *out, size_t more)
{
	size_t ceiling = out->ceiling;
	bool fine;

	if (!tu_add(ceiling, TU_JSON_PADDING, &out->ceiling))
		out->ceiling = SIZE_MAX;
	fine = tu_buf_reserve(out, more);
	out->ceiling = ceiling;
	return fine;
}

/* Room for the next piece of a text of unknown length: one byte beyond the limit at the most, so
 * that a text which fills it can be distinguished from a longer one. 0: out of memory. */
static size_t make_room(struct tu_buf *out)
{
	size_t left = out->ceiling - out->len;
	size_t most = left < SIZE_MAX ? left + 1 : left;

	if (out->cap == out->len && !reserve_padded(out, most < CHUNK ? most : CHUNK))
		return 0;
	return out->cap - out->len < most ? out->cap - out->len : most;
}

/* The padding is in the buffer but not in its length. */
static enum tu_status pad(struct tu_buf *out, struct tu_error *err)
{
	if (out->failed || !reserve_padded(out, TU_JSON_PADDING))
		return fail_memory(err);
	memset(out->ptr + out->len, 0, TU_JSON_PADDING);
	return TU_OK;
}

static enum tu_status read_all(int fd, struct tu_buf *out, struct tu_error *err)
{
	struct stat info;

	tu_buf_clear(out);
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
		(size_t)info.st_size <= out->ceiling)
		(void)reserve_padded(out, (size_t)info.st_size + TU_JSON_PADDING);
	for (;;) {
		size_t room = make_room(out);
		ssize_t got;

		if (room == 0)
			return fail_memory(err);
		got = read(fd, out->ptr + out->len, room);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_errno(err, "reading");
		if (got == 0)
			return TU_OK;
		out->len += (size_t)got;
		if (check_ceiling(out, err))
			return TU_E_LIMIT;
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

/* RFC 8878, 3.1.1 and 3.1.2: a frame, or one to be skipped, as parallel writers put first. */
static bool is_zstd(struct tu_str s)
{
	return tu_str_starts(s, TU_STR("\x28\xb5\x2f\xfd")) ||
		(s.len >= 4 && ((uint8_t)s.ptr[0] & 0xf0) == 0x50 &&
			tu_str_eq(tu_str_first(tu_str_from(s, 1), 3), TU_STR("\x2a\x4d\x18")));
}

static void *zlib_alloc(void *ignored, unsigned count, unsigned size)
{
	(void)ignored;
	return tu_alloc(count, size);
}

static void zlib_free(void *ignored, void *memory)
{
	(void)ignored;
	tu_free(memory);
}

/* A gzip stream and what of it has not been given to zlib, whose counters have 32 bits. */
struct gunzip {
	z_stream stream;
	struct tu_str packed;
	size_t fed;
};

static size_t gunzip_offset(const struct gunzip *g)
{
	return g->fed - g->stream.avail_in;
}

static void gunzip_feed(struct gunzip *g)
{
	size_t left = g->packed.len - g->fed;
	size_t some = left < UINT32_MAX / 2 ? left : UINT32_MAX / 2;

	if (g->stream.avail_in || left == 0)
		return;
	g->stream.next_in = (Bytef *)(uintptr_t)(g->packed.ptr + g->fed);
	g->stream.avail_in = (uInt)some;
	g->fed += some;
}

/* Fill some of the room in `out`. */
static enum tu_status gunzip_step(
	struct gunzip *g, struct tu_buf *out, int *out_code, struct tu_error *err)
{
	size_t room = make_room(out);
	const char *words;

	if (room == 0)
		return fail_memory(err);
	if (room > UINT32_MAX)
		room = UINT32_MAX;
	gunzip_feed(g);
	g->stream.next_out = (Bytef *)out->ptr + out->len;
	g->stream.avail_out = (uInt)room;
	*out_code = inflate(&g->stream, Z_NO_FLUSH);
	out->len += room - g->stream.avail_out;
	words = g->stream.msg;
	if (*out_code == Z_OK || *out_code == Z_STREAM_END)
		return check_ceiling(out, err);
	if (*out_code == Z_MEM_ERROR)
		return fail_memory(err);
	if (*out_code == Z_BUF_ERROR)
		return tu_fail(err, TU_E_SYNTAX, gunzip_offset(g), "gzip data ends too early");
	return tu_fail(err, TU_E_SYNTAX, gunzip_offset(g), "damaged gzip data%s%s",
		words ? ": " : "", words ? words : "");
}

/* After a member: another one may follow; zeros after the last are padding. */
static enum tu_status gunzip_next(struct gunzip *g, bool *out_more, struct tu_error *err)
{
	struct tu_str rest = tu_str_from(g->packed, gunzip_offset(g));
	size_t zeros = 0;

	while (zeros < rest.len && rest.ptr[zeros] == '\0')
		zeros++;
	*out_more = zeros < rest.len;
	if (*out_more && (zeros || !is_gzip(rest)))
		return tu_fail(
			err, TU_E_SYNTAX, gunzip_offset(g), "something else follows the gzip data");
	if (*out_more && inflateReset(&g->stream) != Z_OK)
		return tu_fail(err, TU_E_SYNTAX, gunzip_offset(g), "damaged gzip data");
	return TU_OK;
}

static enum tu_status gunzip(struct tu_str packed, struct tu_buf *out, struct tu_error *err)
{
	enum { GZIP_WINDOW = 15 + 16 };
	struct gunzip g = {.stream = {.zalloc = zlib_alloc, .zfree = zlib_free}, .packed = packed};
	enum tu_status status = TU_OK;
	bool more = true;
	int code = Z_OK;

	if (inflateInit2(&g.stream, GZIP_WINDOW) != Z_OK)
		return fail_memory(err);
	while (!status && more) {
		status = gunzip_step(&g, out, &code, err);
		if (!status && code == Z_STREAM_END)
			status = gunzip_next(&g, &more, err);
	}
	(void)inflateEnd(&g.stream);
	return status;
}

static enum tu_status fail_zstd(size_t code, size_t offset, struct tu_error *err)
{
	switch ((int)ZSTD_getErrorCode(code)) {
	case ZSTD_error_memory_allocation:
		return fail_memory(err);
	case ZSTD_error_frameParameter_windowTooLarge:
		return tu_fail(
			err, TU_E_LIMIT, offset, "zstd data wants a larger window than 128 MiB");
	default:
		return tu_fail(
			err, TU_E_SYNTAX, offset, "damaged zstd data: %s", ZSTD_getErrorName(code));
	}
}

static enum tu_status unzstd_stream(
	ZSTD_DStream *stream, struct tu_str packed, struct tu_buf *out, struct tu_error *err)
{
	ZSTD_inBuffer in = {packed.ptr, packed.len, 0};
	size_t hint = 1;

	while (in.pos < in.size || hint != 0) {
		size_t room = make_room(out);
		size_t before = in.pos;
		ZSTD_outBuffer chunk;

		if (room == 0)
			return fail_memory(err);
		chunk = (ZSTD_outBuffer){out->ptr + out->len, room, 0};
		hint = ZSTD_decompressStream(stream, &chunk, &in);
		if (ZSTD_isError(hint))
			return fail_zstd(hint, in.pos, err);
		out->len += chunk.pos;
		if (check_ceiling(out, err))
			return TU_E_LIMIT;
		if (in.pos == before && chunk.pos == 0 && hint != 0)
			return tu_fail(err, TU_E_SYNTAX, in.pos, "zstd data ends too early");
	}
	return TU_OK;
}

static enum tu_status unzstd(struct tu_str packed, struct tu_buf *out, struct tu_error *err)
{
	ZSTD_DStream *stream = tu_fault_hit() ? NULL : ZSTD_createDStream();
	unsigned long long size = ZSTD_getFrameContentSize(packed.ptr, packed.len);
	enum tu_status status;

	if (!stream)
		return fail_memory(err);
	/* A claimed size spares growth, but is only believed when the frame could hold it. */
	if (size < (unsigned long long)packed.len * 64 && size <= out->ceiling)
		(void)reserve_padded(out, (size_t)size + TU_JSON_PADDING);
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
	else if (packed.len > out->ceiling)
		status = tu_fail(err, TU_E_LIMIT, out->ceiling, "more than the limit of %zu bytes",
			out->ceiling);
	else
		tu_buf_str_add(out, packed);
	return status ? status : pad(out, err);
}

enum tu_status tu_input_read(const char *path, struct tu_buf *out, struct tu_error *err)
{
	struct tu_buf raw;
	enum tu_status status;

	status = read_raw(path, out, err);
	if (!status && (is_gzip(tu_buf_str(out)) || is_zstd(tu_buf_str(out)))) {
		raw = *out;
		tu_buf_init(out, raw.ceiling);
		status = tu_input_unpack(tu_buf_str(&raw), out, err);
		tu_buf_done(&raw);
	} else if (!status) {
		status = pad(out, err);
	}
	return status ? tu_error_in_file(err, "%s", path) : TU_OK;
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
	size_t allowance; /* bytes that the present archive may still grow to */
	TU_VEC(struct id) folders; /* from the root down to the present one */
	TU_VEC(struct id) followed; /* folders that a link led to */
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
		size_t room = make_room(&w->member);
		la_ssize_t got;

		if (room == 0)
			return fail_memory(err);
		got = archive_read_data(archive, w->member.ptr + w->member.len, room);
		if (got < 0)
			return fail_archive(archive, err);
		if (got == 0)
			return pad(&w->member, err);
		w->member.len += (size_t)got;
		if (check_ceiling(&w->member, err))
			return TU_E_LIMIT;
	}
}

/* Deflate packs 1032 bytes into one at best: an archive that grows more lets its members share
 * their bytes. Another document may use what the limit leaves. */
static size_t allowance_of(const struct walker *w, size_t archive_bytes)
{
	enum { RATIO_MAX = 1032 };
	size_t granted;

	if (!tu_mul(archive_bytes, RATIO_MAX, &granted) || !tu_add(granted, w->bytes, &granted))
		return SIZE_MAX;
	return granted;
}

/* Count what a step made of the archive, whether it went well or not. */
static enum tu_status spend(
	struct walker *w, size_t bytes, enum tu_status status, struct tu_error *err)
{
	if (bytes < w->allowance) {
		w->allowance -= bytes;
		return status;
	}
	w->allowance = 0;
	return tu_fail(err, TU_E_LIMIT, 0,
		"the archive contains more than 1032 times its own size: the rest is not read");
}

/* Read the member and unpack it. `*out_text` lies in `member` or, for the outer text is needed
 * while its archive is read, in `raw`, which is free. */
static enum tu_status take_member(
	struct walker *w, struct archive *archive, struct tu_str *out_text, struct tu_error *err)
{
	enum tu_status status = read_member(w, archive, err);

	*out_text = tu_buf_str(&w->member);
	status = spend(w, w->member.len, status, err);
	if (!status && (is_gzip(*out_text) || is_zstd(*out_text))) {
		status = tu_input_unpack(*out_text, &w->raw, err);
		*out_text = tu_buf_str(&w->raw);
		status = spend(w, w->raw.len, status, err);
	}
	if (!status && tu_input_is_archive(*out_text))
		return tu_fail(
			err, TU_E_UNSUPPORTED, 0, "an archive inside an archive is not read");
	return status;
}

static void name_member(struct tu_str outer, struct archive_entry *entry, struct tu_buf *out)
{
	const char *path = archive_entry_pathname_utf8(entry);

	if (!path)
		path = archive_entry_pathname(entry);
	tu_buf_printf(out, "%.*s: %s", TU_STR_FMT(outer), path ? path : "(unnamed)");
}

/* Of what goes wrong with one document only running out of memory ends the walk. */
static enum tu_status after_problem(
	struct walker *w, struct tu_str name, const struct tu_error *problem, struct tu_error *err)
{
	report(w, name, problem);
	return problem->status == TU_E_NOMEM ? tu_fail(err, TU_E_NOMEM, 0, "%s", problem->message)
					     : TU_OK;
}

static enum tu_status visit_member(struct walker *w, struct tu_str outer, struct archive *archive,
	struct archive_entry *entry, struct tu_error *err)
{
	struct tu_buf name;
	struct tu_str text;
	struct tu_error problem = {0};
	enum tu_status status;

	tu_buf_init(&name, 128 * 1024);
	name_member(outer, entry, &name);
	status = name.failed ? fail_memory(&problem) : take_member(w, archive, &text, &problem);
	if (status)
		status = after_problem(w, name.failed ? outer : tu_buf_str(&name), &problem, err);
	else
		status = visit(w, tu_buf_str(&name), text, err);
	tu_buf_done(&name);
	return status;
}

static enum tu_status walk_archive(
	struct walker *w, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct archive *archive = tu_fault_hit() ? NULL : archive_read_new();
	struct archive_entry *entry;
	struct tu_error problem = {0};
	enum tu_status status = TU_OK;
	int code;

	if (!archive)
		return fail_memory(err);
	w->allowance = allowance_of(w, text.len);
	(void)archive_read_support_format_tar(archive);
	(void)archive_read_support_format_zip(archive);
	code = archive_read_open_memory(archive, text.ptr, text.len);
	/* A warning is about something that we do not need, such as a name in another encoding. */
	while (!status && w->allowance && (code == ARCHIVE_OK || code == ARCHIVE_WARN)) {
		code = archive_read_next_header(archive, &entry);
		if ((code == ARCHIVE_OK || code == ARCHIVE_WARN) &&
			archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry))
			status = visit_member(w, name, archive, entry, err);
	}
	if (!status && code != ARCHIVE_EOF && w->allowance) {
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
	if (status)
		return after_problem(w, name, &problem, err);
	return tu_input_is_archive(tu_buf_str(text)) ? walk_archive(w, name, tu_buf_str(text), err)
						     : visit(w, name, tu_buf_str(text), err);
}

static enum tu_status walk_path(struct walker *w, const char *path, struct tu_error *err);

static bool is_among(const struct id *ids, size_t count, struct id id)
{
	for (size_t i = 0; i < count; i++) {
		if (ids[i].device == id.device && ids[i].inode == id.inode)
			return true;
	}
	return false;
}

/* Each folder that links lead to is followed once: a few links to each other's folders would else
 * make more paths than anyone can walk. */
static enum tu_status follow(struct walker *w, struct id id, bool *out_again, struct tu_error *err)
{
	*out_again = is_among(w->followed.at, w->followed.count, id);
	if (*out_again || TU_VEC_PUSH(&w->followed, id))
		return TU_OK;
	return fail_memory(err);
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
	status = path.failed ? fail_memory(err) : walk_path(w, path.ptr, err);
	tu_buf_done(&path);
	return status;
}

static enum tu_status walk_folder(
	struct walker *w, const char *path, struct id id, struct tu_error *err)
{
	struct dirent **entries = NULL;
	struct tu_error problem = {0};
	enum tu_status status = TU_OK;
	bool entered = false;
	int count;

	/* a link that leads back to a folder above: all in it is being visited */
	if (is_among(w->folders.at, w->folders.count, id))
		return TU_OK;
	if (w->folders.count >= w->depth_max) {
		(void)tu_fail(&problem, TU_E_LIMIT, 0, "folders nested too deeply");
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
		status = fail_memory(err);
	else
		entered = true;
	for (int i = 0; i < count; i++) {
		if (!status)
			status = walk_entry(w, path, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	w->folders.count -= entered;
	return status;
}

static enum tu_status walk_path(struct walker *w, const char *path, struct tu_error *err)
{
	struct tu_error problem = {0};
	struct stat info;
	struct stat link;

	if (strcmp(path, "-") == 0)
		return walk_file(w, path, err);
	if (stat(path, &info) != 0) {
		(void)fail_errno(&problem, "opening");
		report(w, tu_str_c(path), &problem);
		return TU_OK;
	}
	if (S_ISDIR(info.st_mode)) {
		struct id id = {info.st_dev, info.st_ino};
		enum tu_status status = TU_OK;
		bool again = false;

		if (lstat(path, &link) == 0 && S_ISLNK(link.st_mode) &&
			!is_among(w->folders.at, w->folders.count, id))
			status = follow(w, id, &again, err);
		return status || again ? status : walk_folder(w, path, id, err);
	}
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
	TU_VEC_DONE(&w->followed);
}

enum tu_status tu_input_each(
	const char *path, const struct tu_input_walk *walk, struct tu_error *err)
{
	struct walker w;
	enum tu_status status;
	struct stat info;

	if (strcmp(path, "-") != 0 && stat(path, &info) != 0) {
		status = fail_errno(err, "opening");
		(void)tu_error_in_file(err, "%s", path);
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

enum tu_status tu_input_each_name(
	const char *folder, enum tu_status (*each)(void *context, const char *name), void *context)
{
	struct dirent **entries = NULL;
	enum tu_status status = TU_OK;
	int count = scandir(folder, &entries, not_hidden, by_bytes);

	for (int i = 0; i < count; i++) {
		if (!status)
			status = each(context, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return status;
}
