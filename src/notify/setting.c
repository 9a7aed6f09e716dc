/* The mail server as it is set. */
#include <string.h>

#include "base/json.h"
#include "mail/mime_write.h"
#include "notify/inside.h"

static const char setting_name[] = "notify.mail";
static const char secret_name[] = "notify/mail/password";

static bool text_of(
	struct tu_arena *arena, struct tu_json root, const char *key, struct tu_str *out)
{
	return tu_arena_dup(arena, tu_json_str(tu_json_get(root, tu_str_c(key))), out);
}

static int64_t number_of(struct tu_json root, const char *key)
{
	uint64_t number = 0;

	return tu_json_u64(tu_json_get(root, tu_str_c(key)), INT64_MAX, &number) ? (int64_t)number
										 : 0;
}

static bool take(struct tu_arena *arena, struct tu_json root, struct tu_mail_setting *s)
{
	s->version = number_of(root, "version");
	s->port = number_of(root, "port");
	s->on = tu_json_true(tu_json_get(root, TU_STR("on")));
	s->has_password = tu_json_true(tu_json_get(root, TU_STR("password")));
	(void)tu_smtp_security_by_name(
		tu_json_str(tu_json_get(root, TU_STR("security"))), &s->security);
	return text_of(arena, root, "host", &s->host) && text_of(arena, root, "user", &s->user) &&
		text_of(arena, root, "from", &s->from) &&
		text_of(arena, root, "from_name", &s->from_name);
}

enum tu_status tu_mail_setting_read(
	struct tu_tx *tx, struct tu_arena *arena, struct tu_mail_setting *out, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = 1 << 16, .depth = 4};
	struct tu_json_parser *parser;
	struct tu_json root;
	struct tu_rows *rows;
	struct tu_str text = {0};
	bool fine;
	enum tu_status status = tu_tx_row(
		tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(tu_str_c(setting_name))), &rows, err);

	*out = (struct tu_mail_setting){.version = 1};
	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	fine = tu_arena_dup(arena, tu_rows_text(rows, 0), &text);
	status = tu_rows_close(rows, err);
	if (status || !fine)
		return status ? status : tu_no_memory(err);
	parser = tu_json_parser_new();
	status = parser ? tu_json_parse(parser, text, &limits, &root, err) : tu_no_memory(err);
	if (!status && !take(arena, root, out))
		status = tu_no_memory(err);
	tu_json_parser_free(parser);
	return status;
}

static enum tu_status wrong(struct tu_error *err, const char *pointer, const char *why)
{
	return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = pointer}, "%s", why);
}

static enum tu_status check(const struct tu_mail_setting *s, struct tu_error *err)
{
	if (!s->on)
		return TU_OK;
	if (!tu_smtp_host_is_fine(s->host))
		return wrong(err, "/host", "this is no name or address of a mail server");
	if (s->port < 1 || s->port > 65535)
		return wrong(err, "/port", "a port is 1 to 65535");
	if (tu_mail_address_check(s->from, NULL))
		return wrong(err, "/from", "this is no mail address");
	if (s->user.len && s->security == TU_SMTP_PLAIN)
		return wrong(err, "/security", "a mail server gets a password over TLS only");
	return TU_OK;
}

static void write_setting(struct tu_json_writer *json, const struct tu_mail_setting *s)
{
	tu_json_open_object(json);
	tu_json_member_bool(json, "on", s->on);
	tu_json_member_str(json, "host", s->host);
	tu_json_member_int(json, "port", s->port);
	tu_json_member_str(json, "security", tu_str_c(tu_smtp_security_name(s->security)));
	tu_json_member_str(json, "user", s->user);
	tu_json_member_bool(json, "password", s->has_password);
	tu_json_member_str(json, "from", s->from);
	tu_json_member_str(json, "from_name", s->from_name);
	tu_json_member_int(json, "version", s->version);
	tu_json_close_object(json);
}

static enum tu_status store(
	struct tu_work *w, const struct tu_mail_setting *s, struct tu_error *err)
{
	struct tu_buf text;
	struct tu_json_writer json;
	enum tu_status status;

	tu_buf_init(&text, 1 << 16);
	json = tu_json_writer(&text, false);
	write_setting(&json, s);
	status = text.failed
		? tu_no_memory(err)
		: tu_work_exec(w, TU_SQL_SETTING_PUT,
			  TU_BIND(tu_text(tu_str_c(setting_name)), tu_text(tu_buf_str(&text))),
			  err);
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_mail_setting_write(struct tu_work *w, const struct tu_notify *n,
	const struct tu_mail_setting *to, struct tu_str password, struct tu_error *err)
{
	struct tu_mail_setting old, s = *to;
	struct tu_record record;
	enum tu_status status = tu_mail_setting_read(w->tx, w->arena, &old, err);

	if (!status && to->version && to->version != old.version)
		return tu_fail(err, TU_E_CONFLICT, 0, "the mail server was changed meanwhile");
	if (!status)
		status = check(&s, err);
	if (status)
		return status;
	s.version = old.version + 1;
	/* a password that was meant for one server goes to no other */
	s.has_password =
		password.ptr ? password.len > 0 : old.has_password && tu_str_eq(old.host, s.host);
	if (password.len) {
		const struct tu_secret secret = {tu_str_c(secret_name), password, w->act->at};

		status = tu_secret_put(w->tx, n->key, &secret, err);
	}
	if (!status)
		status = store(w, &s, err);
	if (status)
		return status;
	tu_record_begin(&record, "setting.mail", "setting:mail");
	tu_json_key(&record.json, "before");
	write_setting(&record.json, &old);
	tu_json_key(&record.json, "after");
	write_setting(&record.json, &s);
	return tu_record_add(&record, w, err);
}
