#define _DEFAULT_SOURCE /* madvise, posix_memalign */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/checked.h"
#include "base/fault.h"

static _Thread_local size_t refused;

void *tu_alloc_refuse(void)
{
	refused++;
	return NULL;
}

size_t tu_alloc_refused(void)
{
	return refused;
}

enum tu_status tu_alloc_settle(size_t before, enum tu_status status, struct tu_error *err)
{
	return refused == before ? status : tu_no_memory(err);
}

enum { PAGE = 4096, LARGE = 4 << 20, WORTH_A_PAGE = 1 << 20 };

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

/* Memory that begins with a large page and ends with one: where the kernel grants it, one page
 * fault and the clearing of two megabytes at once take a tenth of what 512 small pages take. */
static void *begin_large(size_t bytes)
{
	void *memory;
	size_t whole;

	if (!tu_add(bytes, TU_LARGE_PAGE - 1, &whole))
		return NULL;
	whole &= ~(size_t)(TU_LARGE_PAGE - 1);
	if (posix_memalign(&memory, TU_LARGE_PAGE, whole) != 0)
		return NULL;
#ifdef MADV_HUGEPAGE
	(void)madvise(memory, whole, MADV_HUGEPAGE);
#endif
	return memory;
}

void *tu_alloc(size_t count, size_t size)
{
	size_t bytes;
	void *memory;

	/* calloc() checks the product too; a sanitizer's stops the program where it overflows */
	if (tu_fault_hit() || !tu_mul(count, size, &bytes))
		return tu_alloc_refuse();
	memory = calloc(count ? count : 1, size ? size : 1);
	return memory ? widen_pages(memory, bytes) : tu_alloc_refuse();
}

void *tu_realloc(void *old, size_t count, size_t size)
{
	size_t bytes;
	void *memory;

	if (tu_fault_hit() || !tu_mul(count, size, &bytes))
		return tu_alloc_refuse();
	if (!old && bytes >= WORTH_A_PAGE)
		memory = begin_large(bytes);
	else
		memory = widen_pages(realloc(old, bytes ? bytes : 1), bytes);
	return memory ? memory : tu_alloc_refuse();
}

void tu_free(void *memory)
{
	free(memory);
}

void tu_alloc_trim(void)
{
#ifdef __GLIBC__
	(void)malloc_trim(0);
#endif
}

void tu_alloc_return_large(void)
{
#ifdef __GLIBC__
	enum { GIVEN_BACK = 8 << 20 };

	(void)mallopt(M_MMAP_THRESHOLD, GIVEN_BACK);
#endif
}
