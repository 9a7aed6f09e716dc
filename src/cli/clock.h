/*
 * The present time, in one place: $SOURCE_DATE_EPOCH (reproducible-builds.org) where it is set to a
 * number of seconds, else the system's clock.
 */
#ifndef TU_CLI_CLOCK_H
#define TU_CLI_CLOCK_H

#include <stdint.h>

/* Seconds since 1970. */
int64_t tu_clock_now(void);

#endif
