#include <pthread.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/random.h"
#include "http/limits.h"

enum { SETS = 2048, WAYS = 8 };

/* A bucket is kept as the time at which it is full again: one number, no clock of its own (the
 * generic cell rate algorithm). */
struct bucket {
	uint64_t tag; /* of class and key; 0: free */
	int64_t full; /* ns */
};

struct tu_limits {
	pthread_mutex_t mutex;
	uint64_t seed;
	struct tu_http_rate *rates;
	size_t count;
	struct bucket sets[SETS][WAYS];
};

struct tu_limits *tu_limits_new(const struct tu_http_rate *rates, size_t count)
{
	struct tu_limits *limits = tu_alloc(1, sizeof(*limits));

	if (!limits)
		return NULL;
	limits->rates = tu_alloc(count ? count : 1, sizeof(*rates));
	if (!limits->rates || tu_random_bytes(&limits->seed, sizeof(limits->seed), NULL) != TU_OK) {
		tu_free(limits->rates);
		tu_free(limits);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		limits->rates[i] = rates[i];
	limits->count = count;
	pthread_mutex_init(&limits->mutex, NULL);
	return limits;
}

void tu_limits_free(struct tu_limits *limits)
{
	if (!limits)
		return;
	pthread_mutex_destroy(&limits->mutex);
	tu_free(limits->rates);
	tu_free(limits);
}

/* The key's bucket, or the one that gives way to it. */
static struct bucket *find(struct tu_limits *limits, uint64_t tag)
{
	struct bucket *set = limits->sets[tag % SETS], *least = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].tag == tag)
			return &set[i];
		if (set[i].full < least->full)
			least = &set[i];
	}
	*least = (struct bucket){.tag = tag};
	return least;
}

static bool take(
	struct bucket *bucket, const struct tu_http_rate *rate, int64_t now, int64_t *out_wait)
{
	int64_t each = INT64_C(60000000000) / rate->per_minute;
	int64_t full = bucket->full > now ? bucket->full : now;
	int64_t burst = each * (rate->burst ? rate->burst : 1);

	*out_wait = full + each - now - burst;
	if (*out_wait > 0)
		return false;
	bucket->full = full + each;
	return true;
}

bool tu_limits_take(struct tu_limits *limits, unsigned rate_class, struct tu_str key, int64_t now,
	unsigned *out_seconds)
{
	const struct tu_http_rate *rate;
	uint64_t tag;
	int64_t wait = 0;
	bool taken;

	*out_seconds = 0;
	if (rate_class == 0 || rate_class >= limits->count)
		return true;
	rate = &limits->rates[rate_class];
	if (rate->per_minute == 0)
		return true;
	/* mixed: next to each other, seeds of two classes would make "a" of one "b" of the other */
	tag = tu_hash_seeded(key, tu_hash_mix(limits->seed ^ rate_class, 0x9e3779b97f4a7c15u));
	pthread_mutex_lock(&limits->mutex);
	taken = take(find(limits, tag ? tag : 1), rate, now, &wait);
	pthread_mutex_unlock(&limits->mutex);
	if (!taken)
		*out_seconds = (unsigned)((wait + 999999999) / 1000000000);
	return taken;
}
