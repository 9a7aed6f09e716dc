/* Threads that do jobs and send messages, and the heartbeat of their leases. */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "service/inside.h"
#include "service/run.h"

enum {
	BEAT_S = 3,
	ARENA = 2047 << 20,
	RESULT_MAX = 64 << 10,
	MESSAGE_LEASE = 60,
	UNKNOWN_LEASE = 30
};
static const int64_t second = 1000000;

/* ---- waiting for work ---- */

/* Until something may be there that was not when `seen` was read. */
static void wait_for_work(struct tu_service__pool *pool, uint64_t seen)
{
	(void)pthread_mutex_lock(&pool->lock);
	while (!pool->stopping && pool->wakes == seen)
		(void)pthread_cond_wait(&pool->wake, &pool->lock);
	(void)pthread_mutex_unlock(&pool->lock);
}

static bool look(struct tu_service__pool *pool, uint64_t *out_wakes)
{
	bool stopping;

	(void)pthread_mutex_lock(&pool->lock);
	*out_wakes = pool->wakes;
	stopping = pool->stopping;
	(void)pthread_mutex_unlock(&pool->lock);
	return !stopping;
}

void tu_service__wake_workers(struct tu_service *service)
{
	struct tu_service__pool *pool = &service->pool;

	(void)pthread_mutex_lock(&pool->lock);
	pool->wakes++;
	(void)pthread_cond_broadcast(&pool->wake);
	(void)pthread_mutex_unlock(&pool->lock);
}

/* ---- one job ---- */

static struct tu_job_lease lease_of(const struct tu_service__run *run, unsigned seconds)
{
	int64_t at = tu_service_now(run->service);

	return (struct tu_job_lease){tu_str_c(run->owner), at, at + seconds * second};
}

static enum tu_status unknown(struct tu_service__run *run, struct tu_error *err)
{
	return tu_fail(err, TU_E_UNSUPPORTED, 0, "this program knows no job \"%.*s\"",
		TU_STR_FMT(tu_str_first(run->job.kind, 80)));
}

static const struct tu_service__kind stranger = {"", unknown, UNKNOWN_LEASE};

static const struct tu_service__kind *kind_of(struct tu_str name)
{
	for (size_t i = 0; i < tu_service__kind_count; i++)
		if (tu_str_eq(tu_str_c(tu_service__kinds[i].kind), name))
			return &tu_service__kinds[i];
	return &stranger;
}

/* From now on, or from now on no more, the heartbeat is about this one. */
static void set_kind(struct tu_service__run *run, const struct tu_service__kind *kind)
{
	(void)pthread_mutex_lock(&run->lock);
	run->kind = kind;
	if (kind) {
		atomic_store(&run->progress, 0);
		atomic_store(&run->cancelled, false);
		atomic_store(&run->lost, false);
	}
	(void)pthread_mutex_unlock(&run->lock);
}

struct finishing {
	struct tu_service__run *run;
	struct tu_job_lease lease;
};

static enum tu_status finish(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct finishing *f = self;
	struct tu_str result = tu_buf_str(&f->run->result);

	return tu_job_finish(tx, &f->run->job, &f->lease, result.len ? result : TU_STR("{}"), err);
}

/* It went wrong, or was stopped. */
static void give_up(struct tu_service__run *run, enum tu_status why, const struct tu_error *err)
{
	const struct tu_job_lease lease = lease_of(run, 0);
	struct tu_service *service = run->service;
	char text[TU_ERROR_TEXT_MAX];

	if (atomic_load(&run->lost))
		return; /* it is another's now */
	if (why == TU_E_CANCELLED && !atomic_load(&run->cancelled)) {
		(void)!tu_job_return(service->store, &run->job, &lease, NULL);
		return;
	}
	(void)!tu_job_fail(service->store, &run->job, &lease,
		tu_str_c(tu_error_text(err, text, sizeof(text))), NULL);
	tu_service__say(service, why == TU_E_CANCELLED ? TU_SERVICE_INFO : TU_SERVICE_WARNING,
		"job %.*s (%.*s): %s", TU_STR_FMT(run->job.kind), TU_STR_FMT(run->job.public_id),
		tu_error_text(err, text, sizeof(text)));
}

