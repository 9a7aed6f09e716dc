#include <tutela/buf.h>

#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/checked.h"

enum { CAP_MIN = 256 };

void tu_buf_done(struct tu_buf *buf)
{
	tu_free(buf->ptr);
	tu_buf_init(buf, buf->ceiling);
}

bool tu_buf_reserve(struct tu_buf *buf, size_t more)
{
	size_t wanted;
	size_t cap;
	char *grown;

	if (buf->failed)
		return false;
	if (!tu_add(buf->len, more, &wanted) || wanted > buf->ceiling) {
		buf->failed = true;
		return false;
	}
	if (wanted <= buf->cap)
		return true;
	cap = buf->cap ? buf->cap : CAP_MIN;
	while (cap < wanted)
		cap = cap > buf->ceiling / 2 ? buf->ceiling : cap * 2;
	if (cap > buf->ceiling)
		cap = buf->ceiling;
	grown = tu_realloc(buf->ptr, cap, 1);
	if (!grown) {
		buf->failed = true;
		return false;
	}
	buf->ptr = grown;
	buf->cap = cap;
	return true;
}

void tu_buf_add(struct tu_buf *buf, const void *bytes, size_t len)
{
	if (len == 0 || !tu_buf_reserve(buf, len))
		return;
	memcpy(buf->ptr + buf->len, bytes, len);
	buf->len += len;
}

/* The text and its NUL, elsewhere: there is no room for the NUL after it. */
TU_PRINTF(2, 0)
static void add_from_elsewhere(struct tu_buf *buf, const char *fmt, va_list args, size_t len)
{
	char *text = tu_alloc(len + 1, 1);

	if (!text) {
		buf->failed = true;
		return;
	}
	(void)vsnprintf(text, len + 1, fmt, args);
	memcpy(buf->ptr + buf->len, text, len);
	buf->len += len;
	tu_free(text);
}

void tu_buf_printf(struct tu_buf *buf, const char *fmt, ...)
{
	va_list args;
	int wanted;

	va_start(args, fmt);
	wanted = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (wanted < 0) {
		buf->failed = true;
		return;
	}
	if (wanted == 0 || !tu_buf_reserve(buf, (size_t)wanted))
		return;
	va_start(args, fmt);
	if ((size_t)wanted < buf->cap - buf->len) {
		(void)vsnprintf(buf->ptr + buf->len, (size_t)wanted + 1, fmt, args);
		buf->len += (size_t)wanted;
	} else {
		add_from_elsewhere(buf, fmt, args, (size_t)wanted);
	}
	va_end(args);
}
