/*
 * The federal holidays of the United States, computed.
 */
#ifndef TU_DEADLINE_FEDERAL_H
#define TU_DEADLINE_FEDERAL_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/attr.h>

/* Days since 1970, to the year 9999. Monday is 0. */
int tu_day_of_week(int64_t day);
/* Is it a legal public holiday, or the working day on which one is observed? */
bool tu_is_us_federal_holiday(int64_t day);

#endif
