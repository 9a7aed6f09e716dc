/*
 * Interner: each distinct string once, named by a small number.
 *
 * Ids count from 0 in order of first sight. Strings are copied; views stay valid until the interner
 * is freed. One thread at a time.
 */
#ifndef TU_BASE_INTERN_H
#define TU_BASE_INTERN_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/str.h>

struct tu_intern;

#define TU_INTERN_NONE UINT32_MAX

/* NULL when out of memory. `ceiling`: bytes of text at the most. */
TU_NODISCARD struct tu_intern *tu_intern_new(size_t ceiling);
void tu_intern_free(struct tu_intern *intern);
/* The id of `s`, new or known; false when out of memory or over the limit. */
TU_NODISCARD bool tu_intern_add(struct tu_intern *intern, struct tu_str s, uint32_t *out_id);
/* For many strings that will be added in a row: the first for each of them, then the second for
 * each of them with what the first gave, bring into the processor's cache what adding looks at. So
 * the waits for memory overlap; one after the other they are most of what adding costs. */
uint32_t tu_intern_foresee(const struct tu_intern *intern, struct tu_str s);
void tu_intern_fetch(const struct tu_intern *intern, uint32_t foreseen);
/* The id of `s`, or TU_INTERN_NONE. */
uint32_t tu_intern_find(const struct tu_intern *intern, struct tu_str s);
/* No string will be added or searched for any more: free what finds them. NULL is fine. */
void tu_intern_seal(struct tu_intern *intern);
/* Bring into the processor's cache what tu_intern_str() looks at for this id. */
void tu_intern_ahead(const struct tu_intern *intern, uint32_t id);
struct tu_str tu_intern_str(const struct tu_intern *intern, uint32_t id);
uint32_t tu_intern_count(const struct tu_intern *intern);

#endif
