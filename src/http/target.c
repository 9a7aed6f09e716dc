#include "base/hex.h"
#include "base/utf8.h"
#include "http/target.h"

bool tu_http_decode(struct tu_str text, bool form, struct tu_arena *arena, struct tu_str *out_text)
{
	char *out = tu_arena_text(arena, text.len);
	size_t len = 0;

	if (!out)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int value = (unsigned char)text.ptr[i];

		if (text.ptr[i] == '%') {
			value = tu_percent_value(tu_str_from(text, i));
			i += 2;
		} else if (form && text.ptr[i] == '+') {
			value = ' ';
		}
		if (value <= 0)
			return false;
		out[len++] = (char)value;
	}
	*out_text = tu_str_of(out, len);
	return tu_utf8_invalid_at(*out_text) == len;
}

bool tu_http_query_next(struct tu_str *query, struct tu_str *out_name, struct tu_str *out_value)
{
	struct tu_str part;

	while (tu_str_split(query, '&', &part)) {
		size_t equals = tu_str_find(part, '=');

		if (part.len == 0)
			continue;
		*out_name = tu_str_first(part, equals);
		*out_value = tu_str_from(part, equals + 1);
		return true;
	}
	return false;
}

struct tu_str tu_http_cookie(struct tu_str header, struct tu_str name)
{
	struct tu_str part, found = {0};

	while (tu_str_split(&header, ';', &part)) {
		size_t equals = tu_str_find(part, '=');

		if (equals == part.len || !tu_str_eq(tu_str_trim(tu_str_first(part, equals)), name))
			continue;
		if (found.ptr)
			return (struct tu_str){0};
		found = tu_str_trim(tu_str_from(part, equals + 1));
	}
	return found;
}
