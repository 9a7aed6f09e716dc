#include "base/ed25519.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

static enum tu_status failed(struct tu_error *err)
{
	return tu_fail(err, TU_E_NOMEM, 0, "the key cannot be used");
}

enum tu_status tu_ed25519_make(uint8_t out_seed[TU_ED25519_KEY], struct tu_error *err)
{
	if (RAND_bytes(out_seed, TU_ED25519_KEY) != 1)
		return tu_fail(err, TU_E_IO, 0, "the system gives no random numbers");
	return TU_OK;
}

static EVP_PKEY *pair_of(const uint8_t seed[TU_ED25519_KEY])
{
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, TU_ED25519_KEY);
}

enum tu_status tu_ed25519_public(const uint8_t seed[TU_ED25519_KEY],
	uint8_t out_public[TU_ED25519_KEY], struct tu_error *err)
{
	EVP_PKEY *pair = pair_of(seed);
	size_t len = TU_ED25519_KEY;
	bool ok = pair && EVP_PKEY_get_raw_public_key(pair, out_public, &len) == 1 &&
		len == TU_ED25519_KEY;

	EVP_PKEY_free(pair);
	return ok ? TU_OK : failed(err);
}

enum tu_status tu_ed25519_sign(const uint8_t seed[TU_ED25519_KEY], struct tu_str message,
	uint8_t out_signature[TU_ED25519_SIGNATURE], struct tu_error *err)
{
	EVP_PKEY *pair = pair_of(seed);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t len = TU_ED25519_SIGNATURE;
	bool ok = pair && context && EVP_DigestSignInit(context, NULL, NULL, NULL, pair) == 1 &&
		EVP_DigestSign(context, out_signature, &len, (const unsigned char *)message.ptr,
			message.len) == 1 &&
		len == TU_ED25519_SIGNATURE;

	EVP_MD_CTX_free(context);
	EVP_PKEY_free(pair);
	return ok ? TU_OK : failed(err);
}

bool tu_ed25519_holds(const uint8_t public_key[TU_ED25519_KEY], struct tu_str message,
	const uint8_t signature[TU_ED25519_SIGNATURE])
{
	EVP_PKEY *half =
		EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, TU_ED25519_KEY);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool ok = half && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, half) == 1 &&
		EVP_DigestVerify(context, signature, TU_ED25519_SIGNATURE,
			(const unsigned char *)message.ptr, message.len) == 1;

	EVP_MD_CTX_free(context);
	EVP_PKEY_free(half);
	return ok;
}

void tu_wipe(void *bytes, size_t len)
{
	if (bytes)
		OPENSSL_cleanse(bytes, len);
}
