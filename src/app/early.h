/*
 * Deadlines that count as met by what happened before they began. That may be right (a fix that was
 * out already); a wrong year looks the same, and makes "met" of what was missed: whoever states the
 * dates is asked, by every door.
 */
#ifndef TU_APP_EARLY_H
#define TU_APP_EARLY_H

#include "app/deadlines.h"

struct tu_early_look {
	const struct tu_deadlines_of *of; /* as they are with what is stated */
	const struct tu_kb *kb; /* NULL: names are those of the decisions */
	struct tu_str vulnerability; /* empty: all */
	const struct tu_case_event *event; /* only those that it helps to meet; NULL: all */
	int64_t started; /* only those that started then; 0: all */
};

/* Those of the look, the first at `*at` 0; NULL: no more. */
const struct tu_clock_row *tu_early_next(
	const struct tu_early_look *look, size_t *at, struct tu_clock_row *row);
/* "fda-30 counts as met by what happened before it began on 2026-01-20: is the date right?" */
void tu_early_write(const struct tu_deadline *deadline, struct tu_buf *out);

#endif
