#define _DEFAULT_SOURCE /* madvise */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/checked.h"
#include "base/fault.h"

enum { PAGE = 4096, LARGE = 4 << 20 };

/*
 * Ask for large pages: hundreds of megabytes in small ones cost a fifth of a build's time in page
 * faults and misses of the address cache. A wish: refusal does no harm. All pages that the memory
 * touches, so that a mapping of its own stays one piece: only those grow without being copied.
 */
static void *widen_pages(void *memory, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	uintptr_t start = (uintptr_t)memory & ~(uintptr_t)(PAGE - 1);
	uintptr_t end = ((uintptr_t)memory + bytes + PAGE - 1) & ~(uintptr_t)(PAGE - 1);

	if (memory && bytes >= LARGE)
		(void)madvise((void *)start, end - start, MADV_HUGEPAGE);
#else
	(void)bytes;
#endif
	return memory;
}

void *tu_alloc(size_t count, size_t size)
{
	size_t bytes;

	/* calloc() checks the product too; a sanitizer's stops the program where it overflows */
	if (tu_fault_hit() || !tu_mul(count, size, &bytes))
		return NULL;
	return widen_pages(calloc(count ? count : 1, size ? size : 1), bytes);
}

void *tu_realloc(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (tu_fault_hit() || !tu_mul(count, size, &bytes))
		return NULL;
	return widen_pages(realloc(old, bytes ? bytes : 1), bytes);
}

void tu_free(void *memory)
{
	free(memory);
}
