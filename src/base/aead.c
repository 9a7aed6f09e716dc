#include "base/aead.h"

#include "base/crypto.h"
#include "base/ed25519.h"

static const unsigned char *bytes_of(struct tu_str text)
{
	return (const unsigned char *)(text.len ? text.ptr : "");
}

/* Both ways begin alike: 1 when all is fine. */
static int begin(const struct tu_crypto *crypto, EVP_CIPHER_CTX *context,
	const struct tu_aead *with, int seals)
{
	int len;

	return context &&
		crypto->EVP_CipherInit_ex(
			context, crypto->EVP_aes_256_gcm(), NULL, with->key, with->nonce, seals) &&
		crypto->EVP_CipherUpdate(
			context, NULL, &len, bytes_of(with->context), (int)with->context.len);
}

enum tu_status tu_aead_seal(
	const struct tu_aead *with, struct tu_str text, struct tu_buf *out, struct tu_error *err)
{
	const struct tu_crypto *crypto = tu_crypto();
	EVP_CIPHER_CTX *cipher;
	unsigned char *box;
	int len = 0, rest = 0, fine;

	if (!crypto)
		return tu_crypto_missing(err);
	if (text.len > TU_AEAD_MAX || with->context.len > TU_AEAD_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "too long to be sealed");
	if (!tu_buf_reserve(out, text.len + TU_AEAD_TAG))
		return tu_no_memory(err);
	cipher = crypto->EVP_CIPHER_CTX_new();
	box = (unsigned char *)out->ptr + out->len;
	fine = begin(crypto, cipher, with, 1) &&
		crypto->EVP_CipherUpdate(cipher, box, &len, bytes_of(text), (int)text.len) &&
		crypto->EVP_CipherFinal_ex(cipher, box + len, &rest) &&
		crypto->EVP_CIPHER_CTX_ctrl(
			cipher, EVP_CTRL_GCM_GET_TAG, TU_AEAD_TAG, box + text.len);
	crypto->EVP_CIPHER_CTX_free(cipher);
	if (!fine)
		return tu_no_memory(err);
	out->len += text.len + TU_AEAD_TAG;
	return TU_OK;
}

enum tu_status tu_aead_open(
	const struct tu_aead *with, struct tu_str box, struct tu_buf *out, struct tu_error *err)
{
	unsigned char tag[TU_AEAD_TAG], *text;
	const struct tu_crypto *crypto = tu_crypto();
	struct tu_str sealed;
	EVP_CIPHER_CTX *cipher;
	int len = 0, rest = 0, fine;

	if (!crypto)
		return tu_crypto_missing(err);
	if (box.len < TU_AEAD_TAG || box.len > TU_AEAD_MAX + TU_AEAD_TAG)
		return tu_fail(err, TU_E_CORRUPT, 0, "no box that was sealed");
	sealed = tu_str_first(box, box.len - TU_AEAD_TAG);
	memcpy(tag, box.ptr + sealed.len, sizeof(tag));
	if (!tu_buf_reserve(out, sealed.len + 1))
		return tu_no_memory(err);
	cipher = crypto->EVP_CIPHER_CTX_new();
	text = (unsigned char *)out->ptr + out->len;
	fine = begin(crypto, cipher, with, 0) &&
		crypto->EVP_CipherUpdate(cipher, text, &len, bytes_of(sealed), (int)sealed.len) &&
		crypto->EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, TU_AEAD_TAG, tag) &&
		crypto->EVP_CipherFinal_ex(cipher, text + len, &rest) > 0;
	crypto->EVP_CIPHER_CTX_free(cipher);
	if (!fine) {
		tu_wipe(text, sealed.len);
		return tu_fail(err, TU_E_CORRUPT, 0, "the box cannot be opened with this key");
	}
	out->len += sealed.len;
	return TU_OK;
}
