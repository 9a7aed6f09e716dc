#include <limits.h>
#include <zlib.h>

#include "base/alloc.h"
#include "base/gzip.h"

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

static bool deflate_all(z_stream *z, struct tu_str text, struct tu_buf *out)
{
	enum { STEP = 1 << 30 };
	int result = Z_OK;

	while (result == Z_OK) {
		size_t room = out->cap - out->len < STEP ? out->cap - out->len : STEP;
		size_t part = text.len < STEP ? text.len : STEP;

		z->next_in = (z_const Bytef *)(uintptr_t)text.ptr;
		z->avail_in = (uInt)part;
		z->next_out = (Bytef *)out->ptr + out->len;
		z->avail_out = (uInt)room;
		result = deflate(z, part == text.len ? Z_FINISH : Z_NO_FLUSH);
		out->len += room - z->avail_out;
		text = tu_str_from(text, part - z->avail_in);
	}
	return result == Z_STREAM_END;
}

enum tu_status tu_gzip(struct tu_str text, struct tu_buf *out, struct tu_error *err)
{
	enum { GZIP_WINDOW = 15 + 16, MEMORY = 8 };
	z_stream z = {.zalloc = zlib_alloc, .zfree = zlib_free};
	bool done = false;

	if (text.len > INT_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "too large to compress");
	if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) !=
		Z_OK)
		return tu_no_memory(err);
	/* Room for the worst case: deflate() never has to ask for more. */
	if (tu_buf_reserve(out, deflateBound(&z, text.len)))
		done = deflate_all(&z, text, out);
	deflateEnd(&z);
	return done ? TU_OK : tu_no_memory(err);
}
