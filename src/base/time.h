/*
 * Instants: seconds since 1970-01-01T00:00:00Z, without leap seconds; RFC 3339 text.
 */
#ifndef TU_BASE_TIME_H
#define TU_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/str.h>

#define TU_TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* Parse "2024-01-31T12:30:00Z", with fraction (dropped) and offset, with a space for T, without
 * offset (read as UTC, as NVD writes), without seconds, or a bare date. Years 1970 to 9999; false
 * for anything else, with `*out_seconds` as it was. */
bool tu_time_parse(struct tu_str text, int64_t *out_seconds);
/* Append "2024-01-31T12:30:00Z". `seconds`: 0 to TU_TIME_MAX. */
void tu_time_write(int64_t seconds, struct tu_buf *out);
/* Append "2024-01-31". */
void tu_time_write_date(int64_t seconds, struct tu_buf *out);
/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar, and back (1970 to 9999). */
int64_t tu_time_days(int64_t year, int64_t month, int64_t day);
void tu_time_civil(int64_t days, int64_t *out_year, int64_t *out_month, int64_t *out_day);

#endif
