/*
 * Size arithmetic that says when it overflows. False means: overflow, result not set.
 */
#ifndef TU_BASE_CHECKED_H
#define TU_BASE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>

static inline bool tu_add(size_t a, size_t b, size_t *out)
{
	return !__builtin_add_overflow(a, b, out);
}

static inline bool tu_mul(size_t a, size_t b, size_t *out)
{
	return !__builtin_mul_overflow(a, b, out);
}

#endif
