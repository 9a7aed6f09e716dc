#include "base/hmac.h"

#include <string.h>

#include "base/crypto.h"
#include "base/ed25519.h"

enum { BLOCK = 64 };

static const char *const names[] = {[TU_HMAC_SHA1] = "SHA1", [TU_HMAC_SHA256] = "SHA256"};

/* The hash of two texts, one after the other. */
static bool hash_both(const struct tu_crypto *crypto, const EVP_MD *kind,
	const struct tu_str texts[2], uint8_t out[EVP_MAX_MD_SIZE], unsigned *out_len)
{
	EVP_MD_CTX *ctx = crypto->EVP_MD_CTX_new();
	bool done = ctx && crypto->EVP_DigestInit_ex(ctx, kind, NULL) == 1;

	for (size_t i = 0; done && i < 2; i++)
		done = texts[i].len == 0 ||
			crypto->EVP_DigestUpdate(ctx, texts[i].ptr, texts[i].len) == 1;
	done = done && crypto->EVP_DigestFinal_ex(ctx, out, out_len) == 1;
	crypto->EVP_MD_CTX_free(ctx);
	return done;
}

/* The key as one block: a longer one is hashed. */
static bool pad_key(const struct tu_crypto *crypto, const EVP_MD *kind, struct tu_str key,
	uint8_t out[BLOCK + EVP_MAX_MD_SIZE])
{
	unsigned len;

	memset(out, 0, BLOCK);
	if (key.len > BLOCK)
		return hash_both(crypto, kind, (const struct tu_str[2]){key, {"", 0}}, out, &len);
	if (key.len)
		memcpy(out, key.ptr, key.len);
	return true;
}

static bool run(const struct tu_crypto *crypto, const EVP_MD *kind, const struct tu_str texts[2],
	uint8_t out[EVP_MAX_MD_SIZE], unsigned *out_len)
{
	uint8_t key[BLOCK + EVP_MAX_MD_SIZE], inner[BLOCK], outer[BLOCK], digest[EVP_MAX_MD_SIZE];
	bool done = pad_key(crypto, kind, texts[0], key);

	for (size_t i = 0; i < BLOCK; i++) {
		inner[i] = done ? key[i] ^ 0x36 : 0;
		outer[i] = done ? key[i] ^ 0x5c : 0;
	}
	done = done &&
		hash_both(crypto, kind,
			(const struct tu_str[2]){tu_str_of((const char *)inner, BLOCK), texts[1]},
			digest, out_len) &&
		hash_both(crypto, kind,
			(const struct tu_str[2]){tu_str_of((const char *)outer, BLOCK),
				tu_str_of((const char *)digest, *out_len)},
			out, out_len);
	tu_wipe(key, sizeof(key));
	tu_wipe(inner, sizeof(inner));
	tu_wipe(outer, sizeof(outer));
	return done;
}

enum tu_status tu_hmac(enum tu_hmac_hash hash, struct tu_str key, struct tu_str text,
	uint8_t out[TU_HMAC_MAX], struct tu_error *err)
{
	const struct tu_crypto *crypto = tu_crypto();
	uint8_t code[EVP_MAX_MD_SIZE];
	const EVP_MD *kind;
	unsigned len = 0;

	memset(out, 0, TU_HMAC_MAX);
	if (!crypto)
		return tu_crypto_missing(err);
	kind = crypto->EVP_get_digestbyname(names[hash]);
	if (!kind)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "OpenSSL has no %s", names[hash]);
	if (!run(crypto, kind, (const struct tu_str[2]){key, text}, code, &len))
		return tu_no_memory(err);
	memcpy(out, code, len < TU_HMAC_MAX ? len : TU_HMAC_MAX);
	return TU_OK;
}
