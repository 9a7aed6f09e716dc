/*
 * What came with a request to say who asks: the token of a session or the secret of a key, read
 * from its headers. Pure; any thread. Every byte is a stranger's.
 */
#ifndef TU_ACCESS_CREDENTIAL_H
#define TU_ACCESS_CREDENTIAL_H

#include "access/access.h"

enum tu_credential_kind {
	TU_CREDENTIAL_NONE,
	TU_CREDENTIAL_SESSION, /* 64 hexadecimal digits in small letters, in a cookie */
	TU_CREDENTIAL_BEARER, /* the same in a header, which no browser sends by itself */
	TU_CREDENTIAL_KEY, /* whatever was given as a key */
	TU_CREDENTIAL_BAD /* something, and nothing that counts; or two that differ */
};

struct tu_credential {
	enum tu_credential_kind kind;
	struct tu_str text; /* borrowed from the request */
};

/*
 * A key is "Authorization: Bearer <key>" (the scheme in any case) or "X-Api-Key: <key>"; both at
 * once must be the same. What has the form of a session's token is that of a session (BEARER), and
 * is none as X-Api-Key. Another scheme of Authorization is BAD. Without a key, the cookie of our
 * name counts (RFC 6265, 5.4): one that is given twice with two values, or is no token, is BAD. A
 * cookie "tutela" does not count where "__Host-tutela" is asked for: who can write cookies of a
 * neighbouring host cannot write that one.
 */
struct tu_credential tu_credential_read(const struct tu_access_request *request);

/* "__Host-tutela" or "tutela". */
struct tu_str tu_credential_cookie(bool https);

#endif
