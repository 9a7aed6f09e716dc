/*
 * Requests that are done once however often they are sent: the keys of idempotency.
 *
 * Whoever sends a request under a key (of its own choosing, unique to it) gets the first answer
 * again for a day. A key is taken before the work and gets the answer after it; work that failed
 * changed nothing and gives the key back. A process that dies between the two leaves a key without
 * an answer: nobody knows whether the work was done, so for a day it is done no more under that
 * key.
 *
 * Texts live in the arena. Threads: as the store.
 */
#ifndef TU_JOB_ONCE_H
#define TU_JOB_ONCE_H

#include "base/sha256.h"
#include "store/store.h"

struct tu_once {
	struct tu_str owner; /* public id of who asks: keys of others are other keys */
	struct tu_str key;
	uint8_t digest[TU_SHA256_BYTES]; /* of all that the request says */
	int64_t at; /* us since 1970, UTC */
};

struct tu_once_answer {
	unsigned status; /* of HTTP; 0: there is none yet */
	struct tu_str type, etag, location;
	struct tu_str body;
};

enum tu_once_state {
	TU_ONCE_NEW, /* do the work, then call tu_once_end() or tu_once_forget() */
	TU_ONCE_DONE, /* here is the answer */
	TU_ONCE_OPEN, /* somebody does the work, or died doing it */
	TU_ONCE_OTHER /* the key was used for another request */
};

/* What became of a key. */
struct tu_once_found {
	enum tu_once_state state;
	struct tu_once_answer answer; /* DONE */
};

/* Take a key. Keys that are older than a day are forgotten on the way. */
TU_NODISCARD enum tu_status tu_once_begin(struct tu_store *store, const struct tu_once *once,
	struct tu_arena *arena, struct tu_once_found *out_found, struct tu_error *err);

/* Keep the answer. */
TU_NODISCARD enum tu_status tu_once_end(struct tu_store *store, const struct tu_once *once,
	const struct tu_once_answer *answer, struct tu_error *err);

/* Give the key back. */
TU_NODISCARD enum tu_status tu_once_forget(
	struct tu_store *store, const struct tu_once *once, struct tu_error *err);

#endif
