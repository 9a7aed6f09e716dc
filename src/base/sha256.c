/*
 * The plain functions of OpenSSL, not its EVP ones: those first set the whole library up, its
 * configuration file included, and take it down at the end, three of the ten milliseconds that a
 * scan may last. Both compute by the same code.
 */
#include "base/sha256.h"

#include "base/crypto.h"

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct tu_sha256), "room for the library's state");

static SHA256_CTX *context_of(struct tu_sha256 *hash)
{
	return (SHA256_CTX *)(void *)hash->state;
}

enum tu_status tu_sha256_begin(struct tu_sha256 *hash)
{
	const struct tu_crypto *crypto = tu_crypto();

	return crypto && crypto->SHA256_Init(context_of(hash)) == 1 ? TU_OK : TU_E_NOMEM;
}

enum tu_status tu_sha256_add(struct tu_sha256 *hash, struct tu_str piece)
{
	const struct tu_crypto *crypto = tu_crypto();

	return crypto && crypto->SHA256_Update(context_of(hash), piece.ptr, piece.len) == 1
		? TU_OK
		: TU_E_NOMEM;
}

enum tu_status tu_sha256_end(struct tu_sha256 *hash, uint8_t out_digest[TU_SHA256_BYTES])
{
	const struct tu_crypto *crypto = tu_crypto();

	return crypto && crypto->SHA256_Final(out_digest, context_of(hash)) == 1 ? TU_OK
										 : TU_E_NOMEM;
}

enum tu_status tu_sha256(struct tu_str text, uint8_t out_digest[TU_SHA256_BYTES])
{
	struct tu_sha256 hash;

	if (tu_sha256_begin(&hash) || tu_sha256_add(&hash, text))
		return TU_E_NOMEM;
	return tu_sha256_end(&hash, out_digest);
}

void tu_sha256_write(const uint8_t digest[TU_SHA256_BYTES], struct tu_buf *out)
{
	static const char hex[] = "0123456789abcdef";

	/* without the NUL of printf, for which a buffer of the caller has no room */
	for (size_t i = 0; i < TU_SHA256_BYTES; i++) {
		tu_buf_byte(out, hex[digest[i] >> 4]);
		tu_buf_byte(out, hex[digest[i] & 15]);
	}
}

void tu_sha256_mark(struct tu_str text, size_t digits, struct tu_buf *out)
{
	static const char hex[] = "0123456789abcdef";
	uint8_t digest[TU_SHA256_BYTES];

	if (tu_sha256(text, digest) != TU_OK)
		out->failed = true;
	for (size_t i = 0; !out->failed && i < digits && i < sizeof(digest) * 2; i++)
		tu_buf_byte(out, hex[i % 2 ? digest[i / 2] & 15 : digest[i / 2] >> 4]);
}
