#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "base/utf8.h"
#include "job/job.h"

enum { ATTEMPTS = 5 };

static const int64_t second = 1000000, pause_max = INT64_C(3600) * 1000000;

int64_t tu_job_pause(int64_t attempts)
{
	int64_t pause = second;

	for (int64_t i = 1; i < attempts && pause < pause_max; i++)
		pause *= 4;
	return pause < pause_max ? pause : pause_max;
}

/* The open job of this kind and key. */
static enum tu_status find_open(struct tu_tx *tx, const struct tu_job_spec *spec,
	struct tu_arena *arena, struct tu_job_queued *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(
		tx, TU_SQL_JOB_OPEN, TU_BIND(tu_text(spec->kind), tu_text(spec->key)), &rows, err);
	bool kept;

	if (status)
		return status;
	kept = tu_arena_dup(arena, tu_rows_text(rows, 0), &out->public_id);
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

enum tu_status tu_job_add(struct tu_tx *tx, const struct tu_job_spec *spec, struct tu_arena *arena,
	struct tu_job_queued *out, struct tu_error *err)
{
	char id[TU_RANDOM_ID + 1];
	enum tu_status status = tu_random_id(id, err);

	*out = (struct tu_job_queued){0};
	if (status)
		return status;
	status = tu_tx_exec(tx, TU_SQL_JOB_ADD,
		TU_BIND(tu_text(tu_random_id_str(id)), tu_text(spec->kind), tu_text(spec->key),
			tu_int(spec->run_at),
			tu_int(spec->attempts_max ? spec->attempts_max : ATTEMPTS),
			tu_text(spec->payload)),
		NULL, err);
	if (status)
		return status;
	status = find_open(tx, spec, arena, out, err);
	out->is_new = !status && tu_str_eq(out->public_id, tu_random_id_str(id));
	return status;
}

/* ---- workers ---- */

struct claim {
	const struct tu_job_lease *lease;
	struct tu_arena *arena;
	struct tu_job *job;
};

static bool keep_row(struct tu_arena *arena, const struct tu_rows *rows, struct tu_job *job)
{
	struct tu_str *texts[] = {&job->public_id, &job->kind, &job->key, &job->payload};

	job->id = tu_rows_int(rows, 0);
	for (unsigned i = 0; i < TU_COUNT(texts); i++)
		if (!tu_arena_dup(arena, tu_rows_text(rows, i + 1), texts[i]))
			return false;
	job->attempts = tu_rows_int(rows, 5);
	job->attempts_max = tu_rows_int(rows, 6);
	return true;
}

static enum tu_status claim_one(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct claim *claim = self;
	const struct tu_job_lease *lease = claim->lease;
	struct tu_rows *rows;
	bool kept;
	enum tu_status status =
		tu_tx_exec(tx, TU_SQL_JOB_BURY, TU_BIND(tu_int(lease->at)), NULL, err);

	*claim->job = (struct tu_job){0};
	if (status)
		return status;
	status = tu_tx_row(tx, TU_SQL_JOB_CLAIM,
		TU_BIND(tu_text(lease->owner), tu_int(lease->until), tu_int(lease->at)), &rows,
		err);
	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	kept = keep_row(claim->arena, rows, claim->job);
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

enum tu_status tu_job_claim(struct tu_store *store, const struct tu_job_lease *lease,
	struct tu_arena *arena, struct tu_job *out_job, struct tu_error *err)
{
	struct claim claim = {lease, arena, out_job};

	return tu_store_run(store, TU_TX_WRITE, claim_one, &claim, err);
}

static enum tu_status lost(const struct tu_job *job, struct tu_error *err)
{
	return tu_fail(err, TU_E_CONFLICT, 0,
		"job %.*s: the lease has ended, another worker has it or it is over",
		TU_STR_FMT(job->public_id));
}

struct renewal {
	const struct tu_job *job;
	const struct tu_job_lease *lease;
	int64_t progress;
	bool cancelled, lost;
};

static enum tu_status renew(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct renewal *r = self;
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(tx, TU_SQL_JOB_RENEW,
		TU_BIND(tu_int(r->job->id), tu_text(r->lease->owner), tu_int(r->lease->until),
			tu_int(r->progress)),
		&rows, err);

	r->lost = status == TU_E_NOTFOUND;
	if (status)
		return r->lost ? TU_OK : status;
	r->cancelled = tu_rows_int(rows, 0) != 0;
	return tu_rows_close(rows, err);
}

enum tu_status tu_job_renew(struct tu_store *store, const struct tu_job *job,
	const struct tu_job_lease *lease, int64_t progress, struct tu_error *err)
{
	struct renewal r = {.job = job, .lease = lease, .progress = progress};
	enum tu_status status = tu_store_run(store, TU_TX_WRITE, renew, &r, err);

	if (status)
		return status;
	if (r.lost)
		return lost(job, err);
	return r.cancelled ? tu_fail(err, TU_E_CANCELLED, 0, "job %.*s is cancelled",
				     TU_STR_FMT(job->public_id))
			   : TU_OK;
}

enum tu_status tu_job_finish(struct tu_tx *tx, const struct tu_job *job,
	const struct tu_job_lease *lease, struct tu_str result, struct tu_error *err)
{
	int64_t changed;
	enum tu_status status = tu_tx_exec(tx, TU_SQL_JOB_FINISH,
		TU_BIND(tu_int(job->id), tu_text(lease->owner), tu_text(result), tu_int(lease->at)),
		&changed, err);

	return status || changed == 1 ? status : lost(job, err);
}

struct tu_str tu_job__words(struct tu_str error, char out[TU_JOB__WORDS])
{
	struct tu_str rest = error;
	size_t len = 0;

	while (rest.len && len + 4 <= TU_JOB__WORDS) {
		size_t size = *rest.ptr ? tu_utf8_len(rest) : 0;

		memcpy(out + len, size ? rest.ptr : "?", size ? size : 1);
		len += size ? size : 1;
		rest = tu_str_from(rest, size ? size : 1);
	}
	return tu_str_of(out, len);
}

struct failure {
	const struct tu_job *job;
	const struct tu_job_lease *lease;
	struct tu_str error;
	bool lost;
};

static enum tu_status fail_one(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct failure *f = self;
	int64_t changed;
	enum tu_status status = tu_tx_exec(tx, TU_SQL_JOB_FAIL,
		TU_BIND(tu_int(f->job->id), tu_text(f->lease->owner), tu_text(f->error),
			tu_int(f->lease->at + tu_job_pause(f->job->attempts)),
			tu_int(f->lease->at)),
		&changed, err);

	f->lost = !status && changed == 0;
	return status;
}

enum tu_status tu_job_fail(struct tu_store *store, const struct tu_job *job,
	const struct tu_job_lease *lease, struct tu_str error, struct tu_error *err)
{
	char words[TU_JOB__WORDS];
	struct failure f = {.job = job, .lease = lease, .error = tu_job__words(error, words)};
	enum tu_status status = tu_store_run(store, TU_TX_WRITE, fail_one, &f, err);

	return !status && f.lost ? lost(job, err) : status;
}

static enum tu_status give_back(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct failure *f = self;
	int64_t changed;
	enum tu_status status = tu_tx_exec(tx, TU_SQL_JOB_RETURN,
		TU_BIND(tu_int(f->job->id), tu_text(f->lease->owner), tu_int(f->lease->at)),
		&changed, err);

	f->lost = !status && changed == 0;
	return status;
}

enum tu_status tu_job_return(struct tu_store *store, const struct tu_job *job,
	const struct tu_job_lease *lease, struct tu_error *err)
{
	struct failure f = {.job = job, .lease = lease};
	enum tu_status status = tu_store_run(store, TU_TX_WRITE, give_back, &f, err);

	return !status && f.lost ? lost(job, err) : status;
}

static enum tu_status end_leases(struct tu_tx *tx, void *self, struct tu_error *err)
{
	enum tu_status status = tu_tx_exec(tx, TU_SQL_JOB_ORPHANS, TU_NO_BIND, NULL, err);

	(void)self;
	return status ? status : tu_tx_exec(tx, TU_SQL_OUTBOX_ORPHANS, TU_NO_BIND, NULL, err);
}

enum tu_status tu_job_end_leases(struct tu_store *store, struct tu_error *err)
{
	return tu_store_run(store, TU_TX_WRITE, end_leases, NULL, err);
}

/* ---- people ---- */

static enum tu_status ask(struct tu_tx *tx, enum tu_sql sql, struct tu_str public_id, int64_t at,
	struct tu_error *err)
{
	int64_t changed;
	enum tu_status status =
		tu_tx_exec(tx, sql, TU_BIND(tu_text(public_id), tu_int(at)), &changed, err);

	if (status || changed == 1)
		return status;
	return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such job in a state for this: %.*s",
		TU_STR_FMT(public_id));
}

enum tu_status tu_job_cancel(
	struct tu_tx *tx, struct tu_str public_id, int64_t at, struct tu_error *err)
{
	return ask(tx, TU_SQL_JOB_CANCEL, public_id, at, err);
}

enum tu_status tu_job_release(
	struct tu_tx *tx, struct tu_str public_id, int64_t at, struct tu_error *err)
{
	return ask(tx, TU_SQL_JOB_RELEASE, public_id, at, err);
}

static bool take_seen(
	const struct tu_rows *rows, struct tu_arena *arena, struct tu_job_seen *out_job)
{
	static const unsigned columns[] = {1, 2, 4, 7, 8};
	struct tu_str *const members[] = {&out_job->public_id, &out_job->kind, &out_job->state,
		&out_job->result, &out_job->error};
	bool kept = true;

	out_job->id = tu_rows_int(rows, 0);
	out_job->attempts = tu_rows_int(rows, 5);
	out_job->progress = tu_rows_int(rows, 6);
	out_job->created = tu_rows_int(rows, 9);
	out_job->finished = tu_rows_int(rows, 10);
	for (size_t i = 0; i < TU_COUNT(columns); i++)
		kept &= tu_arena_dup(arena, tu_rows_text(rows, columns[i]), members[i]);
	return kept;
}

enum tu_status tu_job_see(struct tu_tx *tx, struct tu_str public_id, struct tu_arena *arena,
	struct tu_job_seen *out_job, struct tu_error *err)
{
	struct tu_rows *rows;
	bool kept;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_JOB_GET, TU_BIND(tu_text(public_id)), &rows, err);

	if (status != TU_OK)
		return status;
	kept = take_seen(rows, arena, out_job);
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

enum tu_status tu_job_list(struct tu_tx *tx, const struct tu_job_query *query,
	struct tu_arena *arena, struct tu_jobs_seen *out, struct tu_error *err)
{
	struct tu_job_seen *jobs = tu_arena_array(arena, query->limit, sizeof(*jobs));
	struct tu_rows *rows;
	bool kept = jobs != NULL;
	enum tu_status status = tu_tx_int(tx, TU_SQL_JOB_PAGE_COUNT,
		TU_BIND(tu_text(query->state), tu_text(query->kind)), &out->total, err);

	out->at = jobs;
	out->count = 0;
	if (status == TU_OK)
		status = tu_tx_query(tx, TU_SQL_JOB_PAGE,
			TU_BIND(tu_int(query->before), tu_text(query->state), tu_text(query->kind),
				tu_int((int64_t)query->limit)),
			&rows, err);
	if (status != TU_OK)
		return status;
	while (kept && out->count < query->limit && tu_rows_next(rows))
		kept = take_seen(rows, arena, &jobs[out->count++]);
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}
