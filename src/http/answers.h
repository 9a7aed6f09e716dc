/*
 * What every answer gets: one table of security headers, and the files that are part of the
 * program.
 */
#ifndef TU_HTTP_ANSWERS_H
#define TU_HTTP_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/str.h>

#include "http/server.h"

/* A file in the program. `bytes` compressed by gzip where `packed`; who does not accept that gets
 * it unpacked. */
struct tu_http_static {
	const char *name; /* "/assets/app-1a2b3c.js" */
	const char *type; /* Content-Type */
	const char *etag; /* with its quotes: of its hash */
	struct tu_str bytes;
	bool packed;
	bool immutable; /* its name changes with its contents: kept for a year */
};

/* The row whose name is `path`; NULL. `files` are sorted by name. */
const struct tu_http_static *tu_http_static_find(
	const struct tu_http_static *files, size_t count, struct tu_str path);

/* A header that answers have: of pages, of all others, or of both. */
struct tu_http_fixed {
	const char *name, *page, *other; /* NULL: not there */
};
extern const struct tu_http_fixed tu_http_fixed[];
extern const size_t tu_http_fixed_count;

/* If-None-Match (RFC 9110, 13.1.2) has `etag`, weakly compared, or is "*". */
bool tu_http_etag_matches(struct tu_str if_none_match, struct tu_str etag);
/* Accept-Encoding (RFC 9110, 12.5.3) accepts gzip. */
bool tu_http_accepts_gzip(struct tu_str accept_encoding);

#endif
