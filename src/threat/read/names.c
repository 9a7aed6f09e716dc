/* A map from ids to what they name. */
#include "base/hash.h"
#include "threat/read/reading.h"

/* The slot of an id, or the free one where it belongs. The order of hostile ids must not be
 * foreseeable: the seed is the table's address. */
static struct tu_name *slot_of(const struct tu_names *names, struct tu_str id)
{
	size_t at = (size_t)tu_hash_seeded(id, (uint64_t)(uintptr_t)names->slots) & names->mask;

	while (names->slots[at].id.ptr && !tu_str_eq(names->slots[at].id, id))
		at = (at + 1) & names->mask;
	return &names->slots[at];
}

static bool grow(struct tu_names *names, struct tu_arena *arena)
{
	size_t slots = names->slots ? 2 * (names->mask + 1) : 16;
	struct tu_names grown = {.mask = slots - 1, .count = names->count};

	grown.slots = tu_arena_array(arena, slots, sizeof(*grown.slots));
	if (!grown.slots)
		return false;
	for (size_t i = 0; names->slots && i <= names->mask; i++)
		if (names->slots[i].id.ptr)
			*slot_of(&grown, names->slots[i].id) = names->slots[i];
	*names = grown;
	return true;
}

bool tu_names_add(struct tu_names *names, struct tu_arena *arena, struct tu_str id,
	struct tu_spot spot, bool *out_new)
{
	struct tu_name *slot;

	if ((!names->slots || names->count > names->mask / 2) && !grow(names, arena))
		return false;
	slot = slot_of(names, id);
	*out_new = !slot->id.ptr;
	if (*out_new) {
		*slot = (struct tu_name){id, spot};
		names->count++;
	}
	return true;
}

const struct tu_spot *tu_names_find(const struct tu_names *names, struct tu_str id)
{
	const struct tu_name *slot;

	if (!names->count || !id.ptr)
		return NULL;
	slot = slot_of(names, id);
	return slot->id.ptr ? &slot->spot : NULL;
}
