/* Rules: kept, changed. */
#include "notify/notify.h"

#include "notify/inside.h"
#include "notify/kinds.h"

enum { DAY_MINUTES = 24 * 60, WITHIN_MAX = 24 * 366, GAP_MAX = 24 * 60 * 60 };

static const char *const deliveries[TU_DELIVERIES] = {
	[TU_DELIVERY_NOW] = "now",
	[TU_DELIVERY_DAY] = "day",
	[TU_DELIVERY_WEEK] = "week",
};

const char *tu_delivery_name(enum tu_delivery delivery)
{
	return deliveries[delivery];
}

bool tu_delivery_by_name(struct tu_str name, enum tu_delivery *out_delivery)
{
	for (unsigned i = 0; i < TU_DELIVERIES; i++)
		if (tu_str_eq(name, tu_str_c(deliveries[i]))) {
			*out_delivery = (enum tu_delivery)i;
			return true;
		}
	return false;
}

/* ---- reading ---- */

static bool take_row(struct tu_arena *arena, const struct tu_rows *rows, struct tu_rule *r)
{
	*r = (struct tu_rule){.id = tu_rows_int(rows, 0),
		.channel_id = tu_rows_int(rows, 3),
		.severity = tu_rows_int(rows, 7),
		.harm = tu_rows_int(rows, 8),
		.within = tu_rows_int(rows, 9),
		.minute = tu_rows_int(rows, 11),
		.weekday = tu_rows_int(rows, 12),
		.quiet_from = tu_rows_int(rows, 14),
		.quiet_to = tu_rows_int(rows, 15),
		.urgent = tu_rows_int(rows, 16) != 0,
		.gap = tu_rows_int(rows, 17),
		.on = tu_str_eq(tu_rows_text(rows, 18), TU_STR("on")),
		.left_at = tu_rows_int(rows, 19),
		.dropped = tu_rows_int(rows, 20),
		.version = tu_rows_int(rows, 21),
		.created = tu_rows_int(rows, 22)};
	(void)tu_delivery_by_name(tu_rows_text(rows, 10), &r->delivery);
	return tu_arena_dup(arena, tu_rows_text(rows, 1), &r->public_id) &&
		tu_arena_dup(arena, tu_rows_text(rows, 2), &r->name) &&
		tu_arena_dup(arena, tu_rows_text(rows, 4), &r->channel) &&
		tu_arena_dup(arena, tu_rows_text(rows, 5), &r->events) &&
		tu_arena_dup(arena, tu_rows_text(rows, 6), &r->device) &&
		tu_arena_dup(arena, tu_rows_text(rows, 13), &r->zone);
}

enum tu_status tu_rule_list(
	struct tu_tx *tx, struct tu_arena *arena, struct tu_rules *out, struct tu_error *err)
{
	TU_VEC(struct tu_rule) list = {0};
	struct tu_rule row;
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status = tu_tx_query(tx, TU_SQL_NOTIFY_RULES, TU_NO_BIND, &rows, err);

	*out = (struct tu_rules){0};
	if (status)
		return status;
	while (fine && tu_rows_next(rows))
		fine = take_row(arena, rows, &row) && TU_VEC_PUSH_IN(arena, &list, row);
	status = tu_rows_close(rows, err);
	*out = (struct tu_rules){list.at, list.count};
	return status || fine ? status : tu_no_memory(err);
}

static enum tu_status find(struct tu_tx *tx, struct tu_arena *arena, struct tu_str public_id,
	struct tu_rule *out, struct tu_error *err)
{
	struct tu_rules all;
	enum tu_status status = tu_rule_list(tx, arena, &all, err);

	*out = (struct tu_rule){0};
	for (size_t i = 0; !status && i < all.count; i++)
		if (tu_str_eq(all.at[i].public_id, public_id)) {
			*out = all.at[i];
			return TU_OK;
		}
	return status ? status : tu_fail(err, TU_E_NOTFOUND, 0, "there is no such rule");
}

