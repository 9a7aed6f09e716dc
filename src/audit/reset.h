/*
 * What somebody else did to the means by which a person proves who they are: set their password,
 * took their second factor away, linked an account of a provider. Whoever did that could have
 * signed in as the person, so it is kept for a week where it is seen: the person sees it when they
 * sign in, and each signature of that time says it (21 CFR 11.300: loss management; 11.10(j)). The
 * ledger has all of them for ever; of one kind only the last is kept here.
 *
 * Errors are those of store/store.h. Any thread.
 */
#ifndef TU_AUDIT_RESET_H
#define TU_AUDIT_RESET_H

#include "audit/trail.h"
#include "base/json_writer.h"

enum tu_reset_kind { TU_RESET_PASSWORD, TU_RESET_FACTOR, TU_RESET_ACCOUNT, TU_RESETS };
enum { TU_RESET_BY_MAX = 100 };

#define TU_RESET_SHOWN_US (INT64_C(7) * 24 * 3600 * 1000000)

const char *tu_reset_name(enum tu_reset_kind kind); /* "password", "factor", "account" */

struct tu_reset {
	enum tu_reset_kind kind;
	char by[TU_RESET_BY_MAX + 1]; /* as the record has the actor */
	int64_t at; /* us since 1970, UTC */
};

/* Fixed storage; the oldest first. */
struct tu_resets {
	struct tu_reset at[TU_RESETS];
	size_t count;
};

struct tu_reset_of {
	int64_t person;
	struct tu_str public; /* theirs */
	enum tu_reset_kind kind;
};
/* Keep that `act` did it, among the statements of the transaction that records it. Nothing is kept
 * where the actor is the person. */
TU_NODISCARD enum tu_status tu_reset_keep(struct tu_tx *tx, const struct tu_reset_of *of,
	const struct tu_audit_act *act, struct tu_error *err);

/* Those of the week before `at`; also those of a later time: a clock that was set back hides none.
 */
TU_NODISCARD enum tu_status tu_resets_find(struct tu_tx *tx, int64_t person, int64_t at,
	struct tu_resets *out_resets, struct tu_error *err);

/* A JSON array of {"what", "by", "at"}. */
void tu_resets_write(const struct tu_resets *resets, struct tu_json_writer *json);

#endif
