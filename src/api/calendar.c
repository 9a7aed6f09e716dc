/* The calendar of deadlines, and getting no more mail. */
#include "notify/calendar.h"

#include "api/call.h"
#include "notify/notify.h"
#include "portfolio/deadline_cache.h"
#include "portfolio/scope.h"
#include "service/service.h"

enum { CALENDAR_MAX = 64 << 20 };

/* ---- one's own address ---- */

struct own {
	struct tu_api_call *call;
	char token[TU_CALENDAR_TOKEN + 1];
	int64_t made;
};

static enum tu_status read_made(struct tu_work *w, void *self, struct tu_error *err)
{
	struct own *own = self;

	return tu_calendar_made(w, own->call->who.person, &own->made, err);
}

enum tu_status tu_api_get_my_calendar(struct tu_api_call *call, struct tu_error *err)
{
	struct own own = {.call = call};
	struct tu_json_writer *json;
	enum tu_status status = tu_api_read(call, read_made, &own, err);

	if (status != TU_OK)
		return status;
	json = tu_api_json(call);
	tu_json_open_object(json);
	tu_api_member_time_or_null(json, "made", own.made);
	tu_json_close_object(json);
	return TU_OK;
}

static enum tu_status make(struct tu_work *w, void *self, struct tu_error *err)
{
	struct own *own = self;

	return tu_calendar_make(w, own->call->who.person, own->token, err);
}

static void write_address(struct tu_json_writer *json, const char *key, const char *before,
	const char token[TU_CALENDAR_TOKEN + 1])
{
	size_t start;

	tu_json_key_str(json, tu_str_c(key));
	if (!before) {
		tu_json_add_null(json);
		return;
	}
	start = tu_json_open_text(json);
	tu_buf_printf(json->buf, "%s/v1/calendar/%s", before, token);
	tu_json_close_text(json, start);
}

enum tu_status tu_api_make_my_calendar(struct tu_api_call *call, struct tu_error *err)
{
	struct own own = {.call = call};
	struct tu_json_writer *json;
	enum tu_status status = tu_api_write(call, make, &own, err);

	if (status != TU_OK)
		return status;
	json = tu_api_json(call);
	tu_json_open_object(json);
	write_address(json, "path", "", own.token);
	write_address(json, "url", tu_service_notify(call->service)->public_url, own.token);
	tu_json_close_object(json);
	tu_api_created(call, "/v1/me/calendar");
	return TU_OK;
}

static enum tu_status drop(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct tu_api_call *call = self;

	return tu_calendar_drop(w, call->who.person, err);
}

enum tu_status tu_api_drop_my_calendar(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_write(call, drop, call, err);
}

/* ---- the calendar ---- */

struct calendar {
	struct tu_api_call *call;
	struct tu_buf *out;
};

static enum tu_status write_seen(struct tu_work *w, struct calendar *c,
	const struct tu_deadlines_seen *all, const struct tu_list_scope *scope,
	struct tu_error *err)
{
	const struct tu_deadline_filter filter = {.scope = scope};
	const struct tu_deadline_picking picking = {c->call->kb->kb, all, &filter};
	struct tu_deadlines_seen seen = {0};
	const struct tu_calendar_writing writing = {&seen,
		tu_str_c(tu_datadir_instance(tu_service_datadir(c->call->service))),
		tu_work_seconds(w)};
	enum tu_status status = tu_deadline_pick(w->arena, &picking, &seen, err);

	return status ? status : tu_calendar_write(&writing, c->out, err);
}

static enum tu_status write_calendar(struct tu_work *w, void *self, struct tu_error *err)
{
	struct calendar *c = self;
	const struct tu_deadline_asking asking = {.cache = tu_service_deadlines(c->call->service),
		.kb = c->call->kb->kb,
		.kb_digest = c->call->kb->row.digest};
	struct tu_deadline_all *all = NULL;
	struct tu_list_scope scope;
	struct tu_str person;
	enum tu_status status = tu_calendar_find(w, c->call->path[0], &person, err);

	tu_buf_clear(c->out);
	if (status == TU_OK)
		status = tu_scope_of_person(w->tx, person, w->arena, &scope, err);
	if (status == TU_E_NOTFOUND || status == TU_E_CONSTRAINT)
		return tu_api_unknown(err, "calendar");
	if (status == TU_OK)
		status = tu_deadline_hold(w, &asking, &all, err);
	if (status == TU_OK)
		status = write_seen(w, c, tu_deadline_all_seen(all), &scope, err);
	tu_deadline_drop(all);
	return status;
}

enum tu_status tu_api_get_calendar(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_buf text;
	struct calendar c = {call, &text};
	enum tu_status status = tu_api_kb(call, err);

	tu_buf_init(&text, CALENDAR_MAX);
	if (status == TU_OK)
		status = tu_api_read(call, write_calendar, &c, err);
	if (status == TU_OK)
		tu_api_answer_buf(
			call, "text/calendar; charset=utf-8", &text, TU_STR("deadlines.ics"));
	tu_buf_done(&text);
	return status;
}

/* ---- no more mail ---- */

static const char asking[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Tutela</title>"
	"</head>\n<body>\n<h1>No more of these mails</h1>\n<form method=\"post\">"
	"<input type=\"hidden\" name=\"List-Unsubscribe\" value=\"One-Click\">"
	"<button>Send me no more of them</button></form>\n</body>\n</html>\n";
static const char done[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Tutela</title>"
	"</head>\n<body>\n<h1>Done</h1>\n<p>You get no more mails by this rule.</p>\n</body>\n"
	"</html>\n";

/* The same for whatever token: who asks learns nothing. */
enum tu_status tu_api_show_unsubscribe(struct tu_api_call *call, struct tu_error *err)
{
	(void)err;
	tu_api_answer_static(call, "text/html; charset=utf-8", tu_str_c(asking));
	return TU_OK;
}

static enum tu_status unsubscribe(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct tu_api_call *call = self;

	return tu_notify_unsubscribe(w, call->path[0], err);
}

enum tu_status tu_api_unsubscribe(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_act act = {.at = call->now, .actor = TU_STR("system:unsubscribe")};
	enum tu_status status;

	if (tu_str_search(call->bytes, TU_STR("List-Unsubscribe=One-Click")) == call->bytes.len)
		return tu_fail(err, TU_E_USAGE, 0,
			"expected the form \"List-Unsubscribe=One-Click\" (RFC 8058)");
	status = tu_work_run(tu_api_store(call), &act, unsubscribe, call, err);
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "subscription");
	if (status == TU_OK)
		tu_api_answer_static(call, "text/html; charset=utf-8", tu_str_c(done));
	return status;
}
