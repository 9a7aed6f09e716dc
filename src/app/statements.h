/*
 * Statements of others that the user names: read, and put to the findings of a match.
 */
#ifndef TU_CLI_VEX_FILES_H
#define TU_CLI_VEX_FILES_H

#include <stdbool.h>

#include <tutela/device.h>
#include <tutela/vex.h>

#include "app/findings.h"

enum { TU_VEX_FILES_MAX = 256 };

struct tu_vex_files {
	const char *paths[TU_VEX_FILES_MAX];
	size_t count;
	const struct tu_texts *trusted; /* authors whose statements are called trusted; or NULL */
	bool trust; /* what they say decides; else it is a proposal and is only told */
	const struct tu_vex_document *documents[TU_VEX_FILES_MAX]; /* NULL: not read yet */
	const struct tu_vex_application *application; /* NULL until applied */
};

/* Read one file; the document lives in `arena`. Messages begin with the path. */
TU_NODISCARD enum tu_status tu_vex_file_read(struct tu_arena *arena, const char *path,
	const struct tu_vex_document **out_document, struct tu_error *err);

/* Whether `trusted` names who makes a statement. Both who wrote the document and whom the statement
 * names must be: anybody can write somebody else's name into a statement. */
bool tu_vex_files_trust(const struct tu_vex_files *files, size_t document, size_t claim);

/* Read all files that are not read yet and apply them to report->result, which is replaced by one
 * whose findings have "supplier says …" as their statement; with `trust` a finding that is said to
 * be not affected or fixed becomes not affected. To be called before the report is built. */
TU_NODISCARD enum tu_status tu_vex_files_apply(struct tu_vex_files *files, struct tu_arena *arena,
	struct tu_report *report, struct tu_error *err);

#endif
