#include "report/html.h"

#include "base/time.h"
#include "base/utf8.h"

static const char *reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* Up to the next character that is not plain ASCII as it stands. */
static size_t plain_run(struct tu_str text)
{
	size_t len = 0;

	while (len < text.len && text.ptr[len] >= ' ' && text.ptr[len] < 0x7f &&
		!reference(text.ptr[len]))
		len++;
	return len;
}

static void add_point(struct tu_buf *out, struct tu_str *text)
{
	struct tu_str before = *text;
	uint32_t point;

	if (!tu_utf8_next(text, &point)) {
		tu_buf_c(out, "\xef\xbf\xbd");
		*text = tu_str_from(*text, 1);
	} else if (tu_utf8_deceives(point)) {
		tu_buf_printf(out, "[U+%04X]", (unsigned)point);
	} else if (point < 0x80 && reference((char)point)) {
		tu_buf_c(out, reference((char)point));
	} else {
		tu_buf_add(out, before.ptr, before.len - text->len);
	}
}

void tu_html_text(struct tu_buf *out, struct tu_str text)
{
	while (text.len) {
		size_t run = plain_run(text);

		tu_buf_add(out, text.ptr, run);
		text = tu_str_from(text, run);
		if (text.len)
			add_point(out, &text);
	}
}

void tu_html_element(struct tu_buf *out, const char *tag, struct tu_str text)
{
	struct tu_str name = tu_str_first(tu_str_c(tag), tu_str_find(tu_str_c(tag), ' '));

	tu_buf_byte(out, '<');
	tu_buf_c(out, tag);
	tu_buf_byte(out, '>');
	tu_html_text(out, text);
	tu_buf_c(out, "</");
	tu_buf_str_add(out, name);
	tu_buf_byte(out, '>');
}

void tu_html_date(struct tu_buf *out, int64_t seconds, const char *otherwise)
{
	if (seconds)
		tu_time_write_date(seconds, out);
	else
		tu_html_word(out, otherwise);
}

void tu_html_clock(struct tu_buf *out, int64_t seconds)
{
	const struct tu_zone utc = {0};

	tu_html_clock_in(out, seconds, &utc);
}

void tu_html_date_in(
	struct tu_buf *out, int64_t seconds, const struct tu_zone *maker, const char *otherwise)
{
	tu_html_date(out, seconds ? seconds + tu_zone_offset(maker, seconds) : 0, otherwise);
}

void tu_html_clock_in(struct tu_buf *out, int64_t seconds, const struct tu_zone *maker)
{
	int zone_minutes = tu_zone_offset(maker, seconds) / 60;
	int64_t minutes = (seconds / 60 + zone_minutes) % (24 * 60);
	int zone = zone_minutes < 0 ? -zone_minutes : zone_minutes;

	minutes += minutes < 0 ? 24 * 60 : 0;
	tu_buf_printf(out, "%02d:%02d UTC", (int)(minutes / 60), (int)(minutes % 60));
	if (zone)
		tu_buf_printf(
			out, "%c%02d:%02d", zone_minutes < 0 ? '-' : '+', zone / 60, zone % 60);
}

void tu_html_time(struct tu_buf *out, int64_t seconds, const char *otherwise)
{
	tu_html_date(out, seconds, otherwise);
	if (!seconds)
		return;
	tu_buf_byte(out, ' ');
	tu_html_clock(out, seconds);
}

void tu_html_count(struct tu_buf *out, size_t count)
{
	if (count >= 1000) {
		tu_html_count(out, count / 1000);
		tu_buf_printf(out, ",%03zu", count % 1000);
	} else {
		tu_buf_printf(out, "%zu", count);
	}
}

void tu_html_counted(struct tu_buf *out, size_t count, const char *singular, const char *plural)
{
	tu_html_count(out, count);
	tu_buf_byte(out, ' ');
	tu_html_word(out, count == 1 ? singular : plural);
}

void tu_html_days(struct tu_buf *out, int64_t seconds)
{
	int64_t days = seconds / 86400;

	tu_html_counted(out, days < 0 ? 0 : (size_t)days, "day", "days");
}
