/*
 * Time zones: how far local time is from UTC. The core knows offsets; names of the tz database
 * ("Europe/Berlin") come through a hook, so that it opens no file.
 *
 * Threads: a zone is immutable; its `offset_at` must allow calls from several threads.
 */
#ifndef TUTELA_ZONE_H
#define TUTELA_ZONE_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

TU_BEGIN_C

struct tu_zone {
	struct tu_str name; /* "Europe/Berlin"; empty: an offset alone */
	int32_t seconds; /* east of UTC, where there is no offset_at */
	/* Seconds east of UTC at an instant; NULL: always `seconds`. */
	int32_t (*offset_at)(const void *context, int64_t at);
	const void *context;
};

/* Who knows zones by name. */
struct tu_zone_names {
	/* The zone of a name, with what it needs in the arena. TU_E_NOTFOUND where there is none;
	 * the message says why without naming the zone. */
	enum tu_status (*find)(void *context, struct tu_arena *arena, struct tu_str name,
		struct tu_zone *out_zone, struct tu_error *err);
	void *context;
};

/* Seconds east of UTC at an instant. */
TU_API int32_t tu_zone_offset(const struct tu_zone *zone, int64_t at);
/* The first instant whose local time is `local` or later: where the clock is put forward over it,
 * the change itself; where it comes twice, the first. `local`: seconds since 1970-01-01T00:00:00 on
 * the wall. */
TU_API int64_t tu_zone_instant(const struct tu_zone *zone, int64_t local);

TU_END_C

#endif
