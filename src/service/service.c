/* Start in the only order that is right, and stop in the other one. */
#define _GNU_SOURCE /* pthread_condattr_setclock */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/alloc.h"
#include "service/inside.h"

enum { FILES = 4096, LINE = 1024 };

/* ---- what a request needs ---- */

struct tu_store *tu_service_store(struct tu_service *service)
{
	return service->store;
}

int64_t tu_service_now(const struct tu_service *service)
{
	return service->options.host->now();
}

struct tu_signer *tu_service_signer(struct tu_service *service)
{
	return service->signer;
}

struct tu_datadir *tu_service_datadir(struct tu_service *service)
{
	return service->dir;
}

const struct tu_sbom_reader *tu_service_reader(struct tu_service *service)
{
	return &service->reader;
}

struct tu_act tu_service__act(const struct tu_service *service, const char *part)
{
	return (struct tu_act){.at = tu_service_now(service), .actor = tu_str_c(part)};
}

void tu_service__say(struct tu_service *service, enum tu_service_level level, const char *fmt, ...)
{
	char line[LINE];
	va_list args;

	if (!service->options.log)
		return;
	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	(void)pthread_mutex_lock(&service->logging);
	service->options.log(service->options.log_self, level, line);
	(void)pthread_mutex_unlock(&service->logging);
}

/* ---- being asked to stop ---- */

bool tu_service_stopping(const struct tu_service *service)
{
	struct tu_service__flag *flag = (struct tu_service__flag *)(uintptr_t)&service->stop;
	bool set;

	(void)pthread_mutex_lock(&flag->lock);
	set = flag->set;
	(void)pthread_mutex_unlock(&flag->lock);
	return set;
}

void tu_service_ask_stop(struct tu_service *service)
{
	(void)pthread_mutex_lock(&service->stop.lock);
	service->stop.set = true;
	(void)pthread_cond_broadcast(&service->stop.changed);
	(void)pthread_mutex_unlock(&service->stop.lock);
}

bool tu_service_wait_stop(struct tu_service *service, unsigned seconds)
{
	struct tu_service__flag *flag = &service->stop;
	struct timespec until;
	bool set;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += seconds;
	(void)pthread_mutex_lock(&flag->lock);
	while (!flag->set && pthread_cond_timedwait(&flag->changed, &flag->lock, &until) == 0)
		;
	set = flag->set;
	(void)pthread_mutex_unlock(&flag->lock);
	return set;
}

/* ---- the steps of a start ---- */

