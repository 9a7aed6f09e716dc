/*
 * gzip (RFC 1952) over whole buffers, for answers of the server. Reading it: base/unpack.h.
 */
#ifndef TU_BASE_GZIP_H
#define TU_BASE_GZIP_H

#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

/* Append `text` compressed, fast rather than small. TU_E_NOMEM also where out's limit is reached.
 */
TU_NODISCARD enum tu_status tu_gzip(struct tu_str text, struct tu_buf *out, struct tu_error *err);

#endif
