/*
 * The knowledge base in the database: whole files in pieces, by the digest in their header, of
 * which one is the current one. A node fetches it, verifies it and maps it; it answers with the one
 * that was current when a request began. Facts and scores in the store are always those of the
 * current one: naming another is a re-match (portfolio/rematch.h).
 */
#ifndef TU_PORTFOLIO_KNOWLEDGE_H
#define TU_PORTFOLIO_KNOWLEDGE_H

#include <tutela/kb.h>

#include "portfolio/work.h"

enum { TU_KNOWLEDGE_CHUNK = 1 << 20, TU_KNOWLEDGE_HEX = 2 * TU_SHA256_BYTES };

struct tu_knowledge_row {
	int64_t id; /* 0: none */
	uint8_t digest[TU_SHA256_BYTES]; /* tu_kb_info.sha256 */
	int64_t bytes, chunks;
	int64_t newest; /* seconds; the newest date of a record */
};

/* The current one; id 0 when none is named yet. */
TU_NODISCARD enum tu_status tu_knowledge_current(
	struct tu_work *w, struct tu_knowledge_row *out_row, struct tu_error *err);
/* The same, and it stays the current one until this transaction ends: for whoever writes facts.
 * Several may hold it; naming another waits for all of them, and so sees what they wrote. */
TU_NODISCARD enum tu_status tu_knowledge_hold(
	struct tu_work *w, struct tu_knowledge_row *out_row, struct tu_error *err);
TU_NODISCARD enum tu_status tu_knowledge_by_digest(struct tu_work *w,
	const uint8_t digest[TU_SHA256_BYTES], struct tu_knowledge_row *out_row,
	struct tu_error *err);

/* Keep a verified file; one that is there is the same. Does not name it current. */
TU_NODISCARD enum tu_status tu_knowledge_put(struct tu_work *w, const struct tu_kb *kb,
	struct tu_knowledge_row *out_row, struct tu_error *err);
/* Name it current; recorded. `before` was current until now: TU_E_CONFLICT when another is. For
 * the first one, and for portfolio/rematch.h. */
TU_NODISCARD enum tu_status tu_knowledge_name(struct tu_work *w,
	const struct tu_knowledge_row *before, const struct tu_knowledge_row *row,
	struct tu_error *err);

/* Write the file to `path` (as a whole or not at all) and verify it: digest and every reference.
 * TU_E_CORRUPT when it is not what its row says. */
TU_NODISCARD enum tu_status tu_knowledge_fetch(struct tu_work *w,
	const struct tu_knowledge_row *row, const char *path, struct tu_error *err);

#endif
