/* The distance of two words. */
#include "base/near.h"

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The next row of the table of distances; returns its least. */
static size_t step(size_t *row, char letter, struct tu_str b)
{
	size_t corner = row[0], best = ++row[0];

	for (size_t k = 0; k < b.len; k++) {
		size_t changed = corner + (letter != b.ptr[k]);

		corner = row[k + 1];
		row[k + 1] = least(changed, least(row[k], corner) + 1);
		best = least(best, row[k + 1]);
	}
	return best;
}

size_t tu_near_steps(struct tu_str a, struct tu_str b, size_t limit)
{
	size_t row[TU_NEAR_MAX + 1];
	size_t apart = a.len > b.len ? a.len - b.len : b.len - a.len;

	if (apart > limit || a.len > TU_NEAR_MAX || b.len > TU_NEAR_MAX)
		return limit + 1;
	for (size_t k = 0; k <= b.len; k++)
		row[k] = k;
	for (size_t i = 0; i < a.len; i++)
		if (step(row, a.ptr[i], b) > limit)
			return limit + 1;
	return least(row[b.len], limit + 1);
}
