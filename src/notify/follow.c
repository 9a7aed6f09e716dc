/* From records of the ledger to items of rules. */
#include <stdio.h>
#include <string.h>

#include <tutela/score.h>

#include "audit/trail.h"
#include "notify/following.h"
#include "notify/kinds.h"

enum { RECORDS = 200, ARENA = 256 << 20 };
static const char followed_row[] = "notices.followed"; /* of the table schedule */

/* ---- the rules ---- */

enum tu_status tu_notify__scope(struct tu_tx *tx, const struct tu_channel *channel,
	struct tu_arena *arena, struct tu_list_scope *out, struct tu_error *err)
{
	const struct tu_key machine = {.team = channel->team_id};
	enum tu_status status;

	*out = (struct tu_list_scope){.everything = !channel->team_id && !channel->person_id};
	if (out->everything)
		return TU_OK;
	if (channel->team_id)
		return tu_scope_of_key(tx, &machine, arena, out, err);
	status = tu_scope_of_person(tx, channel->person, arena, out, err);
	return status == TU_E_NOTFOUND || status == TU_E_CONSTRAINT ? TU_OK : status;
}

bool tu_notify__sees(const struct tu_list_scope *scope, const struct tu_notice *notice)
{
	return scope->everything || (notice->device_id && tu_scope_has(scope, notice->device_id));
}

static enum tu_status take_rule(struct tu_notify__following *f, const struct tu_rule *rule,
	const struct tu_channel *channel, struct tu_error *err)
{
	struct tu_notify__used *to = &f->rules[f->rule_count];
	enum tu_status status;

	*to = (struct tu_notify__used){.rule = rule};
	/* a zone that has gone since is UTC: nothing is lost */
	if (tu_notify__zone(f->n, f->arena, rule->zone, &to->zone, NULL))
		to->zone = (struct tu_zone){0};
	status = tu_notify__scope(f->tx, channel, f->arena, &to->scope, err);
	if (!status)
		status = tu_tx_int(
			f->tx, TU_SQL_NOTIFY_ITEM_OPEN, TU_BIND(tu_int(rule->id)), &to->open, err);
	f->rule_count += !status;
	return status;
}

enum tu_status tu_notify__read_rules(struct tu_notify__following *f, struct tu_error *err)
{
	struct tu_mail_setting mail;
	struct tu_channels channels;
	struct tu_rules rules;
	enum tu_status status = tu_rule_list(f->tx, f->arena, &rules, err);

	if (!status)
		status = tu_channel_list(f->tx, f->arena, &channels, err);
	if (!status)
		status = tu_mail_setting_read(f->tx, f->arena, &mail, err);
	if (status)
		return status;
	f->mail = mail.on;
	f->rules = tu_arena_array(f->arena, rules.count + 1, sizeof(*f->rules));
	if (!f->rules)
		return tu_no_memory(err);
	for (size_t i = 0; !status && i < rules.count; i++) {
		const struct tu_channel *channel =
			tu_notify__channel(&channels, rules.at[i].channel_id);

		if (rules.at[i].on && channel && channel->on)
			status = take_rule(f, &rules.at[i], channel, err);
	}
	return status;
}

/* ---- items ---- */

bool tu_notify__offer_to(
	struct tu_notify__following *f, size_t i, const struct tu_notice *notice, const char *name)
{
	struct tu_notify__item item = {.rule = i, .notice = *notice};

	if (f->rules[i].open >= TU_NOTIFY_ITEMS) {
		f->rules[i].dropped++;
		return true;
	}
	f->rules[i].open++;
	return tu_arena_dup(f->arena, notice->device, &item.notice.device) &&
		tu_arena_dup(f->arena, notice->subject, &item.notice.subject) &&
		tu_arena_dup(f->arena, tu_str_c(name), &item.name) &&
		TU_VEC_PUSH_IN(f->arena, &f->items, item);
}

static bool offer(struct tu_notify__following *f, const struct tu_notice *notice, int64_t n)
{
	char name[TU_NOTIFY__ITEM_NAME];

	(void)snprintf(name, sizeof(name), "%lld:%.*s:%lld:%.*s", (long long)n,
		TU_STR_FMT(notice->kind), (long long)notice->device_id,
		TU_STR_FMT(tu_str_first(notice->subject, 400)));
	for (size_t i = 0; i < f->rule_count; i++)
		if (tu_notify__sees(&f->rules[i].scope, notice) &&
			tu_rule_takes(f->rules[i].rule, notice) &&
			!tu_notify__offer_to(f, i, notice, name))
			return false;
	return true;
}

static bool is_urgent(const struct tu_notice *notice)
{
	const struct tu_notice_kind *kind = tu_notice_kind_find(notice->kind);

	return (kind && kind->urgent) || notice->severity >= TU_SEVERITY_CRITICAL;
}

enum tu_status tu_notify__add_items(struct tu_notify__following *f, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < f->items.count; i++) {
		const struct tu_notify__item *item = &f->items.at[i];
		const struct tu_notify__used *rule = &f->rules[item->rule];
		const struct tu_notice *notice = &item->notice;

