#define _XOPEN_SOURCE 700
#include "store/turn.h"

void tu_store__turn_init(pthread_cond_t *turn)
{
	pthread_condattr_t clock;

	(void)pthread_condattr_init(&clock);
	(void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	(void)pthread_cond_init(turn, &clock);
	(void)pthread_condattr_destroy(&clock);
}

struct timespec tu_store__turn_end(int64_t timeout_ms)
{
	struct timespec end;

	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += timeout_ms / 1000;
	end.tv_nsec += timeout_ms % 1000 * 1000000;
	if (end.tv_nsec >= 1000000000) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000;
	}
	return end;
}
