/*
 * Names with "*" in them.
 */
#ifndef TU_DEVICE_GLOB_H
#define TU_DEVICE_GLOB_H

#include <stdbool.h>

#include <tutela/str.h>

/* ASCII case folded; "*" stands for any run of characters, also none. */
bool tu_glob_matches(struct tu_str pattern, struct tu_str text);

#endif
