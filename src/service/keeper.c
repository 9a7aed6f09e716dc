/* A thread that looks about once a second: is another knowledge base current, what is due by the
 * schedule, has the date of a release come, did something change of which cases do not know, is
 * there somebody to notify, is there work for the workers? */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "portfolio/case_index.h"
#include "service/inside.h"
#include "service/run.h"
#include "store/migrate.h"

enum { LOOK_S = 1, ARENA = 1 << 20, MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
static const int64_t second = 1000000;

/* ---- the schedule ---- */

static int64_t daily(const struct tu_datadir_settings *settings)
{
	(void)settings;
	return DAY;
}

static int64_t hourly(const struct tu_datadir_settings *settings)
{
	(void)settings;
	return HOUR;
}

static int64_t often(const struct tu_datadir_settings *settings)
{
	(void)settings;
	return 5 * MINUTE;
}

static int64_t of_checkpoint(const struct tu_datadir_settings *settings)
{
	return settings->checkpoint;
}

static int64_t of_backup(const struct tu_datadir_settings *settings)
{
	return settings->backup;
}

static int64_t of_sync(const struct tu_datadir_settings *settings)
{
	return settings->sync;
}

static const struct {
	const char *kind;
	int64_t (*every)(const struct tu_datadir_settings *settings); /* seconds; 0: never */
} schedule[] = {
	{"checkpoint", of_checkpoint},
	{"backup", of_backup},
	{"knowledge.sync", of_sync},
	{"sweep", daily},
	{"build.drop", hourly},
	{"mailbox", often},
	{"trend", hourly},
};

/* A row of the table `schedule`: whoever moves it from what it was adds the job. */
struct turn {
	struct tu_str kind;
	int64_t first; /* of a row that is not there yet */
	int64_t now, every; /* us; `every` 0: it moves to `now` wherever it is before that */
	bool added;
};

static enum tu_status add_job(
	struct tu_tx *tx, struct tu_str kind, int64_t run_at, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(ARENA);
	const struct tu_job_spec spec = {
		.kind = kind, .key = kind, .payload = TU_STR("{}"), .run_at = run_at};
	struct tu_job_queued queued;
	enum tu_status status =
		arena ? tu_job_add(tx, &spec, arena, &queued, err) : tu_no_memory(err);

	tu_arena_free(arena);
	return status;
}

static enum tu_status take_turn(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct turn *turn = self;
	const struct tu_value kind = tu_text(turn->kind);
	int64_t due = 0, changed = 0, next = turn->now + turn->every;
	enum tu_status status =
		tu_tx_exec(tx, TU_SQL_SCHEDULE_ADD, TU_BIND(kind, tu_int(turn->first)), NULL, err);

	turn->added = false;
	if (!status)
		status = tu_tx_int(tx, TU_SQL_SCHEDULE_GET, TU_BIND(kind), &due, err);
	/* one that is further away than an interval was set by another clock or for another one */
	if (status || (due > turn->now && due <= next))
		return status;
	if (!turn->every && due >= turn->now)
		return TU_OK;
	status = tu_tx_exec(
		tx, TU_SQL_SCHEDULE_MOVE, TU_BIND(kind, tu_int(due), tu_int(next)), &changed, err);
	turn->added = !status && changed == 1 && due <= turn->now;
	return turn->added ? add_job(tx, turn->kind, turn->every ? turn->now : 0, err) : status;
}

/* To read first costs no writer. */
static enum tu_status is_due(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct turn *turn = self;
	int64_t due = 0;
	enum tu_status status =
		tu_tx_int(tx, TU_SQL_SCHEDULE_GET, TU_BIND(tu_text(turn->kind)), &due, err);

	turn->added = status == TU_E_NOTFOUND ||
		(!status && (due <= turn->now || due > turn->now + turn->every));
	if (!turn->every)
		turn->added = status == TU_E_NOTFOUND || (!status && due < turn->now);
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

static enum tu_status take(struct tu_service *service, struct turn *turn, struct tu_error *err)
{
	enum tu_status status = tu_store_run(service->store, TU_TX_READ, is_due, turn, err);

	if (status || !turn->added)
		return status;
	return tu_store_run(service->store, TU_TX_WRITE, take_turn, turn, err);
}

static enum tu_status look_at_schedule(struct tu_service *service, struct tu_error *err)
{
	enum tu_status status = TU_OK;
	struct tu_datadir_settings settings;

	tu_service_settings(service, &settings);
	for (size_t i = 0; !status && i < TU_COUNT(schedule); i++) {
		int64_t now = tu_service_now(service);
		struct turn turn = {.kind = tu_str_c(schedule[i].kind),
			.first = now,
			.now = now,
			.every = schedule[i].every(&settings) * second};

		if (turn.every)
			status = take(service, &turn, err);
	}
	return status;
}

/* ---- dates that come ---- */

static enum tu_status is_any_out(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct turn *turn = self;
	int64_t id;
	enum tu_status status = tu_tx_int(
		tx, TU_SQL_RELEASE_OUT_ANY, TU_BIND(tu_int(turn->now / second)), &id, err);

	turn->added = !status;
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

static enum tu_status add_turn(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct turn *turn = self;

	return add_job(tx, turn->kind, turn->now, err);
}

/* A draft is released on its date, also while nobody pushes or uploads anything. */
static enum tu_status look_at_releases(struct tu_service *service, struct tu_error *err)
{
	struct turn turn = {.kind = TU_STR("release.out"), .now = tu_service_now(service)};
	enum tu_status status = tu_store_run(service->store, TU_TX_READ, is_any_out, &turn, err);

	if (status || !turn.added)
		return status;
	return tu_store_run(service->store, TU_TX_WRITE, add_turn, &turn, err);
}

/* ---- what changed ---- */

/* Cases follow the changes: a row of the schedule has the number up to which they do. */
static enum tu_status look_at_cases(struct tu_service *service, struct tu_error *err)
{
	struct tu_list_snapshot *snapshot;
	struct turn turn = {.kind = TU_STR("case.follow"), .first = 0};
	enum tu_status status = tu_service_list(service, &snapshot, err);

	if (status)
		return status;
	turn.now = tu_list_change(snapshot);
	tu_list_drop(snapshot);
	return take(service, &turn, err);
}

static enum tu_status follow_cases(struct tu_work *w, void *self, struct tu_error *err)
{
	return tu_case_index_follow(w, self, err);
}

/* Those in memory, too: a page of them then costs nobody what is read here. */
static enum tu_status look_at_case_index(struct tu_service *service, struct tu_error *err)
{
	const struct tu_act act = tu_service__act(service, "system:service");
	struct tu_service_kb *kb = tu_service_kb_hold(service);
	struct tu_case_asking asking = {.index = tu_service_cases(service),
		.kb = kb ? kb->kb : NULL,
		.kb_digest = kb ? kb->row.digest : NULL};
	enum tu_status status = tu_work_read(service->store, &act, follow_cases, &asking, err);

	tu_service_kb_drop(kb);
	return status;
}

/* A newer program may have migrated the database: this one is then of no use any more. */
static enum tu_status look_at_schema(struct tu_service *service, struct tu_error *err)
{
	return tu_store_look(service->store, err);
}

static enum tu_status look_at_knowledge(struct tu_service *service, struct tu_error *err)
{
	struct tu_service_kb *kb = NULL;
	enum tu_status status = tu_service_kb_current(service, &kb, err);

	tu_service_kb_drop(kb);
	atomic_store(
		&service->knowledge.wrong, status == TU_E_CORRUPT || status == TU_E_UNSUPPORTED);
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

/* ---- work ---- */

struct due {
	int64_t now;
	bool is;
};

static enum tu_status find_due(struct tu_tx *tx, void *self, struct tu_error *err)
{
	static const enum tu_sql statements[] = {TU_SQL_JOB_DUE, TU_SQL_OUTBOX_DUE};
	struct due *due = self;
	enum tu_status status = TU_OK;
	int64_t id;

	due->is = false;
	for (size_t i = 0; !status && !due->is && i < TU_COUNT(statements); i++) {
		status = tu_tx_int(tx, statements[i], TU_BIND(tu_int(due->now)), &id, err);
		due->is = !status;
		status = status == TU_E_NOTFOUND ? TU_OK : status;
	}
	return status;
}

static enum tu_status look_at_work(struct tu_service *service, struct tu_error *err)
{
	struct due due = {.now = tu_service_now(service)};
	enum tu_status status = tu_store_run(service->store, TU_TX_READ, find_due, &due, err);

	if (!status && due.is)
		tu_service__wake_workers(service);
	return status;
}

static enum tu_status look_at_readers(struct tu_service *service, struct tu_error *err)
{
	return tu_sandbox_state(service->sandbox) == TU_SANDBOX_ENDED
		? tu_fail(err, TU_E_IO, 0,
			  "the process that starts readers of uploads has ended: no upload can be "
			  "read until the service is started again")
		: TU_OK;
}

/* ---- the thread ---- */

typedef enum tu_status look(struct tu_service *service, struct tu_error *err);
static look *const looks[] = {look_at_schema, look_at_knowledge, look_at_schedule, look_at_releases,
	look_at_cases, look_at_case_index, look_at_readers, tu_service__look_at_notices,
	look_at_work};

/* What goes wrong is said when it begins, and when it is over. */
static void look_about(struct tu_service *service, bool wrong[TU_COUNT(looks)])
{
	for (size_t i = 0; i < TU_COUNT(looks); i++) {
		struct tu_error err = {0};
		bool is_wrong;

		if (i && tu_store_is_outdated(service->store))
			return; /* there is nothing here for this program to do */
		is_wrong = looks[i](service, &err) != TU_OK;
		if (is_wrong && !wrong[i])
			tu_service__say(service, TU_SERVICE_ERROR, "%s", err.message);
		else if (wrong[i] && !is_wrong)
			tu_service__say(service, TU_SERVICE_INFO, "is well again");
		wrong[i] = is_wrong;
	}
}

static void *keep(void *self)
{
	struct tu_service *service = self;
	struct tu_service__keeper *keeper = &service->keeper;
	bool wrong[TU_COUNT(looks)] = {false};
	struct timespec until;
	bool end;

	do {
		look_about(service, wrong);
		(void)clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += LOOK_S;
		(void)pthread_mutex_lock(&keeper->lock);
		while (!keeper->stopping && !keeper->poked &&
			pthread_cond_timedwait(&keeper->look, &keeper->lock, &until) == 0)
			;
		keeper->poked = false;
		end = keeper->stopping;
		(void)pthread_mutex_unlock(&keeper->lock);
	} while (!end);
	return NULL;
}

void tu_service__poke(struct tu_service *service)
{
	(void)pthread_mutex_lock(&service->keeper.lock);
	service->keeper.poked = true;
	(void)pthread_cond_broadcast(&service->keeper.look);
	(void)pthread_mutex_unlock(&service->keeper.lock);
}

enum tu_status tu_service__keeper_start(struct tu_service *service, struct tu_error *err)
{
	int code = pthread_create(&service->keeper.thread, NULL, keep, service);

	service->keeper.started = !code;
	return code ? tu_fail(err, TU_E_IO, 0, "cannot start a thread: %s", strerror(code)) : TU_OK;
}

void tu_service__keeper_stop(struct tu_service *service)
{
	if (!service->keeper.started)
		return;
	(void)pthread_mutex_lock(&service->keeper.lock);
	service->keeper.stopping = true;
	(void)pthread_cond_broadcast(&service->keeper.look);
	(void)pthread_mutex_unlock(&service->keeper.lock);
	(void)pthread_join(service->keeper.thread, NULL);
	service->keeper.started = false;
}
