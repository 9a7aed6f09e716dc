/*
 * Time zones of the tz database, from the files of the system (RFC 9636, "TZif").
 */
#ifndef TU_APP_ZONE_FILE_H
#define TU_APP_ZONE_FILE_H

#include <tutela/zone.h>

/* Names are looked up in the system's folders of zones, /usr/share/zoneinfo first. */
extern const struct tu_zone_names tu_zone_files;

/* Read the bytes of a TZif file, version 2 or later, without leap seconds. The zone lives in the
 * arena. TU_E_SYNTAX, TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_zone_read(struct tu_arena *arena, struct tu_str bytes,
	struct tu_zone *out_zone, struct tu_error *err);

#endif
