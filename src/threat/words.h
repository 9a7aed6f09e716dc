/*
 * The words of design models: one table an enum, and lists of words that stay text.
 */
#ifndef TU_THREAT_WORDS_H
#define TU_THREAT_WORDS_H

#include <tutela/model.h>

#include "device/form.h"

extern const struct tu_words tu_words_zone_role; /* enum tu_zone_role */
extern const struct tu_words tu_words_element_kind; /* enum tu_element_kind */
extern const struct tu_words tu_words_medium; /* enum tu_medium */
extern const struct tu_words tu_words_carries; /* TU_CARRIES_… */
extern const struct tu_words tu_words_flow_property; /* enum tu_flow_property */
extern const struct tu_words tu_words_view_kind; /* enum tu_view_kind */
extern const struct tu_words tu_words_loss; /* TU_LOSS_… */
extern const struct tu_words tu_words_position; /* of an entry: texts, the value means nothing */
extern const struct tu_words tu_words_scope; /* of a credential: the same */
/* FDA's categories by number and by name: 1 to 8. */
extern const struct tu_words tu_words_category;

/* A text that says that nothing is known ("unknown", "?", "tbd", "not stated"): no statement. */
bool tu_model_says_nothing(struct tu_str text);
/* A text that begins with an intent ("planned", "to be defined", "optional"): not yet a statement.
 */
bool tu_model_is_intent(struct tu_str text);

#endif
