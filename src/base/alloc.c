#include "base/alloc.h"

#include <stdlib.h>

#include "base/checked.h"
#include "base/fault.h"

void *tu_alloc(size_t count, size_t size)
{
	size_t bytes;

	/* calloc() checks the product too; a sanitizer's stops the program where it overflows */
	if (tu_fault_hit() || !tu_mul(count, size, &bytes))
		return NULL;
	return calloc(count ? count : 1, size ? size : 1);
}

void *tu_realloc(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (tu_fault_hit() || !tu_mul(count, size, &bytes))
		return NULL;
	return realloc(old, bytes ? bytes : 1);
}

void tu_free(void *memory)
{
	free(memory);
}
