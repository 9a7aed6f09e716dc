#include "base/intern.h"

#include <tutela/arena.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/vec.h"

struct entry {
	struct tu_str text;
	uint32_t hash; /* upper half: spares most comparisons and re-hashing */
};

struct tu_intern {
	struct tu_arena *arena;
	TU_VEC(struct entry) entries;
	uint32_t *slots; /* id + 1, 0: free */
	size_t mask;
};

/* Strings come from strangers: a seed that they cannot know keeps them from making all of them
 * collide. Ids do not depend on it. */
static uint64_t hash_of(const struct tu_intern *intern, struct tu_str s)
{
	return tu_hash_seeded(s, (uint64_t)(uintptr_t)intern);
}

enum { SLOTS_MIN = 1024 };

struct tu_intern *tu_intern_new(size_t ceiling)
{
	struct tu_intern *intern = tu_alloc(1, sizeof(*intern));

	if (!intern)
		return NULL;
	intern->arena = tu_arena_new(ceiling);
	intern->slots = tu_alloc(SLOTS_MIN, sizeof(*intern->slots));
	intern->mask = SLOTS_MIN - 1;
	if (!intern->arena || !intern->slots) {
		tu_intern_free(intern);
		return NULL;
	}
	return intern;
}

void tu_intern_free(struct tu_intern *intern)
{
	if (!intern)
		return;
	tu_arena_free(intern->arena);
	TU_VEC_DONE(&intern->entries);
	tu_free(intern->slots);
	tu_free(intern);
}

/* The slot that holds `s`, or the free slot where it belongs. */
static size_t slot_of(const struct tu_intern *intern, struct tu_str s, uint64_t hash)
{
	uint32_t high = (uint32_t)(hash >> 32);
	size_t slot = (size_t)high & intern->mask;

	while (intern->slots[slot]) {
		const struct entry *entry = &intern->entries.at[intern->slots[slot] - 1];

		if (entry->hash == high && tu_str_eq(entry->text, s))
			break;
		slot = (slot + 1) & intern->mask;
	}
	return slot;
}

static bool grow(struct tu_intern *intern)
{
	size_t count = (intern->mask + 1) * 2;
	uint32_t *slots = tu_alloc(count, sizeof(*slots));

	if (!slots)
		return false;
	for (size_t id = 0; id < intern->entries.count; id++) {
		size_t slot = intern->entries.at[id].hash & (count - 1);

		while (slots[slot])
			slot = (slot + 1) & (count - 1);
		slots[slot] = (uint32_t)id + 1;
	}
	tu_free(intern->slots);
	intern->slots = slots;
	intern->mask = count - 1;
	return true;
}

bool tu_intern_add(struct tu_intern *intern, struct tu_str s, uint32_t *out_id)
{
	uint64_t hash = hash_of(intern, s);
	size_t slot = slot_of(intern, s, hash);
	struct entry entry = {.hash = (uint32_t)(hash >> 32)};

	if (intern->slots[slot]) {
		*out_id = intern->slots[slot] - 1;
		return true;
	}
	if (intern->entries.count >= TU_INTERN_NONE - 1)
		return false;
	if (intern->entries.count * 3 >= intern->mask * 2) {
		if (!grow(intern))
			return false;
		slot = slot_of(intern, s, hash);
	}
	if (!tu_arena_dup(intern->arena, s, &entry.text) || !TU_VEC_PUSH(&intern->entries, entry))
		return false;
	*out_id = (uint32_t)intern->entries.count - 1;
	intern->slots[slot] = *out_id + 1;
	return true;
}

uint32_t tu_intern_find(const struct tu_intern *intern, struct tu_str s)
{
	uint32_t id_plus_one = intern->slots[slot_of(intern, s, hash_of(intern, s))];

	return id_plus_one ? id_plus_one - 1 : TU_INTERN_NONE;
}

struct tu_str tu_intern_str(const struct tu_intern *intern, uint32_t id)
{
	return intern->entries.at[id].text;
}

uint32_t tu_intern_count(const struct tu_intern *intern)
{
	return (uint32_t)intern->entries.count;
}
