#include "portfolio/trend.h"

#include "portfolio/device.h"
#include "portfolio/knowledge.h"
#include "portfolio/posture.h"
#include "portfolio/scope.h"

/* ---- looking ---- */

static struct tu_trend_counts counts_of(const struct tu_posture *p, int64_t newest)
{
	return (struct tu_trend_counts){.releases = p->releases - p->drafts,
		.unknown = p->without_sbom + p->releases_without_data,
		.components_unknown = p->without_data,
		.findings = (int64_t)p->findings,
		.undecided = (int64_t)p->undecided,
		.not_assessed = (int64_t)p->not_assessed,
		.not_assessed_30 = (int64_t)p->not_assessed_30,
		.reopened = (int64_t)p->reopened,
		.proposed = (int64_t)p->proposed,
		.uncontrolled = (int64_t)p->uncontrolled,
		.controlled = (int64_t)p->controlled,
		.closed = (int64_t)p->closed,
		.newest = newest};
}

static enum tu_status look_at(struct tu_work *w, const struct tu_posture_of *of, int64_t newest,
	struct tu_trend_row *out, struct tu_error *err)
{
	struct tu_posture posture;
	enum tu_status status = tu_posture_read(w, of->device_id, &posture, err);

	if (status == TU_OK)
		status = tu_posture_count(w->arena, of, &posture, err);
	if (status == TU_OK)
		*out = (struct tu_trend_row){of->device_id, counts_of(&posture, newest)};
	return status;
}

enum tu_status tu_trend_look(struct tu_work *w, const struct tu_list_snapshot *list,
	const struct tu_list_scope *scope, struct tu_trend_rows *out, struct tu_error *err)
{
	struct tu_knowledge_row knowledge;
	struct tu_devices_seen seen = {0};
	struct tu_trend_row *rows = NULL;
	enum tu_status status = tu_knowledge_current(w, &knowledge, err);

	*out = (struct tu_trend_rows){.day = tu_trend_day_of(w->act->at)};
	if (status == TU_OK)
		status = tu_device_list(w, scope, &seen, err);
	if (status != TU_OK)
		return status;
	rows = tu_arena_array(w->arena, seen.count, sizeof(*rows));
	if (!rows)
		return tu_no_memory(err);
	for (size_t i = 0; i < seen.count && status == TU_OK; i++) {
		const struct tu_posture_of of = {list, scope, seen.at[i].device.id, w->act->at};

		status = look_at(w, &of, knowledge.id ? knowledge.newest : 0, &rows[i], err);
	}
	out->at = rows;
	out->count = seen.count;
	return status;
}

enum tu_status tu_trend_keep(
	struct tu_work *w, const struct tu_trend_rows *rows, struct tu_error *err)
{
	struct tu_batch batch = {.w = w};

	for (size_t i = 0; i < rows->count; i++) {
		const struct tu_trend_counts *c = &rows->at[i].counts;

		tu_batch_add(&batch,
			TU_BIND(tu_int(rows->at[i].device_id), tu_int(rows->day),
				tu_int(c->releases), tu_int(c->unknown),
				tu_int(c->components_unknown), tu_int(c->findings),
				tu_int(c->undecided), tu_int(c->not_assessed),
				tu_int(c->not_assessed_30), tu_int(c->reopened),
				tu_int(c->proposed), tu_int(c->uncontrolled), tu_int(c->controlled),
				tu_int(c->closed), tu_int(c->newest)));
	}
	return tu_batch_run(&batch, TU_SQL_TREND_PUT, err);
}

/* ---- reading ---- */

struct summing {
	const struct tu_trend_of *of;
	int64_t id;
	struct tu_trend_day *days;
	bool *some; /* of each day: of a device something is known */
};