/* As many as it wants, or as the system allows. */
static void raise_limits(const struct tu_service *service)
{
	rlim_t wanted = service->options.files ? service->options.files : FILES;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static enum tu_status read_confined(void *self, struct tu_arena *arena, struct tu_str bytes,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	const struct tu_sandbox_upload upload = {.bytes = bytes};
	struct tu_service *service = self;

	return tu_sandbox_read_sbom(service->sandbox, &upload, arena, out_inventory, err);
}

/* The process that readers are copies of comes first: it has nothing of the configuration, which
 * may contain a password. What the configuration says comes after it. */
static enum tu_status start_sandbox(struct tu_service *service, struct tu_error *err)
{
	struct tu_error why = {0};
	enum tu_status confined = tu_sandbox_start(NULL, &service->sandbox, &why), status = TU_OK;

	service->reader = (struct tu_sbom_reader){read_confined, service};
	if (!confined || confined == TU_E_UNSUPPORTED)
		status = tu_datadir_open(
			service->options.host, service->options.data, &service->dir, err);
	if (status)
		return status;
	if (service->dir && tu_datadir_settings(service->dir)->sandbox_off) {
		tu_sandbox_stop(service->sandbox);
		service->sandbox = NULL;
		return tu_sandbox_start(
			&(struct tu_sandbox_options){.off = true}, &service->sandbox, err);
	}
	if (!confined)
		return TU_OK;
	*err = why;
	return confined == TU_E_UNSUPPORTED
		? tu_error_prefix(err,
			  "uploads cannot be read in a confined process here (\"sandbox: off\" in "
			  "tutela.yaml goes on without)")
		: confined;
}

static enum tu_status start_store(struct tu_service *service, struct tu_error *err)
{
	enum tu_status status = tu_datadir_signer(service->dir, &service->signer, err);

	service->settings = *tu_datadir_settings(service->dir);
	return status ? status : tu_datadir_store(service->dir, &service->store, err);
}

static enum tu_status start_workers(struct tu_service *service, struct tu_error *err)
{
	enum tu_status status;

	status = tu_service__settle_queue(service, err);
	if (!status)
		status = tu_service__workers_start(service, err);
	return status ? status : tu_service__keeper_start(service, err);
}

static enum tu_status start_control(struct tu_service *service, struct tu_error *err)
{
	service->calls = tu_service_calls;
	service->calls.host = service;
	return tu_control_start(service->dir, &service->calls, &service->control, err);
}

typedef enum tu_status step(struct tu_service *service, struct tu_error *err);
static step *const steps[] = {start_sandbox, start_store, tu_service__seal_start,
	tu_service__starter_open, tu_service__knowledge_start, tu_service__starter_put,
	tu_service__index_start, tu_service__notices_start, start_control, start_workers};

static void say_started(struct tu_service *service)
{
	enum tu_sandbox_state state = tu_sandbox_state(service->sandbox);

	tu_service__say(service, TU_SERVICE_INFO, "started on %s (%s, instance %s)",
		service->options.data, tu_store_engine_name(tu_store_engine(service->store)),
		tu_datadir_instance(service->dir));
	if (state == TU_SANDBOX_OFF)
		tu_service__say(service, TU_SERVICE_WARNING,
			"the sandbox is off: uploads are read in this process");
}

/* Whose clock nobody sets. */
static void init_condition(pthread_cond_t *condition)
{
	pthread_condattr_t steady;

	(void)pthread_condattr_init(&steady);
	(void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	(void)pthread_cond_init(condition, &steady);
	(void)pthread_condattr_destroy(&steady);
}

enum { LOCKS = 8, CONDITIONS = 4 };

static void list_locks(struct tu_service *s, pthread_mutex_t *locks[LOCKS])
{
	pthread_mutex_t *const all[LOCKS] = {&s->logging, &s->setting, &s->knowledge.lock,
		&s->knowledge.fetching, &s->index.following, &s->pool.lock, &s->keeper.lock,
		&s->stop.lock};

	memcpy(locks, all, sizeof(all));
}

static void list_conditions(struct tu_service *s, pthread_cond_t *conditions[CONDITIONS])
{
	pthread_cond_t *const all[CONDITIONS] = {
		&s->pool.wake, &s->pool.beat, &s->keeper.look, &s->stop.changed};

	memcpy(conditions, all, sizeof(all));
}

static void init_locks(struct tu_service *service)
{
	pthread_mutex_t *locks[LOCKS];
	pthread_cond_t *conditions[CONDITIONS];

	list_locks(service, locks);
	list_conditions(service, conditions);
	for (size_t i = 0; i < LOCKS; i++)
		(void)pthread_mutex_init(locks[i], NULL);
	for (size_t i = 0; i < CONDITIONS; i++)
		init_condition(conditions[i]);
}

static void done_locks(struct tu_service *service)
{
	pthread_mutex_t *locks[LOCKS];
	pthread_cond_t *conditions[CONDITIONS];

	list_locks(service, locks);
	list_conditions(service, conditions);
	for (size_t i = 0; i < CONDITIONS; i++)
		(void)pthread_cond_destroy(conditions[i]);
	for (size_t i = 0; i < LOCKS; i++)
		(void)pthread_mutex_destroy(locks[i]);
}

enum tu_status tu_service_start(const struct tu_service_options *options,
	struct tu_service **out_service, struct tu_error *err)
{
	struct tu_service *service = tu_alloc(1, sizeof(*service));
	struct tu_error own = {0};
	enum tu_status status = TU_OK;

	if (!service)
		return tu_no_memory(err);
	*service = (struct tu_service){.options = *options, .since = options->host->now()};
	init_locks(service);
	raise_limits(service);
	for (size_t i = 0; !status && i < TU_COUNT(steps); i++)
		status = steps[i](service, &own);
	if (status) {
		tu_service_stop(service);
		if (err)
			*err = own;
		return status;
	}
	say_started(service);
	*out_service = service;
	return TU_OK;
}

void tu_service_stop(struct tu_service *service)
{
	if (!service)
		return;
	tu_service_ask_stop(service);
	tu_control_stop(service->control);
	tu_service__keeper_stop(service);
	tu_service__workers_stop(service);
	tu_service__notices_stop(service);
	tu_service__index_stop(service);
	tu_service__knowledge_stop(service);
	tu_service__starter_close(service);
	tu_datadir_close(service->dir);
	tu_sandbox_stop(service->sandbox);
	done_locks(service);
	tu_free(service);
}

void tu_service_wake(struct tu_service *service)
{
	tu_service__wake_workers(service);
	tu_service__beat_now(service);
	tu_service__poke(service);
}

/* ---- settings ---- */

void tu_service_settings(struct tu_service *service, struct tu_datadir_settings *out)
{
	(void)pthread_mutex_lock(&service->setting);
	*out = service->settings;
	(void)pthread_mutex_unlock(&service->setting);
}

static void say_restart(struct tu_service *service, const char *key, bool differs)
{
	if (differs)
		tu_service__say(service, TU_SERVICE_WARNING,
			"tutela.yaml: \"%s\" counts from the next start on", key);
}

enum tu_status tu_service_reload(struct tu_service *service, struct tu_error *err)
{
	struct tu_datadir_settings settings, before;
	enum tu_status status = tu_datadir_settings_read(service->dir, &settings, err);

	if (status)
		return status;
	tu_service_settings(service, &before);
	say_restart(service, "workers", before.workers != settings.workers);
	say_restart(service, "sandbox", before.sandbox_off != settings.sandbox_off);
	say_restart(service, "demonstration", before.demonstration != settings.demonstration);
	say_restart(service, "webhooks", before.webhooks != settings.webhooks);
	say_restart(
		service, "certificates", strcmp(before.certificates, settings.certificates) != 0);
	settings.workers = before.workers;
	settings.sandbox_off = before.sandbox_off;
	(void)pthread_mutex_lock(&service->setting);
	service->settings = settings;
	(void)pthread_mutex_unlock(&service->setting);
	tu_service__poke(service);
	return TU_OK;
}
