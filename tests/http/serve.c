/*
 * A server for the scripts of tests/http: a few handlers over src/http. Prints a line for each
 * listening address ("port 40123"), then one JSON line a request, and "stopped" when its standard
 * input ended or SIGTERM came and the server has stopped.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "http/answers.h"
#include "http/server.h"
#include "http/stream.h"
#include "http/target.h"

enum { LISTEN_MAX = 4, STREAMS_MAX = 20000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
static unsigned releases, held;
static struct tu_http_stream *streams[STREAMS_MAX];
static size_t stream_count;
static char large[1 << 20];

/* ---- handlers ---- */

typedef void handler(struct tu_http_request *request, struct tu_http_answer *answer);

static void text(struct tu_http_answer *answer, unsigned status, const char *bytes)
{
	answer->status = status;
	answer->type = "text/plain";
	answer->bytes = tu_str_c(bytes);
}

static void healthz(struct tu_http_request *request, struct tu_http_answer *answer)
{
	(void)request;
	text(answer, 200, "ok\n");
}

static void info(struct tu_http_request *request, struct tu_http_answer *answer)
{
	struct tu_json_writer json = tu_json_writer(&answer->body, false);

	answer->status = 200;
	answer->type = "application/json";
	answer->body.ceiling = 1 << 20;
	tu_json_open_object(&json);
	tu_json_member_str(&json, "method", request->method);
	tu_json_member_str(&json, "path", request->path);
	tu_json_member_str(&json, "query", request->query);
	tu_json_member_str(&json, "peer", request->peer);
	tu_json_member_str(&json, "scheme", request->scheme);
	tu_json_member_str(&json, "host", request->host);
	tu_json_member_str(&json, "id", tu_random_id_str(request->id));
	tu_json_member_str(&json, "agent", tu_http_header(request, TU_STR("user-agent")));
	tu_json_member_str(&json, "last", tu_http_header(request, TU_STR("last-event-id")));
	tu_json_close_object(&json);
	request->who = TU_STR("tester");
}

static void echo(struct tu_http_request *request, struct tu_http_answer *answer)
{
	answer->status = 200;
	answer->type = "application/octet-stream";
	tu_buf_str_add(&answer->body, request->body);
}

static void upload(struct tu_http_request *request, struct tu_http_answer *answer)
{
	struct stat st = {0};
	char first = 0;

	if (fstat(request->body_fd, &st) != 0 ||
		(st.st_size > 0 && read(request->body_fd, &first, 1) != 1)) {
		text(answer, 500, "no file\n");
		return;
	}
	answer->status = 200;
	answer->type = "text/plain";
	tu_buf_printf(&answer->body, "%lld %zu %d links\n", (long long)st.st_size,
		request->body_len, (int)st.st_nlink);
}

static void json(struct tu_http_request *request, struct tu_http_answer *answer)
{
	struct tu_str name, value, query = request->query;
	uint64_t n = 100;

	while (tu_http_query_next(&query, &name, &value))
		if (tu_str_eq(name, TU_STR("n")))
			(void)tu_str_to_u64(value, sizeof(large), &n);
	answer->status = 200;
	answer->type = "application/json";
	answer->etag = TU_STR("\"v1\"");
	tu_buf_byte(&answer->body, '"');
	for (uint64_t i = 2; i < n; i++)
		tu_buf_byte(&answer->body, (char)('a' + i % 7));
	tu_buf_byte(&answer->body, '"');
}

extern const struct tu_http_static test_files[];
extern const size_t test_files_count;
static const struct tu_http_static in_memory[] = {
	{"/large.bin", "application/octet-stream", "\"large\"", {large, sizeof(large)}, false,
		true},
	{"/small.json", "application/json", "\"small\"", {large, 2048}, false, true},
};

static void from_files(struct tu_http_request *request, struct tu_http_answer *answer)
{
	answer->file = tu_http_static_find(test_files, test_files_count, request->path);
	if (!answer->file)
		answer->file = tu_http_static_find(in_memory, TU_COUNT(in_memory), request->path);
	answer->status = answer->file ? 200 : 404;
	answer->private_page =
		answer->file && tu_str_starts(tu_str_c(answer->file->type), TU_STR("text/html"));
}

/* Waits for a request for /release, so that a test can have handlers that run. */
static void hold(struct tu_http_request *request, struct tu_http_answer *answer)
{
	unsigned before;

	(void)request;
	pthread_mutex_lock(&mutex);
	before = releases;
	held++;
	while (before == releases && !tu_http_stopping(request->server)) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 20000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&released, &mutex, &until);
	}
	held--;
	pthread_mutex_unlock(&mutex);
	text(answer, 200, "released\n");
}

