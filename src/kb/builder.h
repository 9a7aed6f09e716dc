/*
 * The knowledge base builder from within: what collect.c gathers, merge.c joins, write.c writes.
 *
 * While building, rows are those of the file (kb/format.h), but a field that will be a string
 * offset holds the id of an interned string; write.c turns ids into offsets.
 */
#ifndef TU_KB_BUILDER_H
#define TU_KB_BUILDER_H

#include <tutela/arena.h>
#include <tutela/kb.h>

#include "base/intern.h"
#include "base/vec.h"
#include "kb/format.h"

struct b_advisory {
	struct kb_advisory row; /* first_x: into the builder's lists */
	uint32_t first_entry;
	uint32_t next_same_id; /* advisory index + 1 of another record with this id; 0: none */
	bool superseded;
	bool of_distro; /* speaks of a distribution's packages */
};

struct b_entry {
	struct kb_entry row;
	uint32_t owner; /* id in package_owners or product_owners */
	bool package;
};

/* The parts of a package (type, namespace, name) or product (vendor, product, none). */
struct b_owner {
	uint32_t parts[3];
};

struct b_epss {
	uint32_t id;
	uint32_t date;
	float score;
	float percentile;
};

/* The end of a span as it was given, and what it became. */
struct b_bound {
	struct tu_str text, key;
	uint32_t text_id, key_id;
};

struct tu_kb_builder {
	struct tu_arena *scratch; /* for one advisory */
	struct tu_buf text; /* for composing strings */
	struct tu_buf key; /* for compiling versions */
	/* string id -> key of that text as a generic version: 0 not known yet, 1 it has none, else
	 * id of the key + 2 */
	TU_VEC(uint32_t) generic_keys;
	struct b_bound last_lo, last_hi; /* of the present advisory: many of its spans end alike */
	uint32_t last_product; /* owner + 1 of the product added last; 0: none */
	struct tu_intern *strings; /* id 0 is the empty string */
	TU_VEC(uint32_t) by_id; /* string id -> first advisory with that id, index + 1 */
	TU_VEC(struct b_advisory) advisories;
	TU_VEC(uint32_t) aliases;
	TU_VEC(uint32_t) related;
	TU_VEC(uint32_t) cwes;
	TU_VEC(struct kb_score) scores;
	TU_VEC(struct kb_reference) references;
	TU_VEC(struct b_entry) entries;
	TU_VEC(uint32_t) span_refs; /* grouped by entry */
	TU_VEC(struct kb_span) spans; /* each once */
	struct tu_intern *span_keys; /* bytes of the row -> index into spans */
	struct tu_intern *package_keys; /* "type\0namespace\0name" -> owner */
	struct tu_intern *product_keys; /* "product\0vendor" -> owner */
	TU_VEC(struct b_owner) package_owners;
	TU_VEC(struct b_owner) product_owners;
	TU_VEC(struct kb_name) names;
	TU_VEC(struct b_epss) epss;
	struct tu_kb_build_counts counts;
};

/* One advisory about one vulnerability. */
struct b_link {
	uint32_t advisory; /* builder index */
	uint32_t vulnerability;
};

/* What merging yields; lives in the arena given to kb_merge(). */
struct b_merged {
	uint32_t *order; /* live advisories, sorted by id, source, database */
	uint32_t *position; /* builder index -> place in `order`, KB_NONE: superseded */
	uint32_t live;
	uint32_t *primary; /* vulnerability -> string id of its id; sorted by id */
	uint32_t vulnerabilities;
	struct b_link *links; /* in the order of `order`, then of vulnerabilities */
	uint32_t link_count;
	uint32_t *first_link; /* place in `order` -> first link; one more at the end */
	uint32_t *vulnerability_of; /* string id -> vulnerability or KB_NONE */
	uint32_t string_count;
};

/* Join advisories into vulnerabilities. */
TU_NODISCARD enum tu_status kb_merge(struct tu_kb_builder *builder, struct tu_arena *arena,
	struct b_merged *out_merged, struct tu_error *err);

static inline struct tu_str b_str(const struct tu_kb_builder *builder, uint32_t id)
{
	return tu_intern_str(builder->strings, id);
}

/* Sorting by a string, then by two numbers. */
struct b_sortable {
	struct tu_str key;
	uint32_t tie;
	uint32_t index;
};
void b_sort(struct b_sortable *items, size_t count); /* bytes */
void b_sort_ids(struct b_sortable *items, size_t count); /* ASCII case folded, then bytes */

#endif
