#include "base/intern.h"

#include <tutela/arena.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/vec.h"

/* The hash is in the slot, so that a probe that does not hit touches one cache line. */
struct slot {
	uint32_t hash; /* upper half */
	uint32_t id_plus_one; /* 0: free */
};

struct tu_intern {
	struct tu_arena *arena;
	TU_VEC(struct tu_str) entries;
	struct slot *slots;
	size_t mask;
};

/* Strings come from strangers: a seed that they cannot know keeps them from making all of them
 * collide. Ids do not depend on it. */
static uint32_t hash_of(const struct tu_intern *intern, struct tu_str s)
{
	return (uint32_t)(tu_hash_seeded(s, (uint64_t)(uintptr_t)intern) >> 32);
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

void tu_intern_seal(struct tu_intern *intern)
{
	if (!intern)
		return;
	tu_free(intern->slots);
	intern->slots = NULL;
}

/* The slot that contains `s`, or the free slot where it belongs. */
static size_t slot_of(const struct tu_intern *intern, struct tu_str s, uint32_t hash)
{
	size_t at = (size_t)hash & intern->mask;

	for (;;) {
		const struct slot *slot = &intern->slots[at];

		if (slot->id_plus_one == 0 ||
			(slot->hash == hash &&
				tu_str_eq(intern->entries.at[slot->id_plus_one - 1], s)))
			return at;
		at = (at + 1) & intern->mask;
	}
}

static bool grow(struct tu_intern *intern)
{
	size_t count = (intern->mask + 1) * 2;
	struct slot *slots = tu_alloc(count, sizeof(*slots));

	if (!slots)
		return false;
	for (size_t old = 0; old <= intern->mask; old++) {
		size_t at = intern->slots[old].hash & (count - 1);

		if (intern->slots[old].id_plus_one == 0)
			continue;
		while (slots[at].id_plus_one)
			at = (at + 1) & (count - 1);
		slots[at] = intern->slots[old];
	}
	tu_free(intern->slots);
	intern->slots = slots;
	intern->mask = count - 1;
	return true;
}

bool tu_intern_add(struct tu_intern *intern, struct tu_str s, uint32_t *out_id)
{
	uint32_t hash = hash_of(intern, s);
	size_t at = slot_of(intern, s, hash);
	struct tu_str copy;

	if (intern->slots[at].id_plus_one) {
		*out_id = intern->slots[at].id_plus_one - 1;
		return true;
	}
	if (intern->entries.count >= TU_INTERN_NONE - 1)
		return false;
	if (intern->entries.count * 3 >= intern->mask * 2) {
		if (!grow(intern))
			return false;
		at = slot_of(intern, s, hash);
	}
	if (!tu_arena_dup(intern->arena, s, &copy) || !TU_VEC_PUSH(&intern->entries, copy))
		return false;
	*out_id = (uint32_t)intern->entries.count - 1;
	intern->slots[at] = (struct slot){hash, *out_id + 1};
	return true;
}

uint32_t tu_intern_foresee(const struct tu_intern *intern, struct tu_str s)
{
	uint32_t hash = hash_of(intern, s);

	__builtin_prefetch(&intern->slots[hash & intern->mask]);
	return hash;
}

void tu_intern_fetch(const struct tu_intern *intern, uint32_t foreseen)
{
	const struct slot *slot = &intern->slots[foreseen & intern->mask];

	if (slot->id_plus_one && slot->hash == foreseen)
		__builtin_prefetch(intern->entries.at[slot->id_plus_one - 1].ptr);
}

uint32_t tu_intern_find(const struct tu_intern *intern, struct tu_str s)
{
	uint32_t id_plus_one = intern->slots[slot_of(intern, s, hash_of(intern, s))].id_plus_one;

	return id_plus_one ? id_plus_one - 1 : TU_INTERN_NONE;
}

void tu_intern_ahead(const struct tu_intern *intern, uint32_t id)
{
	__builtin_prefetch(&intern->entries.at[id]);
}

struct tu_str tu_intern_str(const struct tu_intern *intern, uint32_t id)
{
	return intern->entries.at[id];
}

uint32_t tu_intern_count(const struct tu_intern *intern)
{
	return (uint32_t)intern->entries.count;
}
