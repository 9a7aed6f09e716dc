#include <sys/socket.h>

#include "base/alloc.h"
#include "http/internal.h"
#include "http/stream.h"

/* What may wait for a reader: events, and bytes of them. */
enum { QUEUE_EVENTS = 64, QUEUE_BYTES = 256 << 10 };
/* The ticker comes every 250 ms: each stream is in one of so many slices. */
enum { BEAT_SLICES = 15 * 4 };
/* libmicrohttpd reads an answer in blocks of so many bytes: memory of each stream. */
enum { BLOCK = 512 };

struct tu_http_event {
	atomic_size_t references;
	size_t len;
	char text[];
};

struct tu_http_stream {
	struct tu_http *server;
	struct tu_http_stream *older, *newer; /* under streams.mutex */
	unsigned slice;
	tu_http_stream_ended *ended;
	void *self;
	pthread_mutex_t mutex; /* of what follows */
	struct MHD_Connection *mhd; /* NULL: not attached yet */
	struct MHD_Response *response; /* NULL: its headers were given back */
	struct tu_http_connection *connection;
	bool suspended, beat, ending, cut;
	size_t sent; /* bytes of the first event */
	size_t first, count, bytes;
	struct tu_http_event **queue; /* of QUEUE_EVENTS; only while something waits */
};

/* ---- events ---- */

static bool one_line(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '\n' || s.ptr[i] == '\r' || s.ptr[i] == '\0')
			return false;
	return true;
}

static void field(struct tu_buf *text, struct tu_str name, struct tu_str value)
{
	tu_buf_str_add(text, name);
	tu_buf_c(text, ": ");
	tu_buf_str_add(text, value);
	tu_buf_byte(text, '\n');
}

struct tu_http_event *tu_http_event_new(struct tu_str id, struct tu_str name, struct tu_str data)
{
	struct tu_http_event *event = NULL;
	struct tu_str line;
	struct tu_buf text;

	if (!one_line(id) || !one_line(name) || tu_str_find(data, '\r') < data.len)
		return NULL;
	tu_buf_init(&text, QUEUE_BYTES);
	if (id.len > 0)
		field(&text, TU_STR("id"), id);
	if (name.len > 0)
		field(&text, TU_STR("event"), name);
	while (tu_str_split(&data, '\n', &line))
		field(&text, TU_STR("data"), line);
	tu_buf_byte(&text, '\n');
	if (!text.failed)
		event = tu_alloc(1, sizeof(*event) + text.len);
	if (event) {
		atomic_init(&event->references, 1);
		event->len = text.len;
		memcpy(event->text, text.ptr, text.len);
	}
	tu_buf_done(&text);
	return event;
}

void tu_http_event_drop(struct tu_http_event *event)
{
	if (event && atomic_fetch_sub(&event->references, 1) == 1)
		tu_free(event);
}

/* ---- streams ---- */

struct tu_http_stream *tu_http_stream_new(
	struct tu_http *server, tu_http_stream_ended *ended, void *self)
{
	struct tu_http_streams *all = &server->streams;
	struct tu_http_stream *stream;

	if (atomic_load(&server->stopping))
		return NULL;
	if (atomic_fetch_add(&server->counters[TU_HTTP_STREAMS], 1) >= all->max) {
		tu_http__less(server, TU_HTTP_STREAMS);
		return NULL;
	}
	stream = tu_alloc(1, sizeof(*stream));
	if (!stream) {
		tu_http__less(server, TU_HTTP_STREAMS);
		return NULL;
	}
	stream->server = server;
	stream->ended = ended;
	stream->self = self;
	stream->beat = true; /* a first line, so that a proxy passes the headers on */
	pthread_mutex_init(&stream->mutex, NULL);
	pthread_mutex_lock(&all->mutex);
	stream->slice = all->next++ % BEAT_SLICES;
	stream->newer = all->first;
	if (all->first)
		all->first->older = stream;
	all->first = stream;
	pthread_mutex_unlock(&all->mutex);
	return stream;
}

static void pop(struct tu_http_stream *s)
{
	struct tu_http_event *event = s->queue[s->first];

	s->bytes -= event->len;
	tu_http_event_drop(event);
	s->first = (s->first + 1) % QUEUE_EVENTS;
	s->sent = 0;
	if (--s->count > 0)
		return;
	tu_free(s->queue);
	s->queue = NULL;
}

static void stream_free(void *cls)
{
	struct tu_http_stream *s = cls;
	struct tu_http_streams *all = &s->server->streams;

	pthread_mutex_lock(&all->mutex);
	if (s->older)
		s->older->newer = s->newer;
	else
		all->first = s->newer;
	if (s->newer)
		s->newer->older = s->older;
	pthread_mutex_unlock(&all->mutex);
	pthread_mutex_lock(&s->mutex);
	s->cut = true;
	pthread_mutex_unlock(&s->mutex);
	if (s->ended)
		s->ended(s->self, s);
	while (s->count > 0)
		pop(s);
	pthread_mutex_destroy(&s->mutex);
	tu_http__less(s->server, TU_HTTP_STREAMS);
	tu_free(s);
}

void tu_http__stream_discard(struct tu_http_stream *stream)
{
	if (stream)
		stream_free(stream);
}

