/*
 * Reading files in several threads, and taking what they give in the order in which the files were
 * named: the same calls of the intake, in the same order, as one thread makes.
 *
 * Who makes the pool also takes: all calls of the intake come from that thread, within
 * tu_kb__pool_file(), _broken() and _finish(). Memory is bounded: a reader has one document at a
 * time and is at most some chunks (kb/record.h) ahead of what was taken.
 */
#ifndef TU_KB_POOL_H
#define TU_KB_POOL_H

#include "kb/intake.h"

struct tu_kb_pool;

struct tu_kb_pool_setup {
	const struct tu_kb_intake *to; /* outlives the pool */
	/* What is taken next comes from the input with this path. */
	void (*input)(void *self, const char *path);
	size_t threads; /* that read */
	size_t unpacked_max; /* of one file; the intake counts all of them */
	bool whole; /* as in kb/reading.h */
};

/* `*out_pool` NULL and TU_OK: no thread can be started here. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_kb__pool_new(
	const struct tu_kb_pool_setup *setup, struct tu_kb_pool **out_pool, struct tu_error *err);
/* A file to be read; `input`, which outlives the pool, is where it was found. Takes what is ready
 * when many wait. What the intake fails with is the result; only tu_kb__pool_free() may follow. */
TU_NODISCARD enum tu_status tu_kb__pool_file(struct tu_kb_pool *pool, const char *input,
	const char *path, size_t bytes, struct tu_error *err);
/* Something that could not be read, found between files; as above. */
TU_NODISCARD enum tu_status tu_kb__pool_broken(struct tu_kb_pool *pool, const char *input,
	struct tu_str name, const struct tu_error *problem, struct tu_error *err);
/* Take all that is left. */
TU_NODISCARD enum tu_status tu_kb__pool_finish(struct tu_kb_pool *pool, struct tu_error *err);
/* Stop what is still being read, and wait for it. NULL is fine. */
void tu_kb__pool_free(struct tu_kb_pool *pool);

#endif
