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
/* The lists "hazards" and "assets", which other forms have too: `form->context` is the device.
 * Hazards first, assets refer to them. */
enum tu_status tu_device_read_hazards(
	struct tu_form *form, const struct tu_yaml *node, struct tu_device *device);
enum tu_status tu_device_read_assets(
	struct tu_form *form, const struct tu_yaml *node, struct tu_device *device);

#endif
