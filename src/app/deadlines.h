/*
 * The clocks of a device folder: what `clocks` and `report` have in common.
 */
#ifndef TU_CLI_CLOCKING_H
#define TU_CLI_CLOCKING_H

#include <tutela/deadline.h>
#include <tutela/kb.h>

#include "app/device_folder.h"

struct tu_clocking {
	const struct tu_deadline_case *cases;
	size_t case_count;
	struct tu_deadlines *clocks; /* by case */
	size_t states[TU_DEADLINE_CONDITIONAL + 1];
};

/* Run every clock of every decision of the folder as of `at`; the result lives in the folder's
 * arena. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_clocking_run(struct tu_clocking *clocking,
	const struct tu_device_folder *folder, const struct tu_kb *kb, int64_t at,
	struct tu_error *err);

#endif
