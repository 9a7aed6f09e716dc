/*
 * Whose request it is: the socket's peer, or who a trusted proxy says it is.
 *
 * X-Forwarded-For and X-Forwarded-Proto, or Forwarded (RFC 7239). Read from the right: each proxy
 * appends the peer it saw, so what is left of the first address that is no trusted proxy was
 * written by the client and is not looked at. Where both headers are there and name different
 * clients, one of them came through a proxy that does not know it: then neither is believed.
 */
#ifndef TU_HTTP_FORWARDED_H
#define TU_HTTP_FORWARDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/str.h>

#include "http/server.h"

/* An address: IPv4 as ::ffff:a.b.c.d, or that of a Unix socket. */
struct tu_http_address {
	uint8_t bytes[16];
	bool local; /* a Unix socket */
};

/* A range: the first `bits` bits of the address. */
struct tu_http_range {
	struct tu_http_address address;
	unsigned bits;
};

struct tu_http_ranges {
	const struct tu_http_range *ranges;
	size_t count;
};

enum { TU_HTTP_ADDRESS_TEXT = 46 };

/* "10.0.0.1", "::1", "[::1]", each also with ":port", or "unix". False: none of them. */
bool tu_http_address_read(struct tu_str text, struct tu_http_address *out_address);
/* As text with NUL, IPv4 as such; its length. */
size_t tu_http_address_write(
	const struct tu_http_address *address, char out_text[TU_HTTP_ADDRESS_TEXT]);
/* "10.0.0.0/8", "fd00::/8", an address, "unix". */
bool tu_http_range_read(struct tu_str text, struct tu_http_range *out_range);
bool tu_http_address_in(const struct tu_http_address *address, const struct tu_http_ranges *ranges);
/* What a client may change at will is no part of its key: of IPv6 the first 64 bits count. */
struct tu_str tu_http_address_key(const struct tu_http_address *address);

/* Replace the peer and whether the client spoke https by what trusted proxies say. */
void tu_http_forwarded(const struct tu_http_header *headers, size_t header_count,
	const struct tu_http_ranges *trusted, struct tu_http_address *inout_peer,
	bool *inout_https);

#endif
