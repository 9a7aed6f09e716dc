/*
 * The Makefiles of a kernel's tree: which are entered with a configuration, and which objects they
 * name then.
 */
#ifndef TU_MATCH_KERNEL_ENTERED_H
#define TU_MATCH_KERNEL_ENTERED_H

#include "match/kernel_config.h"

enum { KERNEL_PATH_MAX = 1024 };

struct kernel_entered;

struct kernel_entered *tu_match__kernel_entered_new(void);
void tu_match__kernel_entered_free(struct kernel_entered *entered);
/* A Makefile or what one may include, by its path from the root. Copied. False: no memory. */
TU_NODISCARD bool tu_match__kernel_entered_add(
	struct kernel_entered *entered, struct tu_str path, struct tu_str text);
/* After the last one. `files`: all of the tree's. `config` may be NULL. False: no memory. */
TU_NODISCARD bool tu_match__kernel_entered_end(struct kernel_entered *entered,
	const struct tu_intern *files, const struct kernel_config *config);

/* May the source's own object be built? */
bool tu_match__kernel_entered_builds(const struct kernel_entered *entered, struct tu_str path);
/* Does some Makefile, entered or not, name an object of this source? */
bool tu_match__kernel_entered_names(const struct kernel_entered *entered, struct tu_str path);
/* An option that is not set and on which the source or its folder depends, or empty. */
struct tu_str tu_match__kernel_entered_option(
	const struct kernel_entered *entered, struct tu_str path);

/* `path` seen from `folder`, without "." and ".."; empty when it leaves the tree or is longer than
 * the room (KERNEL_PATH_MAX bytes). A '/' at the end stays. */
struct tu_str tu_match__kernel_join(struct tu_str folder, struct tu_str path, char *room);

#endif
