/* Rules of notifications, and what was sent by them. */
#include <tutela/device.h>
#include <tutela/score.h>

#include "api/call.h"
#include "notify/notify.h"
#include "notify/render.h"
#include "service/service.h"

enum { SENT_MAX = 10000, PREVIEW_MAX = 1 << 20, GAP = 60 };

struct rule_row {
	struct tu_str id, name, channel, events, device, severity, harm, delivery, zone, state;
	int64_t within_hours, minute, weekday, quiet_from, quiet_to, gap_seconds, version, created;
	bool urgent;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct rule_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct rule_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct rule_row, channel, TU_API_TEXT, 0),
	TU_API_COLUMN(struct rule_row, events, TU_API_TEXT, 0),
	TU_API_COLUMN(struct rule_row, device, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct rule_row, severity, TU_API_WORD, TU_API_OPT),
	TU_API_COLUMN(struct rule_row, harm, TU_API_WORD, TU_API_OPT),
	TU_API_COLUMN(struct rule_row, within_hours, TU_API_INT, 0),
	TU_API_COLUMN(struct rule_row, delivery, TU_API_WORD, 0),
	TU_API_COLUMN(struct rule_row, minute, TU_API_INT, 0),
	TU_API_COLUMN(struct rule_row, weekday, TU_API_INT, 0),
	TU_API_COLUMN(struct rule_row, zone, TU_API_TEXT, 0),
	TU_API_COLUMN(struct rule_row, quiet_from, TU_API_INT, 0),
	TU_API_COLUMN(struct rule_row, quiet_to, TU_API_INT, 0),
	TU_API_COLUMN(struct rule_row, urgent, TU_API_BOOL, 0),
	TU_API_COLUMN(struct rule_row, gap_seconds, TU_API_INT, 0),
	TU_API_COLUMN(struct rule_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct rule_row, version, TU_API_INT, 0),
	TU_API_COLUMN(struct rule_row, created, TU_API_TIME, 0),
};
const struct tu_api_table tu_api_table_notification_rule =
	TU_API_TABLE("NotificationRule", struct rule_row, columns);

/* ---- reading ---- */

static struct rule_row row_of(const struct tu_rule *r)
{
	return (struct rule_row){.id = r->public_id,
		.name = r->name,
		.channel = r->channel,
		.events = r->events,
		.device = r->device,
		.severity = r->severity ? tu_str_c(tu_severity_name((enum tu_severity)r->severity))
					: (struct tu_str){0},
		.harm = r->harm ? tu_str_c(tu_harm_name((enum tu_harm)r->harm))
				: (struct tu_str){0},
		.delivery = tu_str_c(tu_delivery_name(r->delivery)),
		.zone = r->zone,
		.state = r->on ? TU_STR("on") : TU_STR("off"),
		.within_hours = r->within,
		.minute = r->minute,
		.weekday = r->weekday,
		.quiet_from = r->quiet_from,
		.quiet_to = r->quiet_to,
		.gap_seconds = r->gap,
		.version = r->version,
		.created = r->created,
		.urgent = r->urgent};
}

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_reading *r = self;
	struct tu_rules all;
	struct rule_row *rows;
	enum tu_status status = tu_rule_list(w->tx, r->call->arena, &all, err);

	if (status != TU_OK)
		return status;
	rows = tu_arena_array(r->call->arena, all.count, sizeof(*rows));
	for (size_t i = 0; rows && i < all.count; i++)
		rows[i] = row_of(&all.at[i]);
	r->rows = (struct tu_api_rows){rows, all.count};
	return rows ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_api_list_notification_rules(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_whole(call, read_all, err);
}

static enum tu_status answer(struct tu_api_call *call, struct tu_str id, struct tu_error *err)
{
	return tu_api_answer_one(call, read_all, id, "rule", err);
}

enum tu_status tu_api_get_notification_rule(struct tu_api_call *call, struct tu_error *err)
{
	return answer(call, call->path[0], err);
}

/* ---- writing ---- */

static int64_t number(const struct tu_api_call *call, const char *name, int64_t otherwise)
{
	uint64_t value = 0;

	return tu_json_u64(tu_json_get(call->body, tu_str_c(name)), INT32_MAX, &value)
		? (int64_t)value
		: otherwise;
}

static struct tu_rule take(const struct tu_api_call *call)
{
	enum tu_severity severity = TU_SEVERITY_UNKNOWN;
	enum tu_harm harm = TU_HARM_UNKNOWN;
	struct tu_rule rule = {.public_id = call->path[0],
		.name = tu_api_body_str(call, "name"),
		.channel = tu_api_body_str(call, "channel"),
		.events = tu_str_trim(tu_api_body_str(call, "events")),
		.device = tu_api_body_str(call, "device"),
		.within = number(call, "within_hours", 0),
		.minute = number(call, "minute", 0),
		.weekday = number(call, "weekday", 1),
		.zone = tu_api_body_str(call, "zone"),
		.quiet_from = number(call, "quiet_from", 0),
		.quiet_to = number(call, "quiet_to", 0),
		.urgent = tu_json_true(tu_json_get(call->body, TU_STR("urgent"))),
		.gap = number(call, "gap_seconds", GAP),
		.on = !tu_str_eq(tu_api_body_str(call, "state"), TU_STR("off")),
		.version = call->if_match};