static void conclude(struct tu_service__run *run, enum tu_status status, struct tu_error *err)
{
	struct finishing f = {run, lease_of(run, 0)};

	if (!status && run->result.failed)
		status = tu_no_memory(err);
	if (!status)
		status = tu_store_run(run->service->store, TU_TX_WRITE, finish, &f, err);
	if (status) {
		give_up(run, status, err);
		return;
	}
	tu_service__say(run->service, TU_SERVICE_INFO, "job %.*s (%.*s) is done: %.*s",
		TU_STR_FMT(run->job.kind), TU_STR_FMT(run->job.public_id),
		TU_STR_FMT(tu_buf_str(&run->result)));
	tu_service__poke(
		run->service); /* it may have been asked for again, or have asked for more */
}

/* Claim one and do it. False: there is none, or the store cannot be asked. */
static bool do_one(struct tu_service__run *run)
{
	struct tu_job_lease lease = lease_of(run, UNKNOWN_LEASE);
	struct tu_error err = {0};
	bool done = false;

	run->arena = tu_arena_new(ARENA);
	if (!run->arena)
		return false;
	tu_buf_init(&run->result, RESULT_MAX);
	if (!tu_job_claim(run->service->store, &lease, run->arena, &run->job, &err) &&
		run->job.id) {
		const struct tu_service__kind *kind = kind_of(run->job.kind);
		enum tu_status status;

		set_kind(run, kind);
		status = kind->run(run, &err);
		set_kind(run, NULL);
		conclude(run, status, &err);
		done = true;
	}
	tu_buf_done(&run->result);
	tu_arena_free(run->arena);
	return done;
}

/* ---- one message ---- */

static enum tu_status send_by_kind(
	void *self, const struct tu_message *message, struct tu_error *err)
{
	struct tu_service *service = self;
	const struct tu_service_options *options = &service->options;

	if (tu_str_eq(message->kind, TU_STR("notice")))
		return tu_service__send_notice(service, message, err);

	for (size_t i = 0; i < options->sender_count; i++) {
		const struct tu_service_sender *s = &options->senders[i];

		if (tu_str_eq(tu_str_c(s->kind), message->kind))
			return s->sender.send(s->sender.self, message, err);
	}
	return tu_fail(err, TU_E_UNSUPPORTED, 0, "nothing here sends a message of kind \"%.*s\"",
		TU_STR_FMT(tu_str_first(message->kind, 80)));
}

static bool send_next(struct tu_service__run *run)
{
	struct tu_service *service = run->service;
	const struct tu_job_lease lease = lease_of(run, MESSAGE_LEASE);
	const struct tu_outbox_sender sender = {send_by_kind, service};
	enum tu_outbox_outcome outcome = TU_OUTBOX_NOTHING;
	struct tu_error err = {0};

	if (tu_outbox_deliver(service->store, &lease, &sender, &outcome, &err))
		return false;
	if (outcome == TU_OUTBOX_FAILED)
		tu_service__say(service, TU_SERVICE_WARNING, "a message was not delivered: %s",
			err.message);
	return outcome != TU_OUTBOX_NOTHING;
}

/* A receiver that hangs keeps a worker for half a minute: some of them are always there for jobs.
 */
static bool send_one(struct tu_service__run *run)
{
	struct tu_service__pool *pool = &run->service->pool;
	const int most = pool->count > 1 ? (int)pool->count / 2 : 1;
	bool sent = false;

	if (atomic_fetch_add(&pool->sending, 1) < most)
		sent = send_next(run);
	(void)atomic_fetch_sub(&pool->sending, 1);
	return sent;
}

/* ---- threads ---- */

static void *work(void *self)
{
	struct tu_service__run *run = self;
	struct tu_service__pool *pool = &run->service->pool;
	uint64_t seen;

	while (look(pool, &seen))
		if (!do_one(run) && !send_one(run))
			wait_for_work(pool, seen);
	return NULL;
}

/* Renew the lease; hear whether it is wanted no more. The lock keeps the thread from the next job.
 */
