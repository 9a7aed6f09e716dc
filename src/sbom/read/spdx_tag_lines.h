/*
 * Lines of SPDX tag-value: "Tag: value", or "Tag: <text>…</text>" over several lines.
 */
#ifndef TU_SBOM_SPDX_TAG_LINES_H
#define TU_SBOM_SPDX_TAG_LINES_H

#include "sbom/read/rewrite.h"

/* Begin with the document in `rest`. */
struct tu_spdx_lines {
	struct tu_str rest;
	size_t rest_line; /* lines before `rest` */
	size_t line; /* of the tag that was read */
	struct tu_str text; /* of that line */
};

/* The next tag; its name is empty at the end. Empty lines and comments are passed over, other lines
 * are noted. TU_E_SYNTAX: a text without an end. */
TU_NODISCARD enum tu_status tu_spdx_next_tag(struct tu_sbom_rewrite *r, struct tu_spdx_lines *lines,
	struct tu_str *out_name, struct tu_str *out_value);

#endif
