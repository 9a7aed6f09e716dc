/*
 * GET /v1/events: what changed, as it changes, to whoever is signed in and sees it.
 *
 * One follower a node: a thread reads what is new (portfolio/changes.h) and hands it to all
 * streams. Streams of the same scope are an audience and share the events, which are made once. An
 * event has the number of its record as id, for who does not see everything as a mark (api/mark.h):
 * a client that comes back with Last-Event-ID gets what it missed, or, where that is too much, the
 * event "reset": read everything again.
 *
 * A stream ends when its session or key is over, or when who it is of sees other devices or has
 * another role: they come back, and get what they may see then. That is looked at after every
 * record about persons, teams and keys, and every 30 seconds.
 *
 * Threads: open from any worker. Order: start after the service, before the server; halt before the
 * server stops (no events after that); free when it has.
 */
#ifndef TU_API_EVENTS_H
#define TU_API_EVENTS_H

#include "access/access.h"
#include "http/stream.h"

struct tu_service;
struct tu_api_events;

TU_NODISCARD enum tu_status tu_api_events_start(
	struct tu_service *service, struct tu_api_events **out_events, struct tu_error *err);
/* NULL is fine. */
void tu_api_events_halt(struct tu_api_events *events);
void tu_api_events_free(struct tu_api_events *events);

/* Who wants to hear, from where on. */
struct tu_api_hearing {
	struct tu_http *server;
	const struct tu_access *who; /* copied */
	int64_t after; /* the record up to which they have everything; 0: up to now */
};
/* The record that a Last-Event-ID means; false: it is the id of no event. */
bool tu_api_events_after(const struct tu_api_events *events, struct tu_str id, int64_t *out_after);
/* TU_E_BUSY: there are too many. */
TU_NODISCARD enum tu_status tu_api_events_open(struct tu_api_events *events,
	const struct tu_api_hearing *hearing, struct tu_http_stream **out_stream,
	struct tu_error *err);

#endif
