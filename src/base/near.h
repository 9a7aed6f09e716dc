/*
 * How far two words are apart: for "did you mean".
 */
#ifndef TU_BASE_NEAR_H
#define TU_BASE_NEAR_H

#include <tutela/str.h>

/* Words that are longer are near to none. */
enum { TU_NEAR_MAX = 64 };

/* Letters to add, drop or change until one is the other (Levenshtein), byte by byte; where it is
 * more than `limit` or a word is too long: `limit` + 1. */
size_t tu_near_steps(struct tu_str a, struct tu_str b, size_t limit);

#endif
