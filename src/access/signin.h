/*
 * Signing in with login, password and, where the person has a second factor, a code; and proving
 * again who one is, to sign (21 CFR 11.200) or to change one's own access.
 *
 * Both count as attempts (access/backoff.h). The answer is the same, and takes as long, whether the
 * login is wrong, the password, or both. Errors are those of store/store.h, and
 *
 *   TU_E_BUSY        "signin-wait"     too many failures: wait_s says how long     (HTTP 429)
 *   TU_E_CONSTRAINT  "authentication"  login, password or code are wrong           (HTTP 401)
 *   TU_E_CONSTRAINT  "password-expired"  they are right; a one-time password that counts no more
 * (401) TU_E_CONSTRAINT  "code"            login and password are right; a code is needed  (HTTP
 * 401) TU_E_CONSTRAINT  "provider"        this session proves again at its provider   (HTTP 403)
 *
 * Any thread; a call takes a tenth of a second and 64 MiB, on purpose.
 */
#ifndef TU_ACCESS_SIGNIN_H
#define TU_ACCESS_SIGNIN_H

#include "access/session.h"

struct tu_signin {
	struct tu_str login; /* empty when proving again */
	struct tu_str password;
	struct tu_str code; /* of the authenticator, or a recovery code; may be empty */
	struct tu_str new_password; /* of tu_signin_change() only */
	struct tu_access_from from;
};

struct tu_signin_done {
	struct tu_session_made session; /* wipe it */
	uint32_t wait_s; /* with "signin-wait"; UINT32_MAX: until an administrator unlocks it */
};

/* Sign in: a new session, recorded. */
TU_NODISCARD enum tu_status tu_signin(const struct tu_access_base *base,
	const struct tu_signin *signin, struct tu_signin_done *out_done, struct tu_error *err);

struct tu_proved {
	struct tu_proof proof; /* good for TU_PROOF_US */
	uint32_t wait_s; /* as above */
};

/* Prove again, by password and code, that it is the person of the session; the session keeps when.
 * TU_E_CONSTRAINT "access": this is no session. */
TU_NODISCARD enum tu_status tu_prove(const struct tu_access_base *base, const struct tu_access *who,
	const struct tu_signin *again, struct tu_proved *out_proved, struct tu_error *err);

/* The same for a program of this machine, which has no session: by login. Nothing is kept. */
TU_NODISCARD enum tu_status tu_prove_login(const struct tu_access_base *base,
	const struct tu_signin *signin, struct tu_proved *out_proved, struct tu_error *err);

/* The proof of a session, however it began, that is not older than TU_PROOF_US. TU_E_CONSTRAINT
 * "proof": there is none; "access": it is no session. */
TU_NODISCARD enum tu_status tu_prove_fresh(
	const struct tu_access *who, int64_t at, struct tu_proof *out_proof, struct tu_error *err);

/* The proof that a session with a provider got there (access/oidc.h) not longer ago than
 * TU_PROOF_US. TU_E_CONSTRAINT "proof": there is none; "access": it is no such session. */
TU_NODISCARD enum tu_status tu_prove_provider(
	const struct tu_access *who, int64_t at, struct tu_proof *out_proof, struct tu_error *err);

/* Choose another password: prove again with the old one. All sessions end, a new one begins. */
TU_NODISCARD enum tu_status tu_signin_change(const struct tu_access_base *base,
	const struct tu_access *who, const struct tu_signin *again, struct tu_signin_done *out_done,
	struct tu_error *err);

/* Remove one's own second factor: prove again. TU_E_USAGE: the password is one that needs a
 * second factor; choose a longer one first. */
TU_NODISCARD enum tu_status tu_signin_remove_factor(const struct tu_access_base *base,
	const struct tu_access *who, const struct tu_signin *again, struct tu_proved *out_proved,
	struct tu_error *err);

#endif