/* A device is missed from the day on which it was added. */
static void expect_devices(struct summing *s, const struct tu_devices_seen *seen)
{
	for (size_t i = 0; i < seen->count; i++) {
		int64_t from = tu_trend_day_of(seen->at[i].device.created);

		if (s->of->device.len && !tu_str_eq(seen->at[i].device.name, s->of->device))
			continue;
		s->id = seen->at[i].device.id;
		for (size_t d = 0; d < s->of->days; d++)
			if (s->days[d].day >= from) {
				s->days[d].devices++;
				s->days[d].not_seen++;
			}
	}
}

static void add_row(struct summing *s, int64_t day_number, const struct tu_trend_row *row)
{
	const struct tu_trend_counts *c = &row->counts;
	size_t at = (size_t)(day_number - s->days[0].day);
	struct tu_trend_day *day = &s->days[at];
	struct tu_trend_counts *sum = &day->counts;
	bool is_first = day->not_seen == day->devices;

	if (s->of->device.len ? row->device_id != s->id
			      : !tu_scope_has(s->of->scope, row->device_id))
		return;
	if (!day->not_seen)
		return; /* kept by a clock that was ahead */
	day->not_seen--;
	s->some[at] = s->some[at] || c->releases > c->unknown;
	sum->releases += c->releases;
	sum->unknown += c->unknown;
	sum->components_unknown += c->components_unknown;
	sum->findings += c->findings;
	sum->undecided += c->undecided;
	sum->not_assessed += c->not_assessed;
	sum->not_assessed_30 += c->not_assessed_30;
	sum->reopened += c->reopened;
	sum->proposed += c->proposed;
	sum->uncontrolled += c->uncontrolled;
	sum->controlled += c->controlled;
	sum->closed += c->closed;
	sum->newest = is_first || c->newest < sum->newest ? c->newest : sum->newest;
}

static struct tu_trend_row row_of(const struct tu_rows *rows)
{
	return (struct tu_trend_row){tu_rows_int(rows, 0),
		{tu_rows_int(rows, 2), tu_rows_int(rows, 3), tu_rows_int(rows, 4),
			tu_rows_int(rows, 5), tu_rows_int(rows, 6), tu_rows_int(rows, 7),
			tu_rows_int(rows, 8), tu_rows_int(rows, 9), tu_rows_int(rows, 10),
			tu_rows_int(rows, 11), tu_rows_int(rows, 12), tu_rows_int(rows, 13),
			tu_rows_int(rows, 14)}};
}

static enum tu_status add_rows(struct tu_work *w, struct summing *s, struct tu_error *err)
{
	const struct tu_trend_rows *now = s->of->now;
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_TREND_ROWS,
		TU_BIND(tu_int(s->days[0].day), tu_int(s->of->last)), &rows, err);

	if (status != TU_OK)
		return status;
	while (tu_rows_next(rows)) {
		const struct tu_trend_row row = row_of(rows);

		if (!now || tu_rows_int(rows, 1) != now->day)
			add_row(s, tu_rows_int(rows, 1), &row);
	}
	for (size_t i = 0; now && i < now->count; i++)
		if (now->day >= s->days[0].day && now->day <= s->of->last)
			add_row(s, now->day, &now->at[i]);
	return tu_rows_close(rows, err);
}

enum tu_status tu_trend_read(struct tu_work *w, const struct tu_trend_of *of,
	struct tu_trend_day *out, struct tu_error *err)
{
	bool some[TU_TREND_DAYS_MAX] = {0};
	struct summing s = {.of = of, .days = out, .some = some};
	struct tu_devices_seen seen;
	enum tu_status status = tu_device_list(w, of->scope, &seen, err);

	if (status != TU_OK)
		return status;
	for (size_t d = 0; d < of->days; d++)
		out[d] = (struct tu_trend_day){.day = of->last - (int64_t)(of->days - 1 - d)};
	expect_devices(&s, &seen);
	if (of->device.len && !s.id)
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such device");
	status = add_rows(w, &s, err);
	for (size_t d = 0; d < of->days; d++)
		out[d].is_known = out[d].devices && !out[d].not_seen && some[d];
	return status;
}
