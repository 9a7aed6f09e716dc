/*
 * Where a knowledge base is written, piece by piece: the file is larger than what makes it may hold
 * in memory at a time.
 */
#ifndef TU_KB_TARGET_H
#define TU_KB_TARGET_H

#include <tutela/kb.h>
#include <tutela/sink.h>

struct tu_kb_target {
	/* Empty; takes the bytes of the file in their order. One that keeps everything in its
	 * buffer (no `write`) needs neither of the functions below. */
	struct tu_sink *sink;
	/* Read `len` bytes of what `sink` has written out, from byte `at` on. */
	enum tu_status (*read_back)(
		void *context, size_t at, void *bytes, size_t len, struct tu_error *err);
	/* Write the first bytes again: the header, which says what follows it. */
	enum tu_status (*rewrite)(void *context, struct tu_str first, struct tu_error *err);
	void *context; /* of both */
};

/* Write the whole file and count. All is written out at the end. The builder can only be freed
 * afterwards, and has given back most of its memory. TU_E_NOMEM, TU_E_LIMIT, and what the target
 * fails with. */
TU_NODISCARD enum tu_status tu_kb__write(struct tu_kb_builder *builder,
	const struct tu_kb_target *target, struct tu_kb_build_counts *out_counts,
	struct tu_error *err);

#endif
