/*
 * Bodies of multipart/form-data (RFC 7578, RFC 2046 5.1): forms with files, as clients of build
 * servers and browsers send them. Nothing is copied: parts are views into the body, whatever its
 * size. What a part's own headers say of lengths is not believed; its end is where the next
 * boundary is.
 *
 * This reader meets what strangers send. Limits: TU_MULTIPART_PARTS parts, headers of
 * TU_MULTIPART_HEADERS bytes a part, a boundary of 1 to 70 characters. A part in another encoding
 * of transfer than its bytes (base64, quoted-printable: RFC 7578 4.7 has none) is refused, as is
 * whatever is after a "form-data" that cannot be read.
 *
 * Pure; any thread.
 */
#ifndef TU_HTTP_MULTIPART_H
#define TU_HTTP_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_MULTIPART_PARTS = 64, TU_MULTIPART_HEADERS = 8192, TU_MULTIPART_BOUNDARY = 70 };

struct tu_multipart {
	struct tu_str rest; /* after the boundary that was read last */
	size_t at; /* of it, in the body: for messages */
	size_t parts;
	size_t delimiter_len;
	char delimiter[4 + TU_MULTIPART_BOUNDARY]; /* CR LF "--" boundary */
};

struct tu_multipart_part {
	struct tu_str name; /* as between the quotes: a name with an escape is not decoded */
	struct tu_str file_name; /* the same; ptr NULL: it is no file */
	struct tu_str type; /* Content-Type; empty: not stated */
	struct tu_str content;
};

/* Is this the Content-Type of such a body? */
bool tu_multipart_is(struct tu_str content_type);

/* Begin with a body of that Content-Type; both are borrowed. TU_E_SYNTAX: no boundary in the type,
 * or none in the body. */
TU_NODISCARD enum tu_status tu_multipart_begin(struct tu_multipart *multipart,
	struct tu_str content_type, struct tu_str body, struct tu_error *err);

/* The next part; `*out_more` is false at the end, and then there is none. TU_E_SYNTAX says what is
 * wrong, and at which byte of the body; TU_E_LIMIT; TU_E_UNSUPPORTED. */
TU_NODISCARD enum tu_status tu_multipart_next(struct tu_multipart *multipart,
	struct tu_multipart_part *out_part, bool *out_more, struct tu_error *err);

#endif
