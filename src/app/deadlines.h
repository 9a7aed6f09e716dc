/*
 * The deadlines of a device folder.
 */
#ifndef TU_APP_DEADLINES_H
#define TU_APP_DEADLINES_H

#include <tutela/deadline.h>
#include <tutela/kb.h>

#include "app/context.h"
#include "app/device_folder.h"
#include "app/findings.h"
#include "app/kb_file.h"

/* An event that starts and stops nothing. */
struct tu_unknown_event {
	const struct tu_decision *decision;
	const struct tu_case_event *event;
};

/* Findings for which no deadline runs yet, because nobody has decided. */
struct tu_unassessed {
	bool looked; /* the newest release was matched */
	struct tu_str release;
	size_t count; /* uncontrolled findings without a valid decision */
	struct tu_error why; /* it was not looked: no SBOM, … */
};

/* A deadline and the case that it belongs to. */
struct tu_clock_row {
	const struct tu_deadline_case *of;
	const struct tu_deadline *clock;
};

struct tu_clock_rows {
	const struct tu_clock_row *at; /* the most urgent first (tu_deadline_compare) */
	size_t count;
	const struct tu_unwatched *unwatched; /* markets that no deadline is known for */
	size_t unwatched_count;
};

/* An event that no decision states. */
struct tu_more_event {
	struct tu_str vulnerability;
	const struct tu_case_event *event;
};

/* The deadlines of the cases of a folder. */
struct tu_deadlines_of {
	const struct tu_more_event *more; /* set before: further events */
	size_t more_count;
	const struct tu_deadline_case *cases;
	size_t case_count;
	struct tu_deadlines *clocks; /* by case */
	size_t states[TU_DEADLINE_CONDITIONAL + 1];
	const struct tu_unwatched *unwatched; /* markets that no deadline is known for */
	size_t unwatched_count;
	const struct tu_unknown_event *unknown; /* events that no deadline knows */
	size_t unknown_count;
};

struct tu_deadlines_request {
	const char *folder;
	const char *kb; /* the argument of --kb, or NULL */
	int64_t at;
};

struct tu_deadlines_answer {
	struct tu_device_folder folder;
	struct tu_kb_file kb;
	struct tu_report_origin origin; /* of the knowledge base */
	struct tu_deadlines_of all;
	struct tu_clock_rows rows;
	struct tu_unassessed unassessed;
};

/* Read the folder, run its deadlines as of `at`, and count what nobody has decided in the newest
 * release. Whatever the status, end with tu_deadlines_done(). */
TU_NODISCARD enum tu_status tu_app_deadlines(const struct tu_app_context *context,
	const struct tu_deadlines_request *request, struct tu_deadlines_answer *answer,
	struct tu_error *err);
void tu_deadlines_done(struct tu_deadlines_answer *answer);

/* Run every deadline of every decision of an open folder as of `at`; the result lives in the
 * folder's arena. `kb` NULL: exploitation is what decisions know of it. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_deadlines_of_folder(struct tu_deadlines_of *all,
	const struct tu_device_folder *folder, const struct tu_kb *kb, int64_t at,
	struct tu_error *err);

/* A case with what the knowledge base says of its exploitation. */
struct tu_deadline_case tu_deadline_case_with_kev(
	const struct tu_kb *kb, const struct tu_deadline_case *c);
/* Is the case about this vulnerability, by a name that its decisions give it or one that the
 * knowledge base has for the same? `kb` NULL: by the names of the decisions alone. */
bool tu_deadline_case_is_about(
	const struct tu_kb *kb, const struct tu_deadline_case *c, struct tu_str vulnerability);

/* All deadlines of all cases by urgency; the list lives in the arena. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_deadlines_sort(const struct tu_deadlines_of *all,
	struct tu_arena *arena, struct tu_clock_rows *out_rows, struct tu_error *err);

/* The next deadline: what is missed and not done since, else the one that is due first; NULL where
 * nothing is to be done. `*out_missed` is how many are missed and not done since. */
const struct tu_clock_row *tu_clock_rows_next(const struct tu_clock_rows *rows, size_t *out_missed);

#endif
