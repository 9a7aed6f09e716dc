/*
 * Passwords, kept as Argon2id hashes (RFC 9106) by libsodium.
 *
 * Pure but for randomness; any thread. One call takes some 64 MiB and a tenth of a second, on
 * purpose: never within a transaction.
 */
#ifndef TU_SIGN_PASSWORD_H
#define TU_SIGN_PASSWORD_H

#include <stdbool.h>

#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_PASSWORD_HASH_MAX = 128, TU_PASSWORD_MIN = 12, TU_PASSWORD_MAX = 1024 };

/* Hash a password; the text ends in NUL. TU_E_USAGE: shorter than TU_PASSWORD_MIN or longer than
 * TU_PASSWORD_MAX bytes; TU_E_UNSUPPORTED: libsodium is not installed; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_password_hash(
	struct tu_str password, char out_hash[TU_PASSWORD_HASH_MAX], struct tu_error *err);

/* Is it the password of the hash? An empty hash is that of nobody: no password fits, and it takes
 * as long. TU_E_UNSUPPORTED as above. */
TU_NODISCARD enum tu_status tu_password_verify(const char hash[TU_PASSWORD_HASH_MAX],
	struct tu_str password, bool *out_fits, struct tu_error *err);

#endif
