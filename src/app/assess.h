/*
 * One assessment of one release of a device folder: what `assess` and `decide` have in common.
 */
#ifndef TU_APP_ASSESS_H
#define TU_APP_ASSESS_H

#include <tutela/assess.h>

#include "app/device_folder.h"
#include "app/scan.h"
#include "app/side_files.h"

struct tu_assess_answer {
	struct tu_device_folder folder;
	struct tu_scan_answer matching;
	const struct tu_release *release;
	struct tu_side_files side; /* those that are not assessed; the others are matching.vex */
	struct tu_assess_input input;
	const struct tu_assess_result *result;
	struct tu_warnings warnings; /* those of the scan, where they matter here, are among them */
};

struct tu_assess_request {
	const char *folder;
	const char *release; /* NULL: the newest */
	const char *kb; /* the argument of --kb, or NULL */
	int64_t at;
};

/* Read the folder, match its release's SBOM, assess. Whatever the status, end with
 * tu_assess_done(). The answer borrows context and request. */
TU_NODISCARD enum tu_status tu_app_assess(const struct tu_app_context *context,
	const struct tu_assess_request *request, struct tu_assess_answer *answer,
	struct tu_error *err);
void tu_assess_done(struct tu_assess_answer *answer);

/* The same for what was read elsewhere than from a folder, where many people put things: no
 * statement closes a finding, whoever is said to have made it. Set before: folder.arena,
 * folder.device and folder.decisions, input.release, matching.arena, matching.report.inventory,
 * .inventory_path and .kb, and the documents of matching.vex with their names. All of it is
 * borrowed: do not call tu_assess_done(). TU_E_NOMEM; TU_E_SYNTAX as of tu_assess(). */
TU_NODISCARD enum tu_status tu_app_assess_read(
	struct tu_assess_answer *answer, int64_t at, struct tu_error *err);
/* The result with other decisions, where all else is the same. */
TU_NODISCARD enum tu_status tu_app_assess_again(struct tu_assess_answer *answer,
	const struct tu_decision *const *decisions, size_t count,
	const struct tu_assess_result **out_result, struct tu_error *err);

/* Does a person mean this component: its name (ASCII case folded), its ref or its purl? */
bool tu_assess_is_named(const struct tu_component *component, struct tu_str wanted);

/* The assessments, what matters most first (tu_assess_compare). NULL: no memory. */
const struct tu_assessment *const *tu_assess_sort(const struct tu_assess_answer *assessing);

#endif
