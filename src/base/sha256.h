/*
 * SHA-256 (FIPS 180-4), by OpenSSL. One thread at a time per struct.
 */
#ifndef TU_BASE_SHA256_H
#define TU_BASE_SHA256_H

#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_SHA256_BYTES = 32 };

/* Hash one text. TU_E_NOMEM when the library has no memory, or is not installed: tu_fail()
 * says which. */
TU_NODISCARD enum tu_status tu_sha256(struct tu_str text, uint8_t out_digest[TU_SHA256_BYTES]);

/* The same of a text that comes in pieces: begin, add, end. */
struct tu_sha256 {
	_Alignas(8) unsigned char state[128];
};

TU_NODISCARD enum tu_status tu_sha256_begin(struct tu_sha256 *hash);
TU_NODISCARD enum tu_status tu_sha256_add(struct tu_sha256 *hash, struct tu_str piece);
TU_NODISCARD enum tu_status tu_sha256_end(
	struct tu_sha256 *hash, uint8_t out_digest[TU_SHA256_BYTES]);

/* Append as 64 lower-case hexadecimal digits. */
void tu_sha256_write(const uint8_t digest[TU_SHA256_BYTES], struct tu_buf *out);

/* Append the first `digits` (at most 64) hexadecimal digits of the text's digest: a mark by which
 * two texts stay apart. Out of memory: the buffer fails. */
void tu_sha256_mark(struct tu_str text, size_t digits, struct tu_buf *out);

#endif
