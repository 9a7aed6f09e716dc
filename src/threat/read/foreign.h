/* Readers of the forms of other tools that are translated (threat/read/made.h). */
#ifndef TU_THREAT_READ_FOREIGN_H
#define TU_THREAT_READ_FOREIGN_H

#include "threat/read/reading.h"

/* Does a document have the shape of the form? It has no version that says so by itself. */
bool tu_dragon_is(const struct tu_yaml *root);
enum tu_status tu_dragon_read(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_device *device);
enum tu_status tu_threagile_read(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_device *device);

/* XML; which is the whole of what is known before it is read. */
bool tu_tm7_is(struct tu_str text);
enum tu_status tu_tm7_read(struct tu_reading *reading, struct tu_str text);

#endif
