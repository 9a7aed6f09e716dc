/*
 * The knowledge base builder from within: what collect.c gathers, merge.c joins, write.c writes.
 *
 * While building, rows are those of the file (kb/format.h), but a field that will be a string
 * offset contains the id of an interned string; write.c turns ids into offsets.
 *
 * Strings are interned by what they are, each kind in a table of its own: the few words that every
 * record repeats stay in the processor's cache, where among a million addresses of web pages each
 * would be a miss.
 */
#ifndef TU_KB_BUILDER_H
#define TU_KB_BUILDER_H

#include <tutela/arena.h>
#include <tutela/kb.h>

#include "base/intern.h"
#include "base/vec.h"
#include "kb/format.h"

/* The upper bits of a string's id. Ids of vulnerabilities are of kind 0: merge.c counts on it. */
enum b_kind { B_ID, B_WORD, B_NAME, B_VERSION, B_TITLE, B_URL, B_KINDS };
enum { B_KIND_SHIFT = 29 };
#define B_INDEX (((uint32_t)1 << B_KIND_SHIFT) - 1)

/* Rows found by their bytes: a hash table of row numbers over a vector of the caller's. */
struct b_set {
	struct b_slot {
		uint32_t hash;
		uint32_t row_plus_one;
	} * slots;
	size_t mask;
	size_t count;
};

struct b_advisory {
	struct kb_advisory row; /* first_x: into the builder's lists */
	uint32_t first_entry;
	uint32_t released; /* of its catalogue; 0: not stated */
	bool superseded;
	bool of_distro; /* mentions a distribution's packages */
};

struct b_entry {
	uint32_t owner; /* id in package_owners or product_owners */
	uint32_t body;
	uint32_t configuration;
	bool package;
};

/* An entry that may still grow, and its ranges. */
struct b_draft {
	struct b_entry entry;
	struct kb_body body; /* first_span: not used */
	TU_VEC(uint32_t) spans;
	bool open;
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

/* Records by id, source and database. */
struct b_records {
	uint32_t *slots; /* index + 1 of the advisory that is not superseded, 0: free */
	size_t mask, count;
};

struct tu_kb_builder {
	struct tu_arena *scratch; /* for one advisory */
	struct tu_buf text; /* for composing strings */
	struct tu_buf key; /* for compiling versions */
	/* index of a version's text -> the range that is just this generic version, + 1; 0: not yet
	 * needed */
	TU_VEC(uint32_t) single_spans;
	struct b_bound last_lo, last_hi; /* of the present advisory: many of its spans end alike */
	uint32_t last_product; /* owner + 1 of the product added last; 0: none */
	struct tu_intern *strings[B_KINDS]; /* id 0 is the empty string */
	struct b_records records; /* which are there already */
	TU_VEC(struct b_advisory) advisories;
	TU_VEC(struct kb_extra) extras; /* each once; 0: nothing */
	struct b_set extra_set;
	TU_VEC(uint32_t) aliases;
	TU_VEC(uint32_t) related;
	TU_VEC(uint32_t) cwes;
	TU_VEC(struct kb_score) scores;
	TU_VEC(struct kb_reference) references;
	TU_VEC(struct b_entry) entries;
	struct b_draft draft,
		next; /* entries of the present advisory that are not yet among them */
	TU_VEC(struct kb_body) bodies; /* each once */
	struct b_set body_set;
	TU_VEC(uint32_t) span_refs; /* grouped by body */
	TU_VEC(struct kb_span) spans; /* each once */
	struct b_set span_set;
	struct tu_intern *package_keys; /* "type\0namespace\0name" -> owner */
	struct tu_intern *product_keys; /* "product\0vendor" -> owner */
	TU_VEC(struct b_owner) package_owners;
	TU_VEC(struct b_owner) product_owners;
	TU_VEC(struct kb_name) names;
	TU_VEC(struct b_epss) epss;
	TU_VEC(struct kb_lifecycle) lifecycles;
	struct tu_kb_build_counts counts;
};

/* One advisory about one vulnerability. */
struct b_link {
	uint32_t advisory; /* builder index */
	uint32_t vulnerability;
};

/* What merging yields; lives in the arena given to tu_kb__merge(). */
struct b_merged {
	uint32_t *order; /* live advisories, sorted by id, source, database (until place.c) */
	uint32_t *position; /* builder index -> place in `order`, KB_NONE: superseded */
	uint32_t live;
	uint32_t *primary; /* vulnerability -> string id of its id; sorted by id */
	uint32_t vulnerabilities;
	struct b_link *links; /* in the order of `order`, then of vulnerabilities */
	uint32_t link_count;
	uint32_t *first_link; /* place in `order` -> first link; one more at the end */
	uint32_t *vulnerability_of; /* id -> vulnerability or KB_NONE */
	uint32_t id_count;
};

/* Whether a record of a source, by its id and database, has been added; and the number of the
 * database's name. False: no memory. */
bool tu_kb__find_record(struct tu_kb_builder *builder, enum tu_source source,
	const struct tu_kb_advisory *record, uint32_t *out_database, bool *out_there);

/* No row and no string will be added any more: free the tables that find those that are there. */
void tu_kb__seal(struct tu_kb_builder *builder);

/* Join advisories into vulnerabilities. */
TU_NODISCARD enum tu_status tu_kb__merge(struct tu_kb_builder *builder, struct tu_arena *arena,
	struct b_merged *out_merged, struct tu_error *err);

static inline struct tu_str b_str(const struct tu_kb_builder *builder, uint32_t id)
{
	return tu_intern_str(builder->strings[id >> B_KIND_SHIFT], id & B_INDEX);
}

/* One past the last of a body's span references. */
static inline uint32_t b_spans_end(const struct tu_kb_builder *builder, uint32_t body)
{
	return body + 1 < builder->bodies.count ? builder->bodies.at[body + 1].first_span
						: (uint32_t)builder->span_refs.count;
}

/* ---- set.c ---- */

/* The slot of a row with this hash for which `same` is true, or the free slot where it belongs; it
 * must then be filled and the set's count raised. NULL: no memory. */
struct b_slot *tu_kb__set_slot(struct b_set *set, uint32_t hash,
	bool (*same)(const void *context, uint32_t row), const void *context);

/* Rows that are kept once: the index of one that is equal, new or known. False: no memory. */
TU_NODISCARD bool tu_kb__add_extra(
	struct tu_kb_builder *b, const struct kb_extra *row, uint32_t *out_index);
TU_NODISCARD bool tu_kb__find_span(
	struct tu_kb_builder *b, const struct kb_span *row, uint32_t *out_index);
TU_NODISCARD bool tu_kb__add_body(
	struct tu_kb_builder *b, const struct b_draft *draft, uint32_t *out_index);
/* The id of a string, new or known; 0 for the empty one. False: no memory. */
TU_NODISCARD bool tu_kb__intern(
	struct tu_kb_builder *builder, enum b_kind kind, struct tu_str s, uint32_t *out_id);

/* Sorting by a string, then by two numbers. */
struct b_sortable {
	struct tu_str key;
	uint32_t tie;
	uint32_t index;
};
/* By bytes. False: no memory. */
TU_NODISCARD bool tu_kb__sort(struct b_sortable *items, size_t count);
/* By ids: ASCII case folded, then by bytes. */
TU_NODISCARD bool tu_kb__sort_ids(struct b_sortable *items, size_t count);

#endif
