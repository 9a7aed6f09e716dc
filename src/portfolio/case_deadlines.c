/* The deadlines of a case: those of every device that has the vulnerability, by its decisions. */
#include <tutela/deadline.h>

#include "portfolio/case.h"

struct due {
	const char *rule;
	int64_t start, due, met; /* seconds; met 0: not yet */
};

struct dues {
	TU_VEC(struct due) list;
};

/* One rule that started at one time in two devices is one deadline: met when it is in both. */
static bool add_due(struct tu_work *w, struct dues *dues, const struct due *new)
{
	for (size_t i = 0; i < dues->list.count; i++) {
		struct due *old = &dues->list.at[i];

		if (strcmp(old->rule, new->rule) != 0 || old->start != new->start)
			continue;
		old->due = new->due < old->due ? new->due : old->due;
		if (!old->met || !new->met)
			old->met = 0;
		else if (new->met > old->met)
			old->met = new->met;
		return true;
	}
	return TU_VEC_PUSH_IN(w->arena, &dues->list, *new);
}

static enum tu_status run(struct tu_work *w, const struct tu_device *model,
	const struct tu_deadline_case *c, struct dues *dues, struct tu_error *err)
{
	struct tu_deadlines all;
	enum tu_status status = tu_deadlines_run(w->arena, model, c, tu_work_seconds(w), &all, err);

	for (size_t i = 0; i < all.count && status == TU_OK; i++) {
		const struct tu_deadline *d = &all.at[i];
		struct due due = {d->rule->id, d->start, d->due, d->stopped};

		if (!d->start)
			continue;
		if (d->state == TU_DEADLINE_WAIVED && !due.met)
			due.met = tu_work_seconds(w);
		if (!add_due(w, dues, &due))
			status = tu_no_memory(err);
	}
	return status;
}

static enum tu_status add_device(struct tu_work *w, const struct tu_case_row *row,
	struct tu_str name, struct dues *dues, struct tu_error *err)
{
	struct tu_device_row device;
	const struct tu_device *model = NULL;
	struct tu_assessment_rows rows = {0};
	const struct tu_deadline_case *cases = NULL;
	size_t count = 0;
	enum tu_status status = tu_device_find(w, name, &device, err);

	if (status == TU_OK)
		status = tu_device_load(w, &device, &model, NULL, err);
	if (status == TU_OK)
		status = tu_assessment_list(w, device.id, &rows, err);
	if (status == TU_OK)
		status = tu_deadline_cases(
			w->arena, rows.approved, rows.approved_count, &cases, &count, err);
	for (size_t i = 0; i < count && status == TU_OK; i++)
		if (cases[i].decision_count &&
			tu_decision_is_about(cases[i].decisions[0], row->vuln))
			status = run(w, model, &cases[i], dues, err);
	return status;
}

struct device_names {
	TU_VEC(struct tu_str) list;
};

static enum tu_status read_devices(struct tu_work *w, const struct tu_case_row *row,
	struct device_names *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_CASE_DEVICES, TU_BIND(tu_int(row->id)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_str name;

		ok = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &name) &&
			TU_VEC_PUSH_IN(w->arena, &out->list, name);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_case__follow_deadlines(
	struct tu_work *w, const struct tu_case_row *row, struct tu_error *err)
{
	struct device_names devices = {0};
	struct dues dues = {0};
	struct tu_batch batch = {.w = w};
	enum tu_status status = read_devices(w, row, &devices, err);

	for (size_t i = 0; i < devices.list.count && status == TU_OK; i++)
		status = add_device(w, row, devices.list.at[i], &dues, err);
	for (size_t i = 0; i < dues.list.count; i++) {
		const struct due *d = &dues.list.at[i];

		tu_batch_add(&batch,
			TU_BIND(tu_int(row->id), tu_text(tu_str_c(d->rule)),
				tu_int(d->start * 1000000), tu_int(d->due * 1000000),
				d->met ? tu_int(d->met * 1000000) : tu_null()));
	}
	return status ? status : tu_batch_run(&batch, TU_SQL_CASE_DEADLINE_PUT, err);
}
