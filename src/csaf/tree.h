/*
 * The product tree of a CSAF document, 2.0 and 2.1: branches, full product names, relationships and
 * product paths. A product is the leaf of its path: what the branches above it say is part of it
 * (CSAF 2.0, 3.1.2).
 *
 * Product ids become numbers. Values and texts borrow from the JSON document; what must be composed
 * is in the arena.
 */
#ifndef TU_CSAF_TREE_H
#define TU_CSAF_TREE_H

#include <tutela/arena.h>
#include <tutela/error.h>

#include "base/intern.h"
#include "base/json.h"
#include "base/vec.h"

#define TU_CSAF_NONE UINT32_MAX

enum { TU_CSAF_BRANCH_DEPTH_MAX = 512 };

/* What the categories of the branches down to a place say. */
struct tu_csaf_path {
	struct tu_str vendor;
	struct tu_str product; /* product_name, else product_family */
	struct tu_str version; /* the innermost version or range, trimmed; empty: none is stated */
	bool is_range; /* it is a product_version_range */
	bool named; /* `product` is a product_name */
	bool blank; /* a branch states a version, and its name cannot be read */
	struct tu_str narrowed; /* an architecture, platform, unknown category …; empty: none */
	uint32_t within; /* branch above with another version, of which this one is a part; or NONE
			  */
};

struct tu_csaf_branch {
	struct tu_json value;
	uint32_t parent; /* index, or TU_CSAF_NONE */
	uint32_t depth; /* 1 for those of the tree itself */
	struct tu_str category;
	struct tu_csaf_path path;
};

/* A definition of a product id. */
struct tu_csaf_product {
	struct tu_json value; /* full_product_name */
	struct tu_str id;
	uint32_t number; /* of the id */
	uint32_t branch; /* or TU_CSAF_NONE */
	struct tu_json combined; /* the relationship or product path that defines it, or absent */
	/* Of a combined one: the numbers of the product that is part of the other. TU_CSAF_NONE:
	 * the document defines no such product. */
	uint32_t part, whole;
	/* Another definition of the id says something else, or the relationship has no known
	 * category. */
	bool contested;
};

struct tu_csaf_tree {
	struct tu_arena *arena;
	struct tu_intern *ids; /* of products */
	TU_VEC(struct tu_csaf_branch) branches;
	TU_VEC(struct tu_csaf_product) products; /* in order; an id that is defined twice twice */
	uint32_t *first; /* by number: index of the definition that counts */
	size_t count; /* of `first` */
	enum tu_status status; /* TU_E_NOMEM; TU_E_LIMIT: branches too deep, or too many ids */
	/* Told of what is not understood, may be NULL. */
	void (*problem)(void *context, struct tu_json at, const char *message);
	void *context;
};

/* Read "product_tree" into `tree`, whose arena, problem and context are set. The outcome is in
 * `status`; tu_csaf_tree_done() in any case. */
void tu_csaf_tree_read(struct tu_csaf_tree *tree, struct tu_json product_tree);
void tu_csaf_tree_done(struct tu_csaf_tree *tree);

/* The definition of a number or an id; NULL: there is none. */
const struct tu_csaf_product *tu_csaf_tree_product(
	const struct tu_csaf_tree *tree, uint32_t number);
const struct tu_csaf_product *tu_csaf_tree_find(const struct tu_csaf_tree *tree, struct tu_str id);

/* What the branches above a product say; never NULL. */
const struct tu_csaf_path *tu_csaf_tree_path(
	const struct tu_csaf_tree *tree, const struct tu_csaf_product *product);

/* Follow combined products to the one that is meant in the end, and to the outermost one that it is
 * part of (NULL: it stands alone). False: the document does not define one of them. */
bool tu_csaf_tree_resolve(const struct tu_csaf_tree *tree, const struct tu_csaf_product *product,
	const struct tu_csaf_product **out_what, const struct tu_csaf_product **out_whole);

#endif
