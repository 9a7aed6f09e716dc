/*
 * A kernel's source tree: which of its files a configuration builds, by its Makefiles and by what
 * its sources include.
 *
 * A file is left out when no Makefile that is entered names its object and no file that may be
 * compiled includes it, directly or through others. What is not understood counts as built.
 */
#ifndef TU_MATCH_KERNEL_TREE_H
#define TU_MATCH_KERNEL_TREE_H

#include "match/kernel_config.h"

struct kernel_tree;

enum kernel_answer {
	KERNEL_UNKNOWN, /* not in the tree, or nothing says how it is built */
	KERNEL_BUILT, /* it may be */
	KERNEL_LEFT_OUT
};

struct kernel_tree *tu_match__kernel_tree_new(void);
void tu_match__kernel_tree_free(struct kernel_tree *tree);

/* Of which files of a tree is the text asked for? */
bool tu_match__kernel_tree_reads(struct tu_str path);
/* A file by its path from the root; `text` is empty for one that is only known to be there. False:
 * no memory. */
TU_NODISCARD bool tu_match__kernel_tree_add(
	struct kernel_tree *tree, struct tu_str path, struct tu_str text);
/* After the last file. `config` may be NULL: then only what is there and what is included is
 * known. It is borrowed. False: no memory. */
TU_NODISCARD bool tu_match__kernel_tree_end(
	struct kernel_tree *tree, const struct kernel_config *config);

/* Of the root's Makefile. */
struct kernel_version tu_match__kernel_tree_version(const struct kernel_tree *tree);
bool tu_match__kernel_tree_has(const struct kernel_tree *tree, struct tu_str path);
/* Does a Makefile name an object for it, and no other file include it? */
bool tu_match__kernel_tree_own_object(struct kernel_tree *tree, struct tu_str path);
/* `*out_option`: an option that is not set and leaves it out, or empty. */
enum kernel_answer tu_match__kernel_tree_says(
	struct kernel_tree *tree, struct tu_str path, struct tu_str *out_option);

#endif
