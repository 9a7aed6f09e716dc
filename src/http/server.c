#define _DEFAULT_SOURCE /* clock_gettime, nanosleep */
#include <stdio.h>
#include <sys/resource.h>

#include "base/alloc.h"
#include "http/internal.h"

const struct tu_http_counter_row tu_http_counter_rows[TU_HTTP_COUNTERS] = {
#define TU_HTTP_COUNTER(id, name, label, kind, help) [TU_HTTP_##id] = {name, label, kind, help},
#include "http/counters.inc"
#undef TU_HTTP_COUNTER
};

enum {
	/* Descriptors that are left for everything but connections, and those for answers to what
	 * is quick when the ordinary ones ran out. */
	RESERVE = 200,
	EXTRA = 64,
	TICK_MS = 250,
	TICKS_A_TLS_LOOK = 40
};

static const int64_t second = 1000000000;

static unsigned or_else(unsigned value, unsigned fallback)
{
	return value ? value : fallback;
}

/* ---- start ---- */

static enum tu_status copy_hosts(
	struct tu_http *server, const struct tu_http_options *options, struct tu_error *err)
{
	struct tu_str *hosts =
		tu_arena_array(server->arena, options->public_host_count, sizeof(*hosts));

	if (!hosts)
		return tu_no_memory(err);
	for (size_t i = 0; i < options->public_host_count; i++)
		if (!tu_arena_dup(server->arena, options->public_hosts[i], &hosts[i]))
			return tu_no_memory(err);
	server->hosts = (struct tu_guard_hosts){hosts, options->public_host_count};
	return TU_OK;
}

static enum tu_status copy_proxies(
	struct tu_http *server, const struct tu_http_options *options, struct tu_error *err)
{
	struct tu_http_range *ranges =
		tu_arena_array(server->arena, options->trusted_proxy_count, sizeof(*ranges));

	if (!ranges)
		return tu_no_memory(err);
	for (size_t i = 0; i < options->trusted_proxy_count; i++)
		if (!tu_http_range_read(options->trusted_proxies[i], &ranges[i]))
			return tu_fail(err, TU_E_USAGE, 0,
				"%.*s: a trusted proxy is an address, a range such as 10.0.0.0/8, "
				"or unix",
				TU_STR_FMT(options->trusted_proxies[i]));
	server->trusted = (struct tu_http_ranges){ranges, options->trusted_proxy_count};
	return TU_OK;
}

static char *dup_c(const char *text)
{
	char *copy = tu_alloc(strlen(text) + 1, 1);

	if (copy)
		memcpy(copy, text, strlen(text));
	return copy;
}

static enum tu_status set_tls(
	struct tu_http *server, const struct tu_http_options *options, struct tu_error *err)
{
	bool changed;

	if (!options->tls_certificate != !options->tls_key)
		return tu_fail(err, TU_E_USAGE, 0, "TLS needs both a certificate and its key");
	if (!options->tls_key)
		return TU_OK;
	server->tls.certificate_path = dup_c(options->tls_certificate);
	server->tls.key_path = dup_c(options->tls_key);
	if (!server->tls.certificate_path || !server->tls.key_path)
		return tu_no_memory(err);
	return tu_http__tls_read(&server->tls, &changed, err);
}

/* As many descriptors as may be; how many connections they are good for. */
static enum tu_status set_connections(
	struct tu_http *server, const struct tu_http_options *options, struct tu_error *err)
{
	struct rlimit files = {0};
	rlim_t most;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
		getrlimit(RLIMIT_NOFILE, &files);
	}
	if (files.rlim_cur < RESERVE + EXTRA + 16)
		return tu_fail(err, TU_E_USAGE, 0,
			"this process may have %llu open files; at least %d are needed",
			(unsigned long long)files.rlim_cur, RESERVE + EXTRA + 16);
	most = files.rlim_cur - RESERVE - EXTRA;
	server->connections.max = or_else(options->connections, 10000);
	if (server->connections.max > most)
		server->connections.max = (size_t)most;
	/* Each loop may have its share of this only, and the kernel does not deal evenly. */
	server->mhd_limit = (unsigned)server->connections.max * 2 + EXTRA * 2;
	if (server->mhd_limit > files.rlim_cur - RESERVE)
		server->mhd_limit = (unsigned)(files.rlim_cur - RESERVE);
	server->connections.per_address = or_else(options->connections_per_address, 256);
	server->streams.max =
		or_else(options->streams, (unsigned)(server->connections.max / 4 * 3));
	return TU_OK;
}

