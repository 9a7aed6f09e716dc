/* The mail server. */
#include "api/call.h"
#include "notify/notify.h"
#include "service/service.h"

struct reading {
	struct tu_api_call *call;
	struct tu_mail_setting setting;
};

static enum tu_status read_setting(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;

	return tu_mail_setting_read(w->tx, r->call->arena, &r->setting, err);
}

static enum tu_status answer(struct tu_api_call *call, struct tu_error *err)
{
	struct reading r = {.call = call};
	const struct tu_mail_setting *s = &r.setting;
	struct tu_json_writer *json;
	enum tu_status status = tu_api_read(call, read_setting, &r, err);

	if (status != TU_OK)
		return status;
	tu_api_etag_version(call, s->version);
	json = tu_api_json(call);
	tu_json_open_object(json);
	tu_json_member_bool(json, "enabled", s->on);
	tu_json_member_int(json, "version", s->version);
	if (s->on) {
		tu_json_member_str(json, "host", s->host);
		tu_json_member_int(json, "port", s->port);
		tu_json_member_str(json, "security", tu_str_c(tu_smtp_security_name(s->security)));
		tu_json_member_str(json, "user", s->user);
		tu_json_member_bool(json, "password", s->has_password);
		tu_json_member_str(json, "from", s->from);
		tu_json_member_str(json, "from_name", s->from_name);
	}
	tu_json_close_object(json);
	return TU_OK;
}

enum tu_status tu_api_get_mail_setting(struct tu_api_call *call, struct tu_error *err)
{
	return answer(call, err);
}

static enum tu_status write_setting(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;
	uint64_t port = 0;
	struct tu_mail_setting s = {.on = tu_json_true(tu_json_get(call->body, TU_STR("enabled"))),
		.version = call->if_match,
		.host = tu_api_body_str(call, "host"),
		.user = tu_api_body_str(call, "user"),
		.from = tu_api_body_str(call, "from"),
		.from_name = tu_api_body_str(call, "from_name")};

	(void)tu_smtp_security_by_name(tu_api_body_str(call, "security"), &s.security);
	if (tu_json_u64(tu_json_get(call->body, TU_STR("port")), 65535, &port))
		s.port = (int64_t)port;
	else
		s.port = s.security == TU_SMTP_TLS ? 465 : s.security == TU_SMTP_PLAIN ? 25 : 587;
	return tu_mail_setting_write(
		w, tu_service_notify(call->service), &s, tu_api_body_str(call, "password"), err);
}

enum tu_status tu_api_set_mail_setting(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = tu_api_write(call, write_setting, call, err);

	return status ? status : answer(call, err);
}
