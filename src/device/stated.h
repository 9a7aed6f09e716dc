/*
 * What a text that a person wrote into a form says: that nothing is known, that something is meant
 * to be, or that it is there.
 */
#ifndef TU_DEVICE_STATED_H
#define TU_DEVICE_STATED_H

#include <tutela/str.h>

/* Empty, "unknown", "?", "tbd", "not stated". */
bool tu_says_nothing(struct tu_str text);
/* It begins with an intent: "planned", "to be defined", "optional". */
bool tu_is_intent(struct tu_str text);
/* Does it name evidence? Not where it says nothing, an intent, or that there is none ("none",
 * "pending", "not tested"). What begins with a word that has a digit is the number of a document.
 */
bool tu_names_evidence(struct tu_str text);

#endif
