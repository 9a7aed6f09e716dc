/* How reports from outside come in. */
#include "api/inside.h"
#include "portfolio/inbox.h"

struct setting {
	struct tu_api_call *call;
	struct tu_inbox_settings to;
};

static enum tu_status write_answer(struct tu_work *w, void *self, struct tu_error *err)
{
	struct setting *s = self;
	struct tu_inbox_settings now;
	struct tu_json_writer *json;
	enum tu_status status = tu_inbox_settings_read(w, &now, err);

	if (status != TU_OK)
		return status;
	tu_api__answer_begin(s->call); /* it may be run again */
	json = tu_api_json(s->call);
	tu_json_open_object(json);
	tu_json_member_bool(json, "form", !now.form_off);
	tu_json_member_bool(json, "open", tu_inbox_form_open(&now));
	tu_json_member_int(json, "acknowledge_days", now.acknowledge_days);
	tu_json_member_int(json, "per_hour", now.per_hour);
	tu_json_member_str(json, "contact", now.contact);
	tu_json_member_str(json, "key", now.key);
	tu_json_member_str(json, "words", now.words);
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

enum tu_status tu_api_get_report_settings(struct tu_api_call *call, struct tu_error *err)
{
	struct setting s = {.call = call};

	return answer(&s, err);
}

static enum tu_status put(struct tu_work *w, void *self, struct tu_error *err)
{
	struct setting *s = self;

	return tu_inbox_settings_write(w, &s->to, err);
}

static unsigned number(const struct tu_api_call *call, const char *name, unsigned otherwise)
{
	uint64_t value = otherwise;

	(void)tu_json_u64(tu_json_get(call->body, tu_str_c(name)), UINT16_MAX, &value);
	return (unsigned)value;
}

enum tu_status tu_api_set_report_settings(struct tu_api_call *call, struct tu_error *err)
{
	struct setting s = {.call = call,
		.to = {.version = call->if_match,
			.form_off = !tu_json_true(tu_json_get(call->body, TU_STR("form"))),
			.acknowledge_days =
				number(call, "acknowledge_days", TU_SIGNAL_ACKNOWLEDGE_DAYS),
			.per_hour = number(call, "per_hour", TU_INBOX_PER_HOUR),
			.contact = tu_api_body_str(call, "contact"),
			.key = tu_api_body_str(call, "key"),
			.words = tu_api_body_str(call, "words")}};
	enum tu_status status = tu_api_write(call, put, &s, err);

	return status ? status : answer(&s, err);
}
