/*
 * One request to a place that people named: a webhook. A body is sent; of the answer the status
 * counts.
 *
 * Whoever names a place must not reach by it what this machine can reach and they cannot. So the
 * address is looked at when the connection is made, as it was resolved then: another one that the
 * name had a moment ago is of no use. Redirects are not followed, no proxy is asked, and without
 * TLS only networks that are allowed here are talked to. Threads: any.
 */
#ifndef TU_FEED_HOOK_H
#define TU_FEED_HOOK_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/error.h>
#include <tutela/str.h>

/* Of what kind an address is. A set of these may be allowed; what is of several must be allowed by
 * each. */
enum tu_hook_net {
	TU_HOOK_LOOPBACK = 1 << 0, /* 127/8, ::1 */
	TU_HOOK_LINK_LOCAL = 1 << 1, /* 169.254/16, fe80::/10: also where clouds keep credentials */
	TU_HOOK_PRIVATE = 1 << 2, /* RFC 1918, 100.64/10, fc00::/7, fec0::/10 */
	TU_HOOK_NOWHERE = 1 << 3 /* 0/8, multicast, reserved: never allowed */
};
/* Of 4 or 16 bytes in network order; 0: public. IPv4 within IPv6 (mapped, NAT64, 6to4) is what it
 * stands for. */
unsigned tu_hook_net_of(const uint8_t *bytes, size_t len);
struct tu_hook_header {
	const char *name;
	struct tu_str value; /* one line */
};
enum { TU_HOOK_HEADERS = 6, TU_HOOK_URL_MAX = 2000, TU_HOOK_SAYS = 200 };

struct tu_hook {
	struct tu_str url; /* tu_hook_check() */
	unsigned allowed; /* of enum tu_hook_net */
	struct tu_hook_header headers[TU_HOOK_HEADERS]; /* name NULL: no more */
	struct tu_str body; /* JSON */
	unsigned seconds_max; /* 0: 20, for all of it */
	/* the answer */
	long status;
	char says[TU_HOOK_SAYS]; /* how it begins, printable */
};

/* "https://host/…" or "http://…" (which only goes to what is allowed), without user, password or
 * fragment, of at most TU_HOOK_URL_MAX bytes. An address in it is judged too. TU_E_USAGE. */
TU_NODISCARD enum tu_status tu_hook_check(
	struct tu_str url, unsigned allowed, struct tu_error *err);

/* TU_E_USAGE as above. TU_E_CONSTRAINT: the name stands for an address that is not allowed.
 * TU_E_UNSUPPORTED: no libcurl. TU_E_IO: the host, the network, TLS, or another status than 2xx. */
TU_NODISCARD enum tu_status tu_hook_send(struct tu_hook *hook, struct tu_error *err);

#endif
