#include "portfolio/inbox.h"

#include "audit/personal.h"
#include "base/json.h"
#include "base/utf8.h"
#include "portfolio/setting.h"

enum { WORDS_MAX = 4000, CONTACT_MAX = 254 };

#define HOUR (INT64_C(3600) * 1000000)

static const struct tu_str setting_name = TU_STR_INIT("reports");

/* ---- settings ---- */

static unsigned number_of(struct tu_json root, const char *name, unsigned otherwise)
{
	uint64_t value = 0;

	return tu_json_u64(tu_json_get(root, tu_str_c(name)), UINT16_MAX, &value) && value
		? (unsigned)value
		: otherwise;
}

static enum tu_status take_settings(
	struct tu_work *w, struct tu_json root, void *self, struct tu_error *err)
{
	struct tu_inbox_settings *out = self;
	uint64_t version = 0;

	(void)tu_json_u64(tu_json_get(root, TU_STR("version")), INT64_MAX, &version);
	out->version = (int64_t)version;
	out->form_off = tu_json_true(tu_json_get(root, TU_STR("form_off")));
	out->acknowledge_days = number_of(root, "acknowledge_days", TU_SIGNAL_ACKNOWLEDGE_DAYS);
	out->per_hour = number_of(root, "per_hour", TU_INBOX_PER_HOUR);
	return tu_arena_dup(w->arena, TU_JSON_STR(root, "contact"), &out->contact) &&
			tu_arena_dup(w->arena, TU_JSON_STR(root, "key"), &out->key) &&
			tu_arena_dup(w->arena, TU_JSON_STR(root, "words"), &out->words)
		? TU_OK
		: tu_no_memory(err);
}

enum tu_status tu_inbox_settings_read(
	struct tu_work *w, struct tu_inbox_settings *out, struct tu_error *err)
{
	*out = (struct tu_inbox_settings){.version = 1,
		.acknowledge_days = TU_SIGNAL_ACKNOWLEDGE_DAYS,
		.per_hour = TU_INBOX_PER_HOUR};
	return tu_setting_read(w, setting_name, take_settings, out, err);
}

static void write_settings(const struct tu_inbox_settings *s, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_int(&json, "version", s->version);
	tu_json_member_bool(&json, "form_off", s->form_off);
	tu_json_member_int(&json, "acknowledge_days", s->acknowledge_days);
	tu_json_member_int(&json, "per_hour", s->per_hour);
	tu_json_member_str(&json, "contact", s->contact);
	tu_json_member_str(&json, "key", s->key);
	tu_json_member_str(&json, "words", s->words);
	tu_json_close_object(&json);
}

static enum tu_status wrong(struct tu_error *err, const char *pointer, const char *why)
{
	return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = pointer}, "%s", why);
}

static bool deceives(struct tu_str text)
{
	uint32_t point;

	while (text.len)
		if (!tu_utf8_next(&text, &point) ||
			(tu_utf8_deceives(point) && point != '\n' && point != '\t' &&
				point != '\r'))
			return true;
	return false;
}

static enum tu_status check_settings(const struct tu_inbox_settings *s, struct tu_error *err)
{
	static const struct tu_str begin = TU_STR_INIT("-----BEGIN PGP PUBLIC KEY BLOCK-----");

	if (!s->acknowledge_days || s->acknowledge_days > TU_INBOX_DAYS_MOST)
		return wrong(err, "/acknowledge_days", "1 to 90 days are expected");
	if (!s->per_hour || s->per_hour > TU_INBOX_PER_HOUR_MOST)
		return wrong(err, "/per_hour", "1 to 10000 reports an hour are expected");
	if (s->contact.len > CONTACT_MAX || deceives(s->contact) ||
		(s->contact.len && tu_str_find(s->contact, '@') == s->contact.len))
		return wrong(err, "/contact", "it is no mail address");
	if (s->key.len > TU_INBOX_KEY_MAX || deceives(s->key) ||
		(s->key.len && !tu_str_starts(tu_str_trim(s->key), begin)))
		return wrong(err, "/key", "it is no public key of OpenPGP as text");
	if (s->words.len > WORDS_MAX || deceives(s->words))
		return wrong(err, "/words", "it is no text of 4000 bytes at the most");
	return TU_OK;
}

