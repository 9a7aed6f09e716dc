/*
 * Server-sent events (HTML Living Standard, 9.2): a stream that stays open, and what is sent to it.
 *
 * A handler makes a stream, puts it into its answer and keeps the pointer where the events come
 * from. An idle stream costs no thread: its connection is suspended. Every 15 s a comment is sent,
 * so that a dead peer is noticed (at the second one). A reader that is so slow that its queue is
 * full is cut off: it comes back with Last-Event-ID, which the handler reads as a header.
 */
#ifndef TU_HTTP_STREAM_H
#define TU_HTTP_STREAM_H

#include <stdbool.h>

#include <tutela/str.h>

#include "http/server.h"

/* An event, shared by the streams it is sent to. */
struct tu_http_event;

/* A new event with one reference. `id` and `name` may be empty; none has a line feed, a carriage
 * return or NUL; `data` may have lines. NULL: out of memory, or not so. */
struct tu_http_event *tu_http_event_new(struct tu_str id, struct tu_str name, struct tu_str data);
/* Give the reference back. NULL is fine. */
void tu_http_event_drop(struct tu_http_event *event);

/* Called once when the stream has ended, for whatever reason, after which the stream is gone: who
 * sends to it forgets it. Called by a loop; the caller of tu_http_stream_send() may wait for the
 * same lock. */
typedef void tu_http_stream_ended(void *self, struct tu_http_stream *stream);

/* A stream for the answer of a request. NULL: there are too many (the handler answers 503), the
 * server stops, or memory is out. From a handler. `ended` is also called when the answer was never
 * sent. */
struct tu_http_stream *tu_http_stream_new(
	struct tu_http *server, tu_http_stream_ended *ended, void *self);
/* Put an event into the queue (at most 64 events and 256 KiB). False: the stream is over or was
 * just cut off because its queue is full. Any thread, until `ended` was called. */
bool tu_http_stream_send(struct tu_http_stream *stream, struct tu_http_event *event);
/* No more events: the stream ends when its queue is empty. Any thread, as above. */
void tu_http_stream_end(struct tu_http_stream *stream);

#endif
