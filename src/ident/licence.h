/*
 * Licence ids and expressions of SPDX: the SPDX License List (data/registries/spdx.tsv) and the
 * grammar of SPDX 2.3, annex D (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/).
 *
 * Pure functions, static storage, thread-safe.
 */
#ifndef TU_IDENT_LICENCE_H
#define TU_IDENT_LICENCE_H

#include <stdbool.h>

#include <tutela/buf.h>
#include <tutela/str.h>

/* An entry of the list. */
struct tu_licence_entry {
	struct tu_str id; /* as the list spells it */
	struct tu_str instead; /* of a deprecated id: the expression to use; may be empty */
};

/* Ids are compared without regard to case. False when the list does not have it. */
bool tu_licence_find(struct tu_str id, struct tu_licence_entry *out_entry);
bool tu_licence_find_exception(struct tu_str id, struct tu_licence_entry *out_entry);
/* "LicenseRef-" or "DocumentRef-…:LicenseRef-" and letters, digits, '.', '-'. */
bool tu_licence_is_reference(struct tu_str id);

/* How an expression is written. */
struct tu_licence_writing {
	/* Append what stands for an operand: one that is not on the list, or is a reference. NULL:
	 * it is appended as it is. False ends the writing. */
	bool (*operand)(void *context, struct tu_str word, struct tu_buf *out);
	void *context;
	bool replaced; /* set: a deprecated id was replaced by what is to be used instead */
};

/*
 * Is it an expression? Words joined by AND, OR, WITH and parentheses. In lower case the operators
 * join only what the list has: "Terms and Conditions" is the name of one licence.
 */
bool tu_licence_is_expression(struct tu_str text);
/* Append an expression in the list's spelling. False, with nothing appended, when it is none or
 * when an operand is refused. */
bool tu_licence_write(struct tu_str text, struct tu_licence_writing *writing, struct tu_buf *out);

#endif
