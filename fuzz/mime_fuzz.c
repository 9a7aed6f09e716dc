/*
 * Mails of any bytes: reading ends, texts are UTF-8, and there are never more parts than may be.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "mail/mime_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool is_text(struct tu_str text)
{
	return tu_utf8_invalid_at(text) == text.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tu_mime mail;
	struct tu_arena *arena = tu_arena_new(64 << 20);
	struct tu_error err = {0};

	if (!arena)
		return 0;
	if (tu_mime_read(arena, tu_str_of((const char *)data, size), &mail, &err) == TU_OK) {
		must(mail.file_count <= TU_MIME_FILES_MAX);
		must(is_text(mail.subject) && is_text(mail.text));
		for (size_t i = 0; i < mail.file_count; i++)
			must(is_text(mail.files[i].name));
	} else {
		must(err.message[0]);
	}
	tu_arena_free(arena);
	return 0;
}
