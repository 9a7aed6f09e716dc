/*
 * Versions of any bytes: the laws of tests/prop/laws.h hold in every scheme.
 *
 * The input is a byte that picks the scheme, then three versions with a newline between them.
 */
#include <stdlib.h>

#include "../tests/prop/laws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str rest = tu_str_of((const char *)data, size), version[3] = {{NULL, 0}};
	struct tu_arena *arena = tu_arena_new(LAW_ROOM);

	if (size == 0 || !arena) {
		tu_arena_free(arena);
		return 0;
	}
	enum tu_scheme scheme = (enum tu_scheme)(data[0] % TU_SCHEME_COUNT_);
	rest = tu_str_from(rest, 1);
	for (size_t i = 0; i < TU_COUNT(version); i++)
		if (!tu_str_split(&rest, '\n', &version[i]))
			break;
	if (law_of_versions(scheme, version[0], version[1], version[2]) ||
		law_of_intervals(arena, scheme, version[0], version[1], version[2]))
		abort();
	tu_arena_free(arena);
	return 0;
}
