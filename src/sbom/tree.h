/*
 * What is in what, laid out once so that a piece of it is answered without the rest: one run of
 * bytes that can be kept in a file and mapped. Children of a component, what is above it, how much
 * is below it, a way from the outermost down to it, and a search by name.
 *
 * It is a graph: what several others need is below each of them, and a component may be below
 * itself. Whoever goes down remembers the way; what is here goes up a tree without rings.
 *
 * The bytes are of this machine (byte order) and this version, and nothing to hand on: what is not
 * so is TU_E_CORRUPT, and is made again from the document.
 * Ownership: a tree borrows its bytes, which are 8-byte aligned. Threads: may be shared.
 */
#ifndef TU_SBOM_TREE_H
#define TU_SBOM_TREE_H

#include <tutela/arena.h>
#include <tutela/sbom.h>
#include <tutela/sbom_above.h>

/* What is kept of a component, in the words of whoever lays it out. */
enum tu_sbom_tree_text {
	TU_TREE_FIND, /* what a search looks into, in small letters (ASCII) */
	TU_TREE_COMPONENT,
	TU_TREE_STATED,
	TU_TREE_TEXTS
};

struct tu_sbom_tree_words {
	void (*component)(void *self, const struct tu_inventory *inventory, uint32_t component,
		enum tu_sbom_tree_text text, struct tu_buf *out);
	void (*notes)(void *self, const struct tu_inventory *inventory, struct tu_buf *out);
	void *self;
};

struct tu_sbom_tree {
	uint32_t count, root_count;
	uint32_t subject; /* or TU_NO_COMPONENT */
	const uint32_t *roots; /* the subject, what nobody names, then one of each ring */
	const uint32_t *child_starts, *children; /* as in sbom/forest.h: in document order */
	const uint32_t *up; /* by component: one step of a shortest way up; TU_NO_COMPONENT: a root
			     */
	struct tu_sbom_above above;
	const uint64_t *text_starts; /* TU_TREE_TEXTS a component, then the notes, then the end */
	struct tu_str texts;
};

/* Lay out an inventory into `out` (initialised, empty). TU_E_NOMEM, TU_E_LIMIT by the buffer. */
TU_NODISCARD enum tu_status tu_sbom_tree_pack(struct tu_arena *arena,
	const struct tu_inventory *inventory, const struct tu_sbom_tree_words *words,
	struct tu_buf *out, struct tu_error *err);
/* TU_E_CORRUPT: it is no such thing, or of another version, or damaged: nothing in it points
 * outside afterwards. Linear in components and relationships, a millisecond for 300,000. */
TU_NODISCARD enum tu_status tu_sbom_tree_open(
	struct tu_str bytes, struct tu_sbom_tree *out_tree, struct tu_error *err);

/* Of a component below `count`. */
struct tu_str tu_sbom_tree_text(
	const struct tu_sbom_tree *tree, uint32_t component, enum tu_sbom_tree_text text);
struct tu_str tu_sbom_tree_notes(const struct tu_sbom_tree *tree);

/* A list in the tree: the children of a component, or the roots for TU_NO_COMPONENT. */
struct tu_sbom_tree_list {
	const uint32_t *at;
	uint32_t count;
};
struct tu_sbom_tree_list tu_sbom_tree_below(const struct tu_sbom_tree *tree, uint32_t component);
/* The place of a child in its parent's list, from 0; UINT32_MAX: it is not there. */
uint32_t tu_sbom_tree_place(const struct tu_sbom_tree *tree, uint32_t parent, uint32_t child);

/* How many different components are below each of a list, each counted once however often it is
 * needed and never itself: exact up to TU_TREE_BELOW_MAX, then that and not exact. */
enum { TU_TREE_BELOW_MAX = 10000 };
struct tu_sbom_tree_count {
	uint32_t count;
	bool exact;
};
TU_NODISCARD enum tu_status tu_sbom_tree_count_below(struct tu_arena *arena,
	const struct tu_sbom_tree *tree, struct tu_sbom_tree_list components,
	struct tu_sbom_tree_count *out_counts, struct tu_error *err);

/* The steps from a root (first) down to a component (last); TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_sbom_tree_way(struct tu_arena *arena,
	const struct tu_sbom_tree *tree, uint32_t component, struct tu_sbom_tree_list *out_way,
	struct tu_error *err);

/* The next component from `from` on that has the text, in small letters, in what a search looks
 * into; tree->count when there is none. */
uint32_t tu_sbom_tree_find(const struct tu_sbom_tree *tree, struct tu_str text, uint32_t from);

#endif
