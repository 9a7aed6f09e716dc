#include "base/unpack.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/alloc.h"
#include "base/fault.h"
#include "base/input_file.h"

enum { WINDOW = 256 * 1024 };

struct tu_unpack {
	struct tu_str packed; /* in memory and not unpacked yet */
	size_t taken; /* bytes before it */
	/* where more comes from; -1: all is in memory */
	int fd;
	bool read_all;
	size_t packed_max;
	char *window;
	bool is_zstd;
	bool ended;
	z_stream gzip;
	bool gzip_begun;
	ZSTD_DStream *zstd;
	size_t hint; /* of zstd: 0 at the end of a frame */
};

bool tu_unpack_is_gzip(struct tu_str s)
{
	return tu_str_starts(s, TU_STR("\x1f\x8b"));
}

/* RFC 8878, 3.1.1 and 3.1.2: a frame, or one to be skipped, as parallel writers put first. */
bool tu_unpack_is_zstd(struct tu_str s)
{
	return tu_str_starts(s, TU_STR("\x28\xb5\x2f\xfd")) ||
		(s.len >= 4 && ((uint8_t)s.ptr[0] & 0xf0) == 0x50 &&
			tu_str_eq(tu_str_first(tu_str_from(s, 1), 3), TU_STR("\x2a\x4d\x18")));
}

bool tu_unpack_is_packed(struct tu_str s)
{
	return tu_unpack_is_gzip(s) || tu_unpack_is_zstd(s);
}

/* ---- packed bytes ---- */

static void take(struct tu_unpack *u, size_t bytes)
{
	u->packed = tu_str_from(u->packed, bytes);
	u->taken += bytes;
}

/* Have at least so many bytes in memory, if there are so many. */
static enum tu_status fill(struct tu_unpack *u, size_t least, struct tu_error *err)
{
	if (u->packed.len >= least || u->read_all)
		return TU_OK;
	if (u->packed.len)
		memmove(u->window, u->packed.ptr, u->packed.len);
	u->packed.ptr = u->window;
	while (u->packed.len < least && !u->read_all) {
		ssize_t got = read(u->fd, u->window + u->packed.len, WINDOW - u->packed.len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return tu_input__fail_errno(err, "reading");
		u->read_all = got == 0;
		u->packed.len += (size_t)got;
		if (u->taken + u->packed.len > u->packed_max)
			return tu_input__fail_bytes(u->packed_max, err);
	}
	return TU_OK;
}

/* ---- gzip ---- */

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

static enum tu_status gzip_begin(struct tu_unpack *u, struct tu_error *err)
{
	enum { GZIP_WINDOW = 15 + 16 };

	u->gzip = (z_stream){.zalloc = zlib_alloc, .zfree = zlib_free};
	if (inflateInit2(&u->gzip, GZIP_WINDOW) != Z_OK)
		return tu_no_memory(err);
	u->gzip_begun = true;
	return TU_OK;
}

/* After a member: another one may follow; zeros after the last are padding. */
static enum tu_status gzip_next(struct tu_unpack *u, struct tu_error *err)
{
	const size_t end = u->taken;
	enum tu_status status;

	for (;;) {
		size_t zeros = 0;

		status = fill(u, 2, err);
		if (status)
			return status;
		while (zeros < u->packed.len && u->packed.ptr[zeros] == '\0')
			zeros++;
		if (zeros == 0)
			break;
		take(u, zeros);
	}
	u->ended = u->packed.len == 0;
	if (!u->ended && (u->taken > end || !tu_unpack_is_gzip(u->packed)))
		return tu_fail(err, TU_E_SYNTAX, end, "something else follows the gzip data");
	if (!u->ended && inflateReset(&u->gzip) != Z_OK)
		return tu_fail(err, TU_E_SYNTAX, end, "damaged gzip data");
	return TU_OK;
}

static enum tu_status gzip_judge(struct tu_unpack *u, int code, struct tu_error *err)
{
	const char *words = u->gzip.msg;

	switch (code) {
	case Z_OK:
		return TU_OK;
	case Z_STREAM_END:
		return gzip_next(u, err);
	case Z_MEM_ERROR:
		return tu_no_memory(err);
	case Z_BUF_ERROR:
		return tu_fail(err, TU_E_SYNTAX, u->taken, "gzip data ends too early");
	default:
		return tu_fail(err, TU_E_SYNTAX, u->taken, "damaged gzip data%s%s",
			words ? ": " : "", words ? words : "");
	}
}

/* Fill some of the room in `out`. zlib's counters have 32 bits. */
static enum tu_status gzip_step(
	struct tu_unpack *u, struct tu_buf *out, size_t room, struct tu_error *err)
{
	size_t some = u->packed.len < UINT32_MAX / 2 ? u->packed.len : UINT32_MAX / 2;
	int code;

