/* The form: it is shown, and what it sends becomes a signal. */
#include <string.h>

#include "base/time.h"
#include "connect/report/door.h"
#include "connect/report/operations.h"
#include "http/multipart.h"
#include "http/server.h"
#include "portfolio/document.h"
#include "report/form.h"

enum { RETRY_SECONDS = 3600 };

#define DAY (INT64_C(24) * 3600 * 1000000)
#define EMBARGO_LONGEST (366 * DAY)

enum field { PRODUCT, VERSION, FOUND, REPRODUCE, CONTACT, CREDIT, EMBARGO, TRAP, FIELDS };

/* What the form has, and as what it is kept. */
static const struct {
	const char *name;
	bool line;
} fields[FIELDS] = {
	[PRODUCT] = {"product", true},
	[VERSION] = {"version", true},
	[FOUND] = {"found", false},
	[REPRODUCE] = {"reproduce", false},
	[CONTACT] = {"contact", true},
	[CREDIT] = {"credit", true},
	[EMBARGO] = {"embargo", true},
	[TRAP] = {TU_FORM_TRAP, true},
};

struct sending {
	struct tu_api_call *call;
	struct tu_str values[FIELDS];
	bool has[FIELDS];
	struct tu_inbox_file files[TU_INBOX_FILES];
	size_t file_count;
	struct tu_buf text;
	char receipt[TU_RANDOM_ID + 1];
	int64_t acknowledge_by;
};

enum tu_status tu_report_get_form(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_inbox_settings settings;
	struct tu_buf page;
	enum tu_status status = tu_report__settings(call, &settings, err);
	const struct tu_form_input input = {.words = settings.words,
		.contact = settings.contact,
		.has_key = settings.key.len > 0,
		.acknowledge_days = settings.acknowledge_days,
		.files_max = TU_INBOX_FILES,
		.file_mib = TU_INBOX_FILE_MAX >> 20,
		.text_max = TU_INBOX_TEXT_MAX / 4};

	if (status != TU_OK)
		return status;
	tu_buf_init(&page, TU_FORM_PAGE_MAX);
	tu_form_write_report(&input, &page);
	return tu_report__answer(call, &page, err);
}

enum tu_status tu_report_get_report_key(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_inbox_settings settings;
	enum tu_status status = tu_report__settings(call, &settings, err);

	if (status == TU_OK && !settings.key.len)
		return tu_api_unknown(err, "key");
	if (status == TU_OK)
		tu_api_answer_file(
			call, "application/pgp-keys", settings.key, TU_STR("reports.asc"));
	return status;
}

/* ---- what was sent ---- */

static enum tu_status invalid(struct tu_api_call *call, struct tu_error *err, const char *why)
{
	call->problem.type = TU_PROBLEM_INVALID;
	return tu_fail(err, TU_E_USAGE, 0, "%s", why);
}

static enum tu_status take_file(
	struct sending *s, const struct tu_multipart_part *part, struct tu_error *err)
{
	if (!part->file_name.len && !part->content.len)
		return TU_OK; /* none was chosen */
	if (s->file_count == TU_INBOX_FILES)
		return invalid(s->call, err, "there are more than 5 attachments");
	if (part->content.len > TU_INBOX_FILE_MAX) {
		s->call->problem.type = TU_PROBLEM_TOO_LARGE;
		return tu_fail(err, TU_E_LIMIT, 0, "an attachment is larger than 10 MiB");
	}
	s->files[s->file_count++] = (struct tu_inbox_file){part->file_name, part->content};
	return TU_OK;
}

static enum tu_status take_field(
	struct sending *s, unsigned i, const struct tu_multipart_part *part, struct tu_error *err)
{
	struct tu_arena *arena = s->call->arena;

	if (s->has[i])
		return invalid(s->call, err, "a field is there twice");
	s->has[i] = true;
	if (part->content.len >
		(size_t)(fields[i].line ? TU_INBOX_LINE_MAX * 4 : TU_INBOX_TEXT_MAX))
		return invalid(s->call, err, "a field is too long");
	return fields[i].line
		? tu_inbox_line(arena, part->content, TU_INBOX_LINE_MAX, &s->values[i], err)
		: tu_inbox_text(arena, part->content, TU_INBOX_TEXT_MAX, &s->values[i], err);
}

/* What the form does not have would be lost: whoever sends it hears so, and gets no receipt. */
static enum tu_status take_part(
	struct sending *s, const struct tu_multipart_part *part, struct tu_error *err)
{
	if (tu_str_eq(part->name, TU_STR("files")))
		return take_file(s, part, err);
	for (unsigned i = 0; i < FIELDS; i++)
		if (tu_str_eq(part->name, tu_str_c(fields[i].name)))
			return take_field(s, i, part, err);
	return invalid(s->call, err,
		"the form has no such field: attachments are sent as \"files\", the rest as "
		"product, version, found, reproduce, contact, credit and embargo");
}

static enum tu_status take_form(struct sending *s, struct tu_error *err)
{
	struct tu_api_call *call = s->call;
	struct tu_str type = tu_http_header(call->http, TU_STR("Content-Type"));
	struct tu_multipart form;
	struct tu_multipart_part part;
	bool more = true;
	enum tu_status status = TU_OK;

