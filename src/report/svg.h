/*
 * A small writer of SVG inside HTML: shapes with classes, which the page's style sheet colours.
 *
 * Every drawing has a title and names the table that says the same (aria-details): nobody has to
 * see it to read the page.
 */
#ifndef TU_REPORT_SVG_H
#define TU_REPORT_SVG_H

#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/str.h>

struct tu_svg {
	struct tu_buf *out;
};

/* Begin a drawing of this size. `id` and `twin` are ids of the page: of the drawing, and of its
 * table. */
struct tu_svg tu_svg_open(struct tu_buf *out, const char *id, const char *title, const char *twin,
	int width, int height);
void tu_svg_close(struct tu_svg *svg);

void tu_svg_rect(struct tu_svg *svg, const char *style, int x, int y, int width, int height);
void tu_svg_line(struct tu_svg *svg, const char *style, int x1, int y1, int x2, int y2);
void tu_svg_circle(struct tu_svg *svg, const char *style, int x, int y, int radius);
void tu_svg_cross(struct tu_svg *svg, const char *style, int x, int y, int radius);
/* `style` decides the anchor, too: classes "e" (ends there) and "m" (middle). */
void tu_svg_text(struct tu_svg *svg, const char *style, int x, int y, struct tu_str text);
void tu_svg_number(struct tu_svg *svg, const char *style, int x, int y, size_t number);

/* `value` of `whole` as a length of at most `length`; what is not zero is seen. */
int tu_svg_share(size_t value, size_t whole, int length);

#endif
