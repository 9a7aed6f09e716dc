/*
 * One match of one SBOM against one knowledge base, from the names that a user gives to the
 * report: what `scan` and `explain` have in common.
 */
#ifndef TU_CLI_MATCHING_H
#define TU_CLI_MATCHING_H

#include "app/kb_file.h"
#include "app/findings.h"
#include "app/sbom_file.h"
#include "app/statements.h"

struct tu_matching {
	struct tu_arena *arena;
	struct tu_kernel_build *kernel; /* NULL: nothing is known of it */
	struct tu_kb_source_file kb;
	struct tu_vex_files vex; /* set before the run: statements to apply; none is fine */
	struct tu_report report; /* inventory and kb are set as soon as they have been read */
};

/* Read `source`, choose and open the knowledge base (`kb`: the argument of --kb, or NULL), match
 * and build the report. `options` may be NULL. Whatever the status, end with tu_matching_done().
 * The report borrows `source`. */
TU_NODISCARD enum tu_status tu_matching_run(struct tu_matching *matching,
	const struct tu_sbom_source *source, const char *kb, struct tu_report_filter filter,
	const struct tu_match_options *options, struct tu_error *err);

/* What a report says of an open knowledge base; borrows from it. */
struct tu_report_origin tu_kb_source_origin(const struct tu_kb_source_file *file, int64_t now);

/* Read what shows how a kernel was built, for options->kernel; either name may be NULL. Before
 * tu_matching_run(), after which tu_matching_done() frees it. */
TU_NODISCARD enum tu_status tu_matching_kernel(const char *config, const char *compiled,
	struct tu_kernel_build **out_kernel, struct tu_error *err);
void tu_matching_done(struct tu_matching *matching);

#endif
