#define _GNU_SOURCE /* mkostemp */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "http/internal.h"
#include "http/stream.h"

/* After the limit of a body whose length was not said, so much is read and thrown away, so that the
 * client sees the 413; then the connection ends. */
enum { DISCARD_MAX = 1 << 20 };
/* A proxy that cannot send the rest of a body makes a 502 of our 413: of it so much is read. */
enum { DISCARD_PROXY = 1 << 28 };
/* An answer may be read as slowly as this, and a little longer. */
enum { SEND_RATE = 16384, SEND_SECONDS = 30, DEFAULT_SECONDS = 30 };

/* ---- the request line ---- */

static struct tu_http_exchange *exchange_new(const char *target)
{
	struct tu_http_exchange *x = tu_alloc(1, sizeof(*x));
	size_t len = strlen(target);

	if (!x)
		return NULL;
	x->request.body_fd = -1;
	x->target = tu_alloc(len + 1, 1);
	if (!x->target) {
		tu_free(x);
		return NULL;
	}
	memcpy(x->target, target, len);
	x->target_len = len;
	return x;
}

void *tu_http__on_line(void *cls, const char *target, struct MHD_Connection *mhd)
{
	struct tu_http *server = cls;
	const union MHD_ConnectionInfo *info =
		server->mhd->MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct tu_http_exchange *x =
		info && info->socket_context ? exchange_new(target ? target : "") : NULL;

	if (!x)
		return NULL;
	x->server = server;
	x->mhd = mhd;
	x->connection = info->socket_context;
	x->began = tu_http__now();
	x->request.server = server;
	tu_buf_init(&x->body, 0);
	return x;
}

/* ---- headers ---- */

struct line {
	const char *method, *version;
};

/* What libmicrohttpd believes must be what the guard has read. */
struct compared {
	const struct tu_guard_head *head;
	size_t next;
	bool differ;
};

static enum MHD_Result compare(
	void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct compared *c = cls;
	const struct tu_http_header *header = &c->head->headers[c->next];

	(void)kind;
	if (c->next >= c->head->header_count || name != header->name.ptr ||
		!tu_str_eq(tu_str_c(name), header->name) ||
		!tu_str_eq(tu_str_trim(tu_str_c(value)), header->value))
		c->differ = true;
	c->next++;
	return c->differ ? MHD_NO : MHD_YES;
}

/* Of a lenient libmicrohttpd: its buffer is read again. */
static enum tu_guard_reason read_again(
	struct tu_http_exchange *x, const char *method, struct tu_guard_head *head)
{
	const struct tu_mhd *mhd = x->server->mhd;
	const union MHD_ConnectionInfo *info =
		mhd->MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	struct compared compared = {.head = head};
	enum tu_guard_reason reason;

	if (!info)
		return TU_GUARD_LINE_END;
	reason = tu_guard_read(
		tu_str_of(method, info->header_size), tu_str_of(x->target, x->target_len), head);
	if (reason != TU_GUARD_OK)
		return reason;
	mhd->MHD_get_connection_values(x->mhd, MHD_HEADER_KIND, compare, &compared);
	if (compared.differ || compared.next != head->header_count)
		return TU_GUARD_LINE_END;
	return TU_GUARD_OK;
}

struct taken {
	struct tu_guard_head *head;
	enum tu_guard_reason reason;
};

static enum MHD_Result take(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct taken *t = cls;

	(void)kind;
	t->reason = tu_guard_take(t->head, tu_str_c(name), tu_str_c(value));
	return t->reason == TU_GUARD_OK ? MHD_YES : MHD_NO;
}

/* Of a strict one: what it says is all that came. */
static enum tu_guard_reason believe(struct tu_http_exchange *x, const char *method,
	const char *version, struct tu_guard_head *head)
{
	struct taken taken = {head, TU_GUARD_OK};

	head->header_count = 0;
	head->target = tu_str_of(x->target, x->target_len);
	head->version = tu_str_c(version);
	taken.reason = tu_guard_method(head, tu_str_c(method));
	if (taken.reason == TU_GUARD_OK)
		x->server->mhd->MHD_get_connection_values(x->mhd, MHD_HEADER_KIND, take, &taken);
	return taken.reason;
}

static enum tu_guard_reason look(struct tu_http_exchange *x, const struct line *line,
	struct tu_guard_head *head, struct tu_guard_found *found)
{
	enum tu_guard_reason reason = x->server->strict_library
		? believe(x, line->method, line->version, head)
		: read_again(x, line->method, head);

	return reason == TU_GUARD_OK ? tu_guard_check(head, &x->server->hosts, found) : reason;
}

