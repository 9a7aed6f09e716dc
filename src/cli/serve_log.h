/*
 * The log of a service: a line of JSON each on standard error.
 *
 *	{"time":"2026-07-10T12:00:00.123456Z","level":"info","event":"request","id":"…", …}
 *
 * No secret gets here: a request's query, headers and body are not logged, only ids. Any thread.
 */
#ifndef TU_CLI_SERVE_LOG_H
#define TU_CLI_SERVE_LOG_H

#include "http/server.h"
#include "service/service.h"

/* The callbacks of service/, http/ and api/; `self` is not used. */
void tu_serve_log_service(void *self, enum tu_service_level level, const char *line);
void tu_serve_log_request(void *self, const struct tu_http_line *line);
void tu_serve_log_trouble(void *self, struct tu_str message);
void tu_serve_log_inside(void *self, struct tu_str request, const char *message);

#endif
