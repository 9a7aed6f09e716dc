/*
 * What a user names to show how a kernel was built: files and folders, read for the matcher.
 */
#ifndef TU_APP_KERNEL_EVIDENCE_H
#define TU_APP_KERNEL_EVIDENCE_H

#include <tutela/match.h>

/* Paths, or NULL. */
struct tu_kernel_files {
	const char *build; /* the build folder, after the build */
	const char *source; /* the source tree */
	const char *config; /* the .config of the build folder */
	const char *compiled; /* a list of compiled files */
};

/* `*out_build` is NULL where nothing is named. Links inside the folders are not followed, but the
 * folder "source" of a build folder, which kbuild makes, is. */
TU_NODISCARD enum tu_status tu_kernel_evidence_read(const struct tu_kernel_files *files,
	struct tu_kernel_build **out_build, struct tu_error *err);

#endif
