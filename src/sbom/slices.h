/*
 * Reading a large document in slices.
 *
 * A parsed document costs about four times its text in memory, most of it touched only once. The
 * bulk of an SBOM is in a few lists of its root ("components", "packages", …), so these are cut out
 * of the document and parsed some ten KiB at a time, in one small parser whose memory stays in
 * the processor's cache. What remains, the shell, is parsed as a document with empty lists.
 *
 * Only places where the shell and the slices are joined are looked at here; everything else is the
 * parser's to check. A document with a fault is read again as a whole by the caller, so that the
 * fault is reported with its place.
 */
#ifndef TU_SBOM_SLICES_H
#define TU_SBOM_SLICES_H

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/json.h"
#include "base/vec.h"

struct tu_sbom_slice {
	size_t offset; /* of its first item in the text */
	size_t len;
	size_t first; /* index of its first item in the list */
};

struct tu_sbom_cut {
	struct tu_str member; /* static */
	size_t first; /* of its slices */
	size_t count;
	size_t items;
};

struct tu_sbom_slices {
	struct tu_str text; /* borrowed */
	size_t depth; /* of the document */
	struct tu_json_parser *parser;
	struct tu_buf shell;
	struct tu_buf buf; /* the slice being read */
	TU_VEC(struct tu_sbom_slice) slices;
	TU_VEC(struct tu_sbom_cut) cuts;
};

/* Is a text of this length worth it? */
bool tu_sbom__worth_slicing(size_t len);
/* Cut. TU_E_NOMEM; TU_E_SYNTAX, without a message, when the text is not of the form that can be
 * cut. */
TU_NODISCARD enum tu_status tu_sbom__slice(
	struct tu_sbom_slices *slices, struct tu_str text, size_t depth);
void tu_sbom__slices_done(struct tu_sbom_slices *slices);
/* The cut of a member of the root, or NULL. `slices` may be NULL. */
const struct tu_sbom_cut *tu_sbom__cut_of(
	const struct tu_sbom_slices *slices, struct tu_str member);
/* Does the word stand somewhere in its text? */
bool tu_sbom__cut_mentions(
	const struct tu_sbom_slices *slices, const struct tu_sbom_cut *cut, struct tu_str word);
/* Parse one slice: *out_list is an array of its items, valid until the next call. */
TU_NODISCARD enum tu_status tu_sbom__parse_slice(struct tu_sbom_slices *slices,
	const struct tu_sbom_slice *slice, struct tu_json *out_list, struct tu_error *err);

#endif