static void release(struct tu_http_request *request, struct tu_http_answer *answer)
{
	(void)request;
	pthread_mutex_lock(&mutex);
	releases++;
	pthread_cond_broadcast(&released);
	pthread_mutex_unlock(&mutex);
	text(answer, 200, "done\n");
}

static void count_held(struct tu_http_request *request, struct tu_http_answer *answer)
{
	(void)request;
	answer->status = 200;
	answer->type = "text/plain";
	pthread_mutex_lock(&mutex);
	tu_buf_printf(&answer->body, "%u %zu\n", held, stream_count);
	pthread_mutex_unlock(&mutex);
}

static void stream_ended(void *self, struct tu_http_stream *stream)
{
	(void)self;
	pthread_mutex_lock(&mutex);
	for (size_t i = 0; i < stream_count; i++)
		if (streams[i] == stream)
			streams[i] = streams[--stream_count];
	pthread_mutex_unlock(&mutex);
}

static void stream(struct tu_http_request *request, struct tu_http_answer *answer)
{
	struct tu_http_stream *new;
	struct tu_http_event *event;
	struct tu_str last = tu_http_header(request, TU_STR("Last-Event-ID"));

	pthread_mutex_lock(&mutex);
	new = stream_count < STREAMS_MAX ? tu_http_stream_new(request->server, stream_ended, NULL)
					 : NULL;
	if (new)
		streams[stream_count++] = new;
	pthread_mutex_unlock(&mutex);
	if (!new) {
		text(answer, 503, "too many streams\n");
		return;
	}
	event = last.ptr ? tu_http_event_new(last, TU_STR("again"), TU_STR("after")) : NULL;
	if (event)
		(void)tu_http_stream_send(new, event);
	tu_http_event_drop(event);
	answer->status = 200;
	answer->stream = new;
}

static void publish(struct tu_http_request *request, struct tu_http_answer *answer)
{
	struct tu_http_event *event =
		tu_http_event_new(TU_STR("7"), TU_STR("change"), request->body);

	pthread_mutex_lock(&mutex);
	for (size_t i = 0; event && i < stream_count; i++)
		(void)tu_http_stream_send(streams[i], event);
	pthread_mutex_unlock(&mutex);
	tu_http_event_drop(event);
	text(answer, event ? 200 : 400, "published\n");
}

static void metrics(struct tu_http_request *request, struct tu_http_answer *answer)
{
	answer->status = 200;
	answer->type = "text/plain";
	for (unsigned i = 0; i < TU_HTTP_COUNTERS; i++)
		tu_buf_printf(&answer->body, "%s{%s} %llu\n", tu_http_counter_rows[i].name,
			tu_http_counter_rows[i].label,
			(unsigned long long)tu_http_count(
				request->server, (enum tu_http_counter)i));
}

static void broken(struct tu_http_request *request, struct tu_http_answer *answer)
{
	(void)request;
	answer->status = 200;
	(void)tu_http_answer_header(answer, TU_STR("X-Split"), TU_STR("a\r\nSet-Cookie: x"));
}

static const struct route {
	const char *path;
	handler *handle;
	struct tu_http_limits limits;
} routes[] = {
	{"/healthz", healthz, {.quick = true}},
	{"/metrics", metrics, {.quick = true}},
	{"/count", count_held, {.quick = true}},
	{"/release", release, {.quick = true}},
	{"/info", info, {0}},
	{"/limited", info, {.rate_class = 1}},
	{"/echo", echo, {.body_max = 65536}},
	{"/upload", upload, {.body_max = 32 << 20, .body_to_fd = true}},
	{"/json", json, {0}},
	{"/hold", hold, {0}},
	{"/stream", stream, {0}},
	{"/publish", publish, {.body_max = 65536}},
	{"/broken", broken, {0}},
	{"/large.bin", from_files, {.quick = true}},
	{"/small.json", from_files, {.quick = true}},
	{"/page.html", from_files, {.quick = true}},
	{"/assets/app-1a2b3c.js", from_files, {.quick = true}},
};

static const struct route *find(struct tu_str path)
{
	for (size_t i = 0; i < TU_COUNT(routes); i++)
		if (tu_str_eq(path, tu_str_c(routes[i].path)))
			return &routes[i];
	return NULL;
}

static void ask_limits(void *self, struct tu_http_request *request, struct tu_http_limits *out)
{
	const struct route *route = find(request->path);

	(void)self;
	if (route)
		*out = route->limits;
}

static bool is_method(struct tu_str method)
{
	static const char *const names[] = {
		"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"};

	for (size_t i = 0; i < TU_COUNT(names); i++)
		if (tu_str_eq(method, tu_str_c(names[i])))
			return true;
	return false;
}

