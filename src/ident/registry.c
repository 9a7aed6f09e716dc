#include "ident/registry.h"

extern const char tu_text_languages[], tu_text_cwe[], tu_text_ssvc[], tu_text_spdx[];
extern const size_t tu_text_languages_len, tu_text_cwe_len, tu_text_ssvc_len, tu_text_spdx_len;

static struct tu_str text_of(enum tu_registry registry)
{
	const struct tu_str texts[TU_REGISTRY_COUNT_] = {
		[TU_REGISTRY_LANGUAGES] = {tu_text_languages, tu_text_languages_len},
		[TU_REGISTRY_CWE] = {tu_text_cwe, tu_text_cwe_len},
		[TU_REGISTRY_SSVC] = {tu_text_ssvc, tu_text_ssvc_len},
		[TU_REGISTRY_SPDX] = {tu_text_spdx, tu_text_spdx_len},
	};

	return texts[registry];
}

static size_t line_start(struct tu_str text, size_t at)
{
	while (at > 0 && text.ptr[at - 1] != '\n')
		at--;
	return at;
}

/* Start of the first line whose key is not less than `key`: the lines are sorted. */
static size_t lower_bound(struct tu_str text, struct tu_str key)
{
	size_t low = 0, high = text.len;

	while (low < high) {
		size_t start = line_start(text, low + (high - low) / 2);
		struct tu_str rest = tu_str_from(text, start);
		struct tu_str line = tu_str_first(rest, tu_str_find(rest, '\n'));
		struct tu_str found = tu_str_first(line, tu_str_find(line, '\t'));
		if (tu_str_cmp(found, key) < 0)
			low = start + line.len + 1;
		else
			high = start;
	}
	return low;
}

bool tu_registry_find(enum tu_registry registry, struct tu_str key, struct tu_str *out_rest)
{
	struct tu_str text = text_of(registry);
	struct tu_str rest = tu_str_from(text, lower_bound(text, key));
	struct tu_str line = tu_str_first(rest, tu_str_find(rest, '\n'));

	if (!key.len || !tu_str_skip(&line, key) || (line.len && line.ptr[0] != '\t'))
		return false;
	if (out_rest)
		*out_rest = tu_str_from(line, 1);
	return true;
}

bool tu_registry_has(enum tu_registry registry, const char *kind, struct tu_str key)
{
	char text[96];
	size_t len = strlen(kind);

	if (key.len > 64 || len > 30)
		return false;
	memcpy(text, kind, len);
	text[len++] = '/';
	for (size_t i = 0; i < key.len; i++)
		text[len++] = tu_char_lower(key.ptr[i]);
	return tu_registry_find(registry, tu_str_of(text, len), NULL);
}

bool tu_registry_has_prefix(enum tu_registry registry, struct tu_str prefix)
{
	struct tu_str text = text_of(registry);

	return tu_str_starts(tu_str_from(text, lower_bound(text, prefix)), prefix);
}
