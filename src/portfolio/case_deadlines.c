/* The deadlines of a case: those of every device that has the vulnerability, by its decisions. */
#include "portfolio/deadlines.h"

struct gathering {
	struct tu_work *w;
	const struct tu_case_row *row;
	int64_t device_id;
	struct tu_batch forget, put, met;
};

/* When it was over, as it is stored; 0: it is not. */
static int64_t met_at(const struct tu_deadline *d, int64_t now)
{
	return d->state == TU_DEADLINE_WAIVED && !d->stopped ? now : d->stopped;
}

/* What the engine says of a rule replaces what it said before, for a learned_at may have been
 * corrected. A rule of which it says nothing any more keeps what has started. */
static void take(struct gathering *g, const struct tu_deadlines *all)
{
	int64_t now = tu_work_seconds(g->w);

	for (size_t i = 0; i < all->count; i++) {
		const struct tu_deadline *d = &all->at[i];
		int64_t met = met_at(d, now);

		if (!d->start)
			continue;
		tu_batch_add(&g->forget,
			TU_BIND(tu_int(g->row->id), tu_int(g->device_id),
				tu_text(tu_str_c(d->rule->id))));
		tu_batch_add(&g->put,
			TU_BIND(tu_int(g->row->id), tu_int(g->device_id),
				tu_text(tu_str_c(d->rule->id)), tu_int(d->start * 1000000),
				tu_int(d->due * 1000000), met ? tu_int(met * 1000000) : tu_null(),
				tu_text(tu_str_c(d->rule->title)),
				tu_text(tu_str_c(d->rule->stop))));
	}
}

/* What the engine gives no more stays, and is met and waived by events as before. */
static enum tu_status take_kept(
	struct gathering *g, const struct tu_deadline_device *device, struct tu_error *err)
{
	struct tu_deadlines_kept kept;
	enum tu_status status = tu_deadline_kept(g->w, device, g->row->kb, &kept, err);

	for (size_t i = 0; status == TU_OK && i < kept.list.count; i++) {
		const struct tu_deadline_kept *one = &kept.list.at[i];

		if (one->case_id == g->row->id && one->met != one->stored)
			tu_batch_add(&g->met,
				TU_BIND(tu_int(g->row->id), tu_int(g->device_id),
					tu_text(tu_str_c(one->deadline.rule->id)),
					tu_int(one->deadline.start * 1000000),
					one->met ? tu_int(one->met) : tu_null()));
	}
	return status;
}

enum tu_status tu_deadlines__keep(struct tu_work *w, int64_t device_id, struct tu_str vuln,
	const struct tu_deadlines *clocks, struct tu_error *err)
{
	const struct tu_value device = tu_int(device_id), name = tu_text(vuln);
	struct tu_batch forget = {.w = w}, put = {.w = w};
	enum tu_status status;

	for (size_t i = 0; i < clocks->count; i++) {
		const struct tu_deadline *d = &clocks->at[i];
		const struct tu_value rule = tu_text(tu_str_c(d->rule->id));
		int64_t met = met_at(d, tu_work_seconds(w));

		if (!d->start)
			continue;
		tu_batch_add(&forget, TU_BIND(device, name, rule));
		tu_batch_add(&put,
			TU_BIND(device, name, rule, tu_int(d->start * 1000000),
				tu_int(d->due * 1000000), met ? tu_int(met * 1000000) : tu_null(),
				tu_text(tu_str_c(d->rule->title)),
				tu_text(tu_str_c(d->rule->stop))));
	}
	status = tu_batch_run(&forget, TU_SQL_KEPT_DEADLINE_FORGET, err);
	return status ? status : tu_batch_run(&put, TU_SQL_KEPT_DEADLINE_PUT, err);
}

static enum tu_status add_device(
	struct gathering *g, const struct tu_case_part *part, struct tu_error *err)
{
	struct tu_device_row row;
	struct tu_deadline_device device;
	enum tu_status status = tu_device_find(g->w, part->device, &row, err);

	g->device_id = part->device_id;
	if (status == TU_OK)
		status = tu_deadline_device_or_gap(g->w, &row, g->row->kb, &device, err);
	for (size_t i = 0; status == TU_OK && i < device.of.case_count; i++)
		if (tu_deadline_case_is_about(g->row->kb, &device.of.cases[i], g->row->vuln))
			take(g, &device.of.clocks[i]);
	return status ? status : take_kept(g, &device, err);
}

static enum tu_status write(const struct gathering *g, struct tu_error *err)
{
	enum tu_status status = tu_case__touch(g->w, g->row->id, err);

	if (status == TU_OK)
		status = tu_batch_run(&g->forget, TU_SQL_CASE_DEADLINE_FORGET, err);
	if (status == TU_OK)
		status = tu_batch_run(&g->put, TU_SQL_CASE_DEADLINE_PUT, err);
	return status ? status : tu_batch_run(&g->met, TU_SQL_CASE_DEADLINE_MET, err);
}

enum tu_status tu_case__store_deadlines(struct tu_work *w, const struct tu_case_row *row,
	int64_t device_id, const struct tu_deadlines *clocks, struct tu_error *err)
{
	struct gathering g = {.w = w,
		.row = row,
		.device_id = device_id,
		.forget = {.w = w},
		.put = {.w = w},
		.met = {.w = w}};

	take(&g, clocks);
	return write(&g, err);
}

enum tu_status tu_case__follow_deadlines(
	struct tu_work *w, const struct tu_case_row *row, struct tu_error *err)
{
	struct gathering g = {
		.w = w, .row = row, .forget = {.w = w}, .put = {.w = w}, .met = {.w = w}};
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < row->parts.list.count && status == TU_OK; i++)
		status = add_device(&g, &row->parts.list.at[i], err);
	return status ? status : write(&g, err);
}
