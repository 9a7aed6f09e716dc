#include "connect/csaf/view.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json_writer.h"
#include "base/time.h"
#include "http/server.h"

enum { URL_MAX = 2048, DATE_MAX = 40 };

const struct tu_csaf_label tu_csaf_labels[TU_CSAF_LABELS] = {
	{TU_STR_INIT("WHITE"), TU_STR_INIT("white")},
	{TU_STR_INIT("GREEN"), TU_STR_INIT("green")},
	{TU_STR_INIT("AMBER"), TU_STR_INIT("amber")},
	{TU_STR_INIT("RED"), TU_STR_INIT("red")},
};

enum tu_status tu_csaf_unknown(struct tu_error *err)
{
	return tu_api_unknown(err, "document");
}

/* ---- who reads ---- */

static struct tu_provider_reader reader_of(struct tu_api_call *call)
{
	const struct tu_access *who = &call->who;
	struct tu_provider_reader reader = {0};

	tu_api_try_who(call);
	/* somebody else knows a one-time password */
	reader.known =
		who->by != TU_ACCESS_NOBODY && !who->once && tu_access_may(who, TU_CLASS_PUBLIC);
	if (reader.known)
		reader.scope = &who->scope;
	if (reader.known && who->has_role && who->role == TU_PERSON_CUSTOMER)
		reader.customer = who->person;
	return reader;
}

/* In the order of the labels: for anybody, for who is known, for customers. */
bool tu_csaf_sees(const struct tu_csaf_view *view, const struct tu_csaf_label *label)
{
	ptrdiff_t rank = label - tu_csaf_labels;

	return rank == 0 || (rank == 1 && view->reader.known) ||
		(rank > 1 && view->reader.customer != 0);
}

static enum tu_status find_label(
	struct tu_csaf_view *view, struct tu_str folder, struct tu_error *err)
{
	view->label = NULL;
	for (size_t i = 0; folder.ptr && i < TU_CSAF_LABELS; i++)
		if (tu_str_eq(folder, tu_csaf_labels[i].folder) &&
			tu_csaf_sees(view, &tu_csaf_labels[i]))
			view->label = &tu_csaf_labels[i];
	return !folder.ptr || view->label ? TU_OK : tu_csaf_unknown(err);
}

/* ---- reading ---- */

struct asking {
	struct tu_csaf_view view;
	const struct tu_csaf_asked *asked;
	tu_csaf_write *write;
	struct tu_buf text;
};

static enum tu_status read(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *a = self;
	struct tu_csaf_view *view = &a->view;
	struct tu_provider_query query = {.reader = view->reader, .name = a->asked->name};
	enum tu_status status = tu_provider_read(w, &view->setting, err);

	tu_buf_clear(&a->text); /* it may be run again */
	view->w = w;
	view->out = &a->text;
	if (status == TU_OK && !view->setting.on)
		return tu_csaf_unknown(err);
	if (status == TU_OK)
		status = find_label(view, a->asked->tlp, err);
	if (status == TU_OK && view->label)
		query.tlp = view->label->name;
	if (status == TU_OK)
		status = tu_provider_keys(w, &view->keys, err);
	if (status == TU_OK)
		status = tu_provider_files(w, &query, &view->files, err);
	if (status == TU_OK)
		status = a->write(view, err);
	return status == TU_OK && a->text.failed
		? tu_fail(err, TU_E_LIMIT, 0, "the answer is too large")
		: status;
}

/* "Mon, 30 Nov 2026 02:04:44 GMT" (RFC 9110, 5.6.7). */
static struct tu_str http_date(struct tu_api_call *call, int64_t seconds)
{
	static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t day = seconds / 86400, rest = seconds % 86400, year, month, date;
	char *text = tu_arena_text(call->arena, DATE_MAX);
	int len = 0;

	tu_time_civil(day, &year, &month, &date);
	if (text)
		len = snprintf(text, DATE_MAX, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[day % 7],
			(int)date, months[(month - 1) % 12], (int)year, (int)(rest / 3600),
			(int)(rest / 60 % 60), (int)(rest % 60));
	return len > 0 && len < DATE_MAX ? tu_str_of(text, (size_t)len) : (struct tu_str){0};
}

enum tu_status tu_csaf_answer(struct tu_api_call *call, const struct tu_csaf_asked *asked,
	tu_csaf_write *write, struct tu_error *err)
{
	struct asking a = {.view = {.call = call}, .asked = asked, .write = write};
	enum tu_status status;

	a.view.reader = reader_of(call);
	tu_buf_init(&a.text, TU_DOCUMENT_MAX);
	status = tu_api_read(call, read, &a, err);
	if (status == TU_OK) {
		tu_api_answer_buf(call, a.view.type, &a.text, TU_STR(""));
		call->answer.status = 200; /* also of a list that has nothing in it */
		tu_api_answer_header(call, "Vary", TU_STR("Authorization, Cookie, X-Api-Key"));
	}
	if (status == TU_OK && a.view.modified > 0)
		tu_api_answer_header(call, "Last-Modified", http_date(call, a.view.modified));
	tu_buf_done(&a.text);
	return status;
}

/* ---- addresses ---- */

void tu_csaf_url(const struct tu_csaf_view *view, struct tu_buf *out)
{
	const struct tu_http_request *http = view->call->http;

	tu_buf_printf(out, "%.*s://%.*s" TU_PROVIDER_ROOT, TU_STR_FMT(http->scheme),
		TU_STR_FMT(http->host));
}

void tu_csaf_place(const struct tu_provider_file *file, struct tu_buf *out)
{
	tu_buf_printf(out, "%04" PRId64 "/", tu_provider_year(file));
	tu_buf_str_add(out, file->name);
}

static struct tu_str folder_of(struct tu_str label)
{
	for (size_t i = 0; i < TU_CSAF_LABELS; i++)
		if (tu_str_eq(label, tu_csaf_labels[i].name))
			return tu_csaf_labels[i].folder;
	return TU_STR("");
}

void tu_csaf_document_url(const struct tu_csaf_view *view, const struct tu_provider_file *file,
	const char *ending, struct tu_buf *out)
{
	tu_csaf_url(view, out);
	tu_buf_str_add(out, folder_of(file->tlp));
	tu_buf_byte(out, '/');
	tu_csaf_place(file, out);
	tu_buf_c(out, ending);
}

void tu_csaf_member_of_label(const struct tu_csaf_view *view, struct tu_json_writer *json,
	const struct tu_csaf_label *label, const char *name)
{
	size_t start = tu_json_open_text(json);

	tu_csaf_url(view, json->buf);
	tu_buf_printf(json->buf, "%.*s/", TU_STR_FMT(label->folder));
	for (const char *at = name; *at; at++) {
		if (*at == '*')
			tu_buf_str_add(json->buf, label->folder);
		else
			tu_buf_byte(json->buf, *at);
	}
	tu_json_close_text(json, start);
}

bool tu_csaf_is_signed(const struct tu_provider_file *file)
{
	return file->fingerprint.len > 0;
}
