#include "show/paint.h"

#include <stdio.h>

#include "base/bytes16.h"
#include "base/utf8.h"

/* SGR parameters. */
static const char *const codes[TU_HUE_COUNT_] = {
	[TU_HUE_PLAIN] = "",
	[TU_HUE_BOLD] = "1",
	[TU_HUE_DIM] = "2",
	[TU_HUE_RED] = "31",
	[TU_HUE_BRIGHT_RED] = "1;31",
	[TU_HUE_YELLOW] = "33",
	[TU_HUE_BLUE] = "34",
	[TU_HUE_GREEN] = "32",
};

struct points {
	uint32_t first;
	uint32_t last;
};

/* Characters that reorder or hide what stands around them: never passed on. */
static const struct points dangerous[] = {{0x00, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad},
	{0x034f, 0x034f}, {0x061c, 0x061c}, {0x115f, 0x1160}, {0x180b, 0x180f}, {0x200b, 0x200f},
	{0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0},
	{0xfff0, 0xfffb}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};

/* Two columns wide: the large blocks of Unicode's East_Asian_Width W and F. */
static const struct points wide[] = {{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf},
	{0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
	{0x1f300, 0x1faff}, {0x20000, 0x3fffd}};

/* No column of their own. */
static const struct points combining[] = {{0x0300, 0x036f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
	{0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};

static bool is_in(uint32_t point, const struct points *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (point >= table[i].first && point <= table[i].last)
			return true;
	return false;
}

/* One character as it will be shown. */
struct glyph {
	char text[16];
	size_t len;
	size_t columns;
};

static struct glyph make_glyph(const char *bytes, size_t len, size_t columns)
{
	struct glyph glyph = {.len = len, .columns = columns};

	memcpy(glyph.text, bytes, len);
	return glyph;
}

static struct glyph harmless(uint32_t point)
{
	struct glyph glyph = {0};
	int len;

	if (point == '\n' || point == '\r' || point == '\t')
		return make_glyph(" ", 1, 1);
	len = snprintf(glyph.text, sizeof(glyph.text), point < 0x100 ? "\\x%02x" : "<U+%04X>",
		(unsigned)point);
	glyph.len = glyph.columns = (size_t)len;
	return glyph;
}

static struct glyph next_glyph(struct tu_str *text)
{
	struct tu_str rest = *text;
	unsigned char first = (unsigned char)text->ptr[0];
	uint32_t point;

	if (first >= 0x20 && first < 0x7f) {
		*text = tu_str_from(*text, 1);
		return make_glyph(rest.ptr, 1, 1);
	}
	if (!tu_utf8_next(&rest, &point)) {
		*text = tu_str_from(*text, 1);
		return make_glyph("\xef\xbf\xbd", 3, 1);
	}
	first = (unsigned char)(rest.ptr - text->ptr);
	*text = rest;
	if (is_in(point, dangerous, TU_COUNT(dangerous)))
		return harmless(point);
	return make_glyph(rest.ptr - first, first,
		is_in(point, combining, TU_COUNT(combining)) ? 0
			: is_in(point, wide, TU_COUNT(wide)) ? 2
							     : 1);
}

static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7f;
}

/* Bytes at the start of the text that are shown as they are, each in a column. */
static size_t plain_run(struct tu_str text)
{
	size_t len = 0;

	for (; text.len - len >= sizeof(struct tu_bytes16); len += sizeof(struct tu_bytes16)) {
		struct tu_bytes16 c = tu_bytes16_at(text.ptr + len);

		c.v = (__typeof__(c.v))(c.v - 0x20 > 0x7e - 0x20);
		if (tu_bytes16_any(c))
			break;
	}
	while (len < text.len && is_plain(text.ptr[len]))
		len++;
	return len;
}

size_t tu_paint_columns(struct tu_str text)
{
	size_t columns = plain_run(text);

	text = tu_str_from(text, columns);
	while (text.len)
		columns += next_glyph(&text).columns;
	return columns;
}

static void begin(const struct tu_paint *paint, enum tu_hue hue)
{
	if (paint->colour && hue != TU_HUE_PLAIN)
		tu_buf_printf(paint->out, "\x1b[%sm", codes[hue]);
}

static void end(const struct tu_paint *paint, enum tu_hue hue)
{
	if (paint->colour && hue != TU_HUE_PLAIN)
		tu_buf_c(paint->out, "\x1b[0m");
}

void tu_paint(const struct tu_paint *paint, enum tu_hue hue, struct tu_str text)
{
	tu_paint_cut(paint, hue, text, 0);
}

void tu_paint_c(const struct tu_paint *paint, enum tu_hue hue, const char *text)
{
	tu_paint(paint, hue, tu_str_c(text));
}

static void fill(const struct tu_paint *paint, size_t columns)
{
	while (columns-- > 0)
		tu_buf_byte(paint->out, ' ');
}

void tu_paint_cell(
	const struct tu_paint *paint, enum tu_hue hue, struct tu_str text, size_t width, bool right)
{
	size_t columns = tu_paint_columns(text);
	size_t rest = columns < width ? width - columns : 0;

	if (right)
		fill(paint, rest);
	tu_paint(paint, hue, text);
	if (!right)
		fill(paint, rest);
}

void tu_paint_cut(const struct tu_paint *paint, enum tu_hue hue, struct tu_str text, size_t width)
{
	bool cut = width > 0 && tu_paint_columns(text) > width;
	size_t left = cut ? width - 1 : SIZE_MAX;

	begin(paint, hue);
	while (text.len) {
		size_t run = plain_run(tu_str_first(text, left));
		struct glyph glyph;

		tu_buf_add(paint->out, text.ptr, run);
		left -= run;
		text = tu_str_from(text, run);
		if (text.len == 0)
			break;
		glyph = next_glyph(&text);
		if (glyph.columns > left)
			break;
		left -= glyph.columns;
		tu_buf_add(paint->out, glyph.text, glyph.len);
	}
	if (cut)
		tu_buf_c(paint->out, "\xe2\x80\xa6");
	end(paint, hue);
}

enum tu_hue tu_paint_severity(enum tu_severity severity)
{
	static const enum tu_hue hues[TU_SEVERITY_COUNT_] = {
		[TU_SEVERITY_UNKNOWN] = TU_HUE_PLAIN,
		[TU_SEVERITY_NONE] = TU_HUE_DIM,
		[TU_SEVERITY_LOW] = TU_HUE_BLUE,
		[TU_SEVERITY_MEDIUM] = TU_HUE_YELLOW,
		[TU_SEVERITY_HIGH] = TU_HUE_RED,
		[TU_SEVERITY_CRITICAL] = TU_HUE_BRIGHT_RED,
	};

	return hues[severity];
}
