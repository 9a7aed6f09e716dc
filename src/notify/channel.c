/* Channels: kept, changed, their secrets. */
#include "notify/notify.h"

#include <stdio.h>
#include <string.h>

#include "audit/team.h"
#include "base/base64.h"
#include "feed/hook.h"
#include "notify/inside.h"

enum { SECRET_BYTES = 24 };

static const char *const names[TU_CHANNEL_KINDS] = {
	[TU_CHANNEL_MAIL] = "mail",
	[TU_CHANNEL_WEBHOOK] = "webhook",
	[TU_CHANNEL_SLACK] = "slack",
	[TU_CHANNEL_TEAMS] = "teams",
};

const char *tu_channel_kind_name(enum tu_channel_kind kind)
{
	return names[kind];
}

bool tu_channel_kind_by_name(struct tu_str name, enum tu_channel_kind *out_kind)
{
	for (unsigned i = 0; i < TU_CHANNEL_KINDS; i++)
		if (tu_str_eq(name, tu_str_c(names[i]))) {
			*out_kind = (enum tu_channel_kind)i;
			return true;
		}
	return false;
}

/* ---- reading ---- */

static bool take_row(struct tu_arena *arena, const struct tu_rows *rows, struct tu_channel *c)
{
	*c = (struct tu_channel){.id = tu_rows_int(rows, 0),
		.person_id = tu_rows_int(rows, 5),
		.team_id = tu_rows_int(rows, 8),
		.on = tu_str_eq(tu_rows_text(rows, 10), TU_STR("on")),
		.version = tu_rows_int(rows, 11),
		.created = tu_rows_int(rows, 12)};
	(void)tu_channel_kind_by_name(tu_rows_text(rows, 3), &c->kind);
	return tu_arena_dup(arena, tu_rows_text(rows, 1), &c->public_id) &&
		tu_arena_dup(arena, tu_rows_text(rows, 2), &c->name) &&
		tu_arena_dup(arena, tu_rows_text(rows, 4), &c->host) &&
		tu_arena_dup(arena, tu_rows_text(rows, 6), &c->person) &&
		tu_arena_dup(arena, tu_rows_text(rows, 7), &c->login) &&
		tu_arena_dup(arena, tu_rows_text(rows, 9), &c->team);
}

enum tu_status tu_channel_list(
	struct tu_tx *tx, struct tu_arena *arena, struct tu_channels *out, struct tu_error *err)
{
	TU_VEC(struct tu_channel) list = {0};
	struct tu_channel row;
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status = tu_tx_query(tx, TU_SQL_NOTIFY_CHANNELS, TU_NO_BIND, &rows, err);

	*out = (struct tu_channels){0};
	if (status)
		return status;
	while (fine && tu_rows_next(rows))
		fine = take_row(arena, rows, &row) && TU_VEC_PUSH_IN(arena, &list, row);
	status = tu_rows_close(rows, err);
	*out = (struct tu_channels){list.at, list.count};
	return status || fine ? status : tu_no_memory(err);
}

static enum tu_status find(
	struct tu_work *w, struct tu_str public_id, struct tu_channel *out, struct tu_error *err)
{
	struct tu_channels all;
	enum tu_status status = tu_channel_list(w->tx, w->arena, &all, err);

	*out = (struct tu_channel){0};
	for (size_t i = 0; !status && i < all.count; i++)
		if (tu_str_eq(all.at[i].public_id, public_id)) {
			*out = all.at[i];
			return TU_OK;
		}
	return status ? status : tu_fail(err, TU_E_NOTFOUND, 0, "there is no such channel");
}

/* ---- secrets ---- */

struct tu_str tu_notify__secret_name(
	char out[TU_NOTIFY__SECRET_NAME], struct tu_str public_id, const char *what)
{
	return tu_str_of(out,
		(size_t)snprintf(out, TU_NOTIFY__SECRET_NAME, "notify/%.*s/%s",
			TU_STR_FMT(tu_str_first(public_id, 40)), what));
}

static enum tu_status seal(struct tu_work *w, const struct tu_notify *n,
	const struct tu_notify__named *named, struct tu_error *err)
{
	char name[TU_NOTIFY__SECRET_NAME];
	const struct tu_secret secret = {
		tu_notify__secret_name(name, named->public_id, named->what), named->value,
		w->act->at};

	return tu_secret_put(w->tx, n->key, &secret, err);
}

/* "whsec_" and base64, as Standard Webhooks writes it. */
static enum tu_status make_secret(struct tu_work *w, struct tu_str *out, struct tu_error *err)
{
	uint8_t bytes[SECRET_BYTES];
	struct tu_buf text;
	enum tu_status status = tu_random_bytes(bytes, sizeof(bytes), err);

