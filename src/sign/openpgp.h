/*
 * The OpenPGP key that signs CSAF documents, and its detached signatures (CSAF 2.0, 7.1.19 and
 * 7.1.20): Ed25519, SHA-512, without passphrase and without end. By librnp, which is loaded when
 * there is one; without it there is no such key and nothing is signed so.
 *
 * In the signing process only. What librnp needs of the system it takes when a key is opened; after
 * that it signs in a process that can open nothing (sign/confine.h).
 */
#ifndef TU_SIGN_OPENPGP_H
#define TU_SIGN_OPENPGP_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum {
	TU_OPENPGP_FINGERPRINT = 40, /* digits, in lower case */
	TU_OPENPGP_TEXT_MAX = 6144 /* bytes of a key or a signature, armored */
};

struct tu_openpgp;

/* Is there a librnp? */
bool tu_openpgp_there(void);

/* Make a key at a time (us since 1970, UTC), and append it armored with its secret part; wipe that.
 * TU_E_UNSUPPORTED: there is no librnp; TU_E_IO: it fails, which it says in a number. */
TU_NODISCARD enum tu_status tu_openpgp_make(
	int64_t at, const char *user_id, struct tu_buf *out_secret, struct tu_error *err);

/* Open what tu_openpgp_make() wrote. TU_E_SYNTAX: it is no secret key. */
TU_NODISCARD enum tu_status tu_openpgp_open(
	struct tu_str secret, struct tu_openpgp **out_key, struct tu_error *err);
/* NULL is fine. */
void tu_openpgp_close(struct tu_openpgp *key);

const char *tu_openpgp_fingerprint(const struct tu_openpgp *key);
int64_t tu_openpgp_made(const struct tu_openpgp *key); /* seconds since 1970, UTC */
/* Append the public key, armored. */
TU_NODISCARD enum tu_status tu_openpgp_public(
	const struct tu_openpgp *key, struct tu_buf *out, struct tu_error *err);

/* Append a detached signature, armored, as of a time (us since 1970, UTC), and verify it.
 * TU_E_CONSTRAINT: the time is before the key was made, so nobody would accept it. */
TU_NODISCARD enum tu_status tu_openpgp_sign(const struct tu_openpgp *key, struct tu_str document,
	int64_t at, struct tu_buf *out_signature, struct tu_error *err);

#endif
