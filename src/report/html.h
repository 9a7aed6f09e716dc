/*
 * HTML: one function that escapes, and small helpers around it.
 *
 * The rule of this folder: markup is a literal of the source; everything else, also the words of
 * our own tables, goes through tu_html_text().
 */
#ifndef TU_REPORT_HTML_H
#define TU_REPORT_HTML_H

#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/str.h>
#include <tutela/zone.h>

/*
 * Append a text so that it reads as itself in an element or a quoted attribute. Markup becomes
 * references. What could deceive a reader is made visible as "[U+202E]": controls of writing
 * direction, invisible characters, C0 and C1 controls but tab and line feed. Bytes that are not
 * UTF-8 become U+FFFD.
 */
void tu_html_text(struct tu_buf *out, struct tu_str text);
static inline void tu_html_word(struct tu_buf *out, const char *word)
{
	tu_html_text(out, tu_str_c(word));
}

/* <tag>text</tag>; tag may have attributes: "td class=n". */
void tu_html_element(struct tu_buf *out, const char *tag, struct tu_str text);

/* "2026-01-31", with the time "2026-01-31 14:30 UTC", or `otherwise` for 0; "14:30 UTC" alone. */
void tu_html_date(struct tu_buf *out, int64_t seconds, const char *otherwise);
void tu_html_time(struct tu_buf *out, int64_t seconds, const char *otherwise);
void tu_html_clock(struct tu_buf *out, int64_t seconds);
/* The same in a zone, in minutes east of UTC: "2026-01-31", "09:30 UTC-05:00". */
void tu_html_date_in(
	struct tu_buf *out, int64_t seconds, const struct tu_zone *zone, const char *otherwise);
void tu_html_clock_in(struct tu_buf *out, int64_t seconds, const struct tu_zone *zone);

/* "1 finding", "2 findings": a count with separated thousands, and a word in singular or plural. */
void tu_html_count(struct tu_buf *out, size_t count);
void tu_html_counted(struct tu_buf *out, size_t count, const char *singular, const char *plural);

/* Whole days between two instants: "25 days", "1 day". */
void tu_html_days(struct tu_buf *out, int64_t seconds);

#endif