	if (!tu_multipart_is(type)) {
		call->problem.type = TU_PROBLEM_MEDIA_TYPE;
		return tu_fail(err, TU_E_USAGE, 0, "multipart/form-data is expected");
	}
	status = tu_multipart_begin(&form, type, call->bytes, err);
	while (status == TU_OK && more) {
		status = tu_multipart_next(&form, &part, &more, err);
		if (status != TU_OK || !more)
			break;
		status = take_part(s, &part, err);
		if (status != TU_OK)
			return status;
	}
	if (status != TU_OK)
		call->problem.type = TU_PROBLEM_BAD_REQUEST;
	if (status != TU_OK)
		return status;
	if (s->values[TRAP].len)
		return invalid(call, err,
			"leave the field \"" TU_FORM_TRAP
			"\" empty: by it we know programs that fill in everything. Nothing was "
			"received");
	if (!tu_str_trim(s->values[PRODUCT]).len)
		return invalid(call, err, "say which product it is about");
	if (!tu_str_trim(s->values[FOUND]).len)
		return invalid(call, err, "say what you found");
	return TU_OK;
}

/* ---- as a signal ---- */

/* Who it came from is not in it. */
static void write_text(struct sending *s)
{
	static const struct {
		enum field field;
		const char *label;
	} rows[] = {{PRODUCT, "Product: "}, {VERSION, "Version: "},
		{EMBARGO, "Not to be published before (a wish): "}, {FOUND, "\nFound:\n"},
		{REPRODUCE, "\nTo reproduce it:\n"}};

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		if (!s->values[rows[i].field].len)
			continue;
		tu_buf_c(&s->text, rows[i].label);
		tu_buf_str_add(&s->text, s->values[rows[i].field]);
		tu_buf_byte(&s->text, '\n');
	}
}

/* A date that is one, ahead and not too far away; else it is words in the text alone. */
static int64_t embargo_of(const struct sending *s)
{
	char text[32];
	struct tu_str date = s->values[EMBARGO];
	int64_t seconds = 0, now = s->call->now;

	if (date.len != 10)
		return 0;
	memcpy(text, date.ptr, 10);
	memcpy(text + 10, "T00:00:00Z", 11);
	if (!tu_time_parse(tu_str_c(text), &seconds) || seconds * 1000000 <= now ||
		seconds * 1000000 > now + EMBARGO_LONGEST)
		return 0;
	return seconds * 1000000;
}

static enum tu_status keep(struct tu_work *w, void *self, struct tu_error *err)
{
	struct sending *s = self;
	struct tu_buf title;
	struct tu_signal_row row;
	struct tu_signals_seen seen = {0};
	struct tu_inbox_report report = {.source = TU_STR("form"),
		.kind = TU_STR("researcher"),
		.text = tu_buf_str(&s->text),
		.reporter = s->values[CONTACT],
		.credit = s->values[CREDIT],
		.embargo = embargo_of(s),
		.files = s->files,
		.file_count = s->file_count,
		.receipt = tu_random_id_str(s->receipt)};
	enum tu_status status;

	tu_buf_init(&title, TU_INBOX_LINE_MAX * 4);
	tu_buf_str_add(&title, s->values[PRODUCT]);
	tu_buf_c(&title, ": ");
	tu_buf_str_add(&title, tu_str_first(s->values[FOUND], TU_INBOX_LINE_MAX));
	report.title = tu_buf_str(&title);
	status = title.failed ? tu_no_memory(err) : tu_inbox_take(w, &report, &row, err);
	tu_buf_done(&title);
	if (status == TU_OK)
		status = tu_signal_look(w, NULL, row.id, &seen, err);
	if (status == TU_OK && seen.list.count)
		s->acknowledge_by = seen.list.at[0].acknowledge_by / 1000000;
	return status;
}

/* Packing takes time: before the transaction. */
static enum tu_status pack_and_keep(struct sending *s, struct tu_error *err)
{
	struct tu_api_call *call = s->call;
	struct tu_packed_documents packed = {0};
	struct tu_str texts[TU_INBOX_FILES];
	const struct tu_packing packing = {tu_api_store(call), &call->act, texts, s->file_count};
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < s->file_count; i++)
		texts[i] = s->files[i].bytes;
	if (s->file_count)
		status = tu_documents_pack(&packing, call->arena, &packed, err);
	call->act.packed = &packed;
	call->act.actor = TU_STR("system:report");
	if (status == TU_OK)
		status = tu_api_write(call, keep, s, err);
	call->act.packed = NULL;
	if (status == TU_E_BUSY) {
		call->problem.type = TU_PROBLEM_TOO_MANY;
		call->answer.retry_after = RETRY_SECONDS;
	}
	return status;
}

enum tu_status tu_report_send_report(struct tu_api_call *call, struct tu_error *err)
{
	struct sending s = {.call = call};
	struct tu_inbox_settings settings;
	struct tu_buf page;
	enum tu_status status = tu_report__settings(call, &settings, err);

	if (status == TU_OK)
		status = tu_report__check_site(call, err);
	if (status == TU_OK)
		status = take_form(&s, err);
	if (status == TU_OK)
		status = tu_random_id(s.receipt, err);
	if (status != TU_OK)
		return status;
	s.acknowledge_by = call->now / 1000000 + settings.acknowledge_days * (DAY / 1000000);
	tu_buf_init(&s.text, 4 * TU_INBOX_TEXT_MAX);
	write_text(&s);
	if (s.text.failed)
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = pack_and_keep(&s, err);
	tu_buf_done(&s.text);
	if (status != TU_OK)
		return status;
	tu_buf_init(&page, TU_FORM_PAGE_MAX);
	tu_form_write_thanks(tu_random_id_str(s.receipt), s.acknowledge_by, &page);
	call->answer.status = 201;
	return tu_report__answer(call, &page, err);
}
