/*
 * How often: token buckets by class and key (an address, a user, an API key).
 *
 * The memory is fixed. A bucket that is full says nothing and is forgotten; where all places of a
 * key are taken, the one that is nearest to full gives way, since the least is lost with it. Who
 * comes from ever new addresses gets new buckets: so there is a limit by identity, too.
 */
#ifndef TU_HTTP_LIMITS_H
#define TU_HTTP_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/str.h>

#include "http/server.h"

struct tu_limits;

/* `rates` is copied; row 0 is not used. NULL: out of memory, or no random numbers. */
struct tu_limits *tu_limits_new(const struct tu_http_rate *rates, size_t count);
void tu_limits_free(struct tu_limits *limits);

/* One more of `key` in a class at `now` (monotonic, ns): true; or false and after how many seconds
 * (at least 1) there is room. Class 0, one that is not there, or a rate of 0: true. Any thread. */
bool tu_limits_take(struct tu_limits *limits, unsigned rate_class, struct tu_str key, int64_t now,
	unsigned *out_seconds);

#endif
