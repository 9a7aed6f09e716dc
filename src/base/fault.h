/*
 * Fault injection for tests: make the n-th allocation fail.
 *
 * Every allocation of the core asks tu_fault_hit() once; it costs one branch. The counter is
 * thread-local: the one piece of state in libtutela outside its callers' hands, and inert unless a
 * test arms it.
 */
#ifndef TU_BASE_FAULT_H
#define TU_BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/attr.h>

/* Arm: the `nth` allocation from now on in this thread fails (1: the next), later ones succeed.
 * 0 disarms. Resets the count. */
TU_API void tu_fault_set(size_t nth);
/* Allocations seen in this thread since tu_fault_set(). */
TU_API size_t tu_fault_count(void);
/* Asked by allocators: true when this allocation must fail. */
bool tu_fault_hit(void);

#endif
