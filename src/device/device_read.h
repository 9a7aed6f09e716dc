/*
 * Parts of the reader of device.yaml.
 */
#ifndef TU_DEVICE_DEVICE_READ_H
#define TU_DEVICE_DEVICE_READ_H

#include "device/form.h"

/* What applies where the file says nothing. */
void tu_policy_defaults(struct tu_risk_policy *policy);
/* The value of "policy"; `target` is the device. */
enum tu_status tu_policy_read(struct tu_form *form, const struct tu_yaml *node, void *target);

#endif
