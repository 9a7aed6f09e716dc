/*
 * Ed25519 signatures (RFC 8032), by OpenSSL.
 */
#ifndef TU_BASE_ED25519_H
#define TU_BASE_ED25519_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_ED25519_KEY = 32, TU_ED25519_SIGNATURE = 64 };

/* A new secret from the system's random numbers. TU_E_IO when there are none. */
TU_NODISCARD enum tu_status tu_ed25519_make(uint8_t out_seed[TU_ED25519_KEY], struct tu_error *err);
/* The public key of a secret. */
TU_NODISCARD enum tu_status tu_ed25519_public(const uint8_t seed[TU_ED25519_KEY],
	uint8_t out_public[TU_ED25519_KEY], struct tu_error *err);
TU_NODISCARD enum tu_status tu_ed25519_sign(const uint8_t seed[TU_ED25519_KEY],
	struct tu_str message, uint8_t out_signature[TU_ED25519_SIGNATURE], struct tu_error *err);
/* Does the signature hold? False also when memory is out, or libcrypto is not installed. */
TU_NODISCARD bool tu_ed25519_holds(const uint8_t public_key[TU_ED25519_KEY], struct tu_str message,
	const uint8_t signature[TU_ED25519_SIGNATURE]);

/* Overwrite a secret, which no compiler may leave out. NULL is fine. */
void tu_wipe(void *bytes, size_t len);

#endif
