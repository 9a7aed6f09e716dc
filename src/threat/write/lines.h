/*
 * Descriptions of forms that have no fields for what a model states: one "name: value" a line, as
 * threat/read/made.h reads them, after the prose.
 *
 * The law is that of write.h: what a line cannot hold is left out and counted, so that reading back
 * never says more than the model does. A line of prose that looks like a statement is written as
 * "text: …".
 */
#ifndef TU_THREAT_WRITE_LINES_H
#define TU_THREAT_WRITE_LINES_H

#include "threat/write/write.h"

struct tu_lines {
	struct tu_model_writing *w;
	size_t start; /* of the text that is open */
	size_t layout; /* descriptions whose empty lines and indents are lost */
	size_t facts; /* whose name is no name of a line, or one of another meaning */
	size_t lists; /* entries with a comma */
	size_t values; /* of several lines, which become one */
};

/* "description": the prose, then "ref: ID". */
void tu_lines_open(struct tu_lines *lines, struct tu_str prose, struct tu_str id);
void tu_lines_close(struct tu_lines *lines);

/* A line; nothing where nothing is stated. */
void tu_lines_text(struct tu_lines *lines, const char *name, struct tu_str value);
void tu_lines_number(struct tu_lines *lines, const char *name, uint64_t number);
/* "assets: dose, rate" */
void tu_lines_assets(struct tu_lines *lines, const struct tu_indexes *assets);
/* What has a line of its own of an element and of a flow, without assets and protocol. */
void tu_lines_element(struct tu_lines *lines, const struct tu_model_element *element);
void tu_lines_flow(struct tu_lines *lines, const struct tu_model_flow *flow);
void tu_lines_zone(struct tu_lines *lines, const struct tu_model_zone *zone);

/* Name what has been left out, and what these forms have no place for at all. */
void tu_lines_losses(const struct tu_lines *lines);

#endif
