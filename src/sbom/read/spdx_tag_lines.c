#include "sbom/read/spdx_tag_lines.h"

/* A value that begins with "<text>" goes on to "</text>", over lines. */
static enum tu_status take_text(
	struct tu_sbom_rewrite *r, struct tu_spdx_lines *l, struct tu_str *value)
{
	static const struct tu_str end = TU_STR_INIT("</text>");
	struct tu_str text = *value;
	size_t len;

	if (!tu_str_skip(&text, TU_STR("<text>")))
		return TU_OK;
	text.len += (size_t)(l->rest.ptr ? l->rest.ptr + l->rest.len - (text.ptr + text.len) : 0);
	len = tu_str_search(text, end);
	if (len == text.len)
		return tu_fail_at(r->err, TU_E_SYNTAX, &(struct tu_error_place){.line = l->line},
			"a text that begins with <text> has no </text>");
	*value = tu_str_trim(tu_str_first(text, len));
	for (size_t i = 0; i < len; i++)
		l->rest_line += text.ptr[i] == '\n';
	text = tu_str_from(text, len);
	if (l->rest.ptr && text.ptr + end.len > l->rest.ptr)
		l->rest = tu_str_from(text, end.len);
	/* What comes after the end of the text on its line is nothing. */
	if (l->rest.ptr && text.ptr + end.len >= l->rest.ptr)
		l->rest = tu_str_from(l->rest, tu_str_find(l->rest, '\n') + 1);
	return TU_OK;
}

static bool is_tag_name(struct tu_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (!tu_char_is_alpha(name.ptr[i]))
			return false;
	}
	return name.len > 0;
}

enum tu_status tu_spdx_next_tag(struct tu_sbom_rewrite *r, struct tu_spdx_lines *l,
	struct tu_str *out_name, struct tu_str *out_value)
{
	while (tu_str_split(&l->rest, '\n', &l->text)) {
		size_t colon = tu_str_find(l->text, ':');
		struct tu_str line = tu_str_trim(l->text);

		l->line = ++l->rest_line;
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		*out_name = tu_str_trim(tu_str_first(l->text, colon));
		*out_value = tu_str_trim(tu_str_from(l->text, colon + 1));
		if (colon < l->text.len && is_tag_name(*out_name))
			return take_text(r, l, out_value);
		if (tu_sbom__rewrite_note(r, l->line, TU_STR(""),
			    "not understood: a line that is not a tag", TU_STR("")))
			return TU_E_NOMEM;
	}
	*out_name = TU_STR("");
	return TU_OK;
}
