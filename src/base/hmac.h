/*
 * HMAC (RFC 2104) with SHA-1 or SHA-256, by OpenSSL's hashes. Any thread.
 *
 * SHA-1 is for one-time passwords alone (RFC 6238): what authenticators know everywhere. HMAC does
 * not need a hash without collisions.
 */
#ifndef TU_BASE_HMAC_H
#define TU_BASE_HMAC_H

#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum tu_hmac_hash { TU_HMAC_SHA1, TU_HMAC_SHA256 };
enum { TU_HMAC_MAX = 32 /* bytes; of SHA-1: 20 */ };

/* The code of `text`, in the first bytes of `out`. TU_E_UNSUPPORTED: OpenSSL is not installed, or
 * does not offer the hash; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_hmac(enum tu_hmac_hash hash, struct tu_str key, struct tu_str text,
	uint8_t out[TU_HMAC_MAX], struct tu_error *err);

/* Are they the same bytes? The time says nothing of where they differ. */
static inline bool tu_same_secret(struct tu_str a, struct tu_str b)
{
	unsigned differ = a.len != b.len;

	for (size_t i = 0; i < a.len && i < b.len; i++)
		differ |= (unsigned)(unsigned char)a.ptr[i] ^ (unsigned)(unsigned char)b.ptr[i];
	return differ == 0;
}

#endif
