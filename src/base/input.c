#define _GNU_SOURCE /* O_CLOEXEC */
#include "base/input_file.h"

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

enum { CHUNK = 256 * 1024 };

#define DEFAULT_BYTES ((size_t)2 << 30)

/* ---- one file ---- */

enum tu_status tu_input__fail_errno(struct tu_error *err, const char *what)
{
	int code = errno;

	return tu_fail(
		err, code == ENOENT ? TU_E_NOTFOUND : TU_E_IO, 0, "%s: %s", what, strerror(code));
}

static enum tu_status fail_memory(struct tu_error *err)
{
	return tu_no_memory(err);
}

enum tu_status tu_input__check_ceiling(const struct tu_buf *out, struct tu_error *err)
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
size_t tu_input__make_room(struct tu_buf *out)
{
	size_t left = out->ceiling - out->len;
	size_t most = left < SIZE_MAX ? left + 1 : left;

	if (out->cap == out->len && !reserve_padded(out, most < CHUNK ? most : CHUNK))
		return 0;
	return out->cap - out->len < most ? out->cap - out->len : most;
}

/* The padding is in the buffer but not in its length. */
enum tu_status tu_input__pad(struct tu_buf *out, struct tu_error *err)
{
	if (out->failed || !reserve_padded(out, TU_JSON_PADDING))
		return fail_memory(err);
	memset(out->ptr + out->len, 0, TU_JSON_PADDING);
	return TU_OK;
}

enum tu_status tu_input__read_some(
	int fd, struct tu_buf *out, size_t until, bool *out_ended, struct tu_error *err)
{
	*out_ended = false;
	while (out->len < until) {
		size_t room = tu_input__make_room(out);
		ssize_t got;

		if (room == 0)
			return fail_memory(err);
		got = read(
			fd, out->ptr + out->len, room < until - out->len ? room : until - out->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return tu_input__fail_errno(err, "reading");
		*out_ended = got == 0;
		if (got == 0)
			return TU_OK;
		out->len += (size_t)got;
		if (tu_input__check_ceiling(out, err))
			return TU_E_LIMIT;
	}
	return TU_OK;
}

int tu_input__open_large(const char *path, size_t more_than, size_t most)
{
	struct stat info;
	int fd;

	/* a pipe may be opened only once: who writes to it ends when it is closed */
	if (strcmp(path, "-") == 0 || stat(path, &info) != 0 || !S_ISREG(info.st_mode))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
		(size_t)info.st_size > more_than && (size_t)info.st_size <= most)
		return fd;
	(void)close(fd);
	return -1;
}

static enum tu_status read_all(int fd, struct tu_buf *out, struct tu_error *err)
{
	struct stat info;
	bool ended;

	tu_buf_clear(out);
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
		(size_t)info.st_size <= out->ceiling)
		(void)reserve_padded(out, (size_t)info.st_size + TU_JSON_PADDING);
	return tu_input__read_some(fd, out, SIZE_MAX, &ended, err);
}

enum tu_status tu_input__read_raw(const char *path, struct tu_buf *out, struct tu_error *err)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	enum tu_status status;

	if (fd < 0)
		return tu_input__fail_errno(err, "opening");
	status = read_all(fd, out, err);
	if (!standard)
		(void)close(fd);
	return status;
}

/* ---- compression ---- */

bool tu_input__is_gzip(struct tu_str s)
{
	return tu_str_starts(s, TU_STR("\x1f\x8b"));
}

/* RFC 8878, 3.1.1 and 3.1.2: a frame, or one to be skipped, as parallel writers put first. */
bool tu_input__is_zstd(struct tu_str s)
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
	size_t room = tu_input__make_room(out);
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
		return tu_input__check_ceiling(out, err);
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
	if (*out_more && (zeros || !tu_input__is_gzip(rest)))
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
		size_t room = tu_input__make_room(out);
		size_t before = in.pos;
		ZSTD_outBuffer chunk;

		if (room == 0)
			return fail_memory(err);
		chunk = (ZSTD_outBuffer){out->ptr + out->len, room, 0};
		hint = ZSTD_decompressStream(stream, &chunk, &in);
		if (ZSTD_isError(hint))
			return fail_zstd(hint, in.pos, err);
		out->len += chunk.pos;
		if (tu_input__check_ceiling(out, err))
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
	if (tu_input__is_gzip(packed))
		status = gunzip(packed, out, err);
	else if (tu_input__is_zstd(packed))
		status = unzstd(packed, out, err);
	else if (packed.len > out->ceiling)
		status = tu_fail(err, TU_E_LIMIT, out->ceiling, "more than the limit of %zu bytes",
			out->ceiling);
	else
		tu_buf_str_add(out, packed);
	return status ? status : tu_input__pad(out, err);
}

enum tu_status tu_input_read(const char *path, struct tu_buf *out, struct tu_error *err)
{
	struct tu_buf raw;
	enum tu_status status;

	status = tu_input__read_raw(path, out, err);
	if (!status && (tu_input__is_gzip(tu_buf_str(out)) || tu_input__is_zstd(tu_buf_str(out)))) {
		raw = *out;
		tu_buf_init(out, raw.ceiling);
		status = tu_input_unpack(tu_buf_str(&raw), out, err);
		tu_buf_done(&raw);
	} else if (!status) {
		status = tu_input__pad(out, err);
	}
	return status ? tu_error_in_file(err, "%s", path) : TU_OK;
}

/* ---- limits on several files ---- */

enum tu_status tu_input_fail_total(size_t limit, struct tu_error *err)
{
	return tu_fail(err, TU_E_LIMIT, 0,
		"the inputs unpack to more than the limit of %zu MiB for all together",
		(limit ? limit : TU_INPUT_TOTAL) >> 20);
}

enum tu_status tu_input_fail_entries(size_t limit, struct tu_error *err)
{
	return tu_fail(err, TU_E_LIMIT, 0, "more than the limit of %zu documents",
		limit ? limit : TU_INPUT_ENTRIES);
}

/* ---- how much is it? ---- */

/* What the last member states (RFC 1952, 2.3.1), modulo 2^32. */
static size_t gzip_size(int fd, size_t bytes)
{
	uint8_t size[4];

	if (bytes < sizeof(size) ||
		pread(fd, size, sizeof(size), (off_t)(bytes - sizeof(size))) !=
			(ssize_t)sizeof(size))
		return 0;
	return size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 | (size_t)size[3] << 24;
}

static size_t packed_weight(int fd, size_t bytes)
{
	enum { HEADER = 18, RATIO = 16 };
	char first[HEADER];
	ssize_t got = pread(fd, first, sizeof(first), 0);
	struct tu_str head = tu_str_of(first, got > 0 ? (size_t)got : 0);
	unsigned long long stated = ZSTD_CONTENTSIZE_UNKNOWN;

	if (tu_input__is_gzip(head))
		return gzip_size(fd, bytes);
	if (!tu_input__is_zstd(head))
		return 0;
	stated = ZSTD_getFrameContentSize(head.ptr, head.len);
	if (stated == ZSTD_CONTENTSIZE_UNKNOWN || stated == ZSTD_CONTENTSIZE_ERROR)
		return bytes < SIZE_MAX / RATIO ? bytes * RATIO : SIZE_MAX / 2;
	return stated < SIZE_MAX / 2 ? (size_t)stated : SIZE_MAX / 2;
}

size_t tu_input_weight(const char *path, size_t bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t unpacked;

	if (fd < 0)
		return 0;
	unpacked = packed_weight(fd, bytes);
	(void)close(fd);
	return unpacked + bytes;
}
