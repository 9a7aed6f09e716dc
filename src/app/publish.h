/*
 * From a device folder's decisions to statements that can be written.
 */
#ifndef TU_CLI_VEX_DEVICE_H
#define TU_CLI_VEX_DEVICE_H

#include <tutela/assess.h>
#include <tutela/vex.h>

#include "app/device_folder.h"

struct tu_vex_wish {
	const char *release; /* NULL: every release that decisions name */
	const char *const *ids; /* vulnerabilities; none: all */
	size_t id_count;
	const struct tu_kb *kb; /* for titles and vectors */
	const struct tu_assess_result *assessed; /* of `release`; NULL: what names it counts */
	int64_t at;
};

/* Fill products, entries and the maker's names of `issue` from the folder; everything lives in the
 * folder's arena. Decisions that another supersedes or that have ended at `at` are left out; of the
 * latter `*out_expired` tells how many. With `assessed`, of the folder's own decisions, what
 * earlier releases carry to the release is stated too, and what was re-opened is under
 * investigation; a note tells where each comes from. */
TU_NODISCARD enum tu_status tu_vex_device_issue(const struct tu_device_folder *folder,
	const struct tu_vex_wish *wish, struct tu_issue *issue, size_t *out_expired,
	struct tu_error *err);

#endif
