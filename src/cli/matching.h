/*
 * One match of one SBOM against one knowledge base, from the names that a user gives to the
 * report: what `scan` and `explain` have in common.
 */
#ifndef TU_CLI_MATCHING_H
#define TU_CLI_MATCHING_H

#include "cli/kb_source.h"
#include "cli/report.h"
#include "cli/vex_files.h"

struct tu_matching {
	struct tu_arena *arena;
	struct tu_kb_source_file kb;
	struct tu_vex_files vex; /* set before the run: statements to apply; none is fine */
	struct tu_report report; /* inventory and kb are set as soon as they have been read */
};

/* Read `sbom`, choose and open the knowledge base (`kb`: the argument of --kb, or NULL), match and
 * build the report. `options` may be NULL. Whatever the status, end with tu_matching_done(). The
 * report borrows `sbom`. */
TU_NODISCARD enum tu_status tu_matching_run(struct tu_matching *matching, const char *sbom,
	const char *kb, struct tu_report_filter filter, const struct tu_match_options *options,
	struct tu_error *err);
void tu_matching_done(struct tu_matching *matching);

#endif