	tu_buf_init(&text, 100);
	tu_buf_c(&text, "whsec_");
	tu_base64_write(bytes, sizeof(bytes), &text);
	if (!status)
		status = text.failed ? tu_no_memory(err)
				     : tu_work_dup(w, tu_buf_str(&text), out, err);
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_channel_rotate(struct tu_work *w, const struct tu_notify *n,
	struct tu_str public_id, struct tu_str *out_secret, struct tu_error *err)
{
	char name[TU_NOTIFY__SECRET_NAME];
	struct tu_channel channel;
	struct tu_record record;
	struct tu_buf old;
	enum tu_status status = find(w, public_id, &channel, err);

	if (status)
		return status;
	if (channel.kind != TU_CHANNEL_WEBHOOK)
		return tu_fail(err, TU_E_USAGE, 0, "only a webhook has a secret");
	tu_buf_init(&old, TU_NOTIFY__SECRET_MAX);
	status = tu_secret_get(
		w->tx, n->key, tu_notify__secret_name(name, public_id, "secret"), &old, err);
	if (!status)
		status = seal(w, n,
			&(struct tu_notify__named){public_id, "before", tu_buf_str(&old)}, err);
	if (!status)
		status = make_secret(w, out_secret, err);
	if (!status)
		status = seal(
			w, n, &(struct tu_notify__named){public_id, "secret", *out_secret}, err);
	tu_buf_done(&old);
	if (status)
		return status;
	tu_record_begin(&record, "channel.rotate", "channel:%.*s", TU_STR_FMT(public_id));
	return tu_record_add(&record, w, err);
}

/* ---- writing ---- */

static enum tu_status wrong(struct tu_error *err, const char *pointer, const char *why)
{
	return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = pointer}, "%s", why);
}

enum tu_status tu_notify__check_name(struct tu_str name, struct tu_error *err)
{
	if (!tu_str_trim(name).len || name.len > TU_NOTIFY_NAME_MAX)
		return wrong(err, "/name", "a name has 1 to 100 bytes");
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < ' ' || name.ptr[i] == 0x7f)
			return wrong(err, "/name", "a name is one line");
	return TU_OK;
}

/* The host, for people to know it by. */
static struct tu_str host_of(struct tu_str url)
{
	struct tu_str rest = tu_str_from(url, tu_str_search(url, TU_STR("//")) + 2);

	return tu_str_first(rest, tu_str_find(rest, '/'));
}

static enum tu_status check(
	const struct tu_notify *n, struct tu_channel_writing *x, struct tu_error *err)
{
	struct tu_channel *c = &x->channel;
	struct tu_error why = {0};
	enum tu_status status = tu_notify__check_name(c->name, err);

	if (status)
		return status;
	if (c->kind == TU_CHANNEL_MAIL) {
		if (!c->person.len && !c->team.len)
			return wrong(err, "/team", "mail goes to a team or a person");
		return x->url.len ? wrong(err, "/url", "mail has no address of a webhook") : TU_OK;
	}
	if (c->person.len)
		return wrong(err, "/person", "only mail is for a person");
	if (!x->url.ptr)
		return TU_OK;
	if (tu_hook_check(x->url, n->nets, &why))
		return wrong(err, "/url", why.message);
	c->host = host_of(x->url);
	c->host = tu_str_first(c->host, tu_str_find(c->host, '?'));
	return TU_OK;
}

static enum tu_status record(struct tu_work *w, const char *action,
	const struct tu_channel *channel, struct tu_error *err)
{
	struct tu_record record;

	tu_record_begin(&record, action, "channel:%.*s", TU_STR_FMT(channel->public_id));
	tu_json_key(&record.json, "after");
	tu_json_open_object(&record.json);
	tu_json_member_str(&record.json, "name", channel->name);
	tu_json_member_str(&record.json, "kind", tu_str_c(names[channel->kind]));
	tu_json_member_opt(&record.json, "host", channel->host);
	tu_json_member_opt(&record.json, "person", channel->person);
	tu_json_member_opt(&record.json, "team", channel->team);
	tu_json_member_bool(&record.json, "on", channel->on);
	tu_json_close_object(&record.json);
	return tu_record_add(&record, w, err);
}

static enum tu_status resolve(struct tu_work *w, struct tu_channel *c, struct tu_error *err)
{
	struct tu_person person;
	struct tu_team team;
	enum tu_status status = TU_OK;

	if (c->person.len) {
		status = tu_person_find(w->tx, c->person, w->arena, &person, err);
		if (status == TU_E_NOTFOUND || (!status && !person.active))
			return wrong(err, "/person", "there is no such person");
		c->person_id = person.id;
		c->person = person.public;
	} else if (c->team.len) {
		status = tu_team_find(w->tx, c->team, &team, err);
		if (status == TU_E_NOTFOUND)
			return wrong(err, "/team", "there is no such team");
		c->team_id = team.id;
	}
	return status;
}

