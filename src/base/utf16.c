#include "base/utf16.h"

#include <stdint.h>

#define BIG TU_STR("\xfe\xff")
#define LITTLE TU_STR("\xff\xfe")

bool tu_utf16_is_marked(struct tu_str text)
{
	return tu_str_starts(text, BIG) || tu_str_starts(text, LITTLE);
}

static uint32_t unit_at(struct tu_str text, size_t at, bool big)
{
	uint32_t first = (unsigned char)text.ptr[at];
	uint32_t second = (unsigned char)text.ptr[at + 1];

	return big ? first << 8 | second : second << 8 | first;
}

static void add_point(struct tu_buf *out, uint32_t point)
{
	if (point < 0x80) {
		tu_buf_byte(out, (char)point);
		return;
	}
	if (point < 0x800) {
		tu_buf_byte(out, (char)(0xc0 | point >> 6));
	} else {
		if (point < 0x10000) {
			tu_buf_byte(out, (char)(0xe0 | point >> 12));
		} else {
			tu_buf_byte(out, (char)(0xf0 | point >> 18));
			tu_buf_byte(out, (char)(0x80 | (point >> 12 & 0x3f)));
		}
		tu_buf_byte(out, (char)(0x80 | (point >> 6 & 0x3f)));
	}
	tu_buf_byte(out, (char)(0x80 | (point & 0x3f)));
}

void tu_utf16_to_utf8(struct tu_str text, struct tu_buf *out)
{
	enum { REPLACEMENT = 0xfffd };
	bool big = tu_str_starts(text, BIG);
	size_t at = 2;

	while (text.len - at >= 2 && !out->failed) {
		uint32_t unit = unit_at(text, at, big);
		uint32_t low = 0;

		at += 2;
		if (unit < 0xd800 || unit > 0xdfff) {
			add_point(out, unit);
			continue;
		}
		if (unit < 0xdc00 && text.len - at >= 2)
			low = unit_at(text, at, big);
		if (low < 0xdc00 || low > 0xdfff) {
			add_point(out, REPLACEMENT);
			continue;
		}
		at += 2;
		add_point(out, 0x10000 + ((unit - 0xd800) << 10 | (low - 0xdc00)));
	}
	if (at < text.len)
		add_point(out, REPLACEMENT);
}

/* "{" or "a" and a zero byte, twice, in one of the two orders: no text in UTF-8 has it. */
static bool is_unmarked_utf16(struct tu_str text)
{
	const char *c = text.ptr;

	if (text.len < 4)
		return false;
	return (c[0] && c[0] != '<' && !c[1] && c[2] && !c[3]) || (!c[0] && c[1] && !c[2] && c[3]);
}

static bool has_two_marks(struct tu_str text)
{
	static const struct tu_str marks[] = {
		TU_STR_INIT("\xef\xbb\xbf"), TU_STR_INIT("\xfe\xff"), TU_STR_INIT("\xff\xfe")};

	for (size_t i = 0; i < TU_COUNT(marks); i++) {
		if (tu_str_starts(text, marks[i]))
			return tu_str_starts(tu_str_from(text, marks[i].len), marks[i]);
	}
	return false;
}

enum tu_status tu_text_check_marks(struct tu_str text, struct tu_error *err)
{
	static const struct tu_error_place start = {.line = 1, .column = 1};

	if (has_two_marks(text))
		return tu_fail_at(
			err, TU_E_SYNTAX, &start, "two byte order marks, where at most one can be");
	if (is_unmarked_utf16(text))
		return tu_fail_at(err, TU_E_SYNTAX, &start,
			"UTF-16 without byte order mark: expected UTF-8, or UTF-16 with its mark");
	return TU_OK;
}
