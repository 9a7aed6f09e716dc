/*
 * Cutting a feed into its records.
 */
#ifndef TU_ADVISORY_SPLIT_H
#define TU_ADVISORY_SPLIT_H

#include <tutela/str.h>

/* How many bytes the object or array at the start of `text` takes; text.len + 1: it does not end.
 * 64 bytes after the text are readable. Says nothing of whether it is well-formed. */
size_t tu_advisory__value_end(struct tu_str text);

#endif