static void handle(void *self, struct tu_http_request *request, struct tu_http_answer *answer)
{
	const struct route *route = find(request->path);

	(void)self;
	answer->body.ceiling = 32 << 20;
	if (!is_method(request->method))
		text(answer, 405, "not by this method\n");
	else if (route && route->handle)
		route->handle(request, answer);
	else
		text(answer, 404, "not found\n");
}

static void log_line(void *self, const struct tu_http_line *line)
{
	struct tu_json_writer json;
	struct tu_buf buf;

	(void)self;
	tu_buf_init(&buf, 65536);
	json = tu_json_writer(&buf, false);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "id", line->id);
	tu_json_member_str(&json, "method", line->method);
	tu_json_member_str(&json, "path", line->path);
	tu_json_member_str(&json, "peer", line->peer);
	tu_json_member_str(&json, "who", line->who);
	tu_json_member_int(&json, "status", line->status);
	tu_json_member_int(&json, "in", (int64_t)line->bytes_in);
	tu_json_member_int(&json, "out", (int64_t)line->bytes_out);
	tu_json_member_str(&json, "refused", tu_str_c(line->refused));
	tu_json_close_object(&json);
	tu_buf_byte(&buf, '\n');
	fwrite(buf.ptr, 1, buf.len, stdout);
	fflush(stdout);
	tu_buf_done(&buf);
}

static void trouble(void *self, struct tu_str message)
{
	(void)self;
	fprintf(stderr, "trouble: %.*s\n", TU_STR_FMT(message));
}

/* ---- options ---- */

static const struct tu_http_rate rates[] = {{0, 0}, {.burst = 3, .per_minute = 6}};
static struct tu_str listen_on[LISTEN_MAX], proxies[LISTEN_MAX], hosts[LISTEN_MAX];

static struct tu_http_options options = {
	.listen = listen_on,
	.trusted_proxies = proxies,
	.public_hosts = hosts,
	.handle = handle,
	.limits = ask_limits,
	.log = log_line,
	.trouble = trouble,
	.rates = rates,
	.rate_count = TU_COUNT(rates),
};

static const struct number {
	const char *name;
	unsigned *value;
} numbers[] = {
	{"--loops", &options.loops},
	{"--workers", &options.workers},
	{"--waiting", &options.waiting_max},
	{"--connections", &options.connections},
	{"--per-address", &options.connections_per_address},
	{"--streams", &options.streams},
	{"--bodies-memory", &options.bodies_memory},
	{"--bodies-files", &options.bodies_files},
	{"--head-seconds", &options.head_seconds},
	{"--stop-seconds", &options.stop_seconds},
};

static bool add_text(const char *name, const char *value)
{
	if (strcmp(name, "--listen") == 0 && options.listen_count < LISTEN_MAX)
		listen_on[options.listen_count++] = tu_str_c(value);
	else if (strcmp(name, "--trusted") == 0 && options.trusted_proxy_count < LISTEN_MAX)
		proxies[options.trusted_proxy_count++] = tu_str_c(value);
	else if (strcmp(name, "--host") == 0 && options.public_host_count < LISTEN_MAX)
		hosts[options.public_host_count++] = tu_str_c(value);
	else if (strcmp(name, "--certificate") == 0)
		options.tls_certificate = value;
	else if (strcmp(name, "--key") == 0)
		options.tls_key = value;
	else if (strcmp(name, "--https") == 0)
		options.public_https = true;
	else if (strcmp(name, "--quiet") == 0)
		options.log = NULL;
	else
		return false;
	return true;
}

static bool read_options(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i += 2) {
		bool known = add_text(argv[i], argv[i + 1]);

		for (size_t n = 0; n < TU_COUNT(numbers); n++)
			if (strcmp(argv[i], numbers[n].name) == 0) {
				*numbers[n].value = (unsigned)strtoul(argv[i + 1], NULL, 10);
				known = true;
			}
		if (!known)
			return false;
	}
	return argc % 2 == 1;
}

static void on_signal(int number)
{
	(void)number;
	close(STDIN_FILENO);
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct tu_http *server = NULL;
	struct tu_error err = {0};
	char byte;

	sigaction(SIGTERM, &action, NULL);
	memset(large, 'x', sizeof(large));
	if (!read_options(argc, argv)) {
		fputs("http-serve: unknown option\n", stderr);
		return 2;
	}
	if (options.listen_count == 0)
		listen_on[options.listen_count++] = TU_STR("127.0.0.1:0");
	if (tu_http_start(&options, &server, &err) != TU_OK) {
		fprintf(stderr, "http-serve: %s\n", err.message);
		return 1;
	}
	for (size_t i = 0; i < options.listen_count; i++)
		printf("port %u\n", tu_http_port(server, i));
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	tu_http_stop(server);
	puts("stopped");
	return 0;
}
