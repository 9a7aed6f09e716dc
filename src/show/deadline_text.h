/*
 * Deadlines in words: what lists of deadlines for people have in common.
 */
#ifndef TU_SHOW_DEADLINE_TEXT_H
#define TU_SHOW_DEADLINE_TEXT_H

#include <tutela/buf.h>
#include <tutela/deadline.h>

#include "show/paint.h"

/* "2026-03-05 23:59:59 -05:00 (2026-03-06T04:59:59Z)": in the maker's zone and in UTC; once where
 * the zone is UTC. */
void tu_deadline_write_time(int64_t seconds, const struct tu_zone *zone, struct tu_buf *out);

/* "2026-03-05T23:59:59-05:00": in the maker's zone (RFC 3339). */
void tu_deadline_write_local(int64_t seconds, const struct tu_zone *zone, struct tu_buf *out);

/* "Market JP (Japan): no rules are known: …": a line for each; made harmless for terminals. */
void tu_deadline_write_unwatched(
	const struct tu_unwatched *list, size_t count, const struct tu_paint *paint);

/* "3 days", "1 hour". */
void tu_deadline_write_span(int64_t seconds, struct tu_buf *out);

/* The components that the decisions of a case are about, each once: "bluez, bluez-libs"; made
 * harmless for terminals. */
void tu_deadline_write_components(const struct tu_deadline_case *c, struct tu_buf *out);

#endif
