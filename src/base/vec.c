#include "base/vec.h"

#include <string.h>

#include "base/alloc.h"
#include "base/checked.h"

enum { CAP_MIN = 8 };

static bool next_cap(size_t cap, size_t *out_cap)
{
	*out_cap = CAP_MIN;
	return cap == 0 || tu_mul(cap, 2, out_cap);
}

bool tu_vec_grow(void **items, size_t *cap, size_t count, size_t size)
{
	size_t wanted;
	void *grown;

	(void)count;
	if (!next_cap(*cap, &wanted))
		return false;
	grown = tu_realloc(*items, wanted, size);
	if (!grown)
		return false;
	*items = grown;
	*cap = wanted;
	return true;
}

bool tu_vec_grow_in(struct tu_arena *arena, void **items, size_t *cap, size_t count, size_t size)
{
	size_t wanted;
	void *grown;

	if (!next_cap(*cap, &wanted))
		return false;
	grown = tu_arena_array(arena, wanted, size);
	if (!grown)
		return false;
	if (count)
		memcpy(grown, *items, count * size);
	*items = grown;
	*cap = wanted;
	return true;
}
