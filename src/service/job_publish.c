/* Statements whose embargo is over. */
#include <stdio.h>

#include "base/json_writer.h"
#include "portfolio/statement.h"
#include "service/inside.h"
#include "service/run.h"

/* Others wait for it: whatever is in its way is tried again for two days. */
enum { PAYLOAD_MAX = 256, KEY_MAX = 64, ATTEMPTS = 50 };

enum tu_status tu_service_publish_queue(
	struct tu_work *w, struct tu_str statement, int64_t due, struct tu_error *err)
{
	char key[KEY_MAX], payload[PAYLOAD_MAX];
	struct tu_job_spec spec = {
		.kind = TU_STR("statement.publish"), .run_at = due, .attempts_max = ATTEMPTS};
	struct tu_job_queued queued;
	int len = snprintf(key, sizeof(key), "%.*s:%lld", TU_STR_FMT(statement), (long long)due);

	spec.key = tu_str_of(key, len > 0 && len < KEY_MAX ? (size_t)len : 0);
	len = snprintf(payload, sizeof(payload), "{\"statement\":\"%.*s\"}", TU_STR_FMT(statement));
	spec.payload = tu_str_of(payload, len > 0 && len < PAYLOAD_MAX ? (size_t)len : 0);
	return tu_job_add(w->tx, &spec, w->arena, &queued, err);
}

struct publishing {
	struct tu_service__run *run;
	struct tu_str id;
	const struct tu_kb *kb;
	bool published;
	struct tu_str why; /* in the arena of the job */
};

static enum tu_status publish(struct tu_work *w, void *self, struct tu_error *err)
{
	struct publishing *p = self;
	struct tu_statement_writer writer = {.kb = p->kb,
		.reader = tu_service_reader(p->run->service),
		.seal = tu_service_seal(p->run->service)};
	struct tu_statement_seen row;
	struct tu_statement_due due = {0};
	enum tu_status status = tu_statement_find(w, p->id, NULL, &row, err);

	if (status == TU_E_NOTFOUND) /* its device was removed */
		return TU_OK;
	if (status == TU_OK)
		status = tu_statement_release_due(w, &writer, &row, &due, err);
	p->published = due.published;
	p->why = (struct tu_str){0};
	if (status == TU_OK && due.why.len && !tu_arena_dup(p->run->arena, due.why, &p->why))
		status = tu_no_memory(err);
	return status;
}

static void write_result(const struct publishing *p)
{
	struct tu_json_writer json = tu_json_writer(&p->run->result, false);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "statement", p->id);
	tu_json_member_bool(&json, "published", p->published);
	tu_json_member_opt(&json, "why", p->why);
	tu_json_close_object(&json);
}

enum tu_status tu_service__publish(struct tu_service__run *run, struct tu_error *err)
{
	struct tu_service *service = run->service;
	const struct tu_act act = tu_service__act(service, "system:publish");
	struct publishing p = {.run = run};
	struct tu_service_kb *kb;
	enum tu_status status = tu_service__run_text(run, TU_STR("statement"), &p.id, err);

	if (status == TU_OK)
		status = tu_service_kb_current(service, &kb, err);
	if (status != TU_OK)
		return status;
	p.kb = kb->kb;
	status = tu_work_run(service->store, &act, publish, &p, err);
	tu_service_kb_drop(kb);
	if (status != TU_OK)
		return status;
	write_result(&p);
	if (p.why.len)
		tu_service__say(service, TU_SERVICE_WARNING,
			"statement %.*s is not published though its embargo is over: %.*s",
			TU_STR_FMT(p.id), TU_STR_FMT(p.why));
	return TU_OK;
}