static void set_plain(struct tu_http *server, const struct tu_http_options *options)
{
	server->handle = options->handle;
	server->ask_limits = options->limits;
	server->log = options->log;
	server->trouble = options->trouble;
	server->self = options->self;
	server->public_https = options->public_https;
	server->loops = or_else(options->loops, 2);
	server->head_seconds = or_else(options->head_seconds, 10);
	server->idle_seconds = or_else(options->head_seconds, 60);
	server->stop_seconds = or_else(options->stop_seconds, 10);
	server->bodies[0].max = (uint64_t)or_else(options->bodies_memory, 256) << 20;
	server->bodies[1].max = (uint64_t)or_else(options->bodies_files, 4096) << 20;
	server->work.waiting_max = or_else(options->waiting_max, 256);
	pthread_mutex_init(&server->connections.mutex, NULL);
	pthread_mutex_init(&server->streams.mutex, NULL);
	pthread_mutex_init(&server->work.mutex, NULL);
	pthread_cond_init(&server->work.more, NULL);
}

static enum tu_status prepare(
	struct tu_http *server, const struct tu_http_options *options, struct tu_error *err)
{
	enum tu_status status;

	set_plain(server, options);
	server->arena = tu_arena_new(1 << 20);
	server->limits = tu_limits_new(options->rates, options->rate_count);
	server->listeners = tu_alloc(options->listen_count, sizeof(*server->listeners));
	if (!server->arena || !server->limits || !server->listeners)
		return tu_no_memory(err);
	status = tu_random_bytes(&server->connections.seed, sizeof(server->connections.seed), err);
	if (status == TU_OK)
		status = copy_hosts(server, options, err);
	if (status == TU_OK)
		status = copy_proxies(server, options, err);
	if (status == TU_OK)
		status = set_connections(server, options, err);
	return status == TU_OK ? set_tls(server, options, err) : status;
}

static enum tu_status open_all(
	struct tu_http *server, const struct tu_http_options *options, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; status == TU_OK && i < options->listen_count; i++) {
		status = tu_http__listen(server, options->listen[i], &server->listeners[i], err);
		if (status == TU_OK)
			server->listener_count++;
	}
	for (size_t i = 0; status == TU_OK && i < server->listener_count; i++)
		status = tu_http__serve(server, &server->listeners[i], err);
	return status;
}

/* ---- the ticker: whatever happens by time ---- */

static void *ticker(void *arg)
{
	const struct timespec tick = {0, TICK_MS * 1000000L};
	struct tu_http *server = arg;

	if (server->tls.key)
		tu_http__tls_warn(server);
	for (unsigned n = 1; !atomic_load(&server->ticker_ended); n++) {
		nanosleep(&tick, NULL);
		tu_http__sweep(server, tu_http__now());
		tu_http__streams_beat(server);
		if (atomic_exchange(&server->look, false))
			n = TICKS_A_TLS_LOOK;
		if (server->tls.key && n % TICKS_A_TLS_LOOK == 0 && !atomic_load(&server->stopping))
			tu_http__tls_follow(server);
	}
	return NULL;
}

static bool is_version(const struct tu_mhd *mhd, struct tu_str prefix)
{
	return tu_str_starts(tu_str_c(mhd->MHD_get_version()), prefix);
}

enum tu_status tu_http_start(
	const struct tu_http_options *options, struct tu_http **out_server, struct tu_error *err)
{
	const struct tu_mhd *mhd = tu_mhd();
	struct tu_http *server;
	enum tu_status status;

	*out_server = NULL;
	if (!mhd)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "%s is not installed", TU_MHD_SONAME);
	/* How the guard learns what was sent was tried with these. */
	if (!is_version(mhd, TU_STR("0.9.")) && !is_version(mhd, TU_STR("1.0.")))
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"libmicrohttpd is %s; this server is for 0.9.75 to 1.0",
			mhd->MHD_get_version());
	if (options->listen_count == 0 || !options->handle)
		return tu_fail(err, TU_E_USAGE, 0, "no address to listen on");
	server = tu_alloc(1, sizeof(*server));
	if (!server)
		return tu_no_memory(err);
	server->mhd = mhd;
	server->strict_library = is_version(mhd, TU_STR("1.0."));
	status = prepare(server, options, err);
	if (status == TU_OK)
		status = tu_http__work_start(server, or_else(options->workers, 8), err);
	if (status == TU_OK)
		status = open_all(server, options, err);
	if (status == TU_OK && pthread_create(&server->ticker, NULL, ticker, server) != 0)
		status = tu_fail(err, TU_E_IO, 0, "cannot start a thread");
	server->ticking = status == TU_OK;
	if (status != TU_OK)
		tu_http_stop(server);
	else
		*out_server = server;
	return status;
}

