/*
 * Our own form, model.yaml, and the neutral form, which has the same sections.
 */
#ifndef TU_THREAT_READ_NATIVE_H
#define TU_THREAT_READ_NATIVE_H

#include "threat/read/reading.h"

/* The sections of both: zones, states, elements, flows, … in the order in which they are read. */
extern const struct tu_sections tu_native_sections;

enum tu_status tu_native_read(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_device *device);
enum tu_status tu_neutral_read(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_device *device);
/* The neutral form as it was composed from another one: what is wrong in it is forgiven. */
enum tu_status tu_neutral_read_made(struct tu_reading *reading, const struct tu_yaml *root);
enum tu_status tu_otm_read(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_device *device);

#endif
