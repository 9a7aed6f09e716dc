/*
 * Words of a gate about the points of a concept phase; their rows are in terms.c.
 *
 * A point is a question that is asked or answered, a stakeholder, or a pack of questions that is
 * recorded and not read now: what is open in it is not known, so it is open.
 */
#ifndef TU_GATE_TERMS_CONCEPT_H
#define TU_GATE_TERMS_CONCEPT_H

#include "gate/gate.h"

bool tu_gate_point_is_open(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_point_is_unknown(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_point_is_contradicted(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_point_is_question(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_point_is_stakeholder(const struct tu_gate_item *item, uint32_t value);

/* The next point after `item`, which begins as {.concept = state}; false: there is none. */
bool tu_gate_point_next(struct tu_gate_item *item);
/* "question wifi", "stakeholder patient", "pack emb3d" */
void tu_gate_point_describe(const struct tu_gate_item *item, struct tu_buf *out);

#endif
