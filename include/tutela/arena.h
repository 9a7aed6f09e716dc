/*
 * Arena: memory that is given back all at once.
 *
 * One arena a request or job, with a limit in bytes. What a parse yields lives in it; nothing
 * inside is freed singly. An arena belongs to one thread at a time.
 */
#ifndef TUTELA_ARENA_H
#define TUTELA_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/attr.h>
#include <tutela/str.h>

TU_BEGIN_C

struct tu_arena;

/* A new arena that never contains more than `ceiling` bytes (0: 1 GiB). NULL when out of memory. */
TU_API TU_NODISCARD struct tu_arena *tu_arena_new(size_t ceiling);
/* Give everything back. NULL is fine. */
TU_API void tu_arena_free(struct tu_arena *arena);
/* Forget the contents but keep the newest, largest block for the next job. */
TU_API void tu_arena_reset(struct tu_arena *arena);

/* `size` bytes aligned to 16, zeroed. NULL when the limit or the memory is reached. A size of
 * zero gives a valid pointer. */
TU_API TU_NODISCARD void *tu_arena_alloc(struct tu_arena *arena, size_t size);
/* The same for an array; NULL when count * size overflows. */
TU_API TU_NODISCARD void *tu_arena_array(struct tu_arena *arena, size_t count, size_t size);
/* `len` bytes, unaligned, not zeroed: for text. */
TU_API TU_NODISCARD char *tu_arena_text(struct tu_arena *arena, size_t len);
/* Copy `s` into the arena. False when out of memory. An empty view copies to an empty view. */
TU_API TU_NODISCARD bool tu_arena_dup(
	struct tu_arena *arena, struct tu_str s, struct tu_str *out_copy);
/* Bytes handed out since the start or the last reset. */
TU_API size_t tu_arena_used(const struct tu_arena *arena);

TU_END_C

#endif
