/* Is a component's version among those that a statement names? */
#ifndef TU_VEX_VERSIONED_H
#define TU_VEX_VERSIONED_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/range.h>

/* What is compared with the versions that a statement names. */
struct tu_vex_versioned {
	struct tu_str version;
	enum tu_scheme scheme; /* of its package's type; TU_SCHEME_NONE: it has none */
};

/* `purl`: the component's, or empty. */
struct tu_vex_versioned tu_vex_versioned_of(struct tu_str version, struct tu_str purl);

/* In one item of a list: equal text, or inside a vers range of the same ecosystem. Undecided: there
 * is no version, the range cannot be read, or it is about another ecosystem's versions. */
enum tu_verdict tu_vex_test_version(struct tu_arena *arena, struct tu_str listed,
	struct tu_vex_versioned versioned, bool *out_no_memory);

#endif
