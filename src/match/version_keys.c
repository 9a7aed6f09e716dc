#include "match/version_keys.h"

#include "base/alloc.h"

enum { KEY_MAX = 64 * 1024, SLOTS_MIN = 256 };

#define ARENA_MAX ((size_t)256 << 20)

_Static_assert(TU_SCHEME_COUNT_ <= 32, "asked has a bit a scheme");

/* ---- one version ---- */

static struct tu_str compile(
	struct tu_arena *arena, struct version_keys *version, enum tu_scheme scheme)
{
	struct scheme_key *made = NULL;
	struct tu_str key = {"", 0};
	struct tu_buf buf;

	version->asked |= UINT32_C(1) << scheme;
	tu_buf_init(&buf, KEY_MAX);
	if (version->text.len && !tu_version_key(scheme, version->text, &buf, NULL))
		made = tu_arena_alloc(arena, sizeof(*made));
	if (made && tu_arena_dup(arena, tu_buf_str(&buf), &key)) {
		*made = (struct scheme_key){version->made, scheme, key};
		version->made = made;
	}
	tu_buf_done(&buf);
	return key;
}

struct tu_str tu_match__version_key(
	struct tu_arena *arena, struct version_keys *version, enum tu_scheme scheme)
{
	if (version->no_version)
		return (struct tu_str){"", 0};
	if (!(version->asked >> scheme & 1))
		return compile(arena, version, scheme);
	for (const struct scheme_key *made = version->made; made; made = made->next) {
		if (made->scheme == scheme)
			return made->key;
	}
	return (struct tu_str){"", 0};
}

/* ---- many ---- */

bool tu_match__versions_init(struct kb_versions *versions, const struct tu_kb *kb)
{
	*versions = (struct kb_versions){.kb = kb,
		.arena = tu_arena_new(ARENA_MAX),
		.scratch = tu_arena_new(ARENA_MAX),
		.own = tu_arena_new(ARENA_MAX)};
	tu_buf_init(&versions->text, ARENA_MAX);
	return versions->arena && versions->scratch && versions->own;
}

void tu_match__versions_done(struct kb_versions *versions)
{
	tu_free(versions->slots);
	tu_free(versions->kept);
	tu_buf_done(&versions->text);
	tu_arena_free(versions->arena);
	tu_arena_free(versions->scratch);
	tu_arena_free(versions->own);
}

/* Where the text is, or may be put. */
static struct kb_version *slot_of(const struct kb_versions *versions, uint32_t text)
{
	size_t mask = versions->slot_count - 1;
	size_t at = (size_t)(text * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;

	while (versions->slots[at].text && versions->slots[at].text != text)
		at = (at + 1) & mask;
	return &versions->slots[at];
}

static bool grow(struct kb_versions *versions)
{
	struct kb_versions wider = *versions;

	wider.slot_count = versions->slot_count ? 2 * versions->slot_count : SLOTS_MIN;
	wider.slots = tu_alloc(wider.slot_count, sizeof(*wider.slots));
	if (!wider.slots)
		return false;
	for (size_t i = 0; i < versions->slot_count; i++) {
		if (versions->slots[i].text)
			*slot_of(&wider, versions->slots[i].text) = versions->slots[i];
	}
	tu_free(versions->slots);
	*versions = wider;
	return true;
}

struct version_keys *tu_match__named_version(struct kb_versions *versions, uint32_t text)
{
	struct version_keys *keys;
	struct kb_version *slot;

	if (2 * versions->count >= versions->slot_count && !grow(versions))
		return NULL;
	slot = slot_of(versions, text);
	if (slot->text)
		return slot->keys;
	keys = tu_arena_alloc(versions->arena, sizeof(*keys));
	if (!keys)
		return NULL;
	keys->text = kb_str(versions->kb, text);
	*slot = (struct kb_version){text, keys};
	versions->count++;
	return keys;
}

struct version_keys *tu_match__installed_version(
	struct kb_versions *versions, struct tu_str version)
{
	if (versions->installed.text.ptr && tu_str_eq(versions->installed.text, version))
		return &versions->installed;
	tu_arena_reset(versions->own);
	versions->installed = (struct version_keys){0};
	if (!tu_arena_dup(versions->own, version, &versions->installed.text))
		return NULL;
	return &versions->installed;
}
