/*
 * A device folder as an archive (base/tar.h), for push and pull over a network.
 */
#ifndef TU_PORTFOLIO_FOLDER_TAR_H
#define TU_PORTFOLIO_FOLDER_TAR_H

#include <tutela/buf.h>

#include "portfolio/folder.h"

/* The name of the file that says what folder and store agree on. */
extern const struct tu_str tu_agreement_name;

/* Append what is pushed of a folder: device.yaml, SBOMs, side files, decisions, and what it agreed
 * on with a store. Errors of reading them, TU_E_LIMIT. */
TU_NODISCARD enum tu_status tu_folder_tar(
	const char *folder, struct tu_buf *out, struct tu_error *err);

/* A folder of one's own for an archive, and its removal with all that is in it. `path` has room for
 * TU_FOLDER_TEMPORARY bytes. */
enum { TU_FOLDER_TEMPORARY = 64, TU_FOLDER_FILES = 50000 };
TU_NODISCARD enum tu_status tu_folder_make_temporary(char *path, struct tu_error *err);
void tu_folder_remove_temporary(const char *path);

/* Write the files of an archive below a folder that is there. TU_E_USAGE for a name that leaves it;
 * TU_E_LIMIT: more than TU_FOLDER_FILES. */
TU_NODISCARD enum tu_status tu_folder_untar(
	struct tu_str archive, const char *folder, struct tu_error *err);

/* Append each file below `folder` that is not in the archive with the same bytes. */
TU_NODISCARD enum tu_status tu_folder_tar_changed(
	const char *folder, struct tu_str archive, struct tu_buf *out, struct tu_error *err);

#endif
