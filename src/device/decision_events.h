/*
 * The events of a decision's file. One that was wrong stays as it was stated; its `corrections` say
 * what is right instead, in order, each with its reason. In the decision they are one list: what is
 * said instead comes after what it corrects.
 */
#ifndef TU_DEVICE_DECISION_EVENTS_H
#define TU_DEVICE_DECISION_EVENTS_H

#include <tutela/decision.h>

#include "device/form.h"

/* Reads the field "events" of a struct tu_decision. */
TU_NODISCARD enum tu_status tu_decision__read_events(
	struct tu_form *form, const struct tu_yaml *node, void *target);

#endif
