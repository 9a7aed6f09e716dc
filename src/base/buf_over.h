/* A buffer for short texts, on bytes of the caller's: no memory can be missing. */
#ifndef TU_BASE_BUF_OVER_H
#define TU_BASE_BUF_OVER_H

#include <tutela/buf.h>

/* Empty, on `size` bytes: it never grows and is not given back. Only printing that would fill it to
 * the last byte may allocate. */
static inline struct tu_buf tu_buf_over(char *bytes, size_t size)
{
	struct tu_buf buf = {bytes, 0, size, size, false};

	return buf;
}

#endif
