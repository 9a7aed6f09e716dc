/* Jobs: how far what takes longer is. */
#include "job/job.h"

#include "api/call.h"

static const struct tu_api_column columns[] = {
	TU_API_COLUMN_AS("id", struct tu_job_seen, public_id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_job_seen, kind, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_job_seen, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_job_seen, attempts, TU_API_INT, 0),
	TU_API_COLUMN(struct tu_job_seen, progress, TU_API_INT, 0),
	TU_API_COLUMN(struct tu_job_seen, result, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_job_seen, error, TU_API_TEXT, TU_API_OPT),
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
