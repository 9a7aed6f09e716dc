/*
 * A plain walk over JSON text, for what the tape does not know: where things stand.
 *
 * Only run after something went wrong, so it is written to be read, not to be fast.
 */
#ifndef TU_BASE_JSON_SCAN_H
#define TU_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/error.h>
#include <tutela/str.h>

struct tu_json_fault {
	size_t offset;
	enum tu_status
		status; /* TU_E_SYNTAX; TU_E_LIMIT: depth, or a number that 64 bits cannot hold */
	const char *message; /* static: what was expected or what is wrong */
};

enum { TU_JSON_DEPTH_MAX = 4096 };

/* The first fault of a text: by RFC 8259; nesting deeper than `depth`; a number beyond 64 bits; an
 * escaped half of a surrogate pair, which no UTF-8 text can hold. False: none found. */
bool tu_json_scan_fault(struct tu_str text, size_t depth, struct tu_json_fault *out_fault);

/* Offset of the value or key that comes `ordinal`-th (0: the root) in document order, where keys
 * count too. `text` must be valid; text.len when there are fewer. */
size_t tu_json_scan_offset(struct tu_str text, size_t ordinal);

#endif