	(void)tu_severity_by_name(tu_api_body_str(call, "severity"), &severity);
	(void)tu_harm_by_name(tu_api_body_str(call, "harm"), &harm);
	(void)tu_delivery_by_name(tu_api_body_str(call, "delivery"), &rule.delivery);
	rule.severity = severity;
	rule.harm = harm;
	return rule;
}

struct writing {
	struct tu_api_call *call;
	struct tu_rule rule;
	struct tu_str id;
};

static enum tu_status add(struct tu_work *w, void *self, struct tu_error *err)
{
	struct writing *x = self;
	struct tu_str id;
	enum tu_status status =
		tu_rule_add(w, tu_service_notify(x->call->service), &x->rule, &id, err);

	if (status == TU_OK && !tu_arena_dup(x->call->arena, id, &x->id))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_api_create_notification_rule(struct tu_api_call *call, struct tu_error *err)
{
	struct writing x = {.call = call, .rule = take(call)};
	enum tu_status status = tu_api_write(call, add, &x, err);

	if (status == TU_OK)
		status = answer(call, x.id, err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/notification-rules/%.*s", TU_STR_FMT(x.id));
	return status;
}

static enum tu_status change(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct writing *x = self;

	return tu_rule_change(w, tu_service_notify(x->call->service), &x->rule, err);
}

enum tu_status tu_api_change_notification_rule(struct tu_api_call *call, struct tu_error *err)
{
	struct writing x = {.call = call, .rule = take(call)};
	enum tu_status status = tu_api_write(call, change, &x, err);

	return status ? status : answer(call, call->path[0], err);
}

static enum tu_status drop(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;

	return tu_rule_remove(w, call->path[0], call->if_match, err);
}

enum tu_status tu_api_delete_notification_rule(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_write(call, drop, call, err);
}

/* ---- what would leave ---- */

struct previewing {
	struct tu_api_call *call;
	struct tu_notices notices;
};

static enum tu_status preview(struct tu_work *w, void *self, struct tu_error *err)
{
	struct previewing *p = self;

	return tu_rule_preview(w->tx, p->call->path[0], p->call->arena, &p->notices, err);
}

static void member_rendered(struct tu_json_writer *json, const char *key,
	const struct tu_rendering *r, void (*form)(const struct tu_rendering *, struct tu_buf *))
{
	struct tu_buf text;

	tu_buf_init(&text, PREVIEW_MAX);
	form(r, &text);
	tu_json_member_str(json, key, tu_buf_str(&text));
	json->buf->failed |= text.failed;
	tu_buf_done(&text);
}

enum tu_status tu_api_preview_notification_rule(struct tu_api_call *call, struct tu_error *err)
{
	struct previewing p = {.call = call};
	const struct tu_rendering r = {.notices = &p.notices, .at = call->now};
	struct tu_json_writer *json;
	enum tu_status status = tu_api_read(call, preview, &p, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "rule");
	if (status != TU_OK)
		return status;
	json = tu_api_json(call);
	tu_json_open_object(json);
	member_rendered(json, "text", &r, tu_render_text);
	member_rendered(json, "html", &r, tu_render_html);
	tu_json_member_int(json, "items", (int64_t)p.notices.count);
	tu_json_member_int(json, "dropped", p.notices.dropped);
	tu_json_close_object(json);
	return TU_OK;
}

/* ---- what was sent ---- */

struct sent_row {
	struct tu_str id, kind, channel, rule, person, state, error;
	int64_t attempts, at, done;
};

static const struct tu_api_column sent_columns[] = {
	TU_API_COLUMN(struct sent_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct sent_row, kind, TU_API_TEXT, 0),
	TU_API_COLUMN(struct sent_row, channel, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct sent_row, rule, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct sent_row, person, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct sent_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct sent_row, attempts, TU_API_INT, 0),
	TU_API_COLUMN(struct sent_row, error, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct sent_row, at, TU_API_TIME, 0),
	TU_API_COLUMN(struct sent_row, done, TU_API_TIME, TU_API_OPT),
};
const struct tu_api_table tu_api_table_notification =
	TU_API_TABLE("Notification", struct sent_row, sent_columns);

static enum tu_status read_sent(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_reading *s = self;
	struct sent_row *rows;
	struct tu_sents all;
	enum tu_status status = tu_sent_list(w->tx, s->call->arena, SENT_MAX, &all, err);

	if (status != TU_OK)
		return status;
	rows = tu_arena_array(s->call->arena, all.count, sizeof(*rows));
	for (size_t i = 0; rows && i < all.count; i++)
		rows[i] = (struct sent_row){.id = all.at[i].public_id,
			.kind = all.at[i].kind,
			.channel = all.at[i].channel,
			.rule = all.at[i].rule,
			.person = all.at[i].login,
			.state = all.at[i].state,
			.error = all.at[i].error,
			.attempts = all.at[i].attempts,
			.at = all.at[i].at,
			.done = all.at[i].done};
	s->rows = (struct tu_api_rows){rows, all.count};
	return rows ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_api_list_notifications(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_whole(call, read_sent, err);
}
