/*
 * zstd over whole buffers, also as a difference to a text that both sides have.
 */
#ifndef TU_BASE_PACK_H
#define TU_BASE_PACK_H

#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

/* Append `text` compressed. `base` not empty: as a difference to it. */
TU_NODISCARD enum tu_status tu_pack(
	struct tu_str text, struct tu_str base, struct tu_buf *out, struct tu_error *err);

/* Unpack what tu_pack() packed into `out` (its old contents go): exactly `len` bytes, with
 * `padding` zero bytes after them that do not count. TU_E_CORRUPT when that is not what is in it.
 */
TU_NODISCARD enum tu_status tu_unpack(struct tu_str packed, struct tu_str base, size_t len,
	size_t padding, struct tu_buf *out, struct tu_error *err);

#endif
