#include "base/pack.h"

#include <zstd.h>

#include "base/checked.h"

enum { LEVEL = 9, WINDOW_LOG_MIN = 20, WINDOW_LOG_MAX = 31 };

/* A window that reaches over base and text. */
static int window_log(size_t bytes)
{
	int log = WINDOW_LOG_MIN;

	while (log < WINDOW_LOG_MAX && ((size_t)1 << log) < bytes)
		log++;
	return log;
}

static bool set_up(ZSTD_CCtx *zstd, struct tu_str text, struct tu_str base)
{
	if (ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, LEVEL)))
		return false;
	if (base.len == 0)
		return true;
	return !ZSTD_isError(ZSTD_CCtx_setParameter(
		       zstd, ZSTD_c_windowLog, window_log(text.len + base.len))) &&
		!ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_enableLongDistanceMatching, 1)) &&
		!ZSTD_isError(ZSTD_CCtx_refPrefix(zstd, base.ptr, base.len));
}

enum tu_status tu_pack(
	struct tu_str text, struct tu_str base, struct tu_buf *out, struct tu_error *err)
{
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	size_t bound = ZSTD_compressBound(text.len);
	size_t len = 0;
	bool ok = zstd && set_up(zstd, text, base) && tu_buf_reserve(out, bound);

	if (ok) {
		len = ZSTD_compress2(zstd, out->ptr + out->len, bound, text.ptr, text.len);
		ok = !ZSTD_isError(len);
	}
	ZSTD_freeCCtx(zstd);
	if (!ok)
		return tu_no_memory(err);
	out->len += len;
	return TU_OK;
}

enum tu_status tu_unpack(struct tu_str packed, struct tu_str base, size_t len, size_t padding,
	struct tu_buf *out, struct tu_error *err)
{
	ZSTD_DCtx *zstd = ZSTD_createDCtx();
	size_t room = 0;
	size_t got = 0;
	bool ok;

	tu_buf_clear(out);
	if (!zstd || !tu_add(len, padding, &room) || !tu_buf_reserve(out, room)) {
		ZSTD_freeDCtx(zstd);
		return tu_no_memory(err);
	}
	ok = !ZSTD_isError(ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)) &&
		(base.len == 0 || !ZSTD_isError(ZSTD_DCtx_refPrefix(zstd, base.ptr, base.len)));
	if (ok) {
		got = ZSTD_decompressDCtx(zstd, out->ptr, len, packed.ptr, packed.len);
		ok = !ZSTD_isError(got) && got == len;
	}
	ZSTD_freeDCtx(zstd);
	if (!ok)
		return tu_fail(err, TU_E_CORRUPT, 0, "what was packed cannot be unpacked");
	out->len = len;
	if (padding)
		memset(out->ptr + len, 0, padding);
	return TU_OK;
}
