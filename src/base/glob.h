/*
 * Patterns of texts in which "*" is any run of characters.
 *
 * Threads: pure.
 */
#ifndef TU_BASE_GLOB_H
#define TU_BASE_GLOB_H

#include <stdbool.h>

#include <tutela/str.h>

/* Does the whole text match? With `fold` ASCII case is ignored. Linear but for the newest star, to
 * which it goes back: no pattern makes it exponential. */
bool tu_glob(struct tu_str pattern, struct tu_str text, bool fold);

#endif
