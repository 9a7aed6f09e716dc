/*
 * UTF-16 text to UTF-8.
 */
#ifndef TU_BASE_UTF16_H
#define TU_BASE_UTF16_H

#include <stdbool.h>

#include <tutela/buf.h>
#include <tutela/str.h>

/* Does the text begin with a byte order mark of UTF-16? */
bool tu_utf16_is_marked(struct tu_str text);
/* Append a marked text as UTF-8, without the mark; a lone surrogate or odd byte becomes U+FFFD. */
void tu_utf16_to_utf8(struct tu_str text, struct tu_buf *out);

#endif
