#define _GNU_SOURCE /* O_CLOEXEC */
#include "base/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/alloc.h"
#include "base/checked.h"
#include "base/json.h"
#include "base/unpack.h"
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

enum tu_status tu_input__fail_bytes(size_t limit, struct tu_error *err)
{
	return tu_fail(err, TU_E_LIMIT, limit, "more than the limit of %zu bytes", limit);
}

enum tu_status tu_input__check_ceiling(const struct tu_buf *out, struct tu_error *err)
{
	return out->len <= out->ceiling ? TU_OK : tu_input__fail_bytes(out->ceiling, err);
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

enum tu_status tu_input__read_named(const char *path, struct tu_buf *out, struct tu_error *err)
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

static enum tu_status check_file(const char *path, struct tu_error *err)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "a pipe or a device, expected a file");
	return TU_OK;
}

enum tu_status tu_input_check_file(const char *path, struct tu_error *err)
{
	enum tu_status status = check_file(path, err);

	if (status != TU_OK)
		(void)tu_error_in_file(err, "%s", path);
	return status;
}

enum tu_status tu_input__read_raw(const char *path, struct tu_buf *out, struct tu_error *err)
{
	enum tu_status status = check_file(path, err);

	return status ? status : tu_input__read_named(path, out, err);
}

/* ---- compression ---- */

/* A claimed size spares growth, but is only believed when the frame could hold it. */
static void reserve_claimed(struct tu_str packed, struct tu_buf *out)
{
	unsigned long long size = tu_unpack_is_zstd(packed)
		? ZSTD_getFrameContentSize(packed.ptr, packed.len)
		: ZSTD_CONTENTSIZE_UNKNOWN;

	if (size < (unsigned long long)packed.len * 64 && size <= out->ceiling)
		(void)reserve_padded(out, (size_t)size + TU_JSON_PADDING);
}

static enum tu_status unpack(struct tu_str packed, struct tu_buf *out, struct tu_error *err)
{
	struct tu_unpack *unpack;
	bool ended;
	enum tu_status status = tu_unpack_text(packed, &unpack, err);

	if (status)
		return status;
	reserve_claimed(packed, out);
	status = tu_unpack_some(unpack, out, SIZE_MAX, &ended, err);
	tu_unpack_free(unpack);
	return status;
}

enum tu_status tu_input_unpack(struct tu_str packed, struct tu_buf *out, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	tu_buf_clear(out);
	if (tu_unpack_is_packed(packed))
		status = unpack(packed, out, err);
	else if (packed.len > out->ceiling)
		status = tu_input__fail_bytes(out->ceiling, err);
	else
		tu_buf_str_add(out, packed);
	return status ? status : tu_input__pad(out, err);
}

enum tu_status tu_input_read(const char *path, struct tu_buf *out, struct tu_error *err)
{
	struct tu_buf raw;
	enum tu_status status;

	status = tu_input__read_named(path, out, err);
	if (!status && tu_unpack_is_packed(tu_buf_str(out))) {
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

	if (tu_unpack_is_gzip(head))
		return gzip_size(fd, bytes);
	if (!tu_unpack_is_zstd(head))
		return 0;
	stated = ZSTD_getFrameContentSize(head.ptr, head.len);
	if (stated == ZSTD_CONTENTSIZE_UNKNOWN || stated == ZSTD_CONTENTSIZE_ERROR)
		return bytes < SIZE_MAX / RATIO ? bytes * RATIO : SIZE_MAX / 2;
	return stated < SIZE_MAX / 2 ? (size_t)stated : SIZE_MAX / 2;
}

/* Of a file that is read in pieces, two of them are there while a piece is read. */
enum { WEIGHT_IN_PIECES = 2 * TU_INPUT_PIECE };

/* Does it begin as `in_lines` wants it? */
static bool begins_in_lines(int fd, bool (*in_lines)(struct tu_str beginning))
{
	struct tu_unpack *unpack = NULL;
	struct tu_buf text;
	bool ended, fine;
	char mark[4];

	tu_buf_init(&text, TU_INPUT_BEGINNING);
	if (pread(fd, mark, sizeof(mark), 0) == (ssize_t)sizeof(mark) &&
		tu_unpack_is_packed(tu_str_of(mark, sizeof(mark))))
		fine = !tu_unpack_file(fd, SIZE_MAX, &unpack, NULL) &&
			!tu_unpack_some(unpack, &text, TU_INPUT_BEGINNING, &ended, NULL);
	else
		fine = !tu_input__read_some(fd, &text, TU_INPUT_BEGINNING, &ended, NULL);
	fine = fine && in_lines(tu_buf_str(&text));
	tu_unpack_free(unpack);
	tu_buf_done(&text);
	return fine;
}

size_t tu_input_weight(const char *path, size_t bytes, bool (*in_lines)(struct tu_str beginning))
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t weight;

	if (fd < 0)
		return 0;
	weight = packed_weight(fd, bytes) + bytes;
	if (in_lines && weight > WEIGHT_IN_PIECES && begins_in_lines(fd, in_lines))
		weight = WEIGHT_IN_PIECES;
	(void)close(fd);
	return weight;
}