/* ---- what the loop reads ---- */

static size_t copy(struct tu_http_stream *s, char *out, size_t max)
{
	struct tu_http_event *event = s->queue[s->first];
	size_t n = event->len - s->sent < max ? event->len - s->sent : max;

	memcpy(out, event->text + s->sent, n);
	s->sent += n;
	if (s->sent == event->len)
		pop(s);
	return n;
}

struct pair {
	const char *name, *value;
};

static enum MHD_Result take_one(
	void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct pair *pair = cls;

	(void)kind;
	*pair = (struct pair){name, value};
	return MHD_NO;
}

/* Headers are sent before the body is asked for: two kilobytes of each stream. */
static void give_headers_back(struct tu_http_stream *s)
{
	const struct tu_mhd *mhd = s->server->mhd;
	struct pair pair = {0};

	while (s->response && mhd->MHD_get_response_headers(s->response, take_one, &pair) > 0 &&
		mhd->MHD_del_response_header(s->response, pair.name, pair.value) == MHD_YES)
		;
	s->response = NULL;
}

static ssize_t read_stream(void *cls, uint64_t position, char *out, size_t max)
{
	struct tu_http_stream *s = cls;
	ssize_t n = 0;

	(void)position;
	pthread_mutex_lock(&s->mutex);
	give_headers_back(s);
	if (s->cut || atomic_load(&s->server->closing)) {
		n = MHD_CONTENT_READER_END_OF_STREAM;
	} else if (s->count > 0) {
		n = (ssize_t)copy(s, out, max);
	} else if (s->ending) {
		n = MHD_CONTENT_READER_END_OF_STREAM;
	} else if (s->beat && max > 2) {
		memcpy(out, ":\n\n", 3);
		s->beat = false;
		n = 3;
	} else {
		s->suspended = true;
		s->server->mhd->MHD_suspend_connection(s->mhd);
	}
	pthread_mutex_unlock(&s->mutex);
	return n;
}

struct MHD_Response *tu_http__stream_response(struct tu_http_stream *stream)
{
	return stream->server->mhd->MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, BLOCK, read_stream, stream, stream_free);
}

void tu_http__stream_attach(struct tu_http_stream *stream, struct tu_http_exchange *exchange)
{
	pthread_mutex_lock(&stream->mutex);
	stream->mhd = exchange->mhd;
	stream->response = exchange->response;
	stream->connection = exchange->connection;
	pthread_mutex_unlock(&stream->mutex);
}

/* ---- what others write; with the stream's lock ---- */

static void wake(struct tu_http_stream *s)
{
	if (!s->suspended)
		return;
	s->suspended = false;
	s->server->mhd->MHD_resume_connection(s->mhd);
}

/* Where the loop waits until the socket can be written, only the socket's end wakes it. */
static void cut_off(struct tu_http_stream *s)
{
	s->cut = true;
	if (s->connection)
		shutdown(s->connection->fd, SHUT_RDWR);
	wake(s);
}

static bool push(struct tu_http_stream *s, struct tu_http_event *event)
{
	if (s->count == QUEUE_EVENTS || s->bytes + event->len > QUEUE_BYTES)
		return false;
	if (!s->queue)
		s->queue = tu_alloc(QUEUE_EVENTS, sizeof(struct tu_http_event *));
	if (!s->queue)
		return false;
	atomic_fetch_add(&event->references, 1);
	s->queue[(s->first + s->count++) % QUEUE_EVENTS] = event;
	s->bytes += event->len;
	return true;
}

bool tu_http_stream_send(struct tu_http_stream *stream, struct tu_http_event *event)
{
	bool sent = false;

	pthread_mutex_lock(&stream->mutex);
	if (!stream->cut && !stream->ending) {
		sent = push(stream, event);
		if (sent) {
			wake(stream);
		} else {
			tu_http__add(stream->server, TU_HTTP_STREAMS_SLOW, 1);
			cut_off(stream);
		}
	}
	pthread_mutex_unlock(&stream->mutex);
	return sent;
}

void tu_http_stream_end(struct tu_http_stream *stream)
{
	pthread_mutex_lock(&stream->mutex);
	stream->ending = true;
	wake(stream);
	pthread_mutex_unlock(&stream->mutex);
}

void tu_http__streams_beat(struct tu_http *server)
{
	struct tu_http_streams *all = &server->streams;

	pthread_mutex_lock(&all->mutex);
	all->beat = (all->beat + 1) % BEAT_SLICES;
	for (struct tu_http_stream *s = all->first; s; s = s->newer)
		if (s->slice == all->beat) {
			pthread_mutex_lock(&s->mutex);
			s->beat = true;
			wake(s);
			pthread_mutex_unlock(&s->mutex);
		}
	pthread_mutex_unlock(&all->mutex);
}

void tu_http__streams_end(struct tu_http *server, bool now)
{
	struct tu_http_streams *all = &server->streams;

	pthread_mutex_lock(&all->mutex);
	for (struct tu_http_stream *s = all->first; s; s = s->newer) {
		pthread_mutex_lock(&s->mutex);
		s->ending = true;
		if (now)
			cut_off(s);
		wake(s);
		pthread_mutex_unlock(&s->mutex);
	}
	pthread_mutex_unlock(&all->mutex);
}
