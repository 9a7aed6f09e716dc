#include "base/sha512.h"

#include "base/crypto.h"

enum tu_status tu_sha512(
	struct tu_str text, uint8_t out_digest[TU_SHA512_BYTES], struct tu_error *err)
{
	const struct tu_crypto *crypto = tu_crypto();
	SHA512_CTX context;

	if (!crypto)
		return tu_crypto_missing(err);
	return crypto->SHA512_Init(&context) == 1 &&
			crypto->SHA512_Update(&context, text.ptr, text.len) == 1 &&
			crypto->SHA512_Final(out_digest, &context) == 1
		? TU_OK
		: tu_no_memory(err);
}
