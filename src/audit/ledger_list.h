/*
 * Records of the ledger as people read them: newest first, filtered, a page at a time; one with
 * what comes before and after it in the chain; the signatures of a subject; checkpoints.
 *
 * What somebody who does not see everything may read is portfolio/ledger_view.h.
 *
 * Texts are in the arena that is given. Errors are those of store/store.h. Any thread.
 */
#ifndef TU_AUDIT_LEDGER_LIST_H
#define TU_AUDIT_LEDGER_LIST_H

#include <tutela/arena.h>

#include "audit/trail.h"

/* All empty or 0: every record. Texts are compared as a whole. */
struct tu_ledger_filter {
	struct tu_str subject; /* "device:pump" */
	struct tu_str actor; /* public id, or a part of the program */
	struct tu_str action; /* "device.create" */
	int64_t from, to; /* us since 1970, UTC: from <= at < to */
};

/* A record; `texts` has actor, action, subject, body. */
struct tu_ledger_rows {
	struct tu_ledger_record *at;
	size_t count;
};

/* The newest records below a number, at most `limit`. `before` INT64_MAX: from the end. */
struct tu_ledger_ask {
	struct tu_ledger_filter filter;
	int64_t before;
	uint32_t limit;
};
TU_NODISCARD enum tu_status tu_ledger_rows(struct tu_tx *tx, const struct tu_ledger_ask *ask,
	struct tu_arena *arena, struct tu_ledger_rows *out_rows, struct tu_error *err);
/* How many there are, counted to TU_LEDGER_COUNT_MAX at most: `*out_exact` says whether all. */
enum { TU_LEDGER_COUNT_MAX = 10000 };
TU_NODISCARD enum tu_status tu_ledger_count(struct tu_tx *tx, const struct tu_ledger_filter *filter,
	int64_t *out_count, bool *out_exact, struct tu_error *err);
/* One record and its place in the chain. */
struct tu_ledger_one {
	struct tu_ledger_record record;
	uint8_t before[TU_SHA256_BYTES]; /* hash of the record before; zeros for the first */
	uint8_t after[TU_SHA256_BYTES]; /* stated hash of the next; zeros: it is the last */
	bool last;
	bool follows; /* its hash is that of its contents and of the record before */
	int64_t checkpoint; /* of the first checkpoint that vouches for it; 0: none yet */
};
/* TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_ledger_one(struct tu_tx *tx, int64_t n, struct tu_arena *arena,
	struct tu_ledger_one *out_one, struct tu_error *err);

struct tu_checkpoint_row {
	int64_t n, at;
	struct tu_str hash; /* hexadecimal digits */
	struct tu_str key; /* id */
	int64_t exported; /* us; 0: not yet */
};
struct tu_checkpoint_rows {
	struct tu_checkpoint_row *at;
	size_t count;
};
/* The newest first. */
TU_NODISCARD enum tu_status tu_checkpoint_rows(struct tu_tx *tx, struct tu_arena *arena,
	struct tu_checkpoint_rows *out_rows, struct tu_error *err);

#endif
