/*
 * Parts of answers about SBOMs, for people and in JSON.
 */
#ifndef TU_SHOW_SBOM_TEXT_H
#define TU_SHOW_SBOM_TEXT_H

#include <tutela/sbom.h>
#include <tutela/sink.h>

#include "show/paint.h"

struct tu_json_writer;

/* "openssl 3.0.1", made harmless; a component without a name by what it has. */
void tu_sbom_text_component(
	const struct tu_paint *paint, enum tu_hue hue, const struct tu_component *component);
/* "label       text\n"; nothing for an empty text. */
void tu_sbom_text_line(const struct tu_paint *paint, const char *label, struct tu_str text);
/* All notes of an inventory under "Notes on <whose>:". `paint` writes to the sink. */
void tu_sbom_text_notes(const struct tu_paint *paint, struct tu_sink *sink,
	const struct tu_inventory *inventory, const char *whose);

/* Members "notes" and "notes_left_out" of the open object. That it says nothing of what is in the
 * product (tu_sbom_blank()) is the first note: nothing found in it is no good news. */
void tu_json_notes(struct tu_json_writer *json, const struct tu_inventory *inventory);

#endif
