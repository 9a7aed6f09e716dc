/*
 * The state of a concept phase, for people (table, Markdown) and programs (JSON).
 */
#ifndef TU_SHOW_CONCEPT_H
#define TU_SHOW_CONCEPT_H

#include <tutela/sink.h>

#include "app/concept_phase.h"
#include "base/json_writer.h"

struct tu_concept_style {
	bool colour; /* table */
};

struct tu_concept_format {
	const char *name;
	void (*write)(const struct tu_concept_phase *phase, const struct tu_concept_style *style,
		struct tu_sink *out);
};

/* NULL when there is none. */
const struct tu_concept_format *tu_concept_format_by_name(struct tu_str name);
/* The name, in the order of help; NULL after the last. */
const char *tu_concept_format_word(size_t index);

void tu_concept_table(const struct tu_concept_phase *phase, const struct tu_concept_style *style,
	struct tu_sink *out);
void tu_concept_json(const struct tu_concept_phase *phase, const struct tu_concept_style *style,
	struct tu_sink *out);
/* The members of the JSON document after its format, into the object that is open. */
void tu_concept_json_members(const struct tu_concept_phase *phase, struct tu_json_writer *json);
void tu_concept_markdown(const struct tu_concept_phase *phase, const struct tu_concept_style *style,
	struct tu_sink *out);

/* The device's class in words; "any device" where none is stated. */
const char *tu_concept_class_text(const struct tu_concept_phase *phase);
/* "yes", "no", "unknown", "open", "not asked" */
const char *tu_concept_standing_text(const struct tu_concept_standing *standing);
/* "no discussion", "2 concerns open", "not signed off", "a concern after the sign-off",
 * "signed off" */
void tu_concept_hearing_text(const struct tu_concept_hearing *hearing, struct tu_buf *out);

#endif
