/*
 * Text for people: colours, columns, and strangers' text made harmless.
 *
 * What comes from an SBOM or a feed may hold escape sequences that would move the cursor, rewrite
 * lines or reverse the reading direction. All text that goes to a terminal passes through here.
 */
#ifndef TU_CLI_PAINT_H
#define TU_CLI_PAINT_H

#include <stdbool.h>

#include <tutela/buf.h>
#include <tutela/score.h>

enum tu_hue {
	TU_HUE_PLAIN,
	TU_HUE_BOLD,
	TU_HUE_DIM,
	TU_HUE_RED,
	TU_HUE_BRIGHT_RED,
	TU_HUE_YELLOW,
	TU_HUE_BLUE,
	TU_HUE_GREEN,
	TU_HUE_COUNT_
};

struct tu_paint {
	struct tu_buf *out;
	bool colour;
};

/* Columns that the text takes on a terminal once it is made harmless. */
size_t tu_paint_columns(struct tu_str text);

/* Append in this hue. Control characters become "\x1b", direction marks "<U+202E>", line breaks a
 * blank, invalid bytes U+FFFD. */
void tu_paint(const struct tu_paint *paint, enum tu_hue hue, struct tu_str text);
void tu_paint_c(const struct tu_paint *paint, enum tu_hue hue, const char *text);
/* The same, filled with blanks to `width` columns (to the left of it when `right`). */
void tu_paint_cell(const struct tu_paint *paint, enum tu_hue hue, struct tu_str text, size_t width,
	bool right);
/* The same, cut to `width` columns with "…" at the end; 0: not cut. */
void tu_paint_cut(const struct tu_paint *paint, enum tu_hue hue, struct tu_str text, size_t width);

enum tu_hue tu_paint_severity(enum tu_severity severity);

#endif
