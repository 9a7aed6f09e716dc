/* Jobs: how far what takes longer is. */
#include <stdio.h>

#include "job/job.h"

#include "api/call.h"
#include "api/validate.h"
#include "service/service.h"

static const struct tu_api_column columns[] = {
	TU_API_COLUMN_AS("id", struct tu_job_seen, public_id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_job_seen, kind, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_job_seen, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_job_seen, attempts, TU_API_INT, 0),
	TU_API_COLUMN(struct tu_job_seen, progress, TU_API_INT, 0),
	TU_API_COLUMN(struct tu_job_seen, result, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_job_seen, error, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_job_seen, created, TU_API_TIME, 0),
	TU_API_COLUMN(struct tu_job_seen, finished, TU_API_TIME, TU_API_OPT),
};
const struct tu_api_table tu_api_table_job = TU_API_TABLE("Job", struct tu_job_seen, columns);

struct reading {
	struct tu_api_call *call;
	struct tu_job_seen job;
};

static enum tu_status see(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;

	return tu_job_see(w->tx, r->call->path[0], r->call->arena, &r->job, err);
}

/* A job is about the portfolio as a whole: only who sees that sees its result and errors. */
enum tu_status tu_api_get_job(struct tu_api_call *call, struct tu_error *err)
{
	struct reading r = {.call = call};
	enum tu_status status =
		call->who.scope.everything ? tu_api_read(call, see, &r, err) : TU_E_NOTFOUND;

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "job");
	return status ? status : tu_api_answer_row(call, &r.job, err);
}

/* ---- all ---- */

struct listing {
	struct tu_api_call *call;
	struct tu_job_query query;
	struct tu_jobs_seen jobs;
};

static enum tu_status read_page(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;

	return tu_job_list(w->tx, &l->query, l->call->arena, &l->jobs, err);
}

/* The cursor is the last row's place in the order of the table, which this reader may know. */
static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct listing *l = self;
	char text[24];
	int len;
	enum tu_status status;

	page->exact = true;
	if (!call->who.scope.everything)
		return TU_OK;
	l->query.limit = page->limit;
	l->query.before = 0;
	if (page->cursor.len &&
		(!tu_api_read_int(page->cursor, &l->query.before) || l->query.before <= 0))
		return tu_fail(err, TU_E_USAGE, 0, "cursor: it is of no page of this list");
	status = tu_api_read(call, read_page, l, err);
	if (status != TU_OK)
		return status;
	page->rows = (struct tu_api_rows){l->jobs.at, l->jobs.count};
	page->total = (uint64_t)l->jobs.total;
	if (l->jobs.count < page->limit)
		return TU_OK;
	len = snprintf(text, sizeof(text), "%lld", (long long)l->jobs.at[l->jobs.count - 1].id);
	return tu_arena_dup(call->arena, tu_str_of(text, (size_t)len), &page->next)
		? TU_OK
		: tu_no_memory(err);
}

enum tu_status tu_api_list_jobs(struct tu_api_call *call, struct tu_error *err)
{
	struct listing l = {.call = call,
		.query = {
			.state = tu_api_query(call, "state"), .kind = tu_api_query(call, "kind")}};

	return tu_api_answer_page(call, fetch, &l, err);
}

/* ---- what people do ---- */

struct changing {
	struct tu_api_call *call;
	enum tu_status (*change)(
		struct tu_tx *tx, struct tu_str public_id, int64_t at, struct tu_error *err);
	const char *action;
};

static enum tu_status change_one(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct changing *c = self;
	struct tu_job_seen job;
	struct tu_record record;
	enum tu_status status = tu_job_see(w->tx, c->call->path[0], w->arena, &job, err);

	if (status == TU_OK)
		status = c->change(w->tx, c->call->path[0], w->act->at, err);
	else if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "job");
	if (status == TU_E_NOTFOUND) {
		c->call->problem.type = TU_PROBLEM_CONFLICT;
		return tu_fail(err, TU_E_CONFLICT, 0, "the job is %.*s: that cannot be done",
			TU_STR_FMT(job.state));
	}
	if (status != TU_OK)
		return status;
	tu_record_begin(&record, c->action, "job:%.*s", TU_STR_FMT(job.public_id));
	tu_json_member_str(&record.json, "before", job.state);
	return tu_record_add(&record, w, err);
}

static enum tu_status change(struct changing *c, struct tu_error *err)
{
	enum tu_status status = c->call->who.scope.everything
		? tu_api_write(c->call, change_one, c, err)
		: tu_api_unknown(err, "job");

	if (status != TU_OK)
		return status;
	tu_service_wake(c->call->service);
	return tu_api_get_job(c->call, err);
}

enum tu_status tu_api_cancel_job(struct tu_api_call *call, struct tu_error *err)
{
	return change(&(struct changing){call, tu_job_cancel, "job.cancel"}, err);
}

enum tu_status tu_api_release_job(struct tu_api_call *call, struct tu_error *err)
{
	return change(&(struct changing){call, tu_job_release, "job.release"}, err);
}
