/*
 * Heap allocation, for long-lived things only; what a parse yields lives in an arena.
 *
 * The three calls that every heap allocation of the core goes through, so that a test can fail the
 * n-th of them (base/fault.h).
 */
#ifndef TU_BASE_ALLOC_H
#define TU_BASE_ALLOC_H

#include <stddef.h>

#include <tutela/attr.h>
#include <tutela/error.h>

/* What the kernel may give as one page instead of many small ones. */
enum { TU_LARGE_PAGE = 2 << 20 };

/* Zeroed memory for count * size bytes; NULL when out of memory or when the product overflows. */
TU_NODISCARD void *tu_alloc(size_t count, size_t size);
/* As realloc(), for count * size bytes; on failure `old` stays valid. New bytes are not zeroed. A
 * first megabyte or more begins with a large page. */
TU_NODISCARD void *tu_realloc(void *old, size_t count, size_t size);
/* NULL is fine. */
void tu_free(void *memory);
/* Give freed memory back to the kernel, where the library can: it keeps what it thinks will be
 * asked for again. For after a phase that needed much more than the next. */
void tu_alloc_trim(void);
/* From now on, in the whole process, blocks of 8 MiB and more go back to the kernel when they are
 * freed. Left alone, glibc raises its limit to 32 MiB as it sees such blocks freed, and keeps what
 * documents of that size leave. For a job that reads many of them. */
void tu_alloc_return_large(void);

/*
 * Allocations that were refused in this thread so far, of the heap and of arenas. What is called on
 * the way may take a refusal for something else (a purl that cannot be read, a text that is too
 * long) and go on: a job that promises TU_E_NOMEM notes the number when it begins and settles with
 * it when it ends. What was put together while memory ran out is no answer.
 */
size_t tu_alloc_refused(void);
/* `status`, but TU_E_NOMEM where an allocation was refused since there were `before`. */
TU_NODISCARD enum tu_status tu_alloc_settle(
	size_t before, enum tu_status status, struct tu_error *err);
/* Count one; NULL. For the allocators of base/. */
void *tu_alloc_refuse(void);

#endif
