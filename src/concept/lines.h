/*
 * Lines added to or replaced in a YAML file that a person keeps: every line that is not replaced
 * stays as it is, with its comments.
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

/* An item of a list as it is to be: one that is there, with its lines, or new lines. */
struct tu_lines_item {
	struct tu_str text; /* as of struct tu_lines_new; empty: the one that is there */
	size_t kept; /* its index */
};

struct tu_lines_list {
	struct tu_str key; /* of the outermost map */
	const struct tu_lines_item *items;
	size_t count;
};

/* Append the text with these items in the list; lines between two items belong to the first one.
 * The result is read back: it says the same, but for new items. Errors as of tu_lines_add(). */
TU_NODISCARD enum tu_status tu_lines_set(const struct tu_lines *lines,
	const struct tu_lines_list *list, struct tu_buf *out, struct tu_error *err);

/* Append the text with another word at a key of the outermost map, or with the key where it is not
 * there. A comment after the word stays. Errors as of tu_lines_add(). */
TU_NODISCARD enum tu_status tu_lines_set_word(const struct tu_lines *lines, struct tu_str key,
	struct tu_str word, struct tu_buf *out, struct tu_error *err);

#endif
