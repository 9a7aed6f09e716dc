/*
 * Ed25519 keys as lines of text, as files keep them: docs/formats/bundle.md.
 */
#ifndef TU_BASE_SIGNING_KEY_H
#define TU_BASE_SIGNING_KEY_H

#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/ed25519.h"

enum { TU_KEY_ID_BYTES = 8, TU_KEY_ID_DIGITS = 16, TU_KEY_TEXT_MAX = 4096 };

struct tu_signing_key {
	uint8_t seed[TU_ED25519_KEY];
	uint8_t public_key[TU_ED25519_KEY];
};

struct tu_verifying_key {
	uint8_t public_key[TU_ED25519_KEY];
};

/* A new key from the system's random numbers. TU_E_IO when there are none. */
TU_NODISCARD enum tu_status tu_key_make(struct tu_signing_key *out_key, struct tu_error *err);
/* Append a key's text: one line. */
void tu_key_write_signing(const struct tu_signing_key *key, struct tu_buf *out);
void tu_key_write_verifying(const struct tu_verifying_key *key, struct tu_buf *out);
/* Read such a text; lines that begin with "#" do not count. TU_E_SYNTAX; a key of the other kind is
 * reported so. */
TU_NODISCARD enum tu_status tu_key_read_signing(
	struct tu_str text, struct tu_signing_key *out_key, struct tu_error *err);
TU_NODISCARD enum tu_status tu_key_read_verifying(
	struct tu_str text, struct tu_verifying_key *out_key, struct tu_error *err);
/* The first bytes of the SHA-256 of the public key: to distinguish keys, not to trust. */
TU_NODISCARD enum tu_status tu_key_id(const uint8_t public_key[TU_ED25519_KEY],
	uint8_t out_id[TU_KEY_ID_BYTES], struct tu_error *err);
/* The same as TU_KEY_ID_DIGITS hexadecimal digits and NUL. */
TU_NODISCARD enum tu_status tu_key_id_text(const uint8_t public_key[TU_ED25519_KEY],
	char out_id[TU_KEY_ID_DIGITS + 1], struct tu_error *err);

#endif
