/*
 * The second factor of a local user: one-time passwords of an authenticator (access/totp.h), and
 * ten recovery codes for the day on which it is lost.
 *
 * The secret is sealed with the data folder's key (datadir/secret.h); of a recovery code, 125
 * random bits, the store has the SHA-256 (NIST SP 800-63B-4, 3.1.2.2). A code of the authenticator
 * and a recovery code count once. What changes a factor asks for a proof of who it is.
 *
 * Errors are those of store/store.h. Any thread.
 */
#ifndef TU_ACCESS_FACTOR_H
#define TU_ACCESS_FACTOR_H

#include "access/base.h"
#include "audit/person.h"

enum {
	TU_RECOVERY_CODES = 10,
	TU_RECOVERY_LETTERS = 25, /* of base32 */
	TU_RECOVERY_CODE = TU_RECOVERY_LETTERS + 4 /* with "-" after each five */
};

enum tu_factor_state {
	TU_FACTOR_NONE, /* the person has no second factor */
	TU_FACTOR_MISSING, /* no code was given */
	TU_FACTOR_WRONG, /* also: it was used before */
	TU_FACTOR_RIGHT
};

struct tu_factor_try {
	int64_t person;
	struct tu_str code; /* of the authenticator, or a recovery code; may be empty */
	int64_t at;
};

/* Verify and use a code. TU_E_CONFLICT, TU_E_CORRUPT: the secret cannot be opened. */
TU_NODISCARD enum tu_status tu_factor_use(const struct tu_access_base *base,
	const struct tu_factor_try *attempt, enum tu_factor_state *out_state, struct tu_error *err);

struct tu_factor_enrolment {
	struct tu_proof proof; /* of the person, not older than TU_PROOF_US */
	struct tu_str issuer; /* for the authenticator: "Tutela", or the maker's name */
	int64_t at;
};

/* Make a secret, which does not count before a code of it was given; append its otpauth URI.
 * TU_E_CONFLICT: the person has a second factor, which must be removed first; TU_E_CONSTRAINT
 * "proof". */
TU_NODISCARD enum tu_status tu_factor_start(const struct tu_access_base *base,
	const struct tu_factor_enrolment *enrolment, struct tu_buf *out_uri, struct tu_error *err);

typedef char tu_recovery_codes[TU_RECOVERY_CODES][TU_RECOVERY_CODE + 1];

/* The first code: from now on the factor counts; the recovery codes, to be shown once.
 * TU_E_CONSTRAINT "code": it is wrong; TU_E_NOTFOUND: nothing was started. */
TU_NODISCARD enum tu_status tu_factor_confirm(const struct tu_access_base *base,
	const struct tu_factor_try *first, tu_recovery_codes out_codes, struct tu_error *err);

/* New recovery codes in place of the old ones. TU_E_CONSTRAINT "proof"; TU_E_NOTFOUND: there is no
 * second factor. */
TU_NODISCARD enum tu_status tu_factor_renew(const struct tu_access_base *base,
	const struct tu_proof *proof, int64_t at, tu_recovery_codes out_codes,
	struct tu_error *err);

/* Take the second factor of somebody away who has lost it; with it goes the password, which may be
 * too short without it, and every session. */
TU_NODISCARD enum tu_status tu_factor_reset(const struct tu_access_base *base, struct tu_str who,
	const struct tu_audit_act *act, struct tu_error *err);

/* Does the factor count, and how many recovery codes are left? */
struct tu_factor_status {
	bool enrolled;
	int64_t recovery_codes;
};
TU_NODISCARD enum tu_status tu_factor_status(struct tu_store *store, int64_t person,
	struct tu_factor_status *out_status, struct tu_error *err);

#endif
