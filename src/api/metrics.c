/* Figures for who watches the service, in the text format of Prometheus. */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/call.h"
#include "http/server.h"
#include "service/service.h"

enum metric {
#define TU_API_METRIC(id, name, label, kind, help) METRIC_##id,
#include "api/metrics.inc"
#undef TU_API_METRIC
	METRICS
};

static const struct tu_http_counter_row rows[METRICS] = {
#define TU_API_METRIC(id, name, label, kind, help) {name, label, kind, help},
#include "api/metrics.inc"
#undef TU_API_METRIC
};

/* ---- the text ---- */

static void write_row(struct tu_buf *out, const struct tu_http_counter_row *row,
	const struct tu_http_counter_row *before, long long value)
{
	if (!before || strcmp(before->name, row->name) != 0)
		tu_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help, row->name,
			row->kind);
	tu_buf_c(out, row->name);
	if (*row->label)
		tu_buf_printf(out, "{%s}", row->label);
	tu_buf_printf(out, " %lld\n", value);
}

static void write_commits(struct tu_buf *out, const struct tu_store_times *times)
{
	static const char name[] = "tutela_store_commit_seconds";

	tu_buf_printf(out,
		"# HELP %s Time of commits of transactions that write\n# TYPE %s histogram\n", name,
		name);
	for (size_t i = 0; i < TU_STORE_TIMES; i++)
		tu_buf_printf(out, "%s_bucket{le=\"%u.%03u\"} %llu\n", name,
			tu_store_time_bounds[i] / 1000, tu_store_time_bounds[i] % 1000,
			(unsigned long long)times->within[i]);
	tu_buf_printf(out, "%s_bucket{le=\"+Inf\"} %llu\n%s_sum %llu.%06llu\n%s_count %llu\n", name,
		(unsigned long long)times->commits, name,
		(unsigned long long)times->microseconds / 1000000,
		(unsigned long long)times->microseconds % 1000000, name,
		(unsigned long long)times->commits);
}

/* ---- the figures ---- */

static long long resident(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	char text[200];
	struct tu_str rest, word;
	uint64_t pages = 0;

	if (!file)
		return -1;
	rest = tu_str_of(text, fread(text, 1, sizeof(text), file));
	(void)fclose(file);
	if (!tu_str_split(&rest, ' ', &word) || !tu_str_split(&rest, ' ', &word) ||
		!tu_str_to_u64(word, INT64_MAX, &pages))
		return -1;
	return (long long)pages * sysconf(_SC_PAGESIZE);
}

static void take(const struct tu_service_health *h, int64_t now, int64_t values[METRICS])
{
	values[METRIC_READY] = h->ready;
	values[METRIC_START] = h->since / 1000000;
	values[METRIC_MEMORY] = resident();
	values[METRIC_SANDBOX] = h->sandbox != TU_SANDBOX_OFF && h->sandbox != TU_SANDBOX_ENDED;
	values[METRIC_KNOWLEDGE] = h->has_kb ? h->kb.newest : -1;
	values[METRIC_KNOWLEDGE_AGE] = h->has_kb ? now / 1000000 - h->kb.newest : -1;
	values[METRIC_STARTER] = h->kb_is_starter;
	values[METRIC_JOBS_WAITING] = h->jobs_waiting;
	values[METRIC_JOBS_RUNNING] = h->jobs_running;
	values[METRIC_JOBS_QUARANTINED] = h->jobs_quarantined;
	values[METRIC_MESSAGES_WAITING] = h->messages_waiting;
	values[METRIC_MESSAGES_QUARANTINED] = h->messages_quarantined;
	values[METRIC_REPORTS_WAITING] = h->reports_waiting;
	values[METRIC_REPORTS_LATE] = h->reports_late;
	values[METRIC_LIST_DEVICES] = (int64_t)h->list.devices;
	values[METRIC_LIST_RELEASES] = (int64_t)h->list.releases;
	values[METRIC_LIST_COMPONENTS] = (int64_t)h->list.components;
	values[METRIC_LIST_VULNERABILITIES] = (int64_t)h->list.vulnerabilities;
	values[METRIC_LIST_FINDINGS] = (int64_t)h->list.findings;
	values[METRIC_LIST_BYTES] = (int64_t)h->list.bytes;
	values[METRIC_LIST_CHANGE] = h->change;
}

/* ---- who ---- */

/* Who sees only some devices does not see how many there are. */
static enum tu_status check(struct tu_api_call *call, struct tu_error *err)
{
	if (call->who.by == TU_ACCESS_NOBODY || call->who.scope.everything)
		return TU_OK; /* nobody: from this machine */
	call->problem.type = TU_PROBLEM_FORBIDDEN;
	return tu_fail(err, TU_E_CONSTRAINT, 0,
		"figures are for who sees all devices, or asks from this machine");
}

enum tu_status tu_api_get_metrics(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_http *server = call->http->server;
	struct tu_buf *out = &call->answer.body;
	int64_t values[METRICS] = {0};
	struct tu_service_health health;
	struct tu_store_times times;
	enum tu_status status = check(call, err);

	if (status != TU_OK)
		return status;
	tu_service_health(call->service, &health);
	tu_store_times(tu_api_store(call), &times);
	take(&health, call->now, values);
	values[METRIC_COMMITS_AGAIN] = (int64_t)times.again;
	for (size_t i = 0; i < TU_HTTP_COUNTERS; i++)
		write_row(out, &tu_http_counter_rows[i], i ? &tu_http_counter_rows[i - 1] : NULL,
			(long long)tu_http_count(server, (enum tu_http_counter)i));
	for (size_t i = 0; i < METRICS; i++)
		write_row(out, &rows[i], i ? &rows[i - 1] : NULL, values[i]);
	write_commits(out, &times);
	call->answer.type = "text/plain; version=0.0.4; charset=utf-8";
	return TU_OK;
}
