/*
 * Is somebody who asked a while ago still who they were? For answers that go on: streams of events;
 * and for what is written after the request was let in.
 *
 * Nothing is written: a stream is no use of a session, which ends an hour after the last request.
 * Any thread.
 */
#ifndef TU_ACCESS_STILL_H
#define TU_ACCESS_STILL_H

#include "access/access.h"
#include "store/store.h"

/* TU_OK: nothing has changed. TU_E_CONSTRAINT with pointer "access": the session or the key is
 * over, or who it is of may act no more, has another role or sees other devices than `who->scope`
 * says: they ask again. Others are of the store. */
TU_NODISCARD enum tu_status tu_access_still(
	struct tu_store *store, const struct tu_access *who, int64_t at, struct tu_error *err);

/* The same in the transaction of what they do: who->scope becomes what they see now, in the arena,
 * so that nothing is done by what they saw when the request began; empty where it fails. */
TU_NODISCARD enum tu_status tu_access_again(struct tu_tx *tx, struct tu_access *who, int64_t at,
	struct tu_arena *arena, struct tu_error *err);

#endif
