/*
 * Any text as the state of a source and as the account beside a knowledge base: reading never
 * crashes; what was read is written and read again with the same result; no name of a file leads
 * out of its folder.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "feed/sidecar.h"
#include "feed/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT_MAX = 1 << 22 };

static bool pad(struct tu_arena *arena, struct tu_str *text)
{
	char *copy = tu_arena_alloc(arena, text->len + TU_JSON_PADDING);

	if (!copy)
		return false;
	if (text->len)
		memcpy(copy, text->ptr, text->len);
	text->ptr = copy;
	return true;
}

static bool read_and_write(struct tu_arena *arena, struct tu_str text, struct tu_buf *out)
{
	struct tu_feed_state state;
	bool ok = tu_feed_state_init(arena, &state) &&
		tu_feed_state_read(text, &state, NULL) == TU_OK;

	for (size_t i = 0; ok && i < state.files.count; i++)
		if (!tu_feed_file_name_ok(state.files.at[i].name) ||
			tu_str_search(state.files.at[i].name, TU_STR("..")) == 0)
			abort();
	if (ok)
		tu_feed_state_write(&state, out);
	tu_feed_state_done(&state);
	return ok;
}

static void check_state(struct tu_arena *arena, struct tu_str text)
{
	struct tu_buf first, second;
	struct tu_str written;

	tu_buf_init(&first, TEXT_MAX);
	tu_buf_init(&second, TEXT_MAX);
	if (read_and_write(arena, text, &first) && !first.failed) {
		written = tu_buf_str(&first);
		if (pad(arena, &written) &&
			(!read_and_write(arena, written, &second) ||
				!tu_str_eq(written, tu_buf_str(&second))))
			abort();
	}
	tu_buf_done(&first);
	tu_buf_done(&second);
}

static void check_sidecar(struct tu_arena *arena, struct tu_str text)
{
	const struct tu_sidecar *sidecar;

	if (tu_sidecar_read(arena, text, &sidecar, NULL) != TU_OK)
		return;
	for (size_t i = 0; i < sidecar->source_count; i++)
		if (tu_sidecar_judge(&sidecar->sources[i], 0) == TU_FRESH)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_str text = {(const char *)data, size};

	if (arena && pad(arena, &text)) {
		check_state(arena, text);
		check_sidecar(arena, text);
	}
	tu_arena_free(arena);
	return 0;
}
