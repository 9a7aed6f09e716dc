/*
 * The ledger for somebody who does not see everything.
 *
 * They read the records about the devices of their scope, and no others:
 *
 *   device:NAME             the device itself, since it was last added under this name
 *   device:NAME/FILE        a file of it, also one that is there no more
 *   decision:NAME/FILE      a decision on it
 *   release:ID              a release of it
 *   signature:ID            a signature of such a decision
 *
 * What is about anything else (persons, teams, keys, cases, jobs, knowledge, settings) is about
 * more than one device, and is not theirs. Numbers and hashes are not given out: a gap in the
 * numbers counts, and a hash could confirm, what others do. For the same reason a page begins after
 * a number of rows of this view, not of the ledger.
 *
 * Errors are those of store/store.h. Texts are in the arena that is given.
 */
#ifndef TU_PORTFOLIO_LEDGER_VIEW_H
#define TU_PORTFOLIO_LEDGER_VIEW_H

#include "audit/ledger_list.h"
#include "list/query.h"
#include "portfolio/work.h"

struct tu_ledger_view_ask {
	const struct tu_list_scope *scope;
	struct tu_ledger_filter filter;
	uint64_t end; /* how many of the oldest rows count; UINT64_MAX: all */
	uint32_t limit;
};

struct tu_ledger_view {
	struct tu_ledger_rows rows; /* newest first; their n and hash are 0 */
	uint64_t total;
	uint64_t rest; /* rows that are older than these: `end` of the next page; 0: none */
};

TU_NODISCARD enum tu_status tu_ledger_view(struct tu_work *w, const struct tu_ledger_view_ask *ask,
	struct tu_arena *arena, struct tu_ledger_view *out_view, struct tu_error *err);

/* What the subject of a record means to a reader: "release:ID" is a device and a version,
 * "signal:ID" a title. Empty: it says it itself, or what it was about is gone. Of records that the
 * reader may read. */
struct tu_ledger_subject {
	struct tu_str name;
	struct tu_str of; /* of a signature, a baseline, …: the subject that it is about */
};
TU_NODISCARD enum tu_status tu_ledger_subject(struct tu_work *w, struct tu_str subject,
	struct tu_ledger_subject *out_subject, struct tu_error *err);

/* Signatures of a subject ("assessment:ID"), the oldest first: of a device in the scope, or of
 * anything for who sees everything. */
struct tu_signature_row {
	struct tu_str public, person, name, meaning, subject;
	struct tu_str content; /* SHA-256 in hexadecimal digits */
	struct tu_str zone;
	struct tu_str credential_resets; /* JSON, as of audit/reset.h */
	int64_t at; /* us */
};
struct tu_signature_rows {
	struct tu_signature_row *at;
	size_t count;
};
struct tu_signature_ask {
	const struct tu_list_scope *scope;
	struct tu_str subject;
};
TU_NODISCARD enum tu_status tu_signature_rows(struct tu_work *w, const struct tu_signature_ask *ask,
	struct tu_arena *arena, struct tu_signature_rows *out_rows, struct tu_error *err);

#endif
