/*
 * The clocks of a device folder: what `clocks` and `report` have in common.
 */
#ifndef TU_APP_DEADLINES_H
#define TU_APP_DEADLINES_H

#include <tutela/deadline.h>
#include <tutela/kb.h>

#include "app/context.h"
#include "app/device_folder.h"

struct tu_deadlines_answer {
	const struct tu_deadline_case *cases;
	size_t case_count;
	struct tu_deadlines *clocks; /* by case */
	size_t states[TU_DEADLINE_CONDITIONAL + 1];
};

/* Run every clock of every decision of the folder as of `at`; the result lives in the folder's
 * arena. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_app_deadlines(struct tu_deadlines_answer *clocking,
	const struct tu_device_folder *folder, const struct tu_kb *kb, int64_t at,
	struct tu_error *err);

/* Findings for which no deadline runs yet, because nobody has decided. */
struct tu_unassessed {
	bool looked; /* the newest release was matched */
	struct tu_str release;
	size_t count; /* uncontrolled findings without a valid decision */
	struct tu_error why; /* it was not looked: no SBOM, … */
};

/* Match the newest release and count. `path` is the folder as named, `kb` the argument of --kb or
 * NULL. What keeps it from looking is an answer and no failure; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_deadlines_unassessed(const struct tu_app_context *context,
	const struct tu_device_folder *folder, const char *path, const char *kb, int64_t at,
	struct tu_unassessed *out, struct tu_error *err);

/* A deadline and the case that it belongs to. */
struct tu_clock_row {
	const struct tu_deadline_case *of;
	const struct tu_deadline *clock;
};

struct tu_clock_rows {
	const struct tu_clock_row *at; /* the most urgent first (tu_deadline_compare) */
	size_t count;
};

/* All deadlines of all cases by urgency; the list lives in the arena. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_deadlines_sort(const struct tu_deadlines_answer *clocking,
	struct tu_arena *arena, struct tu_clock_rows *out_rows, struct tu_error *err);

/* The next deadline: what is missed and not done since, else the one that is due first; NULL where
 * nothing is to be done. `*out_missed` is how many are missed and not done since. */
const struct tu_clock_row *tu_clock_rows_next(const struct tu_clock_rows *rows, size_t *out_missed);

#endif
