/*
 * The HTTP server: libmicrohttpd's loops read and write, workers of its own run the handler.
 *
 * It knows nothing of what it serves. A request goes through, in this order:
 *	guard	http/guard.h: what is no clean request is refused before anybody else sees it;
 *	limits	`limits` is asked what the route allows; too fast is 429, too large is 413;
 *	body	collected in memory, or in an unlinked file;
 *	handler	on a worker; it may wait for a database. It fills an answer in.
 *	answer	http/answers.h: the security headers, ETag, HEAD, gzip; one line to `log`.
 *
 * Threads: the handler is called by several workers at a time, and by a loop where the route says
 * `quick`. Each function below says who may call it. A request and its answer belong to the
 * handler until it returns.
 */
#ifndef TU_HTTP_SERVER_H
#define TU_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/random.h"

struct tu_http;
struct tu_http_stream;
struct tu_http_static;

struct tu_http_header {
	struct tu_str name, value; /* as received, without white space around the value */
};

/* What a route allows. All zero: no body, quickly answered, rate class 0. */
struct tu_http_limits {
	size_t body_max; /* bytes; more is 413 */
	bool body_to_fd; /* into an unlinked file instead of memory */
	bool quick; /* never waits: run on the loop, also when no worker is free or connections ran
		       out */
	unsigned seconds; /* for the body and the wait for a worker [30] */
	unsigned rate_class; /* row of tu_http_options.rates; 0: not limited */
};

/* Views are valid until the handler returns. */
struct tu_http_request {
	struct tu_http *server;
	struct tu_str method; /* upper case as received: a token */
	struct tu_str
		path; /* raw: starts with "/"; what is percent-encoded stays so (http/target.h) */
	struct tu_str query; /* raw, without "?" */
	const struct tu_http_header *headers;
	size_t header_count;
	struct tu_str peer; /* the client's address as text: of the socket, or as a trusted proxy
			       says; "unix" for a peer on the Unix socket without a proxy */
	struct tu_str scheme; /* "http" or "https" */
	struct tu_str host; /* lower case, with its port when one was given; one of public_hosts */
	char id[TU_RANDOM_ID + 1]; /* random: in the answer's X-Request-Id and in the log */
	struct tu_str body; /* in memory; empty when there is none or it is in body_fd */
	int body_fd; /* at its start, closed after the handler; -1 */
	size_t body_len;
	struct tu_arena *arena; /* of this request, 64 MiB */
	int64_t deadline; /* CLOCK_MONOTONIC ns by which limits.seconds have passed */
	void *user; /* the handler's and the limits callback's own: NULL at first */
	struct tu_str who; /* for the log: the handler sets it, in the arena or longer lived. An id,
			      no name */
};

/* The one header of this name, in any case; empty view (NULL) when there is none or several. */
struct tu_str tu_http_header(const struct tu_http_request *request, struct tu_str name);

enum { TU_HTTP_ANSWER_HEADERS = 12, TU_HTTP_HEADER_VALUE = 2047 /* bytes at most */ };

/*
 * The answer: at first 204 without a body. The handler fills in one of body, bytes, fd, stream,
 * file. Content-Length, Date, X-Request-Id, Vary and what http/answers.c has are added.
 */
struct tu_http_answer {
	unsigned status;
	const char *type; /* Content-Type; static. NULL: no body */
	struct tu_http_header headers[TU_HTTP_ANSWER_HEADERS]; /* in the arena or longer lived */
	size_t header_count;
	struct tu_str etag; /* with its quotes. GET with an If-None-Match that has it: 304 */
	struct tu_buf body; /* taken over */
	struct tu_str bytes; /* static: lives longer than the server */
	int fd; /* taken over, sent from its start to its end; -1 */
	struct tu_http_stream *stream; /* taken over: http/stream.h */
	const struct tu_http_static *file; /* http/answers.h */
	bool private_page; /* HTML that scripts of our own run in: the policy of pages, not of
			      documents */
	bool close; /* the connection too */
};

/* Add a header; false when the table is full, or name or value cannot be one or are too long (the
 * server says 500). */
bool tu_http_answer_header(struct tu_http_answer *answer, struct tu_str name, struct tu_str value);

typedef void tu_http_handle(
	void *self, struct tu_http_request *request, struct tu_http_answer *answer);
/* Called on the loop as soon as the headers are there: must not wait. `out` is all zero. */
typedef void tu_http_ask_limits(
	void *self, struct tu_http_request *request, struct tu_http_limits *out);

