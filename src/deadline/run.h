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
	struct tu_bod_answer federal;
	bool unread; /* a row by catalogue: nothing says whether it lists the vulnerability */
	bool was; /* look for starts also among events that were taken back */
	bool alone; /* what other deadlines say is not known */
	TU_VEC(struct tu_deadline) list; /* so far, in the order of the rules */
};

/* When something starts; assumed: no event says it. */
struct tu_deadline_start {
	int64_t at; /* 0: it has not */
	bool assumed;
	/* no event that counts starts it: the one that did, and was corrected; NULL: one does */
	const struct tu_case_event *lost;
};

/* Is it an event of this pattern, "WORD", or "WORD:TEXT" whose contents state TEXT, that counts? */
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

/* The next start, from the event at `*next` on, that counts no more: of one that was taken
 * back, or corrected to what starts something else. */
struct tu_deadline_start tu_deadline__lost_start(
	const struct tu_deadline_run *run, const struct tu_deadline_rule *rule, size_t *next);
/* The event that stood before the one that starts a deadline at `at` was said instead; NULL: none.
 */
const struct tu_case_event *tu_deadline__moved_start(
	const struct tu_deadline_run *run, const struct tu_deadline_rule *rule, int64_t at);
/* An event by which the exploitation was known and that was taken back; NULL. */
const struct tu_case_event *tu_deadline__lost_exploitation(const struct tu_deadline_run *run);

/* Is the exploitation known, by the catalogue, a premise or an event? */
bool tu_deadline__is_exploited(const struct tu_deadline_run *run);

/* The device's markets and those of each variant: is one in this jurisdiction? */
bool tu_deadline__sells_in(const struct tu_device *device, const char *jurisdiction);

/* Let what waives a deadline act on it. False: no memory. */
TU_NODISCARD bool tu_deadline__waive(
	const struct tu_deadline_run *run, struct tu_deadline *deadline);

#endif