static void find_peer(struct tu_http_exchange *x, const struct tu_guard_head *head)
{
	struct tu_http *server = x->server;
	struct tu_http_address peer = x->connection->peer;
	bool https = server->tls.key_path != NULL;

	tu_http_forwarded(head->headers, head->header_count, &server->trusted, &peer, &https);
	x->request.peer = tu_str_of(x->peer, tu_http_address_write(&peer, x->peer));
	x->request.scheme = https || server->public_https ? TU_STR("https") : TU_STR("http");
}

/* What of the request outlives this call: the method and the values stay in libmicrohttpd's buffer
 * until the answer is queued. */
static bool keep(struct tu_http_exchange *x, const struct tu_guard_head *head,
	const struct tu_guard_found *found)
{
	struct tu_http_request *request = &x->request;
	size_t bytes = head->header_count * sizeof(*x->headers);
	char *host;

	x->headers = tu_alloc(bytes + found->host.len, 1);
	if (!x->headers)
		return false;
	host = (char *)x->headers + bytes;
	for (size_t i = 0; i < head->header_count; i++)
		x->headers[i] = head->headers[i];
	for (size_t i = 0; i < found->host.len; i++)
		host[i] = tu_char_lower(found->host.ptr[i]);
	request->host = tu_str_of(host, found->host.len);
	request->headers = x->headers;
	request->header_count = head->header_count;
	request->path = found->path;
	request->query = found->query;
	x->chunked = found->body == TU_GUARD_CHUNKED;
	/* Where a chunked body ends is for libmicrohttpd to say, more leniently than a proxy may:
	 * nothing that follows is read as a request. */
	x->close = x->chunked;
	return true;
}

/* ---- answers from here ---- */

static enum MHD_Result queue(struct tu_http_exchange *x)
{
	struct MHD_Response *response = x->response;
	struct tu_http_stream *stream = x->stream;
	enum MHD_Result queued;

	x->step = TU_HTTP_STEP_SENT;
	tu_free(x->headers);
	x->headers = NULL;
	x->request.headers = NULL;
	x->request.header_count = 0;
	if (!response)
		return MHD_NO;
	tu_http__phase(x->server, x->connection, stream ? TU_HTTP_STREAMING : TU_HTTP_SENDING,
		stream ? 0 : (int64_t)(SEND_SECONDS + x->out / SEND_RATE));
	if (stream)
		tu_http__stream_attach(stream, x);
	queued = x->server->mhd->MHD_queue_response(x->mhd, x->status, response);
	x->server->mhd->MHD_destroy_response(response);
	x->response = NULL;
	x->stream = NULL;
	return queued;
}

static enum MHD_Result refuse(
	struct tu_http_exchange *x, unsigned status, const char *reason, unsigned seconds)
{
	tu_http__refuse(x, status, reason, seconds);
	return queue(x);
}

static enum MHD_Result refuse_counted(struct tu_http_exchange *x, unsigned status,
	enum tu_http_counter counter, const char *reason)
{
	tu_http__add(x->server, counter, 1);
	x->close = true;
	return refuse(x, status, reason, status == 503 ? 1 : 0);
}

/* ---- after the headers ---- */

static enum MHD_Result limited(struct tu_http_exchange *x, bool *out_limited)
{
	struct tu_http_address peer = {0};
	unsigned seconds = 0;

	*out_limited = tu_http_address_read(x->request.peer, &peer) && !peer.local &&
		!tu_limits_take(x->server->limits, x->limits.rate_class, tu_http_address_key(&peer),
			tu_http__now(), &seconds);
	if (!*out_limited)
		return MHD_YES;
	tu_http__add(x->server, TU_HTTP_RATE_LIMITED, 1);
	return refuse(x, 429, "too many requests of this address", seconds);
}

static int spool(void)
{
	char path[] = "/var/tmp/tutela-upload-XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd >= 0)
		unlink(path);
	return fd;
}

/* Room for the body, and by when it must be there. */
static bool expect_body(struct tu_http_exchange *x)
{
	unsigned seconds = x->limits.seconds ? x->limits.seconds : DEFAULT_SECONDS;

	x->step = TU_HTTP_STEP_BODY;
	tu_buf_init(&x->body, x->limits.body_max);
	x->request.deadline = tu_http__now() + (int64_t)seconds * 1000000000;
	if (x->limits.body_to_fd)
		x->request.body_fd = spool();
	tu_http__phase(x->server, x->connection, TU_HTTP_BODY, seconds);
	return !x->limits.body_to_fd || x->request.body_fd >= 0;
}

/* Is a body that is too large read nevertheless, so that the answer arrives? Who waits for "100
 * Continue" has not begun to send it. */
static bool is_discarded(const struct tu_http_exchange *x, const struct tu_guard_found *found)
{
	return x->connection->trusted && !x->chunked && x->limits.body_max > 0 &&
		found->length - x->limits.body_max <= DISCARD_PROXY &&
		!tu_http_header(&x->request, TU_STR("Expect")).ptr;
}

