/*
 * What documents give, kept: a recorder is an intake (kb/intake.h) that copies everything into
 * chunks, and a chunk is played to another intake later, in any thread.
 *
 * A chunk is an arena of some megabytes that is used again. Who records and who plays never have
 * the same chunk at the same time: handing one on is the business of the recorder's owner.
 */
#ifndef TU_KB_RECORD_H
#define TU_KB_RECORD_H

#include <tutela/arena.h>

#include "kb/intake.h"

struct tu_kb_event;

struct tu_kb_chunk {
	struct tu_kb_chunk *next; /* for its owner */
	struct tu_arena *arena;
	struct tu_kb_event *first, *last;
};

/* NULL: no memory. */
TU_NODISCARD struct tu_kb_chunk *tu_kb__chunk_new(void);
/* NULL is fine. */
void tu_kb__chunk_free(struct tu_kb_chunk *chunk);
/* Forget what was recorded. */
void tu_kb__chunk_clear(struct tu_kb_chunk *chunk);

struct tu_kb_recorder {
	struct tu_kb_chunk *chunk; /* being filled; NULL: none to be had */
	/* The chunk is full: hand it on and put another one in its place. TU_E_NOMEM;
	 * TU_E_CANCELLED: nobody wants to hear more. */
	enum tu_status (*turn)(struct tu_kb_recorder *recorder);
	void *context; /* the owner's */
	enum tu_status status; /* why nothing is recorded any more */
	struct tu_bound last_lo, last_hi; /* of the present advisory, as they came... */
	struct tu_bound kept_lo, kept_hi; /* ...and as they were kept: many follow each other */
};

/* An intake for reading, that records; borrows the recorder. */
struct tu_kb_intake tu_kb__recorder_intake(struct tu_kb_recorder *recorder);
/* Play all of it in the order in which it was recorded, up to the first failure. */
TU_NODISCARD enum tu_status tu_kb__chunk_play(
	const struct tu_kb_chunk *chunk, const struct tu_kb_intake *to, struct tu_error *err);

#endif
