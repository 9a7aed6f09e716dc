/* Start in the only order that is right, and stop in the other one. */
#define _GNU_SOURCE /* pthread_condattr_setclock */
#include <stdarg.h>
#include <stdio.h>
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

static void init_flag(struct tu_service__flag *flag)
{
	pthread_condattr_t steady;

	(void)pthread_mutex_init(&flag->lock, NULL);
	(void)pthread_condattr_init(&steady);
	(void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&flag->changed, &steady);
	(void)pthread_condattr_destroy(&steady);
}

static void done_flag(struct tu_service__flag *flag)
{
	(void)pthread_cond_destroy(&flag->changed);
	(void)pthread_mutex_destroy(&flag->lock);
}

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

static enum tu_status read_confined(void *self, struct tu_arena *arena, struct tu_str text,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	const struct tu_sandbox_upload upload = {.bytes = text};
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

	return status ? status : tu_datadir_store(service->dir, &service->store, err);
}

static enum tu_status start_control(struct tu_service *service, struct tu_error *err)
{
	service->calls = tu_service_calls;
	service->calls.host = service;
	return tu_control_start(service->dir, &service->calls, &service->control, err);
}

typedef enum tu_status step(struct tu_service *service, struct tu_error *err);
static step *const steps[] = {start_sandbox, start_store, tu_service__knowledge_start,
	tu_service__index_start, start_control};

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

enum tu_status tu_service_start(const struct tu_service_options *options,
	struct tu_service **out_service, struct tu_error *err)
{
	struct tu_service *service = tu_alloc(1, sizeof(*service));
	struct tu_error own = {0};
	enum tu_status status = TU_OK;

	if (!service)
		return tu_no_memory(err);
	*service = (struct tu_service){.options = *options, .since = options->host->now()};
	(void)pthread_mutex_init(&service->logging, NULL);
	(void)pthread_mutex_init(&service->knowledge.lock, NULL);
	(void)pthread_mutex_init(&service->knowledge.fetching, NULL);
	(void)pthread_mutex_init(&service->index.following, NULL);
	init_flag(&service->stop);
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
	tu_service__index_stop(service);
	tu_service__knowledge_stop(service);
	tu_datadir_close(service->dir);
	tu_sandbox_stop(service->sandbox);
	done_flag(&service->stop);
	(void)pthread_mutex_destroy(&service->index.following);
	(void)pthread_mutex_destroy(&service->knowledge.fetching);
	(void)pthread_mutex_destroy(&service->knowledge.lock);
	(void)pthread_mutex_destroy(&service->logging);
	tu_free(service);
}

void tu_service_wake(struct tu_service *service)
{
	(void)service;
}
