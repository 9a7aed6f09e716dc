/*
 * The versions that a product of a CSAF document means: those of the branches above it and of its
 * identifiers together.
 *
 * Read strictly, as a statement must be: what is not understood is unreadable, never "all". A
 * product_version is one version. A product_version_range is a vers string or a vers-like one
 * (CSAF 2.0, 3.1.2.3.2), which is read in the order of the product's package type. Words ("prior to
 * 3", "1.x") are unreadable.
 */
#ifndef TU_CSAF_VERSIONS_H
#define TU_CSAF_VERSIONS_H

#include <tutela/purl.h>
#include <tutela/range.h>

#include "csaf/tree.h"

enum tu_csaf_scope_kind {
	TU_CSAF_SCOPE_UNREADABLE,
	TU_CSAF_SCOPE_CONTRADICTS, /* branches and identifiers state different versions */
	TU_CSAF_SCOPE_ALL, /* the branches state none, or nothing but what the identifiers have */
	TU_CSAF_SCOPE_ONE,
	TU_CSAF_SCOPE_RANGE
};

struct tu_csaf_scope {
	enum tu_csaf_scope_kind kind;
	struct tu_str text; /* ONE: the version. RANGE: a vers string */
	const struct tu_range *range; /* RANGE */
	bool narrowed; /* to an architecture, platform or such, which the identifiers do not state
			*/
};

/* TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_csaf_scope_of(struct tu_arena *arena,
	const struct tu_csaf_tree *tree, const struct tu_csaf_product *product,
	struct tu_csaf_scope *out_scope);

/* The text that a path has in the place of a version, without the name of the package: "kernel" and
 * "module:8/kernel" of pkg:rpm/redhat/kernel state none, "kernel-5.14.0" states 5.14.0. `purl` may
 * be NULL. */
struct tu_str tu_csaf_version_text(const struct tu_csaf_path *path, const struct tu_purl *purl);

/* Is the version in the text as a whole, not as a part of a longer number? "4.18.0-553.el8" is in
 * "0:4.18.0-553.el8.x86_64". */
bool tu_csaf_version_within(struct tu_str text, struct tu_str version);

#endif