enum tu_status tu_inbox_settings_write(
	struct tu_work *w, const struct tu_inbox_settings *to, struct tu_error *err)
{
	struct tu_inbox_settings now, put = *to;
	struct tu_record record;
	struct tu_buf text;
	enum tu_status status = check_settings(to, err);

	if (status == TU_OK)
		status = tu_inbox_settings_read(w, &now, err);
	if (status != TU_OK)
		return status;
	if (to->version && to->version != now.version)
		return tu_fail(err, TU_E_CONFLICT, 0, "settings: changed since you read them");
	put.version = now.version + 1;
	tu_buf_init(&text, TU_SETTING_MAX);
	write_settings(&put, &text);
	status = tu_setting_put(w, setting_name, &text, err);
	tu_buf_done(&text);
	if (status != TU_OK)
		return status;
	tu_record_begin(&record, "reports.configure", "reports");
	tu_json_member_bool(&record.json, "form", !put.form_off);
	tu_json_member_int(&record.json, "acknowledge_days", put.acknowledge_days);
	tu_json_member_int(&record.json, "per_hour", put.per_hour);
	return tu_record_add(&record, w, err);
}

/* ---- words of others ---- */

static bool is_white(uint32_t point)
{
	return point == ' ' || point == '\n' || point == '\t' || point == '\r';
}

enum { ONE_LINE, LINES };

static void add_plain(struct tu_buf *out, struct tu_str text, size_t max, unsigned as)
{
	bool space = false;

	for (uint32_t point; text.len && out->len + 4 <= max;) {
		struct tu_str left = text;
		bool fine = tu_utf8_next(&text, &point);

		if (!fine)
			text = tu_str_from(left, 1);
		if (fine && is_white(point) && (as == ONE_LINE || point == '\r')) {
			space = as == ONE_LINE && out->len > 0;
			continue;
		}
		if (space)
			tu_buf_byte(out, ' ');
		space = false;
		if (!fine || (tu_utf8_deceives(point) && !is_white(point)))
			tu_buf_c(out, "\xef\xbf\xbd");
		else
			tu_buf_str_add(out, tu_str_first(left, left.len - text.len));
	}
}

static enum tu_status plain(
	struct tu_arena *arena, struct tu_buf *out, struct tu_str *out_text, struct tu_error *err)
{
	bool kept = !out->failed && tu_arena_dup(arena, tu_buf_str(out), out_text);

	tu_buf_done(out);
	return kept ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_inbox_line(struct tu_arena *arena, struct tu_str text, size_t max,
	struct tu_str *out_line, struct tu_error *err)
{
	struct tu_buf out;

	tu_buf_init(&out, max);
	add_plain(&out, text, max, ONE_LINE);
	return plain(arena, &out, out_line, err);
}

enum tu_status tu_inbox_text(struct tu_arena *arena, struct tu_str text, size_t max,
	struct tu_str *out_text, struct tu_error *err)
{
	struct tu_buf out;

	tu_buf_init(&out, max);
	add_plain(&out, text, max, LINES);
	return plain(arena, &out, out_text, err);
}

/* Letters and digits of any language, and some marks; anything else becomes "_". */
static bool is_of_names(uint32_t point)
{
	if (point < 0x80)
		return tu_char_is_alnum((char)point) ||
			memchr("-_.+@() ", (int)point, sizeof("-_.+@() ") - 1);
	return !tu_utf8_deceives(point) && point != 0xfffd;
}

enum tu_status tu_inbox_name(
	struct tu_arena *arena, struct tu_str name, struct tu_str *out_name, struct tu_error *err)
{
	struct tu_buf out;
	uint32_t point;

