/*
 * gzip (RFC 1952; also several members) and zstd (RFC 8878; also several frames, some to be
 * skipped), unpacked some at a time: from memory, or from a file of which a small window is in
 * memory.
 *
 * Errors are the same in both cases and for steps of any size: TU_E_SYNTAX for damaged data,
 * TU_E_LIMIT, TU_E_IO, TU_E_NOMEM; the offset is that in the packed bytes.
 */
#ifndef TU_BASE_UNPACK_H
#define TU_BASE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

struct tu_unpack;

/* Begin with `packed`, which is borrowed until the end. */
TU_NODISCARD enum tu_status tu_unpack_text(
	struct tu_str packed, struct tu_unpack **out_unpack, struct tu_error *err);
/* Begin with what `fd` gives from its present place on, which is at least the mark of its form
 * (tu_unpack_is_packed()) and at most `packed_max` bytes; `fd` is borrowed until the end. */
TU_NODISCARD enum tu_status tu_unpack_file(
	int fd, size_t packed_max, struct tu_unpack **out_unpack, struct tu_error *err);
/* Unpack on until `out` has `until` bytes, or all that there is. More than the limit of `out` is
 * TU_E_LIMIT. What came before an error is in `out`. */
TU_NODISCARD enum tu_status tu_unpack_some(struct tu_unpack *unpack, struct tu_buf *out,
	size_t until, bool *out_ended, struct tu_error *err);
/* NULL is fine. */
void tu_unpack_free(struct tu_unpack *unpack);

/* How a text begins that is packed so. */
bool tu_unpack_is_gzip(struct tu_str s);
bool tu_unpack_is_zstd(struct tu_str s);
bool tu_unpack_is_packed(struct tu_str s);

#endif
