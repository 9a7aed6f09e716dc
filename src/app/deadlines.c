#include "app/deadlines.h"

#include <stdlib.h>

#include "app/assess.h"
#include "base/time.h"

/* Whether it is known to be exploited is a fact of today, not of the day it was decided. */
static struct tu_deadline_case with_kev(const struct tu_kb *kb, const struct tu_deadline_case *c)
{
	struct tu_deadline_case known = *c;
	uint32_t index = tu_kb_find(kb, c->vulnerability);
	struct tu_kb_vulnerability facts;
	int64_t added = 0;

	if (index == TU_KB_NONE)
		return known;
	facts = tu_kb_vulnerability(kb, index);
	if (!facts.has_kev)
		return known;
	(void)tu_time_parse(facts.kev.date_added, &added);
	if (!known.exploited || added < known.exploited_since)
		known.exploited_since = added;
	known.exploited = true;
	return known;
}

enum tu_status tu_app_deadlines(struct tu_deadlines_answer *clocking,
	const struct tu_device_folder *folder, const struct tu_kb *kb, int64_t at,
	struct tu_error *err)
{
	enum tu_status status = tu_deadline_cases(folder->arena, folder->decisions,
		folder->decision_count, &clocking->cases, &clocking->case_count, err);

	if (status != TU_OK)
		return status;
	clocking->clocks =
		tu_arena_array(folder->arena, clocking->case_count, sizeof(*clocking->clocks));
	if (!clocking->clocks)
		return tu_no_memory(err);
	for (size_t i = 0; i < clocking->case_count && !status; i++) {
		struct tu_deadline_case c = with_kev(kb, &clocking->cases[i]);

		status = tu_deadlines_run(
			folder->arena, folder->device, &c, at, &clocking->clocks[i], err);
		for (size_t k = 0; k < clocking->clocks[i].count && !status; k++)
			clocking->states[clocking->clocks[i].at[k].state]++;
	}
	return status;
}

/* ---- findings that nobody has decided ---- */

enum tu_status tu_deadlines_unassessed(const struct tu_app_context *context,
	const struct tu_device_folder *folder, const char *path, const char *kb, int64_t at,
	struct tu_unassessed *out, struct tu_error *err)
{
	const struct tu_assess_request request = {.folder = path, .kb = kb, .at = at};
	struct tu_assess_answer assessing = {0};
	enum tu_status status;

	*out = (struct tu_unassessed){0};
	if (folder->device->release_count == 0)
		return tu_fail(&out->why, TU_OK, 0, "device.yaml lists no release");
	status = tu_app_assess(context, &request, &assessing, &out->why);
	if (status == TU_OK) {
		out->looked = true;
		out->count = tu_assess_count_waiting(assessing.result);
		out->release = folder->device->releases[folder->device->release_count - 1].version;
	}
	tu_assess_done(&assessing);
	return status == TU_E_NOMEM ? tu_no_memory(err) : TU_OK;
}

/* ---- by urgency ---- */

static int compare(const void *one, const void *other)
{
	const struct tu_clock_row *a = one, *b = other;
	int order = tu_deadline_compare(a->clock, b->clock);

	if (!order)
		order = tu_str_cmp(a->of->vulnerability, b->of->vulnerability);
	if (!order)
		order = tu_str_cmp(tu_str_c(a->clock->rule->id), tu_str_c(b->clock->rule->id));
	return order;
}

enum tu_status tu_deadlines_sort(const struct tu_deadlines_answer *clocking, struct tu_arena *arena,
	struct tu_clock_rows *out_rows, struct tu_error *err)
{
	struct tu_clock_row *rows;
	size_t count = 0;

	for (size_t i = 0; i < clocking->case_count; i++)
		count += clocking->clocks[i].count;
	rows = tu_arena_array(arena, count, sizeof(*rows));
	if (!rows)
		return tu_no_memory(err);
	*out_rows = (struct tu_clock_rows){rows, count};
	for (size_t i = 0; i < clocking->case_count; i++)
		for (size_t k = 0; k < clocking->clocks[i].count; k++)
			*rows++ = (struct tu_clock_row){
				&clocking->cases[i], &clocking->clocks[i].at[k]};
	if (count)
		qsort(rows - count, count, sizeof(*rows), compare);
	return TU_OK;
}

const struct tu_clock_row *tu_clock_rows_next(const struct tu_clock_rows *rows, size_t *out_missed)
{
	const struct tu_clock_row *first = NULL;

	*out_missed = 0;
	for (size_t i = 0; i < rows->count; i++) {
		const struct tu_deadline *clock = rows->at[i].clock;

		if (!tu_deadline_is_open(clock))
			continue;
		if (!first)
			first = &rows->at[i];
		*out_missed += clock->state == TU_DEADLINE_MISSED;
	}
	return first;
}
