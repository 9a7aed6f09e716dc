/*
 * What `tutela device new` writes: a device.yaml in which every field is explained.
 */
#ifndef TU_CLI_DEVICE_TEMPLATE_H
#define TU_CLI_DEVICE_TEMPLATE_H

extern const char tu_device_template[];

#endif
