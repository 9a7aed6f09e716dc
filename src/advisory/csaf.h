/*
 * CSAF documents as advisories: what the files of the reader share.
 */
#ifndef TU_ADVISORY_CSAF_H
#define TU_ADVISORY_CSAF_H

#include "advisory/reader.h"
#include "csaf/tree.h"

/* Versions as authors of CSAF write them: "vers:semver/>=1|<2", "vers:all/<V3.1", "All versions <
 * V5.1", ">= 1.2 | <= 1.4", "1.0". Appends spans of `coverage` to the draft. */
struct csaf_versions {
	enum tu_scheme scheme; /* set before: of versions in words; a vers string has its own */
	bool all; /* every version; no span was added */
	struct tu_str fixed; /* where an affected range ends */
};
bool tu_advisory__csaf_read_versions(struct tu_advisory_reader *r, struct tu_str words,
	enum tu_coverage coverage, struct csaf_versions *out_versions);

/* A document and the vulnerability of it that is being read. */
struct csaf {
	struct tu_advisory_reader *r;
	struct tu_csaf_tree tree;
	TU_VEC(struct tu_str) fixes; /* product -> version that fixes the vulnerability at hand */
	bool lists_affected; /* it has known_affected */
	/* of the document */
	struct tu_str publisher;
	struct tu_str tracking;
	struct tu_str database;
	struct tu_str title;
	int64_t published, modified;
	enum tu_advisory_state state;
	size_t vulnerabilities;
};

/* "remediations": fills c->fixes. False: no memory, as the next one. */
TU_NODISCARD bool tu_advisory__csaf_read_remediations(struct csaf *c, struct tu_json list);
/* "product_status": adds packages and products to the draft. */
TU_NODISCARD bool tu_advisory__csaf_read_statuses(struct csaf *c, struct tu_json status);

#endif