const struct tu_channel *tu_notify__channel(const struct tu_channels *all, int64_t id)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->at[i].id == id)
			return &all->at[i];
	return NULL;
}

const struct tu_rule *tu_notify__rule(const struct tu_rules *all, int64_t id)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->at[i].id == id)
			return &all->at[i];
	return NULL;
}

enum tu_status tu_notify__zone(const struct tu_notify *n, struct tu_arena *arena,
	struct tu_str name, struct tu_zone *out, struct tu_error *err)
{
	*out = (struct tu_zone){0};
	if (!name.len)
		return TU_OK;
	return n->zones->find(n->zones->context, arena, name, out, err);
}

/* ---- writing ---- */

static enum tu_status wrong(struct tu_error *err, const char *pointer, const char *why)
{
	return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = pointer}, "%s", why);
}

static enum tu_status check_numbers(const struct tu_rule *r, struct tu_error *err)
{
	const struct {
		int64_t value, most;
		const char *pointer;
	} numbers[] = {
		{r->within, WITHIN_MAX, "/within_hours"},
		{r->minute, DAY_MINUTES - 1, "/minute"},
		{r->weekday, 6, "/weekday"},
		{r->quiet_from, DAY_MINUTES - 1, "/quiet_from"},
		{r->quiet_to, DAY_MINUTES - 1, "/quiet_to"},
		{r->gap, GAP_MAX, "/gap_seconds"},
	};

	for (size_t i = 0; i < TU_COUNT(numbers); i++)
		if (numbers[i].value < 0 || numbers[i].value > numbers[i].most)
			return wrong(err, numbers[i].pointer, "the number is out of range");
	return TU_OK;
}

static enum tu_status check(
	struct tu_work *w, const struct tu_notify *n, const struct tu_rule *r, struct tu_error *err)
{
	struct tu_str words = r->events, word;
	struct tu_zone zone;
	enum tu_status status = tu_notify__check_name(r->name, err);

	if (!status)
		status = check_numbers(r, err);
	while (!status && words.len && tu_str_split(&words, ' ', &word))
		if (!tu_notice_kind_find(word))
			status = wrong(err, "/events", "there is no such event");
	if (status)
		return status;
	status = tu_notify__zone(n, w->arena, r->zone, &zone, err);
	return status && status != TU_E_NOMEM
		? wrong(err, "/zone", "there is no such time zone, such as \"Europe/Berlin\"")
		: status;
}

static void write_rule(struct tu_json_writer *json, const char *key, const struct tu_rule *r)
{
	tu_json_key_str(json, tu_str_c(key));
	if (!r) {
		tu_json_add_null(json);
		return;
	}
	tu_json_open_object(json);
	tu_json_member_str(json, "name", r->name);
	tu_json_member_str(json, "channel", r->channel);
	tu_json_member_str(json, "events", r->events);
	tu_json_member_opt(json, "device", r->device);
	tu_json_member_int(json, "severity", r->severity);
	tu_json_member_int(json, "harm", r->harm);
	tu_json_member_int(json, "within_hours", r->within);
	tu_json_member_str(json, "delivery", tu_str_c(deliveries[r->delivery]));
	tu_json_member_str(json, "zone", r->zone);
	tu_json_member_bool(json, "on", r->on);
	tu_json_close_object(json);
}

static enum tu_status record(struct tu_work *w, const char *action,
	const struct tu_rule *const states[2], struct tu_error *err)
{
	struct tu_record record;

	tu_record_begin(&record, action, "notification-rule:%.*s",
		TU_STR_FMT((states[0] ? states[0] : states[1])->public_id));
	write_rule(&record.json, "before", states[0]);
	write_rule(&record.json, "after", states[1]);
	return tu_record_add(&record, w, err);
}

static enum tu_status find_channel(
	struct tu_work *w, struct tu_str public_id, int64_t *out_id, struct tu_error *err)
{
	struct tu_channels all;
	enum tu_status status = tu_channel_list(w->tx, w->arena, &all, err);

