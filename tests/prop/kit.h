/*
 * Random texts for tests of laws, and their report: a program checks one law after the other and
 * prints TAP.
 */
#ifndef TU_PROP_KIT_H
#define TU_PROP_KIT_H

#include <string.h>

#include <tutela/str.h>

#include "random.h"

struct prop {
	struct dice dice;
	unsigned count;
	unsigned failed;
};

static inline struct prop prop_begin(void)
{
	return (struct prop){.dice = dice_new(20240229)};
}

/* 0 to n-1. */
static inline size_t prop_below(struct prop *p, size_t n)
{
	return dice_below(&p->dice, n);
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
			room[len++] = (char)(dice_roll(&p->dice) >> 32);
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
		printf("# %s\n", broken);
}

static inline int prop_end(const struct prop *p)
{
	printf("1..%u\n", p->count);
	return p->failed > 0;
}

#endif
