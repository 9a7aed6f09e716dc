/*
 * Seeded random input for tests of laws.
 *
 * The same seed gives the same cases on every machine; TUTELA_SEED in the environment asks for
 * others. A program checks its laws one after the other and prints TAP.
 */
#ifndef TU_PROP_KIT_H
#define TU_PROP_KIT_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tutela/str.h>

struct prop {
	uint64_t state;
	uint64_t seed;
	unsigned count;
	unsigned failed;
};

static inline struct prop prop_begin(void)
{
	const char *text = getenv("TUTELA_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 10) : 20240229;

	return (struct prop){.state = seed, .seed = seed};
}

/* The next number (Steele, Lea, Flood: "Fast splittable pseudorandom number generators"). */
static inline uint64_t prop_next(struct prop *p)
{
	uint64_t z = p->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* 0 to n-1. */
static inline size_t prop_below(struct prop *p, size_t n)
{
	return (size_t)(prop_next(p) % n);
}

/* A text of 1 to `most` pieces, written into `room`. Now and then any byte is among them. */
static inline struct tu_str prop_text(struct prop *p, const char *const *pieces, size_t count,
	size_t most, char *room, size_t size)
{
	size_t len = 0;

	for (size_t i = prop_below(p, most) + 1; i > 0; i--) {
		const char *piece = pieces[prop_below(p, count)];
		size_t more = strlen(piece);
		if (len + more + 1 > size)
			break;
		memcpy(room + len, piece, more);
		len += more;
		if (prop_below(p, 200) == 0)
			room[len++] = (char)prop_next(p);
	}
	return tu_str_of(room, len);
}

/* One law: `broken` is NULL or says what is wrong. */
static inline void prop_report(struct prop *p, const char *law, const char *broken)
{
	p->count++;
	p->failed += broken != NULL;
	printf("%s %u - %s\n", broken ? "not ok" : "ok", p->count, law);
	if (broken)
		printf("# seed %llu: %s\n", (unsigned long long)p->seed, broken);
}

static inline int prop_end(const struct prop *p)
{
	printf("1..%u\n", p->count);
	return p->failed > 0;
}

#endif
