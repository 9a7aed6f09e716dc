/*
 * One match of one SBOM against one knowledge base, from what a user names to the findings.
 */
#ifndef TU_APP_SCAN_H
#define TU_APP_SCAN_H

#include "app/context.h"
#include "app/findings.h"
#include "app/kb_file.h"
#include "app/kernel_evidence.h"
#include "app/sbom_file.h"
#include "app/statements.h"
#include "app/upgrade.h"
#include "app/warnings.h"

struct tu_scan_request {
	struct tu_sbom_source source;
	const char *kb; /* the argument of --kb, or NULL */
	struct tu_report_filter filter;
	bool upgrades; /* also find which upgrades close the findings */
	struct tu_match_options options; /* its `kernel` comes from what follows */
	int64_t at; /* how old things are is judged as of then; 0: the present */
	struct tu_kernel_files kernel; /* what shows how a kernel was built */
	struct tu_vex_files vex; /* statements of others to apply; none is fine */
};

struct tu_scan_answer {
	struct tu_arena *arena;
	struct tu_kernel_build *kernel; /* NULL: nothing is known of it */
	struct tu_kb_file kb;
	struct tu_vex_files vex; /* of the request, read and applied */
	struct tu_report report; /* inventory and kb are set as soon as they have been read */
	struct tu_upgrades upgrades; /* none unless asked for */
	struct tu_warnings warnings;
};

/* Read the SBOM, choose and open the knowledge base, match, apply statements, build the report.
 * Whatever the status, end with tu_scan_done(). The answer borrows context and request. */
TU_NODISCARD enum tu_status tu_app_scan(const struct tu_app_context *context,
	const struct tu_scan_request *request, struct tu_scan_answer *answer, struct tu_error *err);
void tu_scan_done(struct tu_scan_answer *answer);

/* Warn of sources that are not fresh, or that nothing is said about. */
void tu_warn_of_sources(struct tu_warnings *warnings, const struct tu_report_origin *origin);

#endif
