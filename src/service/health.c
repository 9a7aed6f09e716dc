/* How the service is, as far as it knows. */
#include <stdio.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/json_writer.h"
#include "base/time.h"
#include "portfolio/signal.h"
#include "service/inside.h"
#include "store/migrate.h"

/* ---- counts ---- */

static const struct {
	const char *state;
	size_t at;
} job_states[] =
	{
		{"queued", offsetof(struct tu_service_health, jobs_waiting)},
		{"running", offsetof(struct tu_service_health, jobs_running)},
		{"quarantined", offsetof(struct tu_service_health, jobs_quarantined)},
},
  message_states[] = {
	  {"waiting", offsetof(struct tu_service_health, messages_waiting)},
	  {"quarantined", offsetof(struct tu_service_health, messages_quarantined)},
};

static int64_t *count_at(struct tu_service_health *health, size_t at)
{
	return (int64_t *)(void *)((char *)health + at);
}

static enum tu_status read_counts(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct tu_service_health *health = self;
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_int(tx, TU_SQL_MIGRATION_NEWEST, TU_NO_BIND, &health->migration, err);

	if (!status)
		status = tu_tx_query(tx, TU_SQL_JOB_COUNTS, TU_NO_BIND, &rows, err);

	for (size_t i = 0; i < TU_COUNT(job_states); i++)
		*count_at(health, job_states[i].at) = 0;
	for (size_t i = 0; i < TU_COUNT(message_states); i++)
		*count_at(health, message_states[i].at) = 0;
	if (status)
		return status;
	while (tu_rows_next(rows))
		for (size_t i = 0; i < TU_COUNT(job_states); i++)
			if (tu_str_eq(tu_rows_text(rows, 0), tu_str_c(job_states[i].state)))
				*count_at(health, job_states[i].at) = tu_rows_int(rows, 1);
	status = tu_rows_close(rows, err);
	if (!status)
		status = tu_tx_query(tx, TU_SQL_OUTBOX_COUNTS, TU_NO_BIND, &rows, err);
	if (status)
		return status;
	while (tu_rows_next(rows))
		for (size_t i = 0; i < TU_COUNT(message_states); i++)
			if (tu_str_eq(tu_rows_text(rows, 0), tu_str_c(message_states[i].state)))
				*count_at(health, message_states[i].at) = tu_rows_int(rows, 1);
	status = tu_rows_close(rows, err);
	return status ? status
		      : tu_signal_unacknowledged(tx, health->at, &health->reports_waiting,
				&health->reports_late, err);
}

static void forget_counts(struct tu_service_health *health)
{
	for (size_t i = 0; i < TU_COUNT(job_states); i++)
		*count_at(health, job_states[i].at) = -1;
	for (size_t i = 0; i < TU_COUNT(message_states); i++)
		*count_at(health, message_states[i].at) = -1;
	health->reports_waiting = health->reports_late = -1;
}

/* ---- all of it ---- */

static void take_knowledge(struct tu_service *service, struct tu_service_health *out)
{
	struct tu_service_kb *kb = tu_service_kb_hold(service);

	out->has_kb = kb != NULL;
	if (kb)
		out->kb = kb->row;
	out->kb_is_starter = kb && kb->is_starter;
	tu_service_kb_drop(kb);
}

static void take_list(struct tu_service *service, struct tu_service_health *out)
{
	struct tu_list_snapshot *snapshot = tu_list_current(service->index.list);

	out->list = tu_list_size(snapshot);
	out->change = tu_list_change(snapshot);
	tu_list_drop(snapshot);
}

static const char *const reasons[TU_SERVICE_REASONS] = {
	[TU_SERVICE_READY] = "it is ready",
	[TU_SERVICE_NO_KNOWLEDGE] = "no knowledge base is in use yet",
	[TU_SERVICE_WRONG_KNOWLEDGE] = "the current knowledge base cannot be used by this program",
	[TU_SERVICE_NO_READERS] = "the process that starts readers of uploads has ended",
	[TU_SERVICE_WRONG_SCHEMA] = "the database was changed by a newer program",
	[TU_SERVICE_MOVED] = "the database was moved to another place",
	[TU_SERVICE_NO_DATABASE] = "the database cannot be asked",
	[TU_SERVICE_STOPS] = "the service stops",
};

const char *tu_service_reason_words(enum tu_service_reason reason)
{
	return reasons[reason];
}

/* `more` is for who runs it; NULL: nothing. */
static void not_ready(
	struct tu_service_health *out, enum tu_service_reason reason, const char *more)
{
	out->ready = false;
	out->reason = reason;
	(void)snprintf(out->why, sizeof(out->why), "%s%s%.120s", reasons[reason], more ? ": " : "",
		more ? more : "");
}