	for (size_t i = 0; !status && i < all.count; i++)
		if (tu_str_eq(all.at[i].public_id, public_id)) {
			*out_id = all.at[i].id;
			return TU_OK;
		}
	return status ? status : wrong(err, "/channel", "there is no such channel");
}

enum tu_status tu_rule_add(struct tu_work *w, const struct tu_notify *n, const struct tu_rule *rule,
	struct tu_str *out_public_id, struct tu_error *err)
{
	struct tu_rule r = *rule;
	const struct tu_rule *const states[2] = {NULL, &r};
	enum tu_status status = check(w, n, rule, err);

	if (!status)
		status = find_channel(w, r.channel, &r.channel_id, err);
	if (!status)
		status = tu_work_new_id(w, &r.public_id, err);
	*out_public_id = r.public_id;
	if (!status)
		status = tu_work_exec(w, TU_SQL_NOTIFY_RULE_ADD,
			TU_BIND(tu_text(r.public_id), tu_text(r.name), tu_int(r.channel_id),
				tu_text(r.events), tu_text(r.device), tu_int(r.severity),
				tu_int(r.harm), tu_int(r.within),
				tu_text(tu_str_c(deliveries[r.delivery])), tu_int(r.minute),
				tu_int(r.weekday), tu_text(r.zone), tu_int(r.quiet_from),
				tu_int(r.quiet_to), tu_int(r.urgent), tu_int(r.gap),
				tu_text(r.on ? TU_STR("on") : TU_STR("off")), tu_int(w->act->at)),
			err);
	return status ? status : record(w, "notification-rule.add", states, err);
}

static enum tu_status change(
	struct tu_work *w, const struct tu_rule *r, struct tu_str state, struct tu_error *err)
{
	return tu_work_update(w, TU_SQL_NOTIFY_RULE_CHANGE,
		TU_BIND(tu_int(r->id), tu_int(r->version), tu_text(r->name), tu_text(r->events),
			tu_text(r->device), tu_int(r->severity), tu_int(r->harm), tu_int(r->within),
			tu_text(tu_str_c(deliveries[r->delivery])), tu_int(r->minute),
			tu_int(r->weekday), tu_text(r->zone), tu_int(r->quiet_from),
			tu_int(r->quiet_to), tu_int(r->urgent), tu_int(r->gap), tu_text(state)),
		"rule", err);
}

enum tu_status tu_rule_change(struct tu_work *w, const struct tu_notify *n,
	const struct tu_rule *rule, struct tu_error *err)
{
	struct tu_rule old, r = *rule;
	const struct tu_rule *const states[2] = {&old, &r};
	enum tu_status status = find(w->tx, w->arena, rule->public_id, &old, err);

	if (status)
		return status;
	r.id = old.id;
	r.channel = old.channel;
	if (!r.version)
		r.version = old.version;
	status = check(w, n, &r, err);
	if (!status)
		status = change(w, &r, r.on ? TU_STR("on") : TU_STR("off"), err);
	return status ? status : record(w, "notification-rule.change", states, err);
}

enum tu_status tu_rule_remove(
	struct tu_work *w, struct tu_str public_id, int64_t version, struct tu_error *err)
{
	struct tu_rule old;
	const struct tu_rule *const states[2] = {&old, NULL};
	enum tu_status status = find(w->tx, w->arena, public_id, &old, err);

	if (status)
		return status;
	if (version)
		old.version = version;
	status = change(w, &old, TU_STR("removed"), err);
	return status ? status : record(w, "notification-rule.remove", states, err);
}

enum tu_status tu_rule_preview(struct tu_tx *tx, struct tu_str public_id, struct tu_arena *arena,
	struct tu_notices *out, struct tu_error *err)
{
	struct tu_rule rule;
	enum tu_status status = find(tx, arena, public_id, &rule, err);

	*out = (struct tu_notices){0};
	if (!status)
		status = tu_notify__read(tx,
			&(struct tu_notify__reading){
				.sql = TU_SQL_NOTIFY_ITEMS_OPEN_OF, .of = rule.id},
			arena, out, err);
	out->dropped = rule.dropped;
	return status;
}
