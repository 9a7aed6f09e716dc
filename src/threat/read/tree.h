/*
 * A foreign form made into the neutral one: maps and lists of YAML built from parts of another
 * tree. What is added keeps its line and column, so that mistakes are reported where they were
 * made.
 *
 * Out of memory sets `failed` of the building; all else goes on and yields nothing.
 */
#ifndef TU_THREAT_READ_TREE_H
#define TU_THREAT_READ_TREE_H

#include "base/yaml.h"

struct tu_building {
	struct tu_arena *arena;
	bool failed;
};

/* A map or a list that grows. */
struct tu_branch {
	struct tu_building *building;
	struct tu_yaml *node; /* NULL: out of memory */
	struct tu_yaml *last;
};

/* Begin a map or a list whose place is that of `from`. */
struct tu_branch tu_branch_begin(
	struct tu_building *building, enum tu_yaml_kind kind, const struct tu_yaml *from);
/* Add a copy of a node, under this key (of a list: empty). NULL is not added. */
void tu_branch_add(struct tu_branch *branch, const char *key, const struct tu_yaml *value);
/* The same with a key that is no literal. */
void tu_branch_add_str(struct tu_branch *branch, struct tu_str key, const struct tu_yaml *value);
/* Add a text, whose place is that of `from`. */
void tu_branch_add_text(
	struct tu_branch *branch, const char *key, struct tu_str text, const struct tu_yaml *from);

/* A member by its path: "attributes/version"; NULL where there is none or it is null. */
const struct tu_yaml *tu_tree_get(const struct tu_yaml *map, const char *path);

#endif
