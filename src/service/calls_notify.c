/* notify.list, notify.test, notify.look: do notifications arrive? */
#include "audit/person.h"
#include "base/json_writer.h"
#include "notify/notify.h"
#include "service/calls.h"
#include "service/service.h"

struct asking {
	const struct tu_call_in *in;
	struct tu_buf *out;
};

static enum tu_status run(struct tu_datadir *dir, const struct asking *asking, tu_work_call *work,
	bool reads, struct tu_error *err)
{
	const struct tu_act act = {.at = tu_datadir_now(dir),
		.actor = TU_STR("program:admin"),
		.reason = TU_JSON_STR(asking->in->arguments, "reason")};
	struct asking own = *asking;
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (status)
		return status;
	return reads ? tu_work_read(store, &act, work, &own, err)
		     : tu_work_run(store, &act, work, &own, err);
}

/* ---- notify.list ---- */

static void write_channel(struct tu_json_writer *json, const struct tu_channel *channel)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "id", channel->public_id);
	tu_json_member_str(json, "name", channel->name);
	tu_json_member_str(json, "kind", tu_str_c(tu_channel_kind_name(channel->kind)));
	tu_json_member_opt(json, "host", channel->host);
	tu_json_member_opt(json, "user", channel->login);
	tu_json_member_opt(json, "team", channel->team);
	tu_json_member_str(json, "state", channel->on ? TU_STR("on") : TU_STR("off"));
	tu_json_close_object(json);
}

static enum tu_status list(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *asking = self;
	struct tu_json_writer json = tu_json_writer(asking->out, false);
	struct tu_channels all;
	enum tu_status status = tu_channel_list(w->tx, w->arena, &all, err);

	if (status)
		return status;
	tu_buf_clear(asking->out);
	tu_json_open_object(&json);
	tu_json_key(&json, "channels");
	tu_json_open_array(&json);
	for (size_t i = 0; i < all.count; i++)
		write_channel(&json, &all.at[i]);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	return TU_OK;
}

static enum tu_status run_list(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	return run(dir, &(struct asking){in, out_answer}, list, true, err);
}

/* ---- notify.test ---- */

/* By id, or by a name that is that of one alone. */
static enum tu_status find(
	struct tu_work *w, struct tu_str wanted, struct tu_channel *out, struct tu_error *err)
{
	struct tu_channels all;
	size_t found = 0;
	enum tu_status status = tu_channel_list(w->tx, w->arena, &all, err);

	for (size_t i = 0; !status && i < all.count; i++)
		if (tu_str_eq(all.at[i].public_id, wanted) || tu_str_eq(all.at[i].name, wanted)) {
			*out = all.at[i];
			found++;
		}
	if (status || found == 1)
		return status;
	return tu_fail(err, found ? TU_E_USAGE : TU_E_NOTFOUND, 0,
		found ? "%zu channels are called \"%.*s\": name one by its id"
		      : "%zu channels are called \"%.*s\": see tutela admin notify list",
		found, TU_STR_FMT(tu_str_first(wanted, TU_NOTIFY_NAME_MAX)));
}

/* Whom a mail goes to, if one can. */
static enum tu_status find_person(
	struct tu_work *w, struct tu_str login, int64_t *out_id, struct tu_error *err)
{
	struct tu_mail_setting mail;
	struct tu_person person;
	enum tu_status status = tu_mail_setting_read(w->tx, w->arena, &mail, err);

	if (!status && !mail.on)
		return tu_fail(err, TU_E_USAGE, 0,
			"no mail leaves: the mail server is not set (PUT /v1/settings/mail)");
	if (!status && !login.len)
		return tu_fail(err, TU_E_USAGE, 0, "a mail goes to a person: name one (--user)");
	if (!status)
		status = tu_person_find(w->tx, login, w->arena, &person, err);
	if (!status && (!person.active || !person.mail.len))
		return tu_fail(err, TU_E_USAGE, 0, "%.*s %s", TU_STR_FMT(person.login),
			person.active ? "has no address" : "is not active");
	*out_id = status ? 0 : person.id;
	return status;
}

static enum tu_status test(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *asking = self;
	struct tu_json arguments = asking->in->arguments;
	struct tu_json_writer json = tu_json_writer(asking->out, false);
	struct tu_channel channel = {0};
	struct tu_str sent = {0};
	int64_t person = 0;
	enum tu_status status = find(w, TU_JSON_STR(arguments, "channel"), &channel, err);

	if (!status && channel.kind == TU_CHANNEL_MAIL)
		status = find_person(w, TU_JSON_STR(arguments, "user"), &person, err);
	if (!status)
		status = tu_channel_test(w, channel.public_id, person, &sent, err);
	if (status)
		return status;
	tu_buf_clear(asking->out);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "id", sent);
	tu_json_close_object(&json);
	return TU_OK;
}

static enum tu_status run_test(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	enum tu_status status = in->host
		? run(dir, &(struct asking){in, out_answer}, test, false, err)
		: tu_fail(err, TU_E_USAGE, 0,
			  "no service runs on this data folder, so nothing would send it");

	if (!status)
		tu_service_wake(in->host);
	return status;
}

/* ---- notify.look ---- */

static enum tu_status look(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *asking = self;
	struct tu_json_writer json = tu_json_writer(asking->out, false);
	struct tu_notice_sent sent;
	enum tu_status status =
		tu_channel_test_look(w, TU_JSON_STR(asking->in->arguments, "id"), &sent, err);

	if (status)
		return status;
	tu_buf_clear(asking->out);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "state", sent.state);
	tu_json_member_opt(&json, "error", sent.error);
	tu_json_member_int(&json, "attempts", sent.attempts);
	tu_json_close_object(&json);
	return TU_OK;
}

static enum tu_status run_look(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	return run(dir, &(struct asking){in, out_answer}, look, true, err);
}

static const struct tu_call rows[] = {
	{"notify.list", false, run_list},
	{"notify.test", false, run_test},
	{"notify.look", false, run_look},
};

const struct tu_call_table tu_notify_calls = {rows, TU_COUNT(rows)};
