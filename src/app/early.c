#include "app/early.h"

#include "base/time.h"

static bool is_early(const struct tu_early_look *look, const struct tu_deadline *d)
{
	const struct tu_case_event *event = look->event;

	if (!d->stopped || d->stopped >= d->start || (look->started && d->start != look->started))
		return false;
	return !event || (event->at <= d->stopped && tu_deadline_rule_knows(d->rule, event->name));
}

const struct tu_clock_row *tu_early_next(
	const struct tu_early_look *look, size_t *at, struct tu_clock_row *row)
{
	const struct tu_deadlines_of *of = look->of;
	size_t before = 0;

	for (size_t i = 0; i < of->case_count; before += of->clocks[i++].count) {
		const struct tu_deadlines *clocks = &of->clocks[i];

		if (*at >= before + clocks->count ||
			(look->vulnerability.len &&
				!tu_deadline_case_is_about(
					look->kb, &of->cases[i], look->vulnerability)))
			continue;
		for (size_t k = *at > before ? *at - before : 0; k < clocks->count; k++) {
			if (!is_early(look, &clocks->at[k]))
				continue;
			*at = before + k + 1;
			*row = (struct tu_clock_row){&of->cases[i], &clocks->at[k]};
			return row;
		}
	}
	return NULL;
}

void tu_early_write(const struct tu_deadline *deadline, struct tu_buf *out)
{
	tu_buf_printf(
		out, "%s counts as met by what happened before it began on ", deadline->rule->id);
	tu_time_write_date(deadline->start, out);
	tu_buf_c(out, ": is the date right?");
}
