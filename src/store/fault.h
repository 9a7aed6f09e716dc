/*
 * Fault injection for tests: make the n-th step on a database fail, as base/fault.h does with
 * allocations. A step is a statement, a script, a record or a commit. One branch when not armed.
 */
#ifndef TU_STORE_FAULT_H
#define TU_STORE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/* Arm: the `nth` step from now on in this thread fails with TU_E_IO (1: the next), later ones
 * succeed. 0 disarms. Resets the count. */
void tu_store_fault_set(size_t nth);
/* Steps seen in this thread since tu_store_fault_set(). */
size_t tu_store_fault_count(void);
/* Asked by store.c: true when this step must fail. */
bool tu_store__fault_hit(void);

#endif
