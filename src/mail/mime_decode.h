/*
 * Encodings of mail: base64, quoted-printable, encoded words, charsets. Nothing fails: what is no
 * encoding of anything is left out or stays as it is. Part of mail/mime_read.h.
 */
#ifndef TU_MAIL_MIME_DECODE_H
#define TU_MAIL_MIME_DECODE_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/buf.h>
#include <tutela/str.h>

/* The value of a parameter of a header: "b" of `a/b; boundary="b"`. Without its quotes; ptr NULL:
 * there is none. What is escaped stays so. */
struct tu_str tu_mime__parameter(struct tu_str header, struct tu_str name);
/* By a Content-Transfer-Encoding; what has none is given as it is. False: no memory. */
bool tu_mime__decode(struct tu_arena *arena, struct tu_str encoding, struct tu_str body,
	struct tu_str *out_bytes, bool *out_damaged);
/* Text in a charset as UTF-8; what is not in it becomes U+FFFD. False: the charset is not known, or
 * no memory. */
bool tu_mime__utf8(struct tu_arena *arena, struct tu_str charset, struct tu_str bytes,
	struct tu_str *out_text);
/* A header with encoded words (RFC 2047), as UTF-8. Empty: no memory. */
struct tu_str tu_mime__words(struct tu_arena *arena, struct tu_str value);
/* The name of a file, by "filename", "filename*" (RFC 2231) or "name". */
struct tu_str tu_mime__name(struct tu_arena *arena, struct tu_str disposition, struct tu_str type);

#endif
