/*
 * URLs of feeds: taken apart, joined, and judged before anybody connects.
 *
 * Only what downloads need of RFC 3986: absolute https URLs with a host, an optional port, a path
 * and a query. User names and passwords in URLs are refused: they would end up in logs. Pure
 * functions; thread-safe.
 */
#ifndef TU_FEED_URL_H
#define TU_FEED_URL_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_URL_MAX = 4096 /* bytes */ };

struct tu_url {
	struct tu_str host; /* without the brackets of an IPv6 address */
	uint16_t port; /* 443 where none is stated */
	struct tu_str origin; /* "https://host:port" as written */
	struct tu_str path; /* from the first slash, with query; may be empty */
};

/* Take an absolute https URL apart; the parts borrow from `text`. TU_E_SYNTAX, TU_E_UNSUPPORTED
 * (another scheme), TU_E_LIMIT; the message names the URL and the reason. */
TU_NODISCARD enum tu_status tu_url_parse(
	struct tu_str text, struct tu_url *out_url, struct tu_error *err);

/* Same host (ASCII case folded) and port. */
bool tu_url_same_host(const struct tu_url *a, const struct tu_url *b);

/* Names and literal addresses of this machine or of a private network: localhost, *.localhost,
 * *.local, *.internal, names without a dot, RFC 1918, loopback, link-local, unique local, shared
 * (RFC 6598), unspecified. */
bool tu_url_is_private(struct tu_str host);

/* The same for an address in network byte order of 4 or 16 bytes. */
bool tu_address_is_private(const uint8_t *address, size_t len);

/* Is the host one of a comma-separated list? ASCII case folded. */
bool tu_url_is_listed(struct tu_str hosts, struct tu_str host);

/* Is the host one that a proxy is not for? `list` is the variable "no_proxy" as libcurl reads it:
 * names apart by commas or spaces, each also for the names below it, with or without a dot at its
 * start; "*" for all. (Networks such as 10.0.0.0/8 are libcurl's alone: no name is below them.) */
bool tu_url_is_excepted(struct tu_str list, struct tu_str host);

/* Append the URL that `reference` means when it is in the document at `base`: absolute,
 * "//host/…", "/path" or relative, "." and ".." resolved (RFC 3986, 5.2). */
void tu_url_join(struct tu_str base, struct tu_str reference, struct tu_buf *out);

/* Append where a mirror has `url`: "<mirror>/<host>/<path>". */
void tu_url_mirror(struct tu_str mirror, const struct tu_url *url, struct tu_buf *out);

/* Append `text` percent-encoded but for unreserved characters (RFC 3986, 2.3). */
void tu_url_encode(struct tu_str text, struct tu_buf *out);

#endif
