/*
 * Words of a gate about threats of a design model; their rows are in terms.c.
 *
 * What is not known counts as the worst: a severity that nobody has stated, and a reach.
 */
#ifndef TU_GATE_TERMS_THREAT_H
#define TU_GATE_TERMS_THREAT_H

#include "gate/gate.h"

bool tu_gate_threat_is_open(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_is_unproven(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_is_mitigated(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_is_accepted(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_is_transferred(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_is_reopened(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_is_uncontrolled(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_harm_is_unknown(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_harm_reaches(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_privacy_reaches(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_reach_reaches(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_has_letter(const struct tu_gate_item *item, uint32_t value);
bool tu_gate_threat_has_category(const struct tu_gate_item *item, uint32_t value);
/* A lint that is more than a note. */
bool tu_gate_lint_matters(const struct tu_gate_item *item, uint32_t value);

bool tu_gate_parse_count(struct tu_str text, uint32_t *out_value);
bool tu_gate_parse_privacy(struct tu_str text, uint32_t *out_value);
bool tu_gate_parse_stride(struct tu_str text, uint32_t *out_value);
bool tu_gate_parse_category(struct tu_str text, uint32_t *out_value);

#endif
