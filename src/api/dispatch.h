/*
 * From an HTTP request to an operation and back: the handler of http/server.h.
 *
 * In this order, so that an answer says nothing to who may not know it: the path (404, 405), who is
 * asking (401), what the role or the key allows (403), how often (429), the parameters and the body
 * (400, 415, 422), If-Match (428, 412), Idempotency-Key, the operation.
 *
 * Threads: any number of requests at a time.
 */
#ifndef TU_API_DISPATCH_H
#define TU_API_DISPATCH_H

#include "http/server.h"

struct tu_api_doors;
struct tu_api_events;
struct tu_service;
struct tu_sso;

/* What went wrong inside: for the log, with the id of the request. Any thread. */
typedef void tu_api_log(void *self, struct tu_str request, const char *message);

struct tu_api {
	const struct tu_api_doors *doors; /* api/route.h */
	struct tu_service *service;
	struct tu_api_events *events; /* api/events.h */
	struct tu_sso *sso; /* access/sso.h */
	tu_api_log *log; /* NULL: nothing is said */
	void *log_self;
};

/* `self` is a struct tu_api. */
void tu_api_handle(void *self, struct tu_http_request *request, struct tu_http_answer *answer);
void tu_api_limits(void *self, struct tu_http_request *request, struct tu_http_limits *out);

/* The figures of the rate classes, in the order of enum tu_api_rate, after a row 0. */
extern const struct tu_http_rate tu_api_rates[];
extern const size_t tu_api_rate_count;

#endif