static void beat_one(struct tu_service__run *run)
{
	struct tu_error err = {0};

	(void)pthread_mutex_lock(&run->lock);
	if (run->kind) {
		const struct tu_job_lease lease = lease_of(run, run->kind->lease);
		enum tu_status status = tu_job_renew(
			run->service->store, &run->job, &lease, atomic_load(&run->progress), &err);

		if (status == TU_E_CANCELLED)
			atomic_store(&run->cancelled, true);
		if (status == TU_E_CONFLICT)
			atomic_store(&run->lost, true);
	}
	(void)pthread_mutex_unlock(&run->lock);
}

static void *beat(void *self)
{
	struct tu_service *service = self;
	struct tu_service__pool *pool = &service->pool;
	struct timespec until;

	(void)pthread_mutex_lock(&pool->lock);
	while (!pool->beats_end) {
		(void)clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += BEAT_S;
		(void)pthread_cond_timedwait(&pool->beat, &pool->lock, &until);
		if (pool->beats_end)
			break;
		(void)pthread_mutex_unlock(&pool->lock);
		for (size_t i = 0; i < pool->count; i++)
			beat_one(&pool->runs[i]);
		(void)pthread_mutex_lock(&pool->lock);
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return NULL;
}

void tu_service__beat_now(struct tu_service *service)
{
	(void)pthread_mutex_lock(&service->pool.lock);
	(void)pthread_cond_broadcast(&service->pool.beat);
	(void)pthread_mutex_unlock(&service->pool.lock);
}

/* ---- start and stop ---- */

static enum tu_status name_owner(struct tu_service__run *run, size_t number, struct tu_error *err)
{
	char id[TU_RANDOM_ID + 1];
	enum tu_status status = tu_random_id(id, err);

	(void)snprintf(run->owner, sizeof(run->owner), "%ld.%zu:%s", (long)getpid(), number, id);
	return status;
}

static enum tu_status start_thread(
	pthread_t *thread, void *(*run)(void *), void *self, struct tu_error *err)
{
	int code = pthread_create(thread, NULL, run, self);

	return code ? tu_fail(err, TU_E_IO, 0, "cannot start a thread: %s", strerror(code)) : TU_OK;
}

enum tu_status tu_service__workers_start(struct tu_service *service, struct tu_error *err)
{
	struct tu_service__pool *pool = &service->pool;
	unsigned wanted = tu_datadir_settings(service->dir)->workers;
	enum tu_status status = TU_OK;

	if (tu_store_engine(service->store) == TU_STORE_SQLITE)
		status = tu_job_end_leases(service->store, err);
	if (status)
		return status;
	pool->runs = tu_alloc(wanted, sizeof(*pool->runs));
	pool->threads = tu_alloc(wanted, sizeof(*pool->threads));
	if (!pool->runs || !pool->threads)
		return tu_no_memory(err);
	for (size_t i = 0; !status && i < wanted; i++) {
		pool->runs[i] = (struct tu_service__run){.service = service};
		(void)pthread_mutex_init(&pool->runs[i].lock, NULL);
		status = name_owner(&pool->runs[i], i, err);
		pool->count = i + 1;
	}
	if (!status)
		status = start_thread(&pool->beating, beat, service, err);
	pool->beats = !status;
	for (; !status && pool->started < pool->count; pool->started += !status)
		status = start_thread(
			&pool->threads[pool->started], work, &pool->runs[pool->started], err);
	return status;
}

/* Jobs that run are asked to stop before (tu_service_ask_stop()); their leases are renewed as long
 * as they do not. */
void tu_service__workers_stop(struct tu_service *service)
{
	struct tu_service__pool *pool = &service->pool;

	(void)pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	(void)pthread_cond_broadcast(&pool->wake);
	(void)pthread_mutex_unlock(&pool->lock);
	for (size_t i = 0; i < pool->started; i++)
		(void)pthread_join(pool->threads[i], NULL);
	(void)pthread_mutex_lock(&pool->lock);
	pool->beats_end = true;
	(void)pthread_cond_broadcast(&pool->beat);
	(void)pthread_mutex_unlock(&pool->lock);
	if (pool->beats)
		(void)pthread_join(pool->beating, NULL);
	for (size_t i = 0; i < pool->count; i++)
		(void)pthread_mutex_destroy(&pool->runs[i].lock);
	tu_free(pool->threads);
	tu_free(pool->runs);
	pool->threads = NULL;
	pool->runs = NULL;
}