		status = tu_tx_exec(f->tx, TU_SQL_NOTIFY_ITEM_ADD,
			TU_BIND(tu_int(rule->rule->id), tu_text(item->name), tu_text(notice->kind),
				notice->device_id ? tu_int(notice->device_id) : tu_null(),
				tu_text(notice->device), tu_text(notice->subject),
				tu_int(notice->severity), tu_int(notice->harm), tu_int(notice->due),
				tu_int(notice->at),
				tu_int(tu_rule_when(
					rule->rule, &rule->zone, f->now, is_urgent(notice)))),
			NULL, err);
	}
	for (size_t i = 0; !status && i < f->rule_count; i++)
		if (f->rules[i].dropped)
			status = tu_tx_exec(f->tx, TU_SQL_NOTIFY_RULE_DROP,
				TU_BIND(tu_int(f->rules[i].rule->id), tu_int(f->rules[i].dropped)),
				NULL, err);
	return status;
}

/* ---- records ---- */

static enum tu_status read_records(struct tu_notify__following *f, struct tu_error *err)
{
	struct tu_rows *rows;
	size_t count = 0;
	bool fine = true;
	enum tu_status status = tu_tx_query(f->tx, TU_SQL_NOTIFY_RECORDS,
		TU_BIND(tu_int(f->after), tu_int(RECORDS)), &rows, err);

	if (status)
		return status;
	f->to = f->after;
	while (fine && tu_rows_next(rows)) {
		struct tu_notify__entry entry = {.n = tu_rows_int(rows, 0),
			.at = tu_rows_int(rows, 1),
			.source = tu_notice_source_find(tu_rows_text(rows, 3))};

		f->to = entry.n;
		count++;
		if (entry.source)
			fine = tu_arena_dup(f->arena, tu_rows_text(rows, 2), &entry.actor) &&
				tu_arena_dup(f->arena, tu_rows_text(rows, 4), &entry.subject) &&
				TU_VEC_PUSH_IN(f->arena, &f->entries.list, entry);
	}
	f->more = count == RECORDS;
	status = tu_rows_close(rows, err);
	return status || fine ? status : tu_no_memory(err);
}

/* Rows of events: the device's id and name, the subject, severity, harm. */
struct events {
	enum tu_sql sql;
	struct tu_params of;
	const char *kind;
	bool once; /* of a device and a subject, whichever record says it */
};

static enum tu_status offer_rows(struct tu_notify__following *f,
	const struct tu_notify__entry *entry, const struct events *events, struct tu_error *err)
{
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status = tu_tx_query(f->tx, events->sql, events->of, &rows, err);

	if (status)
		return status;
	while (fine && tu_rows_next(rows)) {
		const struct tu_notice notice = {.kind = tu_str_c(events->kind),
			.device_id = tu_rows_int(rows, 0),
			.device = tu_rows_text(rows, 1),
			.subject = tu_rows_text(rows, 2),
			.severity = tu_rows_int(rows, 3),
			.harm = tu_rows_int(rows, 4),
			.at = entry->at};

		fine = offer(f, &notice, events->once ? 0 : entry->n);
	}
	status = tu_rows_close(rows, err);
	return status || fine ? status : tu_no_memory(err);
}

static enum tu_status tell_person(struct tu_notify__following *f,
	const struct tu_notify__entry *entry, struct tu_str subject, struct tu_error *err)
{
	char public[TU_RANDOM_ID + 1] = "", id[TU_RANDOM_ID + 1];
	struct tu_notify__sent sent = {.kind = tu_str_c(entry->source->kind)};
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(f->tx, entry->source->sql, TU_BIND(tu_text(subject)), &rows, err);

	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	sent.person_id = tu_rows_int(rows, 0);
	(void)snprintf(public, sizeof(public), "%.*s", TU_STR_FMT(tu_rows_text(rows, 1)));
	status = tu_rows_close(rows, err);
	if (status || (entry->source->by_others && tu_str_eq(entry->actor, tu_str_c(public))))
		return status;
	status = tu_random_id(id, err);
	sent.public_id = tu_random_id_str(id);
	return status ? status : tu_notify__queue(f->tx, &sent, entry->at, err);
}

static enum tu_status take_entry(
	struct tu_notify__following *f, const struct tu_notify__entry *entry, struct tu_error *err)
{
	const struct tu_notice_source *source = entry->source;
	const struct tu_value at[] = {tu_int(entry->n), tu_int(entry->at)};
	const struct tu_params of_record = {at, 2, 1};
	struct tu_str about = tu_str_from(entry->subject, tu_str_find(entry->subject, ':') + 1);
	struct tu_str rest = {0};
	enum tu_status status;