	name = tu_str_from(name, (tu_str_rfind(name, '/') + 1) % (name.len + 1));
	name = tu_str_from(name, (tu_str_rfind(name, '\\') + 1) % (name.len + 1));
	name = tu_str_trim(name);
	tu_buf_init(&out, TU_INBOX_NAME_MAX);
	while (name.len && out.len + 4 <= TU_INBOX_NAME_MAX) {
		struct tu_str left = name;
		bool fine = tu_utf8_next(&name, &point) && is_of_names(point);

		if (name.len == left.len)
			name = tu_str_from(left, 1);
		if (out.len == 0 && fine && (point == '.' || point == ' ' || point == '-'))
			continue; /* neither hidden nor an option */
		if (fine)
			tu_buf_str_add(&out, tu_str_first(left, left.len - name.len));
		else
			tu_buf_byte(&out, '_');
	}
	if (out.len == 0)
		tu_buf_c(&out, "attachment");
	return plain(arena, &out, out_name, err);
}

/* ---- reports ---- */

static enum tu_status check_report(struct tu_work *w, const struct tu_inbox_report *report,
	const struct tu_inbox_settings *settings, struct tu_error *err)
{
	int64_t count = 0;
	enum tu_status status =
		tu_signal_count_since(w, report->source, w->act->at - HOUR, &count, err);

	if (status != TU_OK)
		return status;
	if (count >= settings->per_hour)
		return tu_fail(
			err, TU_E_BUSY, 0, "too many reports came in the last hour: send it later");
	if (report->file_count > TU_INBOX_FILES)
		return tu_fail(err, TU_E_LIMIT, 0, "more than %d attachments", (int)TU_INBOX_FILES);
	for (size_t i = 0; i < report->file_count; i++)
		if (report->files[i].bytes.len > TU_INBOX_FILE_MAX)
			return tu_fail(err, TU_E_LIMIT, 0, "an attachment is larger than %d MiB",
				TU_INBOX_FILE_MAX >> 20);
	return TU_OK;
}

static enum tu_status keep_person(struct tu_work *w, const char *kind, struct tu_str value,
	int64_t *out_id, struct tu_error *err)
{
	struct tu_personal personal = {0};
	struct tu_personal_new new = {.kind = tu_str_c(kind)};
	enum tu_status status = tu_inbox_line(w->arena, value, TU_INBOX_LINE_MAX, &new.value, err);

	if (status == TU_OK && new.value.len)
		status = tu_personal_add(w->tx, &new, &personal, err);
	*out_id = personal.id;
	return status;
}

static enum tu_status attach(struct tu_work *w, const struct tu_inbox_report *report,
	const struct tu_signal_row *row, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < report->file_count && status == TU_OK; i++) {
		struct tu_str name;

		status = tu_inbox_name(w->arena, report->files[i].name, &name, err);
		if (status == TU_OK)
			status = tu_signal_attach(w, row, name, report->files[i].bytes, err);
	}
	return status;
}

enum tu_status tu_inbox_take(struct tu_work *w, const struct tu_inbox_report *report,
	struct tu_signal_row *out_row, struct tu_error *err)
{
	struct tu_inbox_settings settings;
	struct tu_signal signal = {.source = report->source,
		.kind = report->kind,
		.text = report->text,
		.embargo = report->embargo,
		.receipt = report->receipt};
	enum tu_status status = tu_inbox_settings_read(w, &settings, err);

	if (status == TU_OK)
		status = check_report(w, report, &settings, err);
	if (status == TU_OK)
		status = tu_inbox_line(
			w->arena, report->title, TU_INBOX_LINE_MAX, &signal.title, err);
	if (status == TU_OK)
		status = keep_person(w, "reporter", report->reporter, &signal.reporter_id, err);
	if (status == TU_OK)
		status = keep_person(w, "credit", report->credit, &signal.credit_id, err);
	if (status != TU_OK)
		return status;
	signal.acknowledge_days = settings.acknowledge_days;
	if (!signal.title.len)
		signal.title = TU_STR("(without a title)");
	status = tu_signal_receive(w, &signal, out_row, err);
	return status ? status : attach(w, report, out_row, err);
}

enum tu_status tu_inbox_message(struct tu_work *w, const struct tu_signal_row *row,
	struct tu_str text, struct tu_error *err)
{
	struct tu_signal_entries entries;
	size_t count = 0;
	enum tu_status status = tu_signal_entries(w, row, &entries, err);

	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < entries.list.count; i++)
		count += tu_str_eq(entries.list.at[i].kind, TU_STR("message"));
	if (count >= TU_INBOX_MESSAGES)
		return tu_fail(err, TU_E_BUSY, 0, "too many messages came for this report");
	status = tu_inbox_text(w->arena, text, TU_SIGNAL_ENTRY_MAX, &text, err);
	return status ? status : tu_signal_say(w, row, "message", text, err);
}
