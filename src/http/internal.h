/*
 * The parts of the server to each other. The order of locks: server.connections, then
 * server.streams, then one stream; the queue of work is never held with another.
 */
#ifndef TU_HTTP_INTERNAL_H
#define TU_HTTP_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <time.h>

#include "http/forwarded.h"
#include "http/guard.h"
#include "http/http_library.h"
#include "http/limits.h"
#include "http/server.h"
#include "http/tls.h"

/* ---- connections: who is connected, in what phase, until when ---- */

enum tu_http_phase {
	TU_HTTP_WAITING, /* for a request's headers */
	TU_HTTP_BODY,
	TU_HTTP_WORKING, /* suspended: nothing is expected of the client */
	TU_HTTP_SENDING,
	TU_HTTP_STREAMING,
	TU_HTTP_PHASES
};

struct tu_http_connection {
	struct tu_http_connection *older, *newer; /* in the list of its phase */
	enum tu_http_phase phase;
	int fd;
	struct tu_http_address peer;
	bool trusted; /* a proxy */
	bool extra; /* beyond the limit: only what is quick is answered */
	bool cut;
	int64_t began, deadline; /* of the phase, monotonic ns */
	atomic_ullong received; /* of the body */
	bool ended; /* at the last look there was no more to read, and received_then had come */
	unsigned long long received_then;
};

struct tu_http_connections {
	pthread_mutex_t mutex;
	struct tu_http_connection *oldest[TU_HTTP_PHASES], *newest[TU_HTTP_PHASES];
	size_t count, max, per_address;
	uint64_t seed;
	unsigned short by_address[16384]; /* by a hash: two addresses may share a place */
};

/* A new connection: evicts the oldest idle one when there are too many. NULL: out of memory. */
struct tu_http_connection *tu_http__connected(
	struct tu_http *server, const struct tu_http_address *peer, int fd);
void tu_http__disconnected(struct tu_http *server, struct tu_http_connection *connection);
/* May this address have one more? */
bool tu_http__welcome(struct tu_http *server, const struct tu_http_address *peer);
void tu_http__phase(struct tu_http *server, struct tu_http_connection *connection,
	enum tu_http_phase phase, int64_t seconds);
/* Cut who is too slow, or has gone in the middle of a body. */
void tu_http__sweep(struct tu_http *server, int64_t now);
/* Cut all of a phase. */
void tu_http__cut(struct tu_http *server, enum tu_http_phase phase);

/* ---- exchanges: one request and its answer ---- */

enum tu_http_step {
	TU_HTTP_STEP_LINE, /* the request line is there */
	TU_HTTP_STEP_BODY, /* the headers passed */
	TU_HTTP_STEP_WORK,
	TU_HTTP_STEP_ANSWER, /* a response is ready */
	TU_HTTP_STEP_SENT /* and was given to libmicrohttpd */
};

enum { TU_HTTP_WHO_MAX = 80 };

struct tu_http_exchange {
	struct tu_http_request request;
	struct tu_http *server;
	struct tu_http_connection *connection;
	struct MHD_Connection *mhd;
	struct tu_http_exchange *next; /* in the queue */
	struct tu_http_header
		*headers; /* heap, with the host after them, until the answer is queued */
	char *target; /* heap */
	size_t target_len;
	enum tu_http_step step;
	struct tu_http_limits limits;
	struct tu_buf body; /* until the answer is ready */
	uint64_t held; /* of server.bodies */
	bool too_large, crowded, head, chunked, close, working, counted;
	uint64_t discarded, discard_max; /* bytes after the limit */
	struct MHD_Response *response;
	struct tu_http_stream *stream; /* of the response: to be attached when it is queued */
	unsigned status;
	uint64_t out;
	const char *refused;
	int64_t began;
	char method[16];
	char peer[TU_HTTP_ADDRESS_TEXT], who[TU_HTTP_WHO_MAX];
	size_t who_len;
};

/* The signature that libmicrohttpd has for its handler (MHD_AccessHandlerCallback). */
#define TU_HTTP_HANDLER(name) \
	enum MHD_Result name(void *cls, struct MHD_Connection *mhd, const char *url, \
		const char *method, const char *version, const char *bytes, size_t *size, \
		void **context)

/* Its body is not there any more. */
void tu_http__let_body_go(struct tu_http_exchange *exchange);

/* Callbacks of libmicrohttpd; `cls` is the server. */
void *tu_http__on_line(void *cls, const char *target, struct MHD_Connection *mhd);
TU_HTTP_HANDLER(tu_http__on_request);
void tu_http__on_completed(
	void *cls, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode how);

