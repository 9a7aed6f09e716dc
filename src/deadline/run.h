/*
 * One look at the deadlines of a case: what the engine and the waivers have in common.
 */
#ifndef TU_DEADLINE_RUN_H
#define TU_DEADLINE_RUN_H

#include <tutela/deadline.h>

#include "base/vec.h"

struct tu_deadline_run {
	struct tu_arena *arena;
	const struct tu_device *device;
	const struct tu_deadline_case *c;
	int64_t at;
	TU_VEC(struct tu_deadline) list; /* so far, in the order of the rules */
};

/* When something starts; assumed: no event says it. */
struct tu_deadline_start {
	int64_t at; /* 0: it has not */
	bool assumed;
};

/* Is it an event of this pattern: "WORD", or "WORD:TEXT" whose contents state TEXT? */
bool tu_deadline__is(const struct tu_case_event *event, const char *pattern);
/* The first event of a pattern, among those that had happened at the time asked about; NULL. The
 * second asks for one that has evidence. */
const struct tu_case_event *tu_deadline__event(
	const struct tu_deadline_run *run, const char *pattern);
const struct tu_case_event *tu_deadline__proof(
	const struct tu_deadline_run *run, const char *pattern);

/* The first start of a row after an instant. Rows that are not `each` have one start: ask with
 * `after` 0. */
struct tu_deadline_start tu_deadline__start(
	const struct tu_deadline_run *run, const struct tu_deadline_rule *rule, int64_t after);

/* Is the exploitation known, by the catalogue, a premise or an event? */
bool tu_deadline__is_exploited(const struct tu_deadline_run *run);

/* Let what waives a deadline act on it. False: no memory. */
TU_NODISCARD bool tu_deadline__waive(
	const struct tu_deadline_run *run, struct tu_deadline *deadline);

#endif
