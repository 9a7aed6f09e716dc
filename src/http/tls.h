/*
 * The files of TLS: read, read again when they change, and said when they end. Inside of http/.
 */
#ifndef TU_HTTP_TLS_H
#define TU_HTTP_TLS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <tutela/error.h>

struct tu_http;

struct tu_http_tls {
	char *certificate_path, *key_path; /* NULL: no TLS */
	char *certificate, *key; /* PEM with NUL, heap */
	struct timespec certificate_time, key_time;
	int64_t end, warned; /* s since 1970: of this certificate; 0: not known, not yet */
};

/* Read the files. `out_changed`: since the last time. */
enum tu_status tu_http__tls_read(struct tu_http_tls *tls, bool *out_changed, struct tu_error *err);
void tu_http__tls_done(struct tu_http_tls *tls);
/* New daemons for new connections where the files have changed. */
void tu_http__tls_follow(struct tu_http *server);
void tu_http__tls_warn(struct tu_http *server); /* once a day, from two weeks before its end */

#endif
