#include "base/sha256.h"

#include <openssl/evp.h>

enum tu_status tu_sha256(struct tu_str text, uint8_t out_digest[TU_SHA256_BYTES])
{
	unsigned int len = TU_SHA256_BYTES;
	const void *bytes = text.len ? text.ptr : "";

	if (EVP_Digest(bytes, text.len, out_digest, &len, EVP_sha256(), NULL) != 1)
		return TU_E_NOMEM;
	return TU_OK;
}

void tu_sha256_write(const uint8_t digest[TU_SHA256_BYTES], struct tu_buf *out)
{
	for (size_t i = 0; i < TU_SHA256_BYTES; i++)
		tu_buf_printf(out, "%02x", digest[i]);
}
