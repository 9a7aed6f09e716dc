/*
 * One assessment of one release of a device folder: what `assess` and `decide` have in common.
 */
#ifndef TU_CLI_ASSESSING_H
#define TU_CLI_ASSESSING_H

#include <tutela/assess.h>

#include "app/device_folder.h"
#include "app/scan.h"
#include "app/side_files.h"

struct tu_assessing {
	struct tu_device_folder folder;
	struct tu_matching matching;
	const struct tu_release *release;
	struct tu_side_files side; /* those that are not assessed; the others are matching.vex */
	struct tu_assess_input input;
	const struct tu_assess_result *result;
};

struct tu_assessing_request {
	const char *folder;
	const char *release; /* NULL: the newest */
	const char *kb; /* the argument of --kb, or NULL */
	int64_t at;
};

/* Read the folder, match its release's SBOM, assess. Whatever the status, end with
 * tu_assessing_done(). */
TU_NODISCARD enum tu_status tu_assessing_run(struct tu_assessing *assessing,
	const struct tu_assessing_request *request, struct tu_error *err);
/* Tell on standard error which side files are not assessed and which statements do not apply. */
void tu_assessing_warn(const struct tu_assessing *assessing, const char *command);
void tu_assessing_done(struct tu_assessing *assessing);

/* Does a person mean this component: its name (ASCII case folded), its ref or its purl? */
bool tu_assessing_is_named(const struct tu_component *component, struct tu_str wanted);

/* The assessments, what matters most first (tu_assess_compare). NULL: no memory. */
const struct tu_assessment *const *tu_assessing_sort(const struct tu_assessing *assessing);

#endif
