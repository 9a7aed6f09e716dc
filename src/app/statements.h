/*
 * Statements of others that the user names: read, and put to the findings of a match.
 */
#ifndef TU_APP_STATEMENTS_H
#define TU_APP_STATEMENTS_H

#include <stdbool.h>

#include <tutela/device.h>
#include <tutela/vex.h>

#include "app/findings.h"

enum { TU_VEX_FILES_MAX = 256 };

/* The SBOM's own statements stand after the files, at `count`. */
struct tu_vex_files {
	const char *paths[TU_VEX_FILES_MAX + 1];
	size_t count;
	struct tu_vex_trust trust; /* of `files` and `authors` */
	bool distrust_sbom; /* its statements are proposals, unless its author is trusted */
	const struct tu_vex_document *documents[TU_VEX_FILES_MAX + 1]; /* NULL: not read yet */
	const struct tu_vex_application *application; /* NULL until applied */
};

/* Read one file; the document lives in `arena`. Messages begin with the path. */
TU_NODISCARD enum tu_status tu_vex_file_read(struct tu_arena *arena, const char *path,
	const struct tu_vex_document **out_document, struct tu_error *err);

/* Whether the author of a statement is named among those who are trusted (tutela/vex.h). */
bool tu_vex_files_trust(const struct tu_vex_files *files, size_t document, size_t claim);

/* Match report->inventory with report->kb, read the files that are not read yet, and apply them and
 * what the SBOM itself says: report->result is a match in which statements that are trusted decide.
 * `options` may be NULL. To be called before the report is built. */
TU_NODISCARD enum tu_status tu_vex_files_match(struct tu_vex_files *files, struct tu_arena *arena,
	struct tu_report *report, const struct tu_match_options *options, struct tu_error *err);

/* The number of results that are about the files; they stand before those of the SBOM's own. Their
 * outcomes are counted. */
size_t tu_vex_files_count(const struct tu_vex_files *files, size_t counts[TU_VEX_OUTCOMES]);

/* Whether a person should hear that a statement does not apply: always of a file's; of the SBOM's
 * own where it says something, and what it says it of could be meant. */
bool tu_vex_files_tells(const struct tu_vex_files *files, const struct tu_vex_result *result);

/* How many statements inside the SBOM do not apply to what was found, and the first of them (NULL
 * when there is none). What has no status or nothing to apply to is not counted. */
size_t tu_vex_files_unused(
	const struct tu_vex_files *files, const struct tu_vex_result **out_first);

#endif
