/*
 * What answers seed, as text: a skeleton of model.yaml, or lines for one that exists; and what
 * device.yaml may want. What no answer states is left out: in the model, silence is a question.
 */
#ifndef TU_CONCEPT_SEED_H
#define TU_CONCEPT_SEED_H

#include "concept/state.h"

struct tu_concept_seeding {
	struct tu_arena *arena;
	const struct tu_concept_state *state;
	const struct tu_device *device; /* NULL: there is no device.yaml */
	struct tu_str model; /* model.yaml as it is; empty: there is none */
	struct tu_str model_file; /* its name, for messages */
};

struct tu_concept_seeded {
	size_t zones, elements, flows, views; /* added */
};

/* Append the whole model.yaml: a new one, with the views that FDA asks for, or the old one with
 * lines added to its lists; nothing where there is nothing to add. Errors as of tu_lines_add(). */
TU_NODISCARD enum tu_status tu_concept_seed_model(const struct tu_concept_seeding *seeding,
	struct tu_buf *out, struct tu_concept_seeded *out_seeded, struct tu_error *err);

/* Append, a line each, what answers state of elements that the model has already and that it does
 * not state, or states otherwise, and the assets that device.yaml has for an element without any:
 * no line of it is changed. Nothing for a new model. Errors as of
 * tu_yaml_parse(). */
TU_NODISCARD enum tu_status tu_concept_seed_facts(
	const struct tu_concept_seeding *seeding, struct tu_buf *out, struct tu_error *err);

/* Append, a line each, the questions that are answered with unknown, with the facts that an answer
 * would state: they are in no model, and stay open in the concept. */
void tu_concept_seed_unknown(const struct tu_concept_seeding *seeding, struct tu_buf *out);

/* Append what device.yaml does not have yet: interfaces, assets, and questions about hazards, which
 * are comments, for a hazard needs a severity and only the safety engineer states one. Nothing
 * where nothing is missing. */
void tu_concept_seed_device(const struct tu_concept_seeding *seeding, struct tu_buf *out);

#endif
