/*
 * A set of source files, by paths that may begin anywhere above the kernel's root: what a list of
 * compiled files or the .cmd files of a build folder name.
 */
#ifndef TU_MATCH_KERNEL_PATHS_H
#define TU_MATCH_KERNEL_PATHS_H

#include <tutela/attr.h>
#include <tutela/str.h>

#include "base/intern.h"

struct kernel_paths {
	struct tu_intern *whole; /* as given, each once */
	struct tu_intern *tails; /* stems of sources, whole names of others, from every '/' on */
	struct tu_intern *folders; /* that contain one, in the same way */
	struct tu_intern *areas; /* that contain one below them, in the same way */
	size_t files; /* distinct sources */
	bool assembler; /* names objects or sources in assembler */
	bool headers; /* names headers too: then it comes from what the compiler read */
};

/* How a file takes part in a build. */
enum kernel_part { KERNEL_COMPILED, KERNEL_INCLUDED, KERNEL_NEVER, KERNEL_UNCLEAR };

enum kernel_part tu_match__kernel_part(struct tu_str path);
/* The path without the ending of a source or an object; empty: it has none. */
struct tu_str tu_match__kernel_stem(struct tu_str path);
struct tu_str tu_match__kernel_folder(struct tu_str path);
/* What follows the last '/'. */
struct tu_str tu_match__kernel_name(struct tu_str path);

/* False: no memory. End with tu_match__kernel_paths_done() in any case. */
TU_NODISCARD bool tu_match__kernel_paths_init(struct kernel_paths *paths);
void tu_match__kernel_paths_done(struct kernel_paths *paths);
TU_NODISCARD bool tu_match__kernel_paths_add(struct kernel_paths *paths, struct tu_str path);
/* One path a line; '#' begins a comment. */
TU_NODISCARD bool tu_match__kernel_paths_list(struct kernel_paths *paths, struct tu_str text);
/* A .cmd file of kbuild: the source and what it included. */
TU_NODISCARD bool tu_match__kernel_paths_command(struct kernel_paths *paths, struct tu_str text);

bool tu_match__kernel_paths_has(const struct kernel_paths *paths, struct tu_str path);
bool tu_match__kernel_paths_folder(const struct kernel_paths *paths, struct tu_str folder);
/* Is anything in the same part of the kernel ("fs/xfs", "drivers/net/ethernet")? */
bool tu_match__kernel_paths_area(const struct kernel_paths *paths, struct tu_str path);

#endif
