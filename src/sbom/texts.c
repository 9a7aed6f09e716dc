/* Texts of an inventory: copied, shared, and always UTF-8 without NUL. */
#include "sbom/inventory.h"

#include <string.h>

#include "base/bytes16.h"
#include "base/hash.h"
#include "base/utf8.h"

/* U+FFFD */
static const struct tu_str replacement = TU_STR_INIT("\xef\xbf\xbd");

/* Length of the character at the start that may be in a text; 0: none. */
static size_t clean_len(struct tu_str text)
{
	return text.len && text.ptr[0] == '\0' ? 0 : tu_utf8_len(text);
}

static size_t count_unclean(struct tu_str text)
{
	size_t count = 0;

	while (text.len) {
		size_t len = clean_len(text);

		count += len == 0;
		text = tu_str_from(text, len ? len : 1);
	}
	return count;
}

static bool is_clean(struct tu_str text)
{
	return !memchr(text.ptr, '\0', text.len) && tu_utf8_invalid_at(text) == text.len;
}

bool tu_sbom__dup(struct tu_sbom_builder *b, struct tu_str text, struct tu_str *out_copy)
{
	size_t at = 0;
	char *copy;

	if (text.len == 0 || is_clean(text))
		return tu_arena_dup(b->arena, text, out_copy);
	copy = tu_arena_text(b->arena, text.len + count_unclean(text) * replacement.len);
	if (!copy)
		return false;
	while (text.len) {
		size_t len = clean_len(text);
		struct tu_str piece = len ? tu_str_first(text, len) : replacement;

		memcpy(copy + at, piece.ptr, piece.len);
		at += piece.len;
		text = tu_str_from(text, len ? len : 1);
	}
	*out_copy = tu_str_of(copy, at);
	return true;
}

enum tu_status tu_sbom__note_nuls(struct tu_sbom_builder *b)
{
	if (!b->nuls)
		return TU_OK;
	return tu_sbom__note_place(b, TU_STR(""),
		"NUL characters in a text, each replaced by U+FFFD", TU_STR(""), b->nuls);
}

/* An inventory repeats most of its texts: names, versions, licences, whole identifiers. */
enum tu_status tu_sbom__copy(struct tu_sbom_builder *b, struct tu_str text, struct tu_str *out_copy)
{
	enum { SHARED_MAX = 512 };
	struct tu_str *slot;

	*out_copy = (struct tu_str){"", 0};
	if (text.len == 0)
		return TU_OK;
	if (memchr(text.ptr, '\0', text.len)) {
		b->nuls++;
		return tu_sbom__dup(b, text, out_copy) ? TU_OK : tu_sbom__nomem(b);
	}
	if (text.len > SHARED_MAX)
		return tu_arena_dup(b->arena, text, out_copy) ? TU_OK : tu_sbom__nomem(b);
	slot = &b->texts.slots[tu_hash(text) & b->texts.mask];
	if (!tu_str_eq(*slot, text) && !tu_arena_dup(b->arena, text, slot))
		return tu_sbom__nomem(b);
	*out_copy = *slot;
	return TU_OK;
}

bool tu_sbom__lower(struct tu_sbom_builder *b, struct tu_str text, struct tu_str *out_copy)
{
	struct tu_bytes16 c;
	size_t i = 0;
	char *lower = tu_arena_text(b->arena, text.len);

	if (!lower)
		return tu_sbom__nomem(b) == TU_OK;
	for (; i + sizeof(c) <= text.len; i += sizeof(c)) {
		c = tu_bytes16_at(text.ptr + i);
		c.v += (__typeof__(c.v))(c.v - 'A' <= 'Z' - 'A') & ('a' - 'A');
		memcpy(lower + i, &c, sizeof(c));
	}
	for (; i < text.len; i++)
		lower[i] = tu_char_lower(text.ptr[i]);
	*out_copy = tu_str_of(lower, text.len);
	return true;
}

enum tu_status tu_sbom__copy_lower(
	struct tu_sbom_builder *b, struct tu_str text, struct tu_str *out_copy)
{
	if (memchr(text.ptr, '\0', text.len))
		return tu_sbom__copy(b, text, out_copy); /* it is no hash */
	return tu_sbom__lower(b, text, out_copy) ? TU_OK : TU_E_NOMEM;
}
