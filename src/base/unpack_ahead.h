/*
 * Unpacking in a thread of its own, one block ahead of who reads.
 */
#ifndef TU_BASE_UNPACK_AHEAD_H
#define TU_BASE_UNPACK_AHEAD_H

#include "base/unpack.h"

struct tu_unpack_ahead;

/* Blocks of `bytes` of what `unpack` has not given yet; it is borrowed until the end, and nobody
 * else may use it. NULL: no thread can be started, or there is no memory. */
TU_NODISCARD struct tu_unpack_ahead *tu_unpack_ahead_new(struct tu_unpack *unpack, size_t bytes);
/* Append the next block to `out`, as tu_unpack_some() does; not after the end or an error. */
TU_NODISCARD enum tu_status tu_unpack_ahead_next(
	struct tu_unpack_ahead *ahead, struct tu_buf *out, bool *out_ended, struct tu_error *err);
/* Stops it. NULL is fine. */
void tu_unpack_ahead_free(struct tu_unpack_ahead *ahead);

#endif
