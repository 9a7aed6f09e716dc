#define _DEFAULT_SOURCE /* explicit_bzero */
#include "base/ed25519.h"

#include <string.h>

#include "base/crypto.h"

static enum tu_status failed(struct tu_error *err)
{
	return tu_fail(err, TU_E_NOMEM, 0, "the key cannot be used");
}

enum tu_status tu_ed25519_make(uint8_t out_seed[TU_ED25519_KEY], struct tu_error *err)
{
	const struct tu_crypto *crypto = tu_crypto();

	if (!crypto)
		return tu_crypto_missing(err);
	if (crypto->RAND_bytes(out_seed, TU_ED25519_KEY) != 1)
		return tu_fail(err, TU_E_IO, 0, "the system gives no random numbers");
	return TU_OK;
}

static EVP_PKEY *pair_of(const struct tu_crypto *crypto, const uint8_t seed[TU_ED25519_KEY])
{
	return crypto->EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, TU_ED25519_KEY);
}

enum tu_status tu_ed25519_public(const uint8_t seed[TU_ED25519_KEY],
	uint8_t out_public[TU_ED25519_KEY], struct tu_error *err)
{
	const struct tu_crypto *crypto = tu_crypto();
	size_t len = TU_ED25519_KEY;
	EVP_PKEY *pair;
	bool ok;

	if (!crypto)
		return tu_crypto_missing(err);
	pair = pair_of(crypto, seed);
	ok = pair && crypto->EVP_PKEY_get_raw_public_key(pair, out_public, &len) == 1 &&
		len == TU_ED25519_KEY;

	crypto->EVP_PKEY_free(pair);
	return ok ? TU_OK : failed(err);
}

enum tu_status tu_ed25519_sign(const uint8_t seed[TU_ED25519_KEY], struct tu_str message,
	uint8_t out_signature[TU_ED25519_SIGNATURE], struct tu_error *err)
{
	const struct tu_crypto *crypto = tu_crypto();
	size_t len = TU_ED25519_SIGNATURE;
	EVP_MD_CTX *context;
	EVP_PKEY *pair;
	bool ok;

	if (!crypto)
		return tu_crypto_missing(err);
	pair = pair_of(crypto, seed);
	context = crypto->EVP_MD_CTX_new();
	ok = pair && context && crypto->EVP_DigestSignInit(context, NULL, NULL, NULL, pair) == 1 &&
		crypto->EVP_DigestSign(context, out_signature, &len,
			(const unsigned char *)message.ptr, message.len) == 1 &&
		len == TU_ED25519_SIGNATURE;

	crypto->EVP_MD_CTX_free(context);
	crypto->EVP_PKEY_free(pair);
	return ok ? TU_OK : failed(err);
}

bool tu_ed25519_holds(const uint8_t public_key[TU_ED25519_KEY], struct tu_str message,
	const uint8_t signature[TU_ED25519_SIGNATURE])
{
	const struct tu_crypto *crypto = tu_crypto();
	EVP_MD_CTX *context;
	EVP_PKEY *half;
	bool ok;

	if (!crypto)
		return false;
	half = crypto->EVP_PKEY_new_raw_public_key(
		EVP_PKEY_ED25519, NULL, public_key, TU_ED25519_KEY);
	context = crypto->EVP_MD_CTX_new();
	ok = half && context &&
		crypto->EVP_DigestVerifyInit(context, NULL, NULL, NULL, half) == 1 &&
		crypto->EVP_DigestVerify(context, signature, TU_ED25519_SIGNATURE,
			(const unsigned char *)message.ptr, message.len) == 1;

	crypto->EVP_MD_CTX_free(context);
	crypto->EVP_PKEY_free(half);
	return ok;
}

void tu_wipe(void *bytes, size_t len)
{
	if (bytes)
		explicit_bzero(bytes, len);
}
