/* How long commits take. */
#define _XOPEN_SOURCE 700
#include <time.h>

#include "store/engine.h"

const uint32_t tu_store_time_bounds[TU_STORE_TIMES] = {1, 3, 10, 30, 100, 300, 1000, 3000};

int64_t tu_store__instant(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void tu_store__committed(struct tu_store *store, int64_t began)
{
	const int64_t took = tu_store__instant() - began;
	const uint64_t us = took > 0 ? (uint64_t)took : 0;
	struct tu_store__clock *clock = &store->clock;

	for (size_t i = 0; i < TU_STORE_TIMES; i++)
		if (us <= (uint64_t)tu_store_time_bounds[i] * 1000)
			atomic_fetch_add_explicit(&clock->within[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&clock->commits, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&clock->microseconds, us, memory_order_relaxed);
}

void tu_store_times(const struct tu_store *store, struct tu_store_times *out)
{
	struct tu_store__clock *clock = (struct tu_store__clock *)(uintptr_t)&store->clock;

	for (size_t i = 0; i < TU_STORE_TIMES; i++)
		out->within[i] = atomic_load(&clock->within[i]);
	out->commits = atomic_load(&clock->commits);
	out->microseconds = atomic_load(&clock->microseconds);
	out->again = atomic_load(&clock->again);
}
