/* Package URLs of any bytes: the canonical form can be read and is its own canonical form. */
#include <stdlib.h>

#include "../tests/prop/laws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_arena *arena = tu_arena_new(LAW_ROOM);

	if (arena && law_of_purls(arena, tu_str_of((const char *)data, size)))
		abort();
	tu_arena_free(arena);
	return 0;
}
