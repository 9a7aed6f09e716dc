#include "cli/clock.h"

#include <stdlib.h>
#include <time.h>

#include <tutela/str.h>

int64_t tu_clock_now(void)
{
	uint64_t seconds;

	if (tu_str_to_u64(tu_str_c(getenv("SOURCE_DATE_EPOCH")), INT64_MAX, &seconds))
		return (int64_t)seconds;
	return (int64_t)time(NULL);
}