void tu_service_health(struct tu_service *service, struct tu_service_health *out)
{
	struct tu_error err = {0};

	*out = (struct tu_service_health){.ready = true,
		.process = getpid(),
		.since = service->since,
		.at = tu_service__act(service, "system:health").at,
		.sandbox = tu_sandbox_state(service->sandbox),
		.sandbox_words = tu_sandbox_words(service->sandbox)};
	take_knowledge(service, out);
	take_list(service, out);
	if (!out->has_kb)
		not_ready(out, TU_SERVICE_NO_KNOWLEDGE, NULL);
	if (atomic_load(&service->knowledge.wrong))
		not_ready(out, TU_SERVICE_WRONG_KNOWLEDGE, NULL);
	if (out->sandbox == TU_SANDBOX_ENDED)
		not_ready(out, TU_SERVICE_NO_READERS, NULL);
	if (tu_store_run(service->store, TU_TX_READ, read_counts, out, &err)) {
		forget_counts(out);
		if (tu_store_is_moved(service->store))
			not_ready(out, TU_SERVICE_MOVED, NULL);
		else
			not_ready(out, TU_SERVICE_NO_DATABASE, err.message);
	} else if (out->migration > tu_store_migration_known()) {
		not_ready(out, TU_SERVICE_WRONG_SCHEMA, NULL);
	}
	if (tu_service_stopping(service))
		not_ready(out, TU_SERVICE_STOPS, NULL);
}

/* ---- as JSON ---- */

static void member_time(struct tu_json_writer *json, const char *key, int64_t at)
{
	size_t start;

	tu_json_key_str(json, tu_str_c(key));
	start = tu_json_open_text(json);
	if (at >= 0 && at <= TU_TIME_MAX)
		tu_time_write(at, json->buf);
	tu_json_close_text(json, start);
}

static void write_knowledge(
	struct tu_json_writer *json, const struct tu_service_health *health, int64_t now)
{
	size_t start;

	tu_json_key(json, "knowledge");
	if (!health->has_kb) {
		tu_json_add_null(json);
		return;
	}
	tu_json_open_object(json);
	tu_json_key(json, "digest");
	start = tu_json_open_text(json);
	tu_hex_write(health->kb.digest, TU_SHA256_BYTES, json->buf);
	tu_json_close_text(json, start);
	tu_json_member_int(json, "bytes", health->kb.bytes);
	tu_json_member_bool(json, "starter", health->kb_is_starter);
	if (health->kb.newest) {
		member_time(json, "newest", health->kb.newest);
		tu_json_member_int(json, "age_days", (now - health->kb.newest) / 86400);
	}
	tu_json_close_object(json);
}

static void write_counts(struct tu_json_writer *json, const struct tu_service_health *health)
{
	tu_json_key(json, "jobs");
	tu_json_open_object(json);
	tu_json_member_int(json, "waiting", health->jobs_waiting);
	tu_json_member_int(json, "running", health->jobs_running);
	tu_json_member_int(json, "quarantined", health->jobs_quarantined);
	tu_json_close_object(json);
	tu_json_key(json, "messages");
	tu_json_open_object(json);
	tu_json_member_int(json, "waiting", health->messages_waiting);
	tu_json_member_int(json, "quarantined", health->messages_quarantined);
	tu_json_close_object(json);
	tu_json_key(json, "list");
	tu_json_open_object(json);
	tu_json_member_int(json, "change", health->change);
	tu_json_member_int(json, "findings", (int64_t)health->list.findings);
	tu_json_member_int(json, "vulnerabilities", (int64_t)health->list.vulnerabilities);
	tu_json_member_int(json, "components", (int64_t)health->list.components);
	tu_json_member_int(json, "releases", (int64_t)health->list.releases);
	tu_json_member_int(json, "devices", (int64_t)health->list.devices);
	tu_json_member_int(json, "bytes", (int64_t)health->list.bytes);
	tu_json_close_object(json);
}

enum tu_status tu_service_status_write(
	struct tu_service *service, struct tu_buf *out, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(out, false);
	struct tu_service_health health;
	enum tu_status status;

	tu_service_health(service, &health);
	tu_json_open_object(&json);
	status = tu_datadir_status_write(service->dir, &json, err);
	tu_json_key(&json, "service");
	tu_json_open_object(&json);
	tu_json_member_str(&json, "version", tu_str_c(service->options.host->version));
	tu_json_member_int(&json, "process", health.process);
	member_time(&json, "since", health.since / 1000000);
	tu_json_member_bool(&json, "ready", health.ready);
	tu_json_member_opt(&json, "why", tu_str_c(health.why));
	tu_json_member_str(&json, "sandbox", tu_str_c(health.sandbox_words));
	write_knowledge(&json, &health, tu_service_now(service) / 1000000);
	write_counts(&json, &health);
	tu_json_close_object(&json);
	tu_json_close_object(&json);
	return status;
}
