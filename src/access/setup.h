/*
 * The first administrator: by a link that the first start prints, once.
 *
 * The token, 256 random bits, is good for 24 hours and for one person; the store has its SHA-256.
 * As soon as there is an administrator it does not count any more, and no new one is made. A lost
 * one is replaced (`tutela admin token`), which ends the one before.
 *
 * Errors are those of store/store.h. Any thread.
 */
#ifndef TU_ACCESS_SETUP_H
#define TU_ACCESS_SETUP_H

#include "audit/person.h"

enum { TU_SETUP_DIGITS = 64 };
#define TU_SETUP_LIFE_US (INT64_C(24) * 3600 * 1000000)

/* Make a token; recorded. TU_E_CONFLICT: there is an administrator. */
TU_NODISCARD enum tu_status tu_setup_make(struct tu_store *store, const struct tu_audit_act *act,
	char out_token[TU_SETUP_DIGITS + 1], struct tu_error *err);

/* Does nobody administrate yet? The first start asks it. */
TU_NODISCARD enum tu_status tu_setup_due(
	struct tu_store *store, bool *out_due, struct tu_error *err);

/* Add the first administrator; `person` has a password, its role does not matter. The actor is
 * "setup". TU_E_CONSTRAINT "setup": the token does not count. TU_E_USAGE: a value is not as it
 * should be; the token still counts. */
struct tu_setup {
	struct tu_str token;
	const struct tu_person_new *person;
	int64_t at;
};
TU_NODISCARD enum tu_status tu_setup_use(struct tu_store *store, const struct tu_setup *setup,
	char out_public[TU_RANDOM_ID + 1], struct tu_error *err);

#endif
