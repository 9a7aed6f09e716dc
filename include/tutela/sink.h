/*
 * Where a document is written: a buffer that is emptied into something else, piece by piece.
 *
 * A writer appends to `buf` and calls tu_sink_spill() after each item, so that memory stays small
 * however long the document is. Failures stick: after one, appends do nothing and the first failure
 * is what tu_sink_flush() returns. A sink without a `write` function keeps the whole document in
 * `buf`.
 */
#ifndef TUTELA_SINK_H
#define TUTELA_SINK_H

#include <tutela/buf.h>
#include <tutela/error.h>

TU_BEGIN_C

struct tu_sink {
	struct tu_buf buf; /* append here */
	/* Write the whole piece, or fail. NULL: everything stays in `buf`. */
	enum tu_status (*write)(void *context, struct tu_str piece, struct tu_error *err);
	void *context; /* of `write` */
	/* Not 0: tu_sink_spill() writes multiples of so many bytes; set it before the first. */
	size_t piece;
	size_t written; /* bytes that `write` has taken; what is in `buf` comes after them */
	struct tu_error err; /* the first failure of `write` */
};

/* `limit` is the most that the buffer may contain at a time; `write` and `context` as above. */
TU_API void tu_sink_init(struct tu_sink *sink, size_t limit,
	enum tu_status (*write)(void *context, struct tu_str piece, struct tu_error *err),
	void *context);
/* A sink that keeps everything in `buf`. */
static inline void tu_sink_init_memory(struct tu_sink *sink, size_t limit)
{
	tu_sink_init(sink, limit, NULL, NULL);
}

/* Write out what has been appended once it is 64 KiB or more, or one `piece`. */
TU_API void tu_sink_spill(struct tu_sink *sink);
/* The first failure so far; nothing is written. */
TU_API TU_NODISCARD enum tu_status tu_sink_check(const struct tu_sink *sink, struct tu_error *err);
/* Write out everything that has been appended. Returns the first failure: that of `write`, or
 * TU_E_NOMEM when the buffer reached its limit or memory ran out. */
TU_API TU_NODISCARD enum tu_status tu_sink_flush(struct tu_sink *sink, struct tu_error *err);
/* Free the buffer; what was not flushed is dropped. */
TU_API void tu_sink_done(struct tu_sink *sink);

TU_END_C

#endif
