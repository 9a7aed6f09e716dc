/* SPDX 2.3: members of JSON by its schema spdx-schema.json, or lines of tag-value (annex C). */
#include "sbom/write/spdx2.h"

/* A value of one line, as readers of tag-value give it back: trimmed, and not with the mark of a
 * longer text at its beginning. */
static void put_line(struct tu_spdx2_writing *s, struct tu_str text)
{
	struct tu_str line = tu_str_trim(text);
	bool changed = line.len != text.len;

	if (tu_str_starts(line, TU_STR("<text>"))) {
		tu_buf_byte(s->w->out, '(');
		line = tu_str_from(line, 1);
		changed = true;
	}
	for (size_t i = 0; i < line.len; i++) {
		bool fine = (unsigned char)line.ptr[i] >= ' ';

		tu_buf_byte(s->w->out, fine ? line.ptr[i] : ' ');
		changed = changed || !fine;
	}
	if (changed)
		tu_sbom__lose(s->w, TU_LOSS_TEXT, s->at);
}

static void put_tag(struct tu_spdx2_writing *s, const char *tag)
{
	tu_buf_c(s->w->out, tag);
	tu_buf_c(s->w->out, ": ");
}

void tu_spdx2_put(
	struct tu_spdx2_writing *s, const char *member, const char *tag, struct tu_str text)
{
	if (!s->tags) {
		if (member)
			tu_json_member_str(&s->to, member, text);
		return;
	}
	if (!tag)
		return;
	put_tag(s, tag);
	put_line(s, text);
	tu_buf_byte(s->w->out, '\n');
}

void tu_spdx2_put_opt(
	struct tu_spdx2_writing *s, const char *member, const char *tag, struct tu_str text)
{
	if (text.len)
		tu_spdx2_put(s, member, tag, text);
}

/* Several lines between marks. The mark of the end ends it, wherever it is. */
static void put_lines(struct tu_spdx2_writing *s, struct tu_str text)
{
	static const struct tu_str end = TU_STR_INIT("</text>");
	struct tu_str rest = tu_str_trim(text);
	bool changed = rest.len != text.len;

	tu_buf_c(s->w->out, "<text>");
	while (rest.len) {
		size_t at = tu_str_search(rest, end);

		tu_buf_str_add(s->w->out, tu_str_first(rest, at));
		if (at < rest.len) {
			tu_buf_c(s->w->out, "(/text)");
			changed = true;
		}
		rest = tu_str_from(rest, at + end.len);
	}
	tu_buf_str_add(s->w->out, end);
	if (changed)
		tu_sbom__lose(s->w, TU_LOSS_TEXT, s->at);
}

static bool is_line(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ')
			return false;
	}
	return !tu_str_starts(tu_str_trim(text), TU_STR("<text>"));
}

void tu_spdx2_put_text(
	struct tu_spdx2_writing *s, const char *member, const char *tag, struct tu_str text)
{
	if (!s->tags || is_line(text)) {
		tu_spdx2_put(s, member, tag, text);
		return;
	}
	put_tag(s, tag);
	put_lines(s, text);
	tu_buf_byte(s->w->out, '\n');
}

void tu_spdx2_put_bool(struct tu_spdx2_writing *s, const char *member, const char *tag, bool value)
{
	if (s->tags)
		tu_spdx2_put(s, NULL, tag, tu_str_c(value ? "true" : "false"));
	else
		tu_json_member_bool(&s->to, member, value);
}

void tu_spdx2_put_buf(
	struct tu_spdx2_writing *s, const char *member, const char *tag, struct tu_buf *text)
{
	tu_spdx2_put_text(s, member, tag, tu_buf_str(text));
	s->w->out->failed = s->w->out->failed || text->failed;
	tu_buf_done(text);
}

void tu_spdx2_open_list(struct tu_spdx2_writing *s, const char *member)
{
	if (s->tags)
		return;
	tu_json_key(&s->to, member);
	tu_json_open_array(&s->to);
}

void tu_spdx2_close_list(struct tu_spdx2_writing *s)
{
	if (!s->tags)
		tu_json_close_array(&s->to);
}

void tu_spdx2_open_item(struct tu_spdx2_writing *s)
{
	if (!s->tags)
		tu_json_open_object(&s->to);
}

void tu_spdx2_close_item(struct tu_spdx2_writing *s)
{
	if (!s->tags)
		tu_json_close_object(&s->to);
}

void tu_spdx2_add_text(struct tu_spdx2_writing *s, const char *tag, struct tu_str text)
{
	if (s->tags)
		tu_spdx2_put_text(s, NULL, tag, text);
	else
		tu_json_add_str(&s->to, text);
}

void tu_spdx2_put_words(struct tu_spdx2_writing *s, const char *tag, const char *between,
	const struct tu_spdx2_word *words, size_t count)
{
	if (s->tags)
		put_tag(s, tag);
	for (size_t i = 0; i < count; i++) {
		if (!s->tags) {
			tu_json_member_str(&s->to, words[i].member, words[i].text);
			continue;
		}
		if (i)
			tu_buf_c(s->w->out, between);
		put_line(s, words[i].text);
	}
	if (s->tags)
		tu_buf_byte(s->w->out, '\n');
}
