/*
 * Writing in a thread of its own, while the next bytes are made.
 *
 * The bytes and their order are the same; a failure is known a block or two later, at the latest at
 * the end.
 */
#ifndef TU_BASE_WRITE_AHEAD_H
#define TU_BASE_WRITE_AHEAD_H

#include <tutela/sink.h>

struct tu_write_ahead;

/* `write` and `context` as those of a sink; `write` is called in the other thread alone, with up to
 * `bytes` at a time, and nobody else may use what it uses until the end. NULL: no thread can be
 * started, or there is no memory. */
TU_NODISCARD struct tu_write_ahead *tu_write_ahead_new(
	enum tu_status (*write)(void *context, struct tu_str piece, struct tu_error *err),
	void *context, size_t bytes);
/* A sink's `write`, whose context is the struct: copy the piece, which is written later. Returns
 * the first failure so far, after which nothing more is written. */
TU_NODISCARD enum tu_status tu_write_ahead_add(
	void *ahead, struct tu_str piece, struct tu_error *err);
/* Wait until all is written, and free. The first failure. NULL is fine. */
TU_NODISCARD enum tu_status tu_write_ahead_end(struct tu_write_ahead *ahead, struct tu_error *err);

#endif
