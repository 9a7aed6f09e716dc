/* The deadlines of a case: those of every device that has the vulnerability, by its decisions. */
#include <tutela/deadline.h>

#include "portfolio/case.h"

struct gathering {
	struct tu_work *w;
	const struct tu_case_row *row;
	int64_t device_id;
	struct tu_batch batch;
};

static enum tu_status run(struct gathering *g, const struct tu_device *model,
	const struct tu_deadline_case *c, struct tu_error *err)
{
	int64_t now = tu_work_seconds(g->w);
	struct tu_deadlines all;
	enum tu_status status = tu_deadlines_run(g->w->arena, model, c, now, &all, err);

	for (size_t i = 0; i < all.count && status == TU_OK; i++) {
		const struct tu_deadline *d = &all.at[i];
		int64_t met = d->state == TU_DEADLINE_WAIVED && !d->stopped ? now : d->stopped;

		if (d->start)
			tu_batch_add(&g->batch,
				TU_BIND(tu_int(g->row->id), tu_int(g->device_id),
					tu_text(tu_str_c(d->rule->id)), tu_int(d->start * 1000000),
					tu_int(d->due * 1000000),
					met ? tu_int(met * 1000000) : tu_null()));
	}
	return status;
}

static enum tu_status add_device(
	struct gathering *g, const struct tu_case_part *part, struct tu_error *err)
{
	struct tu_work *w = g->w;
	struct tu_device_row device;
	const struct tu_device *model = NULL;
	struct tu_assessment_rows rows = {0};
	const struct tu_deadline_case *cases = NULL;
	size_t count = 0;
	enum tu_status status = tu_device_find(w, part->device, &device, err);

	g->device_id = part->device_id;
	if (status == TU_OK)
		status = tu_device_load(w, &device, &model, NULL, err);
	if (status == TU_OK)
		status = tu_assessment_list(w, device.id, &rows, err);
	if (status == TU_OK)
		status = tu_deadline_cases(
			w->arena, rows.approved, rows.approved_count, &cases, &count, err);
	for (size_t i = 0; i < count && status == TU_OK; i++)
		if (cases[i].decision_count &&
			tu_decision_is_about(cases[i].decisions[0], g->row->vuln))
			status = run(g, model, &cases[i], err);
	return status;
}

enum tu_status tu_case__follow_deadlines(
	struct tu_work *w, const struct tu_case_row *row, struct tu_error *err)
{
	struct gathering g = {.w = w, .row = row, .batch = {.w = w}};
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < row->parts.list.count && status == TU_OK; i++)
		status = add_device(&g, &row->parts.list.at[i], err);
	return status ? status : tu_batch_run(&g.batch, TU_SQL_CASE_DEADLINE_PUT, err);
}