	if (source->about == TU_NOTICE_PERSON || source->about == TU_NOTICE_KEY)
		return f->mail ? tell_person(f, entry, about, err) : TU_OK;
	if (!f->rule_count)
		return TU_OK;
	if (source->about == TU_NOTICE_FINDINGS) {
		status = offer_rows(f, entry,
			&(struct events){source->sql, of_record, source->kind, false}, err);
		return status ? status
			      : offer_rows(f, entry,
					&(struct events){TU_SQL_NOTIFY_EXPLOITED_OF_REMATCH,
						of_record, "vulnerability.exploited", true},
					err);
	}
	if (source->about == TU_NOTICE_DECISION) {
		rest = tu_str_from(about, tu_str_find(about, '/') + 1);
		about = tu_str_first(about, tu_str_find(about, '/'));
	}
	status = offer_rows(f, entry,
		&(struct events){
			source->sql, TU_BIND(tu_text(about), tu_text(rest)), source->kind, false},
		err);
	if (!status && tu_str_eq(tu_str_c(source->kind), TU_STR("release.sbom")))
		status = offer_rows(f, entry,
			&(struct events){
				TU_SQL_NOTIFY_NEW_OF_RELEASE, of_record, "finding.new", false},
			err);
	return status;
}

/* ---- the place ---- */

/* Where nothing was followed yet, or the database is that of a backup: from now on. */
static enum tu_status find_place(
	struct tu_notify__following *f, bool *out_begins, struct tu_error *err)
{
	struct tu_ledger_head head;
	enum tu_status status = tu_tx_int(f->tx, TU_SQL_SCHEDULE_GET,
		TU_BIND(tu_text(tu_str_c(followed_row))), &f->after, err);

	*out_begins = status == TU_E_NOTFOUND;
	if (*out_begins)
		status = TU_OK;
	if (!status)
		status = tu_audit_head(f->tx, &head, err);
	if (status)
		return status;
	f->to = (int64_t)head.n;
	*out_begins |= f->after > f->to;
	return TU_OK;
}

static enum tu_status move_place(struct tu_notify__following *f, struct tu_error *err)
{
	const struct tu_value row = tu_text(tu_str_c(followed_row));
	int64_t changed = 0;
	enum tu_status status =
		tu_tx_exec(f->tx, TU_SQL_SCHEDULE_ADD, TU_BIND(row, tu_int(f->after)), NULL, err);

	if (!status && f->to != f->after)
		status = tu_tx_exec(f->tx, TU_SQL_SCHEDULE_MOVE,
			TU_BIND(row, tu_int(f->after), tu_int(f->to)), &changed, err);
	if (!status && f->to != f->after && changed != 1)
		return tu_fail(err, TU_E_CONFLICT, 0, "another node follows the records");
	return status;
}

static enum tu_status follow(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct tu_notify__following *asked = self;
	struct tu_notify__following f = {.n = asked->n, .now = asked->now, .tx = tx};
	bool begins = false;
	enum tu_status status;

	f.arena = tu_arena_new(ARENA);
	status = f.arena ? find_place(&f, &begins, err) : tu_no_memory(err);
	if (!status && !begins)
		status = tu_notify__read_rules(&f, err);
	if (!status && !begins)
		status = read_records(&f, err);
	for (size_t i = 0; !status && i < f.entries.list.count; i++)
		status = take_entry(&f, &f.entries.list.at[i], err);
	if (!status)
		status = tu_notify__add_items(&f, err);
	if (!status)
		status = move_place(&f, err);
	tu_arena_free(f.arena);
	((struct tu_notify__following *)self)->more = f.more;
	return status;
}

enum tu_status tu_notify_follow(
	const struct tu_notify *n, int64_t now, bool *out_more, struct tu_error *err)
{
	struct tu_notify__following f = {.n = n, .now = now};
	enum tu_status status = tu_store_run(n->store, TU_TX_WRITE, follow, &f, err);

	*out_more = !status && f.more;
	return status;
}

/* ---- is there anything? ---- */

struct looking {
	int64_t now;
	bool due;
};

/* Records of which nobody is notified are no reason to write, until there are many. */
static enum tu_status look(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct looking *l = self;
	struct tu_notify__following f = {.tx = tx, .arena = tu_arena_new(ARENA)};
	bool begins = false;
	int64_t id;
	enum tu_status status = f.arena ? find_place(&f, &begins, err) : tu_no_memory(err);

	l->due = begins;
	if (!status && !begins && f.to > f.after) {
		status = read_records(&f, err);
		l->due = f.more || f.entries.list.count;
	}
	tu_arena_free(f.arena);
	if (status || l->due)
		return status;
	status = tu_tx_int(tx, TU_SQL_NOTIFY_DUE, TU_BIND(tu_int(l->now)), &id, err);
	l->due = !status;
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

enum tu_status tu_notify_due(
	const struct tu_notify *n, int64_t now, bool *out_due, struct tu_error *err)
{
	struct looking l = {.now = now};
	enum tu_status status = tu_store_run(n->store, TU_TX_READ, look, &l, err);

	*out_due = !status && l.due;
	return status;
}
