/*
 * Signed tokens (RFC 7515, 7519), verified by libcjose, which is loaded when it is first needed.
 *
 * What is accepted: RS256 and PS256 with RSA keys of 2,048 bits and more, ES256 with P-256. Never
 * "none", never a shared secret; libcjose has no EdDSA. A key counts for an algorithm of its kind,
 * for signatures, and for the token's "kid"; keys in a token's header are not looked at. Pure but
 * for the library; any thread. Every byte is a stranger's.
 */
#ifndef TU_ACCESS_JOSE_H
#define TU_ACCESS_JOSE_H

#include <tutela/buf.h>
#include <tutela/error.h>

enum { TU_JOSE_TOKEN_MAX = 64 * 1024, TU_JOSE_KEYS_MAX = 100 };

/*
 * Append the payload of a token that one of the keys of a JWK set signed. TU_E_CONSTRAINT "token":
 * it is none, is signed in another way, or the signature is wrong; "key": no key of the set is the
 * token's, so a newer set may help. TU_E_SYNTAX: the set is none; TU_E_UNSUPPORTED: libcjose is not
 * installed.
 */
TU_NODISCARD enum tu_status tu_jose_verify(
	struct tu_str token, struct tu_str keys, struct tu_buf *out, struct tu_error *err);

/* Is it an algorithm that is accepted? */
bool tu_jose_knows(struct tu_str algorithm);

/* Base64url without padding (RFC 7515, 2). Reading: false for what is not in its one form. */
void tu_base64url_write(const uint8_t *bytes, size_t len, struct tu_buf *out);
bool tu_base64url_read(struct tu_str text, struct tu_buf *out);

#endif
