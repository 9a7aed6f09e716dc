/* Releases that are due. */
#include "base/json_writer.h"
#include "portfolio/rematch.h"
#include "service/inside.h"
#include "service/run.h"

enum { BATCH = 8, ARENA = 1 << 20 };

/* ---- settling ---- */

struct settling {
	struct tu_rematch_settling at;
	struct tu_error first; /* why the first one could not be settled */
};

static enum tu_status settle_batch(struct tu_work *w, void *self, struct tu_error *err)
{
	return tu_rematch_settle(w, self, err);
}

/*
 * One batch. A release that cannot be settled takes the others of its batch with it: then they are
 * settled one at a time, and that one is left out.
 */
static enum tu_status settle_some(
	struct tu_service__run *run, struct tu_rematch_settling *s, struct tu_error *err)
{
	struct tu_service *service = run->service;
	const struct tu_act act = tu_service__act(service, "system:settle");
	const int64_t from = s->from;
	struct tu_error own = {0};
	enum tu_status status = tu_work_run(service->store, &act, settle_batch, s, &own);

	if (status && s->failed && s->limit > 1) {
		s->from = from;
		s->limit = 1;
		own = (struct tu_error){0};
		status = tu_work_run(service->store, &act, settle_batch, s, &own);
	}
	if (status && err)
		*err = own;
	return status;
}

/* Another knowledge base has become current: the next time it is settled with that. */
static bool is_about_all(enum tu_status status)
{
	return status == TU_E_CONFLICT || status == TU_E_BUSY || status == TU_E_NOMEM ||
		status == TU_E_CANCELLED;
}

static enum tu_status settle_with(struct tu_service__run *run, const struct tu_kb *kb,
	struct tu_service__settled *settled, struct tu_error *err)
{
	struct tu_rematch_settling s = {.kb = kb, .reader = tu_service_reader(run->service)};
	struct tu_error why = {0};
	enum tu_status status = tu_service__run_check(run, err);

	while (!status) {
		s.limit = BATCH;
		why = (struct tu_error){0};
		status = settle_some(run, &s, &why);
		if (status && (!s.failed || is_about_all(status))) {
			*err = why;
			return status;
		}
		if (status && !settled->failed++)
			*err = why;
		settled->releases += status ? 0 : s.settled;
		settled->reopened += status ? 0 : s.reopened;
		s.from = status ? s.failed : s.after;
		if (!s.from)
			break;
		why = (struct tu_error){0};
		status = tu_service__run_check(run, &why);
		if (status)
			*err = why;
	}
	return status;
}

enum tu_status tu_service__settle_due(
	struct tu_service__run *run, struct tu_service__settled *settled, struct tu_error *err)
{
	struct tu_service_kb *kb;
	struct tu_error own = {0};
	enum tu_status status = tu_service_kb_current(run->service, &kb, err);

	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	status = settle_with(run, kb->kb, settled, &own);
	tu_service_kb_drop(kb);
	if (!status && settled->failed)
		status = own.status ? own.status : TU_E_IO;
	if (status) {
		*err = own;
		err->status = status;
	}
	return status;
}

enum tu_status tu_service__settle(struct tu_service__run *run, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(&run->result, false);
	struct tu_service__settled settled = {0};
	enum tu_status status = tu_service__settle_due(run, &settled, err);

	tu_json_open_object(&json);
	tu_json_member_int(&json, "releases", (int64_t)settled.releases);
	tu_json_member_int(&json, "reopened", (int64_t)settled.reopened);
	tu_json_close_object(&json);
	return status;
}

/* What a process that was killed left over. */
static enum tu_status queue_if_due(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct tu_service *service = self;
	const struct tu_job_spec spec = {.kind = TU_STR("settle"),
		.key = TU_STR("due"),
		.payload = TU_STR("{}"),
		.run_at = tu_service_now(service)};
	struct tu_job_queued queued;
	struct tu_arena *arena;
	int64_t id;
	enum tu_status status =
		tu_tx_int(tx, TU_SQL_RELEASE_DUE_NEXT, TU_BIND(tu_int(0), tu_int(1)), &id, err);

	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	arena = tu_arena_new(ARENA);
	status = arena ? tu_job_add(tx, &spec, arena, &queued, err) : tu_no_memory(err);
	tu_arena_free(arena);
	return status;
}

enum tu_status tu_service__settle_queue(struct tu_service *service, struct tu_error *err)
{
	return tu_store_run(service->store, TU_TX_WRITE, queue_if_due, service, err);
}