static enum MHD_Result admit(struct tu_http_exchange *x, const struct tu_guard_found *found)
{
	struct tu_http *server = x->server;
	bool is_limited;
	enum MHD_Result result;

	if (server->ask_limits)
		server->ask_limits(server->self, &x->request, &x->limits);
	if (atomic_load(&server->stopping))
		return refuse_counted(x, 503, TU_HTTP_OVERLOADED, "the server stops");
	if (x->connection->extra && !x->limits.quick)
		return refuse_counted(x, 503, TU_HTTP_OVERLOADED, "too many connections");
	result = limited(x, &is_limited);
	if (is_limited)
		return result;
	x->discard_max = x->connection->trusted ? DISCARD_PROXY : DISCARD_MAX;
	x->too_large =
		found->length > x->limits.body_max || (x->chunked && x->limits.body_max == 0);
	if (x->too_large && !is_discarded(x, found))
		return refuse_counted(x, 413, TU_HTTP_TOO_LARGE, "the body is larger than may be");
	if (!expect_body(x))
		return refuse_counted(x, 503, TU_HTTP_OVERLOADED, "no room for the body");
	return MHD_YES;
}

/* For the log, without the query, which may have secrets. */
static struct tu_str path_as_sent(const struct tu_http_exchange *x)
{
	struct tu_str target = tu_str_of(x->target, x->target_len);

	return tu_str_first(target, tu_str_find(target, '?'));
}

/* What must be refused is refused before the handler's own rules are asked. */
static enum MHD_Result begin(struct tu_http_exchange *x, const struct line *line)
{
	struct tu_guard_head head;
	struct tu_guard_found found;
	enum tu_guard_reason reason = look(x, line, &head, &found);
	const struct tu_guard_row *row = &tu_guard_rows[reason];

	x->began = tu_http__now();
	x->counted = true;
	tu_http__add(x->server, TU_HTTP_ACTIVE, 1);
	snprintf(x->method, sizeof(x->method), "%s", line->method);
	x->request.method = tu_str_c(x->method);
	x->head = tu_str_eq(x->request.method, TU_STR("HEAD"));
	/* for the log, until the guard has said what the path is: queries may have secrets */
	x->request.path = path_as_sent(x);
	if (tu_random_id(x->request.id, NULL) != TU_OK)
		return MHD_NO;
	if (reason != TU_GUARD_OK) {
		x->request.peer =
			tu_str_of(x->peer, tu_http_address_write(&x->connection->peer, x->peer));
		return refuse_counted(x, row->status, row->counter, row->text);
	}
	find_peer(x, &head);
	if (!keep(x, &head, &found))
		return MHD_NO;
	return admit(x, &found);
}

/* ---- the body ---- */

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* False: there is too much of other bodies. */
static bool hold(struct tu_http_exchange *x, size_t len)
{
	struct tu_http_bodies *bodies = &x->server->bodies[x->limits.body_to_fd];

	if (atomic_fetch_add(&bodies->now, len) + len > bodies->max) {
		atomic_fetch_sub(&bodies->now, len);
		return false;
	}
	x->held += len;
	return true;
}

void tu_http__let_body_go(struct tu_http_exchange *exchange)
{
	struct tu_http_bodies *bodies = &exchange->server->bodies[exchange->limits.body_to_fd];

	if (exchange->request.body_fd >= 0)
		close(exchange->request.body_fd);
	exchange->request.body_fd = -1;
	tu_buf_done(&exchange->body);
	exchange->request.body = (struct tu_str){0};
	atomic_fetch_sub(&bodies->now, exchange->held);
	exchange->held = 0;
}

static enum MHD_Result receive(struct tu_http_exchange *x, const char *bytes, size_t len)
{
	atomic_fetch_add(&x->connection->received, len);
	tu_http__add(x->server, TU_HTTP_BYTES_IN, len);
	x->too_large |= len > x->limits.body_max - x->request.body_len;
	if (!x->too_large && !x->crowded && !hold(x, len)) {
		x->crowded = true;
		tu_http__let_body_go(x);
	}
	if (x->too_large || x->crowded) {
		x->discarded += len;
		return x->discarded > x->discard_max ? MHD_NO : MHD_YES;
	}
	x->request.body_len += len;
	if (x->limits.body_to_fd)
		return write_all(x->request.body_fd, bytes, len) ? MHD_YES : MHD_NO;
	tu_buf_add(&x->body, bytes, len);
	return x->body.failed ? MHD_NO : MHD_YES;
}

/* ---- the handler ---- */

static enum MHD_Result run_here(struct tu_http_exchange *x)
{
	struct tu_arena *arena = tu_arena_new(1 << 20);

