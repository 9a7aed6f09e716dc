/* Percent-encoding (RFC 3986, 2.1). Decoding: base/hex.h. */
#ifndef TU_BASE_PERCENT_H
#define TU_BASE_PERCENT_H

#include <string.h>

#include <tutela/buf.h>
#include <tutela/str.h>

/* Append `text`; every byte that is no ASCII letter or digit and not in `plain` as "%XX". */
static inline void tu_percent_add(struct tu_str text, struct tu_str plain, struct tu_buf *out)
{
	for (size_t i = 0; i < text.len; i++)
		if (tu_char_is_alnum(text.ptr[i]) || memchr(plain.ptr, text.ptr[i], plain.len))
			tu_buf_byte(out, text.ptr[i]);
		else
			tu_buf_printf(out, "%%%02X", (unsigned)(unsigned char)text.ptr[i]);
}

#endif
