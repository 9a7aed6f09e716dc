#include "report/svg.h"

#include "report/html.h"

struct tu_svg tu_svg_open(struct tu_buf *out, const char *id, const char *title, const char *twin,
	int width, int height)
{
	tu_buf_c(out, "<svg role=\"img\" id=\"");
	tu_html_word(out, id);
	tu_buf_c(out, "\" aria-labelledby=\"");
	tu_html_word(out, id);
	tu_buf_c(out, "-title\" aria-details=\"");
	tu_html_word(out, twin);
	tu_buf_printf(out, "\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"><title id=\"",
		width, height, width, height);
	tu_html_word(out, id);
	tu_buf_c(out, "-title\">");
	tu_html_word(out, title);
	tu_buf_c(out, "</title>");
	return (struct tu_svg){out};
}

void tu_svg_close(struct tu_svg *svg)
{
	tu_buf_c(svg->out, "</svg>\n");
}

static void begin(struct tu_svg *svg, const char *shape, const char *style)
{
	tu_buf_printf(svg->out, "<%s class=\"", shape);
	tu_html_word(svg->out, style);
	tu_buf_byte(svg->out, '"');
}

void tu_svg_rect(struct tu_svg *svg, const char *style, int x, int y, int width, int height)
{
	begin(svg, "rect", style);
	tu_buf_printf(svg->out, " x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"></rect>", x, y,
		width < 0 ? 0 : width, height < 0 ? 0 : height);
}

void tu_svg_line(struct tu_svg *svg, const char *style, int x1, int y1, int x2, int y2)
{
	begin(svg, "line", style);
	tu_buf_printf(svg->out, " x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"></line>", x1, y1, x2, y2);
}

void tu_svg_circle(struct tu_svg *svg, const char *style, int x, int y, int radius)
{
	begin(svg, "circle", style);
	tu_buf_printf(svg->out, " cx=\"%d\" cy=\"%d\" r=\"%d\"></circle>", x, y, radius);
}

void tu_svg_cross(struct tu_svg *svg, const char *style, int x, int y, int radius)
{
	begin(svg, "path", style);
	tu_buf_printf(svg->out, " d=\"M%d %dl%d %dm0 %dl%d %d\"></path>", x - radius, y - radius,
		2 * radius, 2 * radius, -2 * radius, -2 * radius, 2 * radius);
}

void tu_svg_text(struct tu_svg *svg, const char *style, int x, int y, struct tu_str text)
{
	begin(svg, "text", style);
	tu_buf_printf(svg->out, " x=\"%d\" y=\"%d\">", x, y);
	tu_html_text(svg->out, text);
	tu_buf_c(svg->out, "</text>");
}

void tu_svg_number(struct tu_svg *svg, const char *style, int x, int y, size_t number)
{
	begin(svg, "text", style);
	tu_buf_printf(svg->out, " x=\"%d\" y=\"%d\">", x, y);
	tu_html_count(svg->out, number);
	tu_buf_c(svg->out, "</text>");
}

int tu_svg_share(size_t value, size_t whole, int length)
{
	double share = whole ? (double)value / (double)whole : 0;
	int result = (int)(share * length + 0.5);

	return value && result < 2 ? 2 : result;
}
