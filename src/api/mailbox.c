/* The mailbox for reports. */
#include "api/inside.h"
#include "api/people.h"
#include "job/job.h"
#include "portfolio/mailbox.h"

enum { PORT = 993 };

struct setting {
	struct tu_api_call *call;
	struct tu_mailbox_settings to;
	const struct tu_secret_key *key;
	struct tu_str job;
};

static enum tu_status write_answer(struct tu_work *w, void *self, struct tu_error *err)
{
	struct setting *s = self;
	struct tu_mailbox_settings now;
	struct tu_json_writer *json;
	enum tu_status status = tu_mailbox_settings_read(w, &now, err);

	if (status != TU_OK)
		return status;
	tu_api__answer_begin(s->call); /* it may be run again */
	json = tu_api_json(s->call);
	tu_json_open_object(json);
	tu_json_member_bool(json, "on", now.on);
	if (now.on) {
		tu_json_member_str(json, "host", now.host);
		tu_json_member_int(json, "port", now.port);
		tu_json_member_str(json, "security", now.security);
		tu_json_member_str(json, "user", now.user);
		tu_json_member_str(json, "folder", now.folder);
		tu_json_member_str(json, "ca", now.ca);
	}
	tu_json_member_int(json, "version", now.version);
	tu_json_close_object(json);
	s->to.version = now.version;
	return TU_OK;
}

static enum tu_status answer(struct setting *s, struct tu_error *err)
{
	enum tu_status status = tu_api_read(s->call, write_answer, s, err);

	if (status == TU_OK)
		tu_api_etag_version(s->call, s->to.version);
	return status;
}

enum tu_status tu_api_get_mailbox(struct tu_api_call *call, struct tu_error *err)
{
	struct setting s = {.call = call};

	return answer(&s, err);
}

static enum tu_status put(struct tu_work *w, void *self, struct tu_error *err)
{
	struct setting *s = self;
	const struct tu_secret secret = {
		TU_STR(TU_MAILBOX_SECRET), tu_api_body_str(s->call, "password"), w->act->at};
	enum tu_status status = tu_mailbox_settings_write(w, &s->to, err);

	return status || !secret.value.len ? status : tu_secret_put(w->tx, s->key, &secret, err);
}

enum tu_status tu_api_set_mailbox(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_api_access access;
	uint64_t port = PORT;
	struct setting s = {.call = call,
		.to = {.version = call->if_match,
			.on = tu_json_true(tu_json_get(call->body, TU_STR("on"))),
			.host = tu_api_body_str(call, "host"),
			.security = tu_api_body_str(call, "security"),
			.user = tu_api_body_str(call, "user"),
			.folder = tu_api_body_str(call, "folder"),
			.ca = tu_api_body_str(call, "ca")}};
	enum tu_status status = tu_api_access_open(call, &access, err);

	(void)tu_json_u64(tu_json_get(call->body, TU_STR("port")), UINT16_MAX, &port);
	s.to.port = (unsigned)port;
	if (!s.to.security.len)
		s.to.security = TU_STR("tls");
	s.key = &access.key;
	if (status == TU_OK)
		status = tu_api_write(call, put, &s, err);
	tu_api_access_close(&access);
	return status ? status : answer(&s, err);
}

static enum tu_status add_job(struct tu_work *w, void *self, struct tu_error *err)
{
	struct setting *s = self;
	const struct tu_job_spec spec = {.kind = TU_STR("mailbox"),
		.key = TU_STR("mailbox"),
		.payload = TU_STR("{}"),
		.run_at = w->act->at};
	struct tu_job_queued queued;
	enum tu_status status = tu_job_add(w->tx, &spec, w->arena, &queued, err);

	if (status == TU_OK && !tu_arena_dup(s->call->arena, queued.public_id, &s->job))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_api_read_mailbox(struct tu_api_call *call, struct tu_error *err)
{
	struct setting s = {.call = call};
	enum tu_status status = tu_api_write(call, add_job, &s, err);

	if (status == TU_OK)
		tu_api_accepted(call, s.job);
	return status;
}
