/*
 * Paths and queries of requests: percent-decoding (RFC 3986, 2.1) with distrust.
 */
#ifndef TU_HTTP_TARGET_H
#define TU_HTTP_TARGET_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/str.h>

/*
 * Decode into the arena. False: a "%" without two digits, NUL, a byte sequence that is not UTF-8,
 * or no memory. `form`: "+" is a space (application/x-www-form-urlencoded).
 */
bool tu_http_decode(struct tu_str text, bool form, struct tu_arena *arena, struct tu_str *out_text);

/* Take the next "name=value" off a raw query; false at its end. Empty parts are skipped; a part
 * without "=" has an empty value. Not decoded. */
bool tu_http_query_next(struct tu_str *query, struct tu_str *out_name, struct tu_str *out_value);

/* The cookie of this name in a Cookie header (RFC 6265, 4.2.1); empty (NULL) when there is none or
 * it is there twice: an attacker on a sibling host could have put one of them. */
struct tu_str tu_http_cookie(struct tu_str header, struct tu_str name);

#endif