	if (!arena)
		return MHD_NO;
	tu_http__run(x, arena);
	tu_arena_free(arena);
	return queue(x);
}

static enum MHD_Result hand_over(struct tu_http_exchange *x)
{
	struct tu_http *server = x->server;

	if (x->too_large)
		return refuse_counted(x, 413, TU_HTTP_TOO_LARGE, "the body is larger than may be");
	if (x->crowded)
		return refuse_counted(x, 503, TU_HTTP_OVERLOADED, "too many bodies at a time");
	if (x->request.body_fd >= 0 && lseek(x->request.body_fd, 0, SEEK_SET) != 0)
		return MHD_NO;
	x->request.body = tu_buf_str(&x->body);
	if (x->limits.quick)
		return run_here(x);
	if (atomic_load(&server->closing))
		return refuse_counted(x, 503, TU_HTTP_OVERLOADED, "the server stops");
	tu_http__phase(server, x->connection, TU_HTTP_WORKING, 0);
	x->step = TU_HTTP_STEP_WORK;
	atomic_fetch_add(&server->working, 1);
	server->mhd->MHD_suspend_connection(x->mhd);
	if (tu_http__work_offer(server, x))
		return MHD_YES;
	tu_http__add(server, TU_HTTP_OVERLOADED, 1);
	tu_http__refuse(x, 503, "too many requests wait", 1);
	x->step = TU_HTTP_STEP_ANSWER;
	server->mhd->MHD_resume_connection(x->mhd);
	atomic_fetch_sub(&server->working, 1);
	return MHD_YES;
}

TU_HTTP_HANDLER(tu_http__on_request)
{
	struct tu_http_exchange *x = *context;
	const struct line line = {method, version};
	size_t len = *size;

	(void)cls;
	(void)mhd;
	(void)url;
	if (!x)
		return MHD_NO;
	switch (x->step) {
	case TU_HTTP_STEP_LINE:
		return begin(x, &line);
	case TU_HTTP_STEP_BODY:
		*size = 0;
		return len > 0 ? receive(x, bytes, len) : hand_over(x);
	case TU_HTTP_STEP_ANSWER:
		return queue(x);
	case TU_HTTP_STEP_WORK:
	case TU_HTTP_STEP_SENT:
		break;
	}
	return MHD_YES;
}

/* ---- the end ---- */

static void count(struct tu_http_exchange *x, bool sent)
{
	static const enum tu_http_counter classes[] = {TU_HTTP_REQUESTS_2XX, TU_HTTP_REQUESTS_3XX,
		TU_HTTP_REQUESTS_4XX, TU_HTTP_REQUESTS_5XX};
	unsigned class = x->status / 100;

	if (x->counted)
		tu_http__less(x->server, TU_HTTP_ACTIVE);
	if (!sent)
		tu_http__add(x->server, TU_HTTP_UNANSWERED, 1);
	else if (class >= 2 && class <= 5)
		tu_http__add(x->server, classes[class - 2], 1);
	if (sent && !x->head)
		tu_http__add(x->server, TU_HTTP_BYTES_OUT, x->out);
}

static void write_log(struct tu_http_exchange *x, bool sent)
{
	struct tu_http_line line = {
		.id = tu_str_c(x->request.id),
		.method = x->request.method,
		.path = x->request.path,
		.peer = x->request.peer,
		.who = tu_str_of(x->who, x->who_len),
		.status = sent ? x->status : 0,
		.bytes_in = x->request.body_len + x->discarded,
		.bytes_out = sent && !x->head ? x->out : 0,
		.microseconds = (tu_http__now() - x->began) / 1000,
		.refused = x->refused,
	};

	if (x->server->log)
		x->server->log(x->server->self, &line);
}

static void exchange_free(struct tu_http_exchange *x)
{
	if (x->response)
		x->server->mhd->MHD_destroy_response(x->response);
	tu_http__let_body_go(x);
	tu_free(x->headers);
	tu_free(x->target);
	tu_free(x);
}

void tu_http__on_completed(
	void *cls, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode how)
{
	struct tu_http_exchange *x = *context;
	struct tu_http *server = cls;
	bool sent;

	(void)mhd;
	*context = NULL;
	if (!x)
		return;
	sent = x->step == TU_HTTP_STEP_SENT &&
		(how == MHD_REQUEST_TERMINATED_COMPLETED_OK ||
			x->connection->phase == TU_HTTP_STREAMING);
	if (!x->counted) {
		x->request.path = path_as_sent(x);
		x->refused = "no request that can be read";
	}
	count(x, sent);
	write_log(x, sent);
	tu_http__phase(server, x->connection, TU_HTTP_WAITING, server->idle_seconds);
	exchange_free(x);
}