	if (room > UINT32_MAX)
		room = UINT32_MAX;
	u->gzip.next_in = (Bytef *)(uintptr_t)u->packed.ptr;
	u->gzip.avail_in = (uInt)some;
	u->gzip.next_out = (Bytef *)out->ptr + out->len;
	u->gzip.avail_out = (uInt)room;
	code = inflate(&u->gzip, Z_NO_FLUSH);
	out->len += room - u->gzip.avail_out;
	take(u, some - u->gzip.avail_in);
	if ((code == Z_OK || code == Z_STREAM_END) && tu_input__check_ceiling(out, err))
		return TU_E_LIMIT;
	return gzip_judge(u, code, err);
}

/* ---- zstd ---- */

static enum tu_status zstd_begin(struct tu_unpack *u, struct tu_error *err)
{
	u->zstd = tu_fault_hit() ? NULL : ZSTD_createDStream();
	u->hint = 1;
	return u->zstd ? TU_OK : tu_no_memory(err);
}

static enum tu_status fail_zstd(size_t code, size_t offset, struct tu_error *err)
{
	switch ((int)ZSTD_getErrorCode(code)) {
	case ZSTD_error_memory_allocation:
		return tu_no_memory(err);
	case ZSTD_error_frameParameter_windowTooLarge:
		return tu_fail(
			err, TU_E_LIMIT, offset, "zstd data wants a larger window than 128 MiB");
	default:
		return tu_fail(
			err, TU_E_SYNTAX, offset, "damaged zstd data: %s", ZSTD_getErrorName(code));
	}
}

static enum tu_status zstd_step(
	struct tu_unpack *u, struct tu_buf *out, size_t room, struct tu_error *err)
{
	ZSTD_inBuffer in = {u->packed.ptr, u->packed.len, 0};
	ZSTD_outBuffer chunk = {out->ptr + out->len, room, 0};

	u->hint = ZSTD_decompressStream(u->zstd, &chunk, &in);
	take(u, in.pos);
	if (ZSTD_isError(u->hint))
		return fail_zstd(u->hint, u->taken, err);
	out->len += chunk.pos;
	if (tu_input__check_ceiling(out, err))
		return TU_E_LIMIT;
	if (in.pos == 0 && chunk.pos == 0 && u->hint != 0)
		return tu_fail(err, TU_E_SYNTAX, u->taken, "zstd data ends too early");
	return TU_OK;
}

/* At the end of a frame another one may follow. */
static enum tu_status zstd_next(struct tu_unpack *u, struct tu_error *err)
{
	enum tu_status status = fill(u, 1, err);

	u->ended = !status && u->hint == 0 && u->packed.len == 0;
	return status;
}

/* ---- both ---- */

static enum tu_status begin(
	struct tu_unpack **out_unpack, struct tu_unpack from, struct tu_error *err)
{
	struct tu_unpack *u = tu_alloc(1, sizeof(*u));
	enum tu_status status = TU_OK;

	*out_unpack = NULL;
	if (!u)
		return tu_no_memory(err);
	*u = from;
	if (u->fd >= 0) {
		u->window = tu_alloc(WINDOW, 1);
		status = u->window ? fill(u, 4, err) : tu_no_memory(err);
	}
	u->is_zstd = tu_unpack_is_zstd(u->packed);
	if (!status)
		status = u->is_zstd ? zstd_begin(u, err) : gzip_begin(u, err);
	if (status)
		tu_unpack_free(u);
	else
		*out_unpack = u;
	return status;
}

enum tu_status tu_unpack_text(
	struct tu_str packed, struct tu_unpack **out_unpack, struct tu_error *err)
{
	return begin(out_unpack,
		(struct tu_unpack){
			.packed = packed, .fd = -1, .read_all = true, .packed_max = SIZE_MAX},
		err);
}

enum tu_status tu_unpack_file(
	int fd, size_t packed_max, struct tu_unpack **out_unpack, struct tu_error *err)
{
	return begin(out_unpack, (struct tu_unpack){.fd = fd, .packed_max = packed_max}, err);
}

enum tu_status tu_unpack_some(struct tu_unpack *u, struct tu_buf *out, size_t until,
	bool *out_ended, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	while (!status && !u->ended && out->len < until) {
		size_t room = tu_input__make_room(out);

		if (room == 0)
			return tu_no_memory(err);
		if (room > until - out->len)
			room = until - out->len;
		status = fill(u, 1, err);
		if (!status)
			status = u->is_zstd ? zstd_step(u, out, room, err)
					    : gzip_step(u, out, room, err);
		if (!status && u->is_zstd)
			status = zstd_next(u, err);
	}
	*out_ended = u->ended;
	return status;
}

void tu_unpack_free(struct tu_unpack *u)
{
	if (!u)
		return;
	if (u->gzip_begun)
		(void)inflateEnd(&u->gzip);
	(void)ZSTD_freeDStream(u->zstd);
	tu_free(u->window);
	tu_free(u);
}
