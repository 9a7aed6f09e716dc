/*
 * The files beside a release's SBOM: which of them are statements, and which nothing reads.
 */
#ifndef TU_APP_SIDE_FILES_H
#define TU_APP_SIDE_FILES_H

#include "app/device_folder.h"
#include "app/statements.h"

/* A side file that is not assessed. */
struct tu_side_file {
	struct tu_str name; /* as the device has it */
	struct tu_str why; /* it cannot be read; empty: it is of another kind */
};

struct tu_side_files {
	const struct tu_side_file *others;
	size_t other_count;
};

/* Read the side files of a release; what states something about vulnerabilities is added to
 * `files`, by content. Everything lives in the folder's arena. A file that cannot be read is one of
 * the others, not an error. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_side_files_read(const struct tu_device_folder *folder,
	const struct tu_release *release, struct tu_vex_files *files, struct tu_side_files *out,
	struct tu_error *err);

#endif
