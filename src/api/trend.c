/* How the portfolio or a device stood on the days before: portfolio/trend.h, a row a day. */
#include "api/call.h"
#include "api/columns.h"
#include "portfolio/trend.h"

enum { DAYS = 84, DAY_S = 86400 };

struct trend_row {
	int64_t day; /* seconds */
	int64_t devices, devices_not_seen, releases, releases_not_known, components_without_data;
	int64_t findings, undecided, not_assessed, not_assessed_30, reopened, proposed;
	int64_t uncontrolled, controlled, closed;
	int64_t knowledge; /* us */
};

#define COUNT(name) TU_API_COLUMN(struct trend_row, name, TU_API_INT, TU_API_OPT)
static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct trend_row, day, TU_API_DATE, 0),
	TU_API_COLUMN(struct trend_row, devices, TU_API_INT, 0),
	TU_API_COLUMN(struct trend_row, devices_not_seen, TU_API_INT, 0),
	COUNT(releases),
	COUNT(releases_not_known),
	COUNT(components_without_data),
	COUNT(findings),
	COUNT(undecided),
	COUNT(not_assessed),
	COUNT(not_assessed_30),
	COUNT(reopened),
	COUNT(proposed),
	COUNT(uncontrolled),
	COUNT(controlled),
	COUNT(closed),
	TU_API_COLUMN(struct trend_row, knowledge, TU_API_TIME, TU_API_OPT),
};
const struct tu_api_table tu_api_table_trend = TU_API_TABLE("Trend", struct trend_row, columns);

static struct trend_row row_of(const struct tu_trend_day *day)
{
	const struct tu_trend_counts *c = &day->counts;
	bool k = day->is_known;

	return (struct trend_row){.day = day->day * DAY_S,
		.devices = day->devices,
		.devices_not_seen = day->not_seen,
		.releases = k ? c->releases : TU_API_NONE,
		.releases_not_known = k ? c->unknown : TU_API_NONE,
		.components_without_data = k ? c->components_unknown : TU_API_NONE,
		.findings = k ? c->findings : TU_API_NONE,
		.undecided = k ? c->undecided : TU_API_NONE,
		.not_assessed = k ? c->not_assessed : TU_API_NONE,
		.not_assessed_30 = k ? c->not_assessed_30 : TU_API_NONE,
		.reopened = k ? c->reopened : TU_API_NONE,
		.proposed = k ? c->proposed : TU_API_NONE,
		.uncontrolled = k ? c->uncontrolled : TU_API_NONE,
		.controlled = k ? c->controlled : TU_API_NONE,
		.closed = k ? c->closed : TU_API_NONE,
		.knowledge = k ? c->newest * 1000000 : 0};
}

static enum tu_status read_days(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_reading *r = self;
	struct tu_api_call *call = r->call;
	struct tu_trend_rows now;
	const struct tu_trend_of of = {.scope = &call->who.scope,
		.device = tu_api_query(call, "device"),
		.now = &now,
		.last = tu_trend_day_of(call->now),
		.days = (size_t)tu_api_query_int(call, "days", DAYS)};
	struct tu_trend_day *days = tu_arena_array(call->arena, of.days, sizeof(*days));
	struct trend_row *rows = tu_arena_array(call->arena, of.days, sizeof(*rows));
	enum tu_status status = days && rows
		? tu_trend_look(w, call->list, &call->who.scope, &now, err)
		: tu_no_memory(err);

	if (status == TU_OK)
		status = tu_trend_read(w, &of, days, err);
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	for (size_t i = 0; i < of.days && status == TU_OK; i++)
		rows[i] = row_of(&days[i]);
	r->rows = (struct tu_api_rows){rows, of.days};
	return status;
}

enum tu_status tu_api_list_trends(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = tu_api_list(call, err);

	return status ? status : tu_api_answer_whole(call, read_days, err);
}
