/*
 * A set of texts in an arena: has this one been seen? The texts are not copied. Tables that are
 * outgrown stay in the arena: all of them together are no larger than the last one.
 *
 * A zeroed set is empty.
 */
#ifndef TU_BASE_TEXT_SET_H
#define TU_BASE_TEXT_SET_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/attr.h>

#include "base/hash.h"

struct tu_text_set {
	struct tu_str *slots; /* ptr NULL: free */
	size_t mask;
	size_t count;
};

/* The slot of a text, or the free one where it belongs. The order of hostile texts must not be
 * foreseeable: the seed is the table's address. */
static inline struct tu_str *tu_text_set__slot(const struct tu_text_set *set, struct tu_str text)
{
	uint64_t seed = (uint64_t)(uintptr_t)set->slots;
	size_t at = (size_t)tu_hash_seeded(text, seed) & set->mask;

	while (set->slots[at].ptr && !tu_str_eq(set->slots[at], text))
		at = (at + 1) & set->mask;
	return &set->slots[at];
}

static inline bool tu_text_set_has(const struct tu_text_set *set, struct tu_str text)
{
	return set->count && text.ptr && tu_text_set__slot(set, text)->ptr;
}

TU_NODISCARD static inline bool tu_text_set__grow(struct tu_text_set *set, struct tu_arena *arena)
{
	size_t slots = set->slots ? 2 * (set->mask + 1) : 16;
	struct tu_text_set grown = {.mask = slots - 1, .count = set->count};

	grown.slots = tu_arena_array(arena, slots, sizeof(*grown.slots));
	if (!grown.slots)
		return false;
	for (size_t i = 0; set->slots && i <= set->mask; i++) {
		if (set->slots[i].ptr)
			*tu_text_set__slot(&grown, set->slots[i]) = set->slots[i];
	}
	*set = grown;
	return true;
}

/* Add a text whose pointer is not NULL; `*out_new` false: it was there. False: no memory. */
TU_NODISCARD static inline bool tu_text_set_add(
	struct tu_text_set *set, struct tu_arena *arena, struct tu_str text, bool *out_new)
{
	struct tu_str *slot;

	if ((!set->slots || set->count > set->mask / 2) && !tu_text_set__grow(set, arena))
		return false;
	slot = tu_text_set__slot(set, text);
	*out_new = !slot->ptr;
	if (*out_new) {
		*slot = text;
		set->count++;
	}
	return true;
}

#endif