/* One line of the log: a request that was answered or given up. Views are valid during the call. */
struct tu_http_line {
	struct tu_str id, method, path, peer, who;
	unsigned status; /* 0: the connection ended before there was an answer */
	uint64_t bytes_in, bytes_out; /* bodies */
	int64_t microseconds; /* from the headers to the answer's end */
	const char *refused; /* the guard's or the limits' reason; NULL */
};
/* From any thread of the server; must not wait long. */
typedef void tu_http_log(void *self, const struct tu_http_line *line);
/* What goes wrong outside of a request: a certificate that cannot be read, out of descriptors. */
typedef void tu_http_trouble(void *self, struct tu_str message);

/* A class of requests: `burst` at once, then `per_minute`. Refused: 429 with Retry-After. */
struct tu_http_rate {
	unsigned burst, per_minute; /* 0: not limited */
};

/* Texts are copied. Zero means the default in brackets. */
struct tu_http_options {
	/* "127.0.0.1:8080", "[::1]:8080", port 0 for any, "unix:/path". At least one. */
	const struct tu_str *listen;
	size_t listen_count;
	/* "10.0.0.1", "10.0.0.0/8", "fd00::/8", "unix": whose X-Forwarded-* and Forwarded are
	 * believed */
	const struct tu_str *trusted_proxies;
	size_t trusted_proxy_count;
	/* Hosts that a request may name, "tutela.example" or with ":8443": else 421. None: only
	 * names of the loopback interface ("localhost", 127.0.0.1, [::1]) with any port. */
	const struct tu_str *public_hosts;
	size_t public_host_count;
	bool public_https; /* browsers reach it by https, whatever a proxy says or does not say */
	const char *tls_certificate,
		*tls_key; /* PEM files; read again when they change. NULL: no TLS */

	tu_http_handle *handle;
	tu_http_ask_limits *limits; /* NULL: all zero */
	tu_http_log *log; /* may be NULL */
	tu_http_trouble *trouble; /* may be NULL */
	void *self;

	unsigned loops; /* threads that read and write [2] */
	unsigned workers; /* threads that run the handler [8] */
	unsigned waiting_max; /* requests that wait for a worker; more is 503 [256] */
	unsigned connections; /* [10,000], at most the descriptors that the process may have less
				 200 */
	unsigned connections_per_address; /* [256]; a trusted proxy has no limit */
	/* MiB of bodies that are there at a time, in memory and in files: more is 503. They are
	 * collected before anybody knows who asks. [256; 4,096] */
	unsigned bodies_memory, bodies_files;
	unsigned streams; /* event streams [3/4 of connections]; more is 503 */
	unsigned head_seconds; /* from the connection, or the last answer, to the end of headers
				  [10; 60] */
	unsigned stop_seconds; /* that requests have when the server stops [10] */
	const struct tu_http_rate *rates; /* row 0 is not used */
	size_t rate_count;
};

/*
 * Start. Raises RLIMIT_NOFILE to its hard limit. Errors: TU_E_UNSUPPORTED: libmicrohttpd is not
 * installed, or another version than 0.9 and 1.0. TU_E_USAGE: an option that cannot be, with its
 * text. TU_E_IO: an address that cannot be listened on, a certificate that cannot be read.
 * TU_E_NOMEM.
 */
TU_NODISCARD enum tu_status tu_http_start(
	const struct tu_http_options *options, struct tu_http **out_server, struct tu_error *err);
/*
 * Stop: no new connections, streams end, requests that run are answered; after stop_seconds their
 * connections are cut. Waits until the last handler has returned: a handler that works for long
 * looks at tu_http_stopping(). Not from a handler. NULL is fine.
 */
void tu_http_stop(struct tu_http *server);
/* Look at the files of the certificate now; they are looked at every 10 s anyway. Any thread, also
 * a signal handler. */
void tu_http_reload(struct tu_http *server);
/* Any thread. */
bool tu_http_stopping(const struct tu_http *server);
/* The port of the listening address `index`, 0 for a Unix socket. Any thread. */
unsigned tu_http_port(const struct tu_http *server, size_t index);

/*
 * One more request of `key` (a user's or an API key's id) in a class: true, or false with the
 * seconds after which it may come again in `*out_seconds`. The server does so by address itself.
 * Any thread.
 */
bool tu_http_rate_take(
	struct tu_http *server, unsigned rate_class, struct tu_str key, unsigned *out_seconds);

/* Counters, from one table: metrics and its documentation are made from it. */
enum tu_http_counter {
#define TU_HTTP_COUNTER(id, name, label, kind, help) TU_HTTP_##id,
#include "http/counters.inc"
#undef TU_HTTP_COUNTER
	TU_HTTP_COUNTERS
};
struct tu_http_counter_row {
	const char *name, *label, *kind,
		*help; /* label: "" or `class="2xx"`; kind: counter or gauge */
};
extern const struct tu_http_counter_row tu_http_counter_rows[TU_HTTP_COUNTERS];
/* Any thread. */
uint64_t tu_http_count(const struct tu_http *server, enum tu_http_counter counter);

#endif
