#include "portfolio/mailbox.h"

#include "base/json.h"
#include "portfolio/setting.h"

enum { WORD_MAX = 250, CA_MAX = 64 << 10 };

static const struct tu_str setting_name = TU_STR_INIT("reports-mailbox");

/* ---- settings ---- */

static enum tu_status take_settings(
	struct tu_work *w, struct tu_json root, void *self, struct tu_error *err)
{
	struct tu_mailbox_settings *out = self;
	uint64_t number = 0;

	(void)tu_json_u64(tu_json_get(root, TU_STR("version")), INT64_MAX, &number);
	out->version = (int64_t)number;
	out->on = tu_json_true(tu_json_get(root, TU_STR("on")));
	number = 0;
	(void)tu_json_u64(tu_json_get(root, TU_STR("port")), UINT16_MAX, &number);
	out->port = (unsigned)number;
	return tu_arena_dup(w->arena, TU_JSON_STR(root, "host"), &out->host) &&
			tu_arena_dup(w->arena, TU_JSON_STR(root, "security"), &out->security) &&
			tu_arena_dup(w->arena, TU_JSON_STR(root, "user"), &out->user) &&
			tu_arena_dup(w->arena, TU_JSON_STR(root, "folder"), &out->folder) &&
			tu_arena_dup(w->arena, TU_JSON_STR(root, "ca"), &out->ca)
		? TU_OK
		: tu_no_memory(err);
}

enum tu_status tu_mailbox_settings_read(
	struct tu_work *w, struct tu_mailbox_settings *out, struct tu_error *err)
{
	*out = (struct tu_mailbox_settings){.version = 1};
	return tu_setting_read(w, setting_name, take_settings, out, err);
}

static void write_settings(const struct tu_mailbox_settings *s, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_int(&json, "version", s->version);
	tu_json_member_bool(&json, "on", s->on);
	tu_json_member_str(&json, "host", s->host);
	tu_json_member_int(&json, "port", s->port);
	tu_json_member_str(&json, "security", s->security);
	tu_json_member_str(&json, "user", s->user);
	tu_json_member_str(&json, "folder", s->folder);
	tu_json_member_str(&json, "ca", s->ca);
	tu_json_close_object(&json);
}

static enum tu_status wrong(struct tu_error *err, const char *pointer, const char *why)
{
	return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = pointer}, "%s", why);
}

static bool is_of(struct tu_str text, const char *more)
{
	for (size_t i = 0; i < text.len; i++)
		if (!tu_char_is_alnum(text.ptr[i]) &&
			(text.ptr[i] == '\0' || !strchr(more, text.ptr[i])))
			return false;
	return text.len <= WORD_MAX;
}

static enum tu_status check(const struct tu_mailbox_settings *s, struct tu_error *err)
{
	if (!s->on)
		return TU_OK;
	if (!s->host.len || !is_of(s->host, ".-:"))
		return wrong(err, "/host", "it is no name or address of a host");
	if (!s->port || s->port > UINT16_MAX)
		return wrong(err, "/port", "it is no port");
	if (!tu_str_eq(s->security, TU_STR("tls")) && !tu_str_eq(s->security, TU_STR("starttls")))
		return wrong(err, "/security", "a mailbox gets a password over TLS only");
	if (!s->user.len || s->user.len > WORD_MAX)
		return wrong(err, "/user", "it is missing or too long");
	if (!is_of(s->folder, "._-/") || tu_str_starts(s->folder, TU_STR("/")))
		return wrong(
			err, "/folder", "letters, digits, \".\", \"_\", \"-\", \"/\" are taken");
	if (s->ca.len > CA_MAX ||
		(s->ca.len && !tu_str_starts(tu_str_trim(s->ca), TU_STR("-----BEGIN CERTIFICATE"))))
		return wrong(err, "/ca", "they are no certificates as PEM");
	return TU_OK;
}

static enum tu_status put(
	struct tu_work *w, const struct tu_mailbox_settings *s, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, TU_SETTING_MAX);
	write_settings(s, &text);
	status = tu_setting_put(w, setting_name, &text, err);
	tu_buf_done(&text);
	return status;
}

static enum tu_status add(struct tu_work *w, const struct tu_mailbox_place *place,
	const uint8_t *digest, struct tu_error *err)
{
	return tu_work_exec(w, TU_SQL_MAILBOX_ADD,
		TU_BIND(tu_int(place->uidvalidity), tu_int(place->uid),
			digest ? tu_blob(tu_str_of((const char *)digest, TU_SHA256_BYTES))
			       : tu_null(),
			tu_int(w->act->at)),
		err);
}

enum tu_status tu_mailbox_settings_write(
	struct tu_work *w, const struct tu_mailbox_settings *to, struct tu_error *err)
{
	static const struct tu_mailbox_place begin = {0, 0};
	struct tu_mailbox_settings now, then = *to;
	struct tu_record record;
	enum tu_status status = check(to, err);

	if (status == TU_OK)
		status = tu_mailbox_settings_read(w, &now, err);
	if (status != TU_OK)
		return status;
	if (to->version && to->version != now.version)
		return tu_fail(err, TU_E_CONFLICT, 0, "settings: changed since you read them");
	then.version = now.version + 1;
	status = put(w, &then, err);
	if (status == TU_OK)
		status = add(w, &begin, NULL, err);
	if (status != TU_OK)
		return status;
	tu_record_begin(&record, "mailbox.configure", "reports");
	tu_json_member_bool(&record.json, "on", then.on);
	tu_json_member_str(&record.json, "host", then.host);
	tu_json_member_int(&record.json, "port", then.port);
	return tu_record_add(&record, w, err);
}

/* ---- messages ---- */

enum tu_status tu_mailbox_last(
	struct tu_work *w, struct tu_mailbox_place *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(w->tx, TU_SQL_MAILBOX_LAST, TU_NO_BIND, &rows, err);

	*out = (struct tu_mailbox_place){0, 0};
	if (status != TU_OK)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	*out = (struct tu_mailbox_place){tu_rows_int(rows, 0), tu_rows_int(rows, 1)};
	return tu_rows_close(rows, err);
}

enum tu_status tu_mailbox_take(struct tu_work *w, const struct tu_mailbox_message *message,
	const struct tu_inbox_report *report, bool *out_taken, struct tu_error *err)
{
	struct tu_signal_row row;
	int64_t count = 0;
	enum tu_status status = tu_tx_int(w->tx, TU_SQL_MAILBOX_HAS,
		TU_BIND(tu_blob(tu_str_of((const char *)message->digest, TU_SHA256_BYTES))), &count,
		err);

	*out_taken = status == TU_OK && count == 0;
	if (*out_taken && report)
		status = tu_inbox_take(w, report, &row, err);
	return status ? status : add(w, &message->place, message->digest, err);
}
