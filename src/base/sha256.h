/*
 * SHA-256 (FIPS 180-4), by OpenSSL.
 */
#ifndef TU_BASE_SHA256_H
#define TU_BASE_SHA256_H

#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_SHA256_BYTES = 32 };

/* Hash one text. TU_E_NOMEM when the library has no memory. */
TU_NODISCARD enum tu_status tu_sha256(struct tu_str text, uint8_t out_digest[TU_SHA256_BYTES]);

/* Append as 64 lower-case hexadecimal digits. */
void tu_sha256_write(const uint8_t digest[TU_SHA256_BYTES], struct tu_buf *out);

#endif
