/*
 * Growing arrays, typed by macro; over the heap or inside an arena.
 *
 *   struct { struct thing *at; size_t count, cap; } things = {0};
 *   if (!TU_VEC_PUSH(&things, (struct thing){…})) …out of memory…
 *   TU_VEC_DONE(&things);
 *
 * The arena form never frees what it outgrows: doubling bounds the waste to the final size.
 */
#ifndef TU_BASE_VEC_H
#define TU_BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/arena.h>

#include "base/alloc.h"

#define TU_VEC(type) \
	struct { \
		type *at; \
		size_t count; \
		size_t cap; \
	}

bool tu_vec_grow(void **items, size_t *cap, size_t count, size_t size);
bool tu_vec_grow_in(struct tu_arena *arena, void **items, size_t *cap, size_t count, size_t size);

/* `items` of any pointer type as the `void **` that the two functions above take. */
#define TU_VEC__SLOT(vec) ((void **)(void *)&(vec)->at)

/* Append; false when out of memory, the vector is as before. */
#define TU_VEC_PUSH(vec, ...) \
	(((vec)->count < (vec)->cap || \
		 tu_vec_grow(TU_VEC__SLOT(vec), &(vec)->cap, (vec)->count, sizeof(*(vec)->at))) && \
		((vec)->at[(vec)->count++] = (__VA_ARGS__), true))

#define TU_VEC_PUSH_IN(arena, vec, ...) \
	(((vec)->count < (vec)->cap || \
		 tu_vec_grow_in((arena), TU_VEC__SLOT(vec), &(vec)->cap, (vec)->count, \
			 sizeof(*(vec)->at))) && \
		((vec)->at[(vec)->count++] = (__VA_ARGS__), true))

#define TU_VEC_DONE(vec) (tu_free((vec)->at), (vec)->at = NULL, (vec)->count = (vec)->cap = 0)

#endif