/* ---- stop ---- */

static void pause_a_little(void)
{
	const struct timespec t = {0, 5000000};

	nanosleep(&t, NULL);
}

/* All have been answered, or what is left are streams, which have had their time to say goodbye. */
static bool all_answered(struct tu_http *server, int64_t passed)
{
	uint64_t active = tu_http_count(server, TU_HTTP_ACTIVE);

	return active == 0 || (passed > second && active <= tu_http_count(server, TU_HTTP_STREAMS));
}

static void wait_for_requests(struct tu_http *server)
{
	int64_t began = tu_http__now(), passed = 0;

	while (!all_answered(server, passed) && passed < second * server->stop_seconds) {
		tu_http__sweep(server, began + passed);
		pause_a_little();
		passed = tu_http__now() - began;
	}
}

/* libmicrohttpd ends the process when it is stopped with a suspended connection: all are resumed
 * and have run once before. */
static void resume_all(struct tu_http *server)
{
	atomic_store(&server->closing, true);
	for (unsigned phase = 0; phase < TU_HTTP_PHASES; phase++)
		if (phase != TU_HTTP_WORKING)
			tu_http__cut(server, (enum tu_http_phase)phase);
	while (atomic_load(&server->working) > 0 || tu_http_count(server, TU_HTTP_STREAMS) > 0) {
		tu_http__streams_end(server, true);
		pause_a_little();
	}
}

static void server_free(struct tu_http *server)
{
	tu_limits_free(server->limits);
	tu_http__tls_done(&server->tls);
	tu_free(server->listeners);
	tu_arena_free(server->arena);
	pthread_cond_destroy(&server->work.more);
	pthread_mutex_destroy(&server->work.mutex);
	pthread_mutex_destroy(&server->streams.mutex);
	pthread_mutex_destroy(&server->connections.mutex);
	tu_free(server);
}

/* Who has connected already, and sends now, is answered as ever. */
static void drain(struct tu_http *server)
{
	const struct timespec tick = {0, TICK_MS * 1000000L};

	atomic_store(&server->draining, true);
	(void)nanosleep(&tick, NULL);
	tu_http__sweep(server, tu_http__now());
}

void tu_http_stop(struct tu_http *server)
{
	if (!server)
		return;
	atomic_store(&server->ticker_ended, true);
	if (server->ticking)
		pthread_join(server->ticker, NULL);
	for (size_t i = 0; i < server->listener_count; i++)
		tu_http__listener_quiesce(server, &server->listeners[i]);
	drain(server);
	atomic_store(&server->stopping, true);
	tu_http__streams_end(server, false);
	tu_http__cut(server, TU_HTTP_WAITING);
	wait_for_requests(server);
	resume_all(server);
	tu_http__work_stop(server);
	for (size_t i = 0; i < server->listener_count; i++)
		tu_http__listener_stop(server, &server->listeners[i]);
	server_free(server);
}

/* ---- small things ---- */

int64_t tu_http__now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * second + t.tv_nsec;
}

void tu_http_reload(struct tu_http *server)
{
	atomic_store(&server->look, true);
}

bool tu_http_stopping(const struct tu_http *server)
{
	return atomic_load(&server->stopping);
}

unsigned tu_http_port(const struct tu_http *server, size_t index)
{
	return index < server->listener_count ? server->listeners[index].port : 0;
}

bool tu_http_rate_take(
	struct tu_http *server, unsigned rate_class, struct tu_str key, unsigned *out_seconds)
{
	return tu_limits_take(server->limits, rate_class, key, tu_http__now(), out_seconds);
}

uint64_t tu_http_count(const struct tu_http *server, enum tu_http_counter counter)
{
	return atomic_load_explicit(&server->counters[counter], memory_order_relaxed);
}
