/*
 * One Makefile of the kernel's tree, as far as it says which objects are built.
 *
 * Conditions (ifdef …) are taken to hold and unknown variables to stand for anything, so what is
 * read names more than is built, never less.
 */
#ifndef TU_MATCH_KERNEL_MAKEFILE_H
#define TU_MATCH_KERNEL_MAKEFILE_H

#include <tutela/arena.h>
#include <tutela/str.h>

#include "base/vec.h"

/* In a word: the tree's root (at its start), the architecture's folder; '*' is anything. */
#define KERNEL_ROOT '\x01'
#define KERNEL_ARCH '\x02'

struct kernel_word {
	struct tu_str text; /* "a.o", "dir/", "dir/head_*.o", after KERNEL_ROOT from the root */
	bool wild; /* inside a function of make: it may be changed in a way that is not known */
};

/* "obj-$(CONFIG_BT) += a.o b/": base "obj", option "BT". */
struct kernel_statement {
	struct tu_str base; /* empty: not an assignment */
	struct tu_str option; /* empty: always */
	const struct kernel_word *words;
	size_t word_count;
};

struct kernel_makefile {
	TU_VEC(struct kernel_statement) statements;
	TU_VEC(struct tu_str) includes;
	TU_VEC(struct tu_str) forced; /* options that the Makefile itself sets */
};

/* Read `text`; everything is in the arena, which `text` must outlive. False: no memory. */
TU_NODISCARD bool tu_match__kernel_makefile(
	struct tu_arena *arena, struct tu_str text, struct kernel_makefile *out);

/* Does the text fit the pattern, in which '*' is any run of characters? */
bool tu_match__kernel_fits(struct tu_str pattern, struct tu_str text);

#endif