enum tu_status tu_channel_add(struct tu_work *w, const struct tu_notify *n,
	struct tu_channel_writing *x, struct tu_error *err)
{
	struct tu_channel *c = &x->channel;
	bool hook = c->kind != TU_CHANNEL_MAIL;
	enum tu_status status = check(n, x, err);

	if (!status && hook && !x->url.len)
		status = wrong(err, "/url", "a webhook has an address");
	if (!status)
		status = resolve(w, c, err);
	if (!status)
		status = tu_work_new_id(w, &c->public_id, err);
	if (!status)
		status = tu_work_exec(w, TU_SQL_NOTIFY_CHANNEL_ADD,
			TU_BIND(tu_text(c->public_id), tu_text(c->name),
				tu_text(tu_str_c(names[c->kind])), tu_text(c->host),
				c->person_id ? tu_int(c->person_id) : tu_null(),
				c->team_id ? tu_int(c->team_id) : tu_null(),
				tu_text(c->on ? TU_STR("on") : TU_STR("off")), tu_int(w->act->at)),
			err);
	if (!status && hook)
		status = seal(w, n, &(struct tu_notify__named){c->public_id, "url", x->url}, err);
	if (!status && c->kind == TU_CHANNEL_WEBHOOK)
		status = make_secret(w, &x->secret, err);
	if (!status && x->secret.len)
		status = seal(
			w, n, &(struct tu_notify__named){c->public_id, "secret", x->secret}, err);
	return status ? status : record(w, "channel.add", c, err);
}

enum tu_status tu_channel_change(struct tu_work *w, const struct tu_notify *n,
	struct tu_channel_writing *x, struct tu_error *err)
{
	struct tu_channel old;
	enum tu_status status = find(w, x->channel.public_id, &old, err);

	if (status)
		return status;
	x->channel.kind = old.kind;
	x->channel.person = old.person;
	x->channel.team = old.team;
	x->channel.host = old.host;
	if (old.kind != TU_CHANNEL_MAIL && x->url.ptr && !x->url.len)
		return wrong(err, "/url", "a webhook has an address");
	status = check(n, x, err);
	if (!status)
		status = tu_work_update(w, TU_SQL_NOTIFY_CHANNEL_CHANGE,
			TU_BIND(tu_int(old.id),
				tu_int(x->channel.version ? x->channel.version : old.version),
				tu_text(x->channel.name), tu_text(x->channel.host),
				tu_text(x->channel.on ? TU_STR("on") : TU_STR("off"))),
			"channel", err);
	if (!status && x->url.len)
		status = seal(w, n, &(struct tu_notify__named){old.public_id, "url", x->url}, err);
	return status ? status : record(w, "channel.change", &x->channel, err);
}

enum tu_status tu_channel_remove(
	struct tu_work *w, struct tu_str public_id, int64_t version, struct tu_error *err)
{
	struct tu_channel old;
	enum tu_status status = find(w, public_id, &old, err);

	if (!status)
		status = tu_work_update(w, TU_SQL_NOTIFY_CHANNEL_CHANGE,
			TU_BIND(tu_int(old.id), tu_int(version ? version : old.version),
				tu_text(old.name), tu_text(old.host), tu_text(TU_STR("removed"))),
			"channel", err);
	if (!status)
		status = tu_work_exec(
			w, TU_SQL_NOTIFY_CHANNEL_RULES_OFF, TU_BIND(tu_int(old.id)), err);
	old.on = false;
	return status ? status : record(w, "channel.remove", &old, err);
}

enum tu_status tu_channel_test(struct tu_work *w, struct tu_str public_id, int64_t person,
	struct tu_str *out_sent, struct tu_error *err)
{
	struct tu_channel channel;
	struct tu_str sent = {0};
	enum tu_status status = find(w, public_id, &channel, err);

	if (!status)
		status = tu_work_new_id(w, &sent, err);
	if (!status)
		status = tu_notify__queue(w->tx,
			&(struct tu_notify__sent){.public_id = sent,
				.kind = TU_STR("test"),
				.channel_id = channel.id,
				.person_id = channel.kind == TU_CHANNEL_MAIL ? person : 0},
			w->act->at, err);
	if (out_sent)
		*out_sent = sent;
	return status ? status : record(w, "channel.test", &channel, err);
}

enum tu_status tu_channel_test_look(
	struct tu_work *w, struct tu_str sent, struct tu_notice_sent *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool kept;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_NOTIFY_SENT_LOOK, TU_BIND(tu_text(sent)), &rows, err);

	if (status)
		return status;
	out->attempts = tu_rows_int(rows, 2);
	kept = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &out->state) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 1), &out->error);
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}
