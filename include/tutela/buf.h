/*
 * Growing byte buffer with a mandatory limit and a sticky failure.
 *
 * Append as often as needed and look at `failed` once, at the end: after a failure (limit or
 * memory) appends do nothing. Initialise with tu_buf_init(), give back with tu_buf_done().
 */
#ifndef TUTELA_BUF_H
#define TUTELA_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/str.h>

TU_BEGIN_C

struct tu_buf {
	char *ptr;
	size_t len;
	size_t cap;
	size_t ceiling;
	bool failed;
};

/* An empty buffer that never grows beyond `ceiling` bytes. Allocates nothing. */
static inline void tu_buf_init(struct tu_buf *buf, size_t ceiling)
{
	buf->ptr = NULL;
	buf->len = 0;
	buf->cap = 0;
	buf->ceiling = ceiling;
	buf->failed = false;
}

/* Give the memory back and leave an empty buffer with the same limit. */
TU_API void tu_buf_done(struct tu_buf *buf);
/* Forget the contents and the failure, keep the memory. */
static inline void tu_buf_clear(struct tu_buf *buf)
{
	buf->len = 0;
	buf->failed = false;
}

static inline struct tu_str tu_buf_str(const struct tu_buf *buf)
{
	return tu_str_of(buf->ptr, buf->len);
}

/* Make room for `more` bytes; false (and failed) when that cannot be. */
TU_API bool tu_buf_reserve(struct tu_buf *buf, size_t more);
TU_API void tu_buf_add(struct tu_buf *buf, const void *bytes, size_t len);
TU_API void tu_buf_printf(struct tu_buf *buf, const char *fmt, ...) TU_PRINTF(2, 3);

static inline void tu_buf_byte(struct tu_buf *buf, char byte)
{
	if (buf->len < buf->cap && buf->len < buf->ceiling && !buf->failed)
		buf->ptr[buf->len++] = byte;
	else
		tu_buf_add(buf, &byte, 1);
}

static inline void tu_buf_str_add(struct tu_buf *buf, struct tu_str s)
{
	tu_buf_add(buf, s.ptr, s.len);
}

static inline void tu_buf_c(struct tu_buf *buf, const char *text)
{
	tu_buf_add(buf, text, strlen(text));
}

TU_END_C

#endif
