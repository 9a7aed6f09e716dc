#include <tutela/arena.h>

#include <stdint.h>

#include "base/alloc.h"
#include "base/checked.h"
#include "base/fault.h"

/*
 * Blocks in a list, newest first; each new one is twice as large as the last until BLOCK_MAX, but
 * that after some small ones, and for a request that is larger than these, the next is a large
 * page: who has used so much uses more. A request that is larger than that gets a block of its own
 * size. Under AddressSanitizer the unused rest of a block is poisoned, so that an overrun inside an
 * arena is seen.
 */
enum {
	ALIGNMENT = 16,
	BLOCK_MIN = 16 * 1024,
	BLOCK_SMALL = 128 * 1024, /* the largest of the small ones */
	BLOCK_MAX = 8 * 1024 * 1024
};

#define DEFAULT_CEILING ((size_t)1 << 30)

#if defined(__SANITIZE_ADDRESS__)
#define POISONING 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONING 1
#endif
#endif

#ifdef POISONING
#include <sanitizer/asan_interface.h>
#define POISON(ptr, size) ASAN_POISON_MEMORY_REGION(ptr, size)
#define UNPOISON(ptr, size) ASAN_UNPOISON_MEMORY_REGION(ptr, size)
enum { RED_ZONE = ALIGNMENT };
#else
#define POISON(ptr, size) ((void)(ptr), (void)(size))
#define UNPOISON(ptr, size) ((void)(ptr), (void)(size))
enum { RED_ZONE = 0 };
#endif

struct block {
	_Alignas(ALIGNMENT) struct block *older;
	size_t size; /* of the bytes after this header */
	size_t used;
};

struct tu_arena {
	struct block *newest;
	size_t ceiling;
	size_t held; /* bytes of all blocks, headers included */
	size_t handed_out;
};

struct tu_arena *tu_arena_new(size_t ceiling)
{
	struct tu_arena *arena = tu_alloc(1, sizeof(*arena));

	if (arena)
		arena->ceiling = ceiling ? ceiling : DEFAULT_CEILING;
	return arena;
}

static char *block_bytes(struct block *block)
{
	return (char *)(block + 1);
}

static void free_blocks(struct block *block)
{
	while (block) {
		struct block *older = block->older;

		UNPOISON(block_bytes(block), block->size);
		tu_free(block);
		block = older;
	}
}

void tu_arena_free(struct tu_arena *arena)
{
	if (!arena)
		return;
	free_blocks(arena->newest);
	tu_free(arena);
}

void tu_arena_reset(struct tu_arena *arena)
{
	struct block *keep = arena->newest;

	if (keep) {
		free_blocks(keep->older);
		keep->older = NULL;
		keep->used = 0;
		POISON(block_bytes(keep), keep->size);
		arena->held = sizeof(*keep) + keep->size;
	}
	arena->handed_out = 0;
}

/* A block that is empty (after a reset) and that is too small only uses up the limit. */
static void drop_unused_block(struct tu_arena *arena)
{
	struct block *block = arena->newest;

	if (!block || block->used)
		return;
	arena->newest = block->older;
	arena->held -= sizeof(*block) + block->size;
	block->older = NULL;
	free_blocks(block);
}

static bool add_block(struct tu_arena *arena, size_t at_least)
{
	size_t size = arena->newest ? arena->newest->size : BLOCK_MIN / 2;
	size_t left;
	struct block *block;

	drop_unused_block(arena);
	left = arena->ceiling - arena->held;
	if (left < sizeof(*block) || at_least > left - sizeof(*block))
		return tu_alloc_refuse() != NULL;
	size = size < BLOCK_MAX / 2 ? size * 2 : BLOCK_MAX;
	if (size < at_least)
		size = at_least;
	if (size > BLOCK_SMALL && size < TU_LARGE_PAGE - sizeof(*block))
		size = TU_LARGE_PAGE - sizeof(*block);
	if (size > left - sizeof(*block))
		size = left - sizeof(*block);
	block = tu_realloc(NULL, 1, sizeof(*block) + size);
	if (!block)
		return false;
	*block = (struct block){.older = arena->newest, .size = size};
	POISON(block_bytes(block), size);
	arena->newest = block;
	arena->held += sizeof(*block) + size;
	return true;
}

static char *take(struct tu_arena *arena, size_t size, size_t alignment)
{
	struct block *block = arena->newest;
	size_t wanted;
	size_t start = 0;
	char *bytes;

	if (!tu_add(size, RED_ZONE + ALIGNMENT, &wanted) || tu_fault_hit())
		return tu_alloc_refuse();
	if (block)
		start = (block->used + alignment - 1) & ~(alignment - 1);
	if (!block || start > block->size || block->size - start < size + RED_ZONE) {
		if (!add_block(arena, wanted))
			return NULL;
		block = arena->newest;
		start = 0;
	}
	bytes = block_bytes(block) + start;
	block->used = start + size + RED_ZONE;
	arena->handed_out += size;
	UNPOISON(bytes, size);
	return bytes;
}

void *tu_arena_alloc(struct tu_arena *arena, size_t size)
{
	char *bytes = take(arena, size, ALIGNMENT);

	if (bytes)
		memset(bytes, 0, size);
	return bytes;
}

void *tu_arena_array(struct tu_arena *arena, size_t count, size_t size)
{
	size_t bytes;

	return tu_mul(count, size, &bytes) ? tu_arena_alloc(arena, bytes) : tu_alloc_refuse();
}

char *tu_arena_text(struct tu_arena *arena, size_t len)
{
	/* ASan's shadow is 8 bytes wide: keep neighbours apart in its builds. */
	return take(arena, len, RED_ZONE ? 8 : 1);
}

bool tu_arena_dup(struct tu_arena *arena, struct tu_str s, struct tu_str *out_copy)
{
	char *bytes;

	if (s.len == 0) {
		*out_copy = (struct tu_str){"", 0};
		return true;
	}
	bytes = tu_arena_text(arena, s.len);
	if (!bytes)
		return false;
	memcpy(bytes, s.ptr, s.len);
	*out_copy = (struct tu_str){bytes, s.len};
	return true;
}

size_t tu_arena_used(const struct tu_arena *arena)
{
	return arena->handed_out;
}
