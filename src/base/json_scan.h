/*
 * A plain walk over JSON text, for what the tape does not know: where things stand.
 *
 * Only run after something went wrong, so it is written to be read, not to be fast.
 */
#ifndef TU_BASE_JSON_SCAN_H
#define TU_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/str.h>

struct tu_json_fault {
	size_t offset;
	const char *message; /* static: what was expected or what is wrong */
};

/* The first fault of a text by RFC 8259, or deeper nesting than `depth`. False: none found. */
bool tu_json_scan_fault(struct tu_str text, size_t depth, struct tu_json_fault *out_fault);

/* Offset of the value or key that comes `ordinal`-th (0: the root) in document order, where keys
 * count too. `text` must be valid; text.len when there are fewer. */
size_t tu_json_scan_offset(struct tu_str text, size_t ordinal);

#endif
