/*
 * Deadlines as a calendar (iCalendar, RFC 5545), and the secret address by which a person's
 * calendar program reads it. An address is shown once and kept as its SHA-256.
 */
#ifndef TU_NOTIFY_CALENDAR_H
#define TU_NOTIFY_CALENDAR_H

#include "portfolio/deadlines.h"

enum { TU_CALENDAR_TOKEN = 64 /* hexadecimal digits */ };

/* An event for each deadline that has started: when it is due, its state in the title. The UID
 * stays the same while the deadline is the same one. Lines are folded, texts escaped. */
struct tu_calendar_writing {
	const struct tu_deadlines_seen *seen;
	struct tu_str instance; /* of the database: makes UIDs unique in the world */
	int64_t now; /* seconds */
};
TU_NODISCARD enum tu_status tu_calendar_write(
	const struct tu_calendar_writing *writing, struct tu_buf *out, struct tu_error *err);
/* A line of it, folded. */
void tu_calendar_line(struct tu_buf *out, const char *name, struct tu_str text);

/* Give a person a new address in place of the one before; recorded without it. */
TU_NODISCARD enum tu_status tu_calendar_make(struct tu_work *w, int64_t person,
	char out_token[TU_CALENDAR_TOKEN + 1], struct tu_error *err);
/* When it was made; 0: there is none. */
TU_NODISCARD enum tu_status tu_calendar_made(
	struct tu_work *w, int64_t person, int64_t *out_at, struct tu_error *err);
TU_NODISCARD enum tu_status tu_calendar_drop(
	struct tu_work *w, int64_t person, struct tu_error *err);
/* Whose it is, by public id in w->arena. TU_E_NOTFOUND: nobody's, or of somebody who may act no
 * more. */
TU_NODISCARD enum tu_status tu_calendar_find(
	struct tu_work *w, struct tu_str token, struct tu_str *out_person, struct tu_error *err);

#endif
