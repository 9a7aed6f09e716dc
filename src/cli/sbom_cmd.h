/*
 * The parts of `tutela sbom`: one file each, one row in sbom_cmd.c. argv[0] is the part's name.
 */
#ifndef TU_CLI_SBOM_CMD_H
#define TU_CLI_SBOM_CMD_H

#include "app/output.h"
#include "show/paint.h"
#include "app/sbom_file.h"

/* What the parts have in common: how an answer is written. */
struct tu_sbom_answer {
	const char *format_name; /* options as typed; NULL: not given */
	const char *colour_when;
	bool json;
	struct tu_output out;
	struct tu_paint paint; /* writes to `out` */
};

/* Options --format and --colour, when `answer` is a member of `type`. */
#define TU_SBOM_ANSWER_OPTIONS(type) \
	TU_OPTION_TABLE_OR_JSON(type, answer.format_name), \
		TU_OPTION_COLOUR(type, answer.colour_when)

/* Understand the options; false: the complaint has been printed. */
void tu_sbom_answer_read(struct tu_sbom_answer *answer);
/* Begin to write to standard output. */
TU_NODISCARD enum tu_status tu_sbom_answer_open(
	struct tu_sbom_answer *answer, struct tu_error *err);
/* End it, and give the exit code: `code`, or that of what went wrong, which is printed. */
int tu_sbom_answer_close(struct tu_sbom_answer *answer, int code);

/* Warn on standard error how much of a document was noted; `sbom show` lists it. */
void tu_sbom_cmd_warn_notes(const char *path, const struct tu_inventory *inventory);
/* Warn on standard error when two documents of one call have the same serial or namespace. */
void tu_sbom_cmd_same_serial(const char *path_a, const struct tu_inventory *a, const char *path_b,
	const struct tu_inventory *b);

#endif