/* ---- workers ---- */

struct tu_http_work {
	pthread_mutex_t mutex;
	pthread_cond_t more;
	struct tu_http_exchange *first, *last;
	size_t waiting, waiting_max;
	bool ended;
	pthread_t *threads;
	size_t thread_count;
};

enum tu_status tu_http__work_start(struct tu_http *server, size_t threads, struct tu_error *err);
/* After the last exchange that is worked on. */
void tu_http__work_stop(struct tu_http *server);
/* False: too many wait. */
bool tu_http__work_offer(struct tu_http *server, struct tu_http_exchange *exchange);

/* Call the handler and make the response, with an arena that may be reset afterwards. */
void tu_http__run(struct tu_http_exchange *exchange, struct tu_arena *arena);

/* ---- answers ---- */

/* Make exchange.response of the answer, whose parts are taken over. A 500 when it cannot be made.
 */
void tu_http__respond(struct tu_http_exchange *exchange, struct tu_http_answer *answer);
/* Make a refusal: problem+json with a text of ours. `seconds` not 0: Retry-After. */
void tu_http__refuse(
	struct tu_http_exchange *exchange, unsigned status, const char *reason, unsigned seconds);

/* ---- streams ---- */

struct tu_http_streams {
	pthread_mutex_t mutex;
	struct tu_http_stream *first;
	size_t max;
	unsigned beat; /* the slice whose turn it is */
	unsigned next; /* slice of the next stream */
};

struct MHD_Response *tu_http__stream_response(struct tu_http_stream *stream);
/* The response was queued on this connection. */
void tu_http__stream_attach(struct tu_http_stream *stream, struct tu_http_exchange *exchange);
/* Nobody will read it. */
void tu_http__stream_discard(struct tu_http_stream *stream);
/* Every 250 ms: wakes a slice of them for their heartbeat. */
void tu_http__streams_beat(struct tu_http *server);
/* End all; `now`: with what is in their queues. */
void tu_http__streams_end(struct tu_http *server, bool now);

/* ---- addresses that are listened on ---- */

struct tu_http_listener {
	int fd;
	char *unlink; /* path of a Unix socket */
	unsigned port;
	struct MHD_Daemon *daemon;
	struct MHD_Daemon *draining; /* with the certificate before the present one */
};

enum tu_status tu_http__listen(struct tu_http *server, struct tu_str address,
	struct tu_http_listener *out, struct tu_error *err);
enum tu_status tu_http__serve(
	struct tu_http *server, struct tu_http_listener *listener, struct tu_error *err);
/* Take no more connections. */
void tu_http__listener_quiesce(struct tu_http *server, struct tu_http_listener *listener);
void tu_http__listener_stop(struct tu_http *server, struct tu_http_listener *listener);

/* ---- the server ---- */

struct tu_http {
	const struct tu_mhd *mhd;
	bool strict_library; /* it is 1.0: see guard.h */
	tu_http_handle *handle;
	tu_http_ask_limits *ask_limits;
	tu_http_log *log;
	tu_http_trouble *trouble;
	void *self;
	struct tu_arena *arena; /* the options' texts */
	struct tu_http_ranges trusted;
	struct tu_guard_hosts hosts;
	bool public_https;
	struct tu_http_listener *listeners;
	size_t listener_count;
	struct tu_http_tls tls;
	struct tu_limits *limits;
	struct tu_http_connections connections;
	struct tu_http_work work;
	struct tu_http_streams streams;
	unsigned loops, head_seconds, idle_seconds, stop_seconds, mhd_limit;
	pthread_t ticker;
	bool ticking;
	struct tu_http_bodies {
		atomic_ullong now; /* bytes */
		uint64_t max;
	} bodies[2]; /* in memory, in files */
	atomic_bool draining; /* no new connections; each ends with its next answer */
	atomic_bool stopping; /* no new requests */
	atomic_bool closing; /* nothing is suspended any more */
	atomic_uint working; /* exchanges between suspend and resume */
	atomic_bool ticker_ended;
	atomic_bool look; /* at the certificate, now */
	atomic_ullong counters[TU_HTTP_COUNTERS];
};

/* CLOCK_MONOTONIC in ns. */
int64_t tu_http__now(void);

static inline void tu_http__add(struct tu_http *server, enum tu_http_counter counter, uint64_t n)
{
	atomic_fetch_add_explicit(&server->counters[counter], n, memory_order_relaxed);
}

static inline void tu_http__less(struct tu_http *server, enum tu_http_counter counter)
{
	atomic_fetch_sub_explicit(&server->counters[counter], 1, memory_order_relaxed);
}

#endif
