/*
 * CSAF documents from within: the product tree, and versions in words.
 */
#ifndef TU_ADVISORY_CSAF_H
#define TU_ADVISORY_CSAF_H

#include "advisory/reader.h"
#include "base/intern.h"

/* What a product_id stands for. */
struct csaf_product {
	struct tu_str vendor;
	struct tu_str product; /* product name, else family */
	struct tu_str version; /* the words of a version or a range; empty: none stated */
	struct tu_json helper; /* product_identification_helper */
	struct tu_json at;
	uint32_t component; /* of a relationship: the one that is part of … or CSAF_NONE */
	uint32_t platform; /* … this one */
};

#define CSAF_NONE TU_INTERN_NONE

struct csaf_tree {
	struct tu_intern *ids; /* product_id -> index into products */
	TU_VEC(struct csaf_product) products;
};

/* Read "product_tree". False: no memory; tu_advisory__csaf_tree_done() either way. */
TU_NODISCARD bool tu_advisory__csaf_tree_read(
	struct tu_advisory_reader *r, struct csaf_tree *tree, struct tu_json product_tree);
void tu_advisory__csaf_tree_done(struct csaf_tree *tree);

/* The component that a product_id means in the end and the platform that it belongs to (NULL: it
 * stands alone). False: the tree has no such id. */
bool tu_advisory__csaf_tree_find(const struct csaf_tree *tree, struct tu_str id,
	const struct csaf_product **out_what, const struct csaf_product **out_platform);

/* Versions as authors of CSAF write them: "vers:semver/>=1|<2", "vers:all/<V3.1", "All versions <
 * V5.1", ">= 1.2 | <= 1.4", "1.0". Appends spans of `coverage` to the draft. */
struct csaf_versions {
	enum tu_scheme scheme;
	bool all; /* every version; no span was added */
	struct tu_str fixed; /* where an affected range ends */
};
bool tu_advisory__csaf_read_versions(struct tu_advisory_reader *r, struct tu_str words,
	enum tu_coverage coverage, struct csaf_versions *out_versions);

/* A document and the vulnerability of it that is being read. */
struct csaf {
	struct tu_advisory_reader *r;
	struct csaf_tree tree;
	TU_VEC(struct tu_str) fixes; /* product -> version that mends the vulnerability at hand */
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
