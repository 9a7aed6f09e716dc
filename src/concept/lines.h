/*
 * Lines added to a YAML file that a person keeps: every line that is there stays as it is, with its
 * comments.
 */
#ifndef TU_CONCEPT_LINES_H
#define TU_CONCEPT_LINES_H

#include "base/yaml.h"

struct tu_lines {
	struct tu_arena *arena;
	struct tu_str file; /* for messages */
	struct tu_str text; /* the file as it is */
};

struct tu_lines_new {
	struct tu_str key; /* the list of the outermost map; empty: keys of that map itself */
	struct tu_str items; /* whole lines, "- id: a\n  b: c\n", without indentation */
	size_t count; /* how many items (keys) they are */
};

/*
 * Append the text with the new lines at the end of the list, which is made at the end of the file
 * where there is none. The lines get the indentation of the list.
 *
 * The result is read back: it must say what the file said and `count` items more. TU_E_UNSUPPORTED:
 * it does not, or the list is not written with a hyphen and a line an item; nothing may be written
 * then. TU_E_SYNTAX: the file is not YAML. TU_E_NOMEM.
 */
TU_NODISCARD enum tu_status tu_lines_add(const struct tu_lines *lines,
	const struct tu_lines_new *added, struct tu_buf *out, struct tu_error *err);

#endif
