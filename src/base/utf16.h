/*
 * Encodings of Unicode: UTF-16 text to UTF-8, and texts whose encoding is a mistake.
 */
#ifndef TU_BASE_UTF16_H
#define TU_BASE_UTF16_H

#include <stdbool.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

/* Does the text begin with a byte order mark of UTF-16? */
bool tu_utf16_is_marked(struct tu_str text);
/* Append a marked text as UTF-8, without the mark; a lone surrogate or odd byte becomes U+FFFD. */
void tu_utf16_to_utf8(struct tu_str text, struct tu_buf *out);

/* TU_E_SYNTAX for a text with two byte order marks, and for one in UTF-16 without any (XML, which
 * may say its encoding, apart): parsers of different ages take or refuse them. */
TU_NODISCARD enum tu_status tu_text_check_marks(struct tu_str text, struct tu_error *err);

#endif
