/* Binary search in sorted arrays. bsearch() finds an equal item; this finds where it would be. */
#ifndef TU_BASE_SEARCH_H
#define TU_BASE_SEARCH_H

#include <stddef.h>

/* Index of the first of `count` items of `size` bytes that does not sort before `wanted`; `count`
 * when all do. `order` is negative when the item sorts before what is wanted. */
static inline size_t tu_lower_bound(const void *items, size_t count, size_t size,
	const void *wanted, int (*order)(const void *item, const void *wanted))
{
	const char *at = items;
	size_t low = 0;
	size_t high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (order(at + middle * size, wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#endif
