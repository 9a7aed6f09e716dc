/*
 * The plain functions of OpenSSL, not its EVP ones: those first set the whole library up, its
 * configuration file included, and take it down at the end, three of the ten milliseconds that a
 * scan may last. Both compute by the same code.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/sha256.h"

#include <openssl/sha.h>

enum tu_status tu_sha256(struct tu_str text, uint8_t out_digest[TU_SHA256_BYTES])
{
	SHA256_CTX context;

	if (SHA256_Init(&context) != 1 || SHA256_Update(&context, text.ptr, text.len) != 1 ||
		SHA256_Final(out_digest, &context) != 1)
		return TU_E_NOMEM;
	return TU_OK;
}

void tu_sha256_write(const uint8_t digest[TU_SHA256_BYTES], struct tu_buf *out)
{
	for (size_t i = 0; i < TU_SHA256_BYTES; i++)
		tu_buf_printf(out, "%02x", digest[i]);
}
