/*
 * Releases of distributions: which of them a record is about, and which the data cover at all.
 */
#ifndef TU_MATCH_RELEASE_H
#define TU_MATCH_RELEASE_H

#include <tutela/match.h>

#include "kb/kb.h"
#include "match/identity.h"

enum { RELEASES_KEPT = 16, RELEASE_KEY_MAX = 128 };

/* Releases that were asked for, and whether any record covers them: an inventory has one or a
 * few. */
struct release_cache {
	struct {
		char key[RELEASE_KEY_MAX]; /* namespace, NUL, release */
		size_t len;
		bool covered;
	} at[RELEASES_KEPT];
	size_t next;
};

struct engine;

/* What becomes of `reason` when the record is about a certain release and the package is of
 * another, or of one that is not stated, not understood or not covered by any record. */
enum tu_reason tu_match__release_reason(struct engine *engine, const struct identity *id,
	const struct id_package *package, const struct kb_body *body, enum tu_reason reason);

/* A rebuild is not always in step: what its origin says is a hint, either way. The
 * reason, where a record of the origin has `reason`. */
enum tu_reason tu_match__origin_reason(enum tu_reason reason);

/* A record of another release does not make a component known: set engine->known where this one
 * may apply, else engine->release_missed where none of the distribution does. */
void tu_match__note_release(struct engine *engine, const struct identity *id,
	const struct id_package *package, const struct kb_body *body);

/* Add the present component's release to engine->uncovered, copied into the arena, where
 * engine->release_missed. False: no memory. */
TU_NODISCARD bool tu_match__note_uncovered(
	struct engine *engine, struct tu_arena *arena, struct tu_str distro);

#endif
