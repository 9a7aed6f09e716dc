/*
 * Writing Threagile, in two files: the document (threagile.c), and what it needs before: keys of
 * maps and ids that Threagile takes, what belongs to what, and what is lost (threagile_keys.c).
 */
#ifndef TU_THREAT_WRITE_THREAGILE_H
#define TU_THREAT_WRITE_THREAGILE_H

#include "threat/write/lines.h"

struct tu_threagile_key {
	struct tu_str title; /* once in its map */
	struct tu_str id; /* letters, digits and hyphens; empty for flows and controls */
};

struct tu_threagile {
	struct tu_model_writing *w;
	struct tu_json_writer *json;
	struct tu_lines lines;
	struct tu_threagile_key *assets, *elements, *flows, *zones, *controls;
	/* Lists by index, TU_MODEL_NOWHERE at their ends: flows of an element, elements and zones
	 * of a zone, in the model's order. */
	uint32_t *first_flow, *next_flow, *first_element, *next_element, *first_zone, *next_zone;
	/* Of controls and of assets: what could not be written as it is. */
	size_t places, evidence, doubled, hazards;
};

/* False: no memory. */
TU_NODISCARD bool tu_threagile_prepare(struct tu_threagile *t);
void tu_threagile_losses(struct tu_threagile *t);
/* Can it stand in a text between commas and semicolons? */
bool tu_threagile_is_entry(struct tu_str id);

#endif
