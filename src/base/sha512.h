/*
 * SHA-512 (FIPS 180-4), by OpenSSL.
 */
#ifndef TU_BASE_SHA512_H
#define TU_BASE_SHA512_H

#include <stdint.h>

#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_SHA512_BYTES = 64 };

/* TU_E_NOMEM when the library has no memory; TU_E_UNSUPPORTED when it is not installed. */
TU_NODISCARD enum tu_status tu_sha512(
	struct tu_str text, uint8_t out_digest[TU_SHA512_BYTES], struct tu_error *err);

#endif
