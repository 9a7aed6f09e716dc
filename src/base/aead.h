/*
 * Sealing with AES-256-GCM (NIST SP 800-38D), by OpenSSL: who does not have the key can neither
 * read a box nor change it unnoticed. Any thread.
 */
#ifndef TU_BASE_AEAD_H
#define TU_BASE_AEAD_H

#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_AEAD_KEY = 32, TU_AEAD_NONCE = 12, TU_AEAD_TAG = 16, TU_AEAD_MAX = 1 << 24 };

/* What a box is sealed with. */
struct tu_aead {
	const uint8_t *key; /* TU_AEAD_KEY bytes */
	const uint8_t *nonce; /* TU_AEAD_NONCE bytes, which must never come twice with one key */
	struct tu_str context; /* is bound to the box, and must be given again to open it */
};

/* Append the box: as long as `text`, and TU_AEAD_TAG bytes. TU_E_LIMIT, TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_aead_seal(
	const struct tu_aead *with, struct tu_str text, struct tu_buf *out, struct tu_error *err);

/* Append what is in the box. TU_E_CORRUPT: another key, nonce or context, or the box was changed;
 * `out` is as it was. */
TU_NODISCARD enum tu_status tu_aead_open(
	const struct tu_aead *with, struct tu_str box, struct tu_buf *out, struct tu_error *err);

#endif
