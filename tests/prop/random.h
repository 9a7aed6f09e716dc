/*
 * Random input for laws: a seeded generator, so that a failure can be repeated (TU_SEED=…).
 * Self-contained; xorshift64* (Vigna, 2016).
 */
#ifndef TU_TESTS_RANDOM_H
#define TU_TESTS_RANDOM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct dice {
	uint64_t state;
};

static inline struct dice dice_new(uint64_t seed)
{
	const char *wish = getenv("TU_SEED");

	if (wish)
		seed = strtoull(wish, NULL, 0);
	printf("# seed %llu\n", (unsigned long long)seed);
	return (struct dice){seed * 0x9e3779b97f4a7c15u | 1};
}

static inline uint64_t dice_roll(struct dice *dice)
{
	dice->state ^= dice->state >> 12;
	dice->state ^= dice->state << 25;
	dice->state ^= dice->state >> 27;
	return dice->state * 0x2545f4914f6cdd1du;
}

/* 0 to n - 1; n is small. */
static inline size_t dice_below(struct dice *dice, size_t n)
{
	return (size_t)(dice_roll(dice) >> 16) % n;
}

#endif
