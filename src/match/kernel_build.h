/*
 * A kernel's build as evidence: which of its source files were compiled.
 */
#ifndef TU_MATCH_KERNEL_BUILD_H
#define TU_MATCH_KERNEL_BUILD_H

#include <tutela/buf.h>
#include <tutela/match.h>

/* A kernel of the inventory: what is stated about it. */
struct kernel_stated {
	struct tu_str version;
	struct tu_str architecture; /* as package URLs name it, or empty */
};

/* Are all of `files` (paths from the kernel's root, separated by spaces) left out of the build?
 * Then `why` (appended to) says by what. False when one may be in it, or when there is none. */
bool tu_match__kernel_leaves_out(const struct tu_kernel_build *build,
	const struct kernel_stated *kernel, struct tu_str files, struct tu_buf *why);

/* Why the evidence says nothing about this kernel, or NULL: it is of another one. Static. */
const char *tu_match__kernel_of_another(
	const struct tu_kernel_build *build, const struct kernel_stated *kernel);

#endif
