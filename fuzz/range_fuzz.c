/*
 * Ranges of any bytes, as vers and in every native syntax: what is written can be read again and
 * says the same.
 *
 * The input is a byte that picks the scheme (the first one: vers), a range, a newline, a version.
 */
#include <stdlib.h>

#include "../tests/prop/laws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *law_of_native(
	struct tu_arena *arena, enum tu_scheme scheme, struct tu_str text, struct tu_str version)
{
	const struct tu_range *range;

	if (tu_range_parse_native(arena, scheme, text, &range, NULL) != TU_OK)
		return NULL;
	return law_of_rewriting(arena, range, version);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str rest = tu_str_of((const char *)data, size), text = {NULL, 0};
	struct tu_arena *arena = tu_arena_new(LAW_ROOM);

	if (size < 2 || !arena) {
		tu_arena_free(arena);
		return 0;
	}
	enum tu_scheme scheme = (enum tu_scheme)(data[0] % TU_SCHEME_COUNT_);
	rest = tu_str_from(rest, 1);
	(void)tu_str_split(&rest, '\n', &text);
	if (scheme == TU_SCHEME_NONE ? law_of_ranges(arena, text, rest) != NULL
				     : law_of_native(arena, scheme, text, rest) != NULL)
		abort();
	tu_arena_free(arena);
	return 0;
}
