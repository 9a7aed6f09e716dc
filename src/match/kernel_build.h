/*
 * A kernel's build as evidence: which of its source files were compiled.
 */
#ifndef TU_MATCH_KERNEL_BUILD_H
#define TU_MATCH_KERNEL_BUILD_H

#include <tutela/buf.h>
#include <tutela/match.h>

/* Are all of `files` (paths from the kernel's root, separated by spaces) left out of the build?
 * Then `why` (appended to) says by what. False when one may be in it, or when there is none. */
bool tu_match__kernel_leaves_out(
	const struct tu_kernel_build *build, struct tu_str files, struct tu_buf *why);

/* A directory of the kernel that is built only with one of its options. */
struct kernel_option {
	struct tu_str directory; /* "net/bluetooth/" */
	struct tu_str options; /* without "CONFIG_", alternatives apart by '|' */
};

extern const struct kernel_option tu_match__kernel_options[];
extern const size_t tu_match__kernel_option_count;

#endif
