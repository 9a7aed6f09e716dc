/*
 * Two CPE names of any bytes, a newline between them: the canonical form is stable, and what one
 * is to the other is the converse of what the other is to it.
 */
#include <stdlib.h>

#include "../tests/prop/laws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_arena *arena = tu_arena_new(LAW_ROOM);
	struct tu_str rest = tu_str_of((const char *)data, size), first = {NULL, 0};

	(void)tu_str_split(&rest, '\n', &first);
	if (arena && law_of_cpes(arena, first, rest))
		abort();
	tu_arena_free(arena);
	return 0;
}
