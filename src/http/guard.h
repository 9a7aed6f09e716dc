/*
 * The guard: which requests are clean enough to be looked at at all.
 *
 * Pure functions over what libmicrohttpd has read, run before anything else sees the request. Two
 * parties (a proxy, this server) that read one request differently are how requests are smuggled;
 * so whatever RFC 9112 lets a recipient repair is refused here.
 *
 * libmicrohttpd 0.9.75 is lenient: it takes a bare LF for the end of a line, hides what comes after
 * a NUL, joins folded lines, and uses the first of two Content-Length. What it did can be seen: it
 * works in place, in one buffer from the method to the empty line, where the end of a line and the
 * colon become NUL. tu_guard_read() reads that buffer again, strictly. One thing cannot be seen:
 * NUL LF in the place of CR LF.
 *
 * libmicrohttpd 1.0, asked to be strict, refuses all of that itself, and leaves another buffer:
 * what it says is taken (tu_guard_take()) and checked by the same rules.
 */
#ifndef TU_HTTP_GUARD_H
#define TU_HTTP_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/str.h>

#include "http/server.h"

/* With a margin to what libmicrohttpd has memory for (8 KiB a connection). */
enum { TU_GUARD_HEADERS = 64, TU_GUARD_TARGET = 4096 };

/* A row of the table of reasons: TU_GUARD_OK is 0. */
enum tu_guard_reason {
#define TU_GUARD_REASON(id, status, counter, text) TU_GUARD_##id,
#include "http/guard_reasons.inc"
#undef TU_GUARD_REASON
	TU_GUARD_REASONS
};
struct tu_guard_row {
	unsigned status;
	enum tu_http_counter counter;
	const char *text; /* for the log and for the answer: never what the client sent */
};
extern const struct tu_guard_row tu_guard_rows[TU_GUARD_REASONS];

enum tu_guard_body { TU_GUARD_NO_BODY, TU_GUARD_LENGTH, TU_GUARD_CHUNKED };

/* A request as read. Views into the buffer. */
struct tu_guard_head {
	struct tu_str method, target, version;
	struct tu_http_header headers[TU_GUARD_HEADERS]; /* the white space around values is off */
	size_t header_count;
};

/* What the guard found, when it found nothing wrong. */
struct tu_guard_found {
	struct tu_str path, query; /* of the target; query without "?" */
	struct tu_str host; /* with its port, as received */
	enum tu_guard_body body;
	uint64_t length;
};

/* Hosts that may be named, in lower case, "name" or "name:port"; none: those of loopback. */
struct tu_guard_hosts {
	const struct tu_str *hosts;
	size_t count;
};

/*
 * Read the buffer from the first byte of the method to the last of the empty line. `target` is a
 * copy of the request's target that was made before libmicrohttpd changed it: it replaces those
 * bytes.
 */
enum tu_guard_reason tu_guard_read(
	struct tu_str buffer, struct tu_str target, struct tu_guard_head *out_head);

/* Of a strict library: its method, and each of its headers in turn. Views are kept. */
enum tu_guard_reason tu_guard_method(struct tu_guard_head *head, struct tu_str method);
enum tu_guard_reason tu_guard_take(
	struct tu_guard_head *head, struct tu_str name, struct tu_str value);

enum tu_guard_reason tu_guard_check(const struct tu_guard_head *head,
	const struct tu_guard_hosts *hosts, struct tu_guard_found *out_found);

#endif
