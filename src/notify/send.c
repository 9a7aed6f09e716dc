/* Sending: what a message says is read now, with what its reader may see now. */
#include <stdio.h>
#include <string.h>

#include "feed/hook.h"
#include "mail/mime_write.h"
#include "notify/inside.h"
#include "notify/kinds.h"
#include "notify/render.h"

enum { ARENA = 64 << 20, BODY_MAX = 1 << 20, US = 1000000, SECONDS_MAX = 25 };

/* A message, gathered in one transaction. */
struct gathered {
	const struct tu_notify *n;
	struct tu_str public_id;
	struct tu_arena *arena;
	bool wanted; /* there is something to say, and somebody to whom */
	struct tu_str kind, person; /* public id */
	int64_t channel_id, rule_id, batch_id, person_id, dropped, at;
	bool muted, member;
	const struct tu_channel *channel; /* NULL: none */
	const struct tu_rule *rule;
	struct tu_notices notices;
	struct tu_mail_setting mail;
	struct tu_str address, password, url, secrets[2];
};

/* ---- reading ---- */

enum tu_status tu_notify__read(struct tu_tx *tx, const struct tu_notify__reading *reading,
	struct tu_arena *arena, struct tu_notices *out, struct tu_error *err)
{
	TU_VEC(struct tu_notice) list = {0};
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status =
		tu_tx_query(tx, reading->sql, TU_BIND(tu_int(reading->of)), &rows, err);

	*out = (struct tu_notices){0};
	if (status)
		return status;
	while (fine && tu_rows_next(rows)) {
		struct tu_notice notice = {.device_id = tu_rows_int(rows, 1),
			.severity = tu_rows_int(rows, 4),
			.harm = tu_rows_int(rows, 5),
			.due = tu_rows_int(rows, 6),
			.at = tu_rows_int(rows, 7)};

		if (reading->scope && !tu_notify__sees(reading->scope, &notice)) {
			out->hidden = true;
			continue;
		}
		fine = tu_arena_dup(arena, tu_rows_text(rows, 0), &notice.kind) &&
			tu_arena_dup(arena, tu_rows_text(rows, 2), &notice.device) &&
			tu_arena_dup(arena, tu_rows_text(rows, 3), &notice.subject) &&
			TU_VEC_PUSH_IN(arena, &list, notice);
	}
	status = tu_rows_close(rows, err);
	out->at = list.at;
	out->count = list.count;
	return status || fine ? status : tu_no_memory(err);
}

static enum tu_status read_sent(struct tu_tx *tx, struct gathered *g, struct tu_error *err)
{
	struct tu_rows *rows;
	bool fine;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_NOTIFY_SENT_GET, TU_BIND(tu_text(g->public_id)), &rows, err);

	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	g->channel_id = tu_rows_int(rows, 1);
	g->rule_id = tu_rows_int(rows, 2);
	g->batch_id = tu_rows_int(rows, 3);
	g->person_id = tu_rows_int(rows, 4);
	g->dropped = tu_rows_int(rows, 6);
	g->at = tu_rows_int(rows, 7);
	g->wanted = tu_str_eq(tu_rows_text(rows, 8), TU_STR("waiting")) &&
		(!g->person_id || tu_str_eq(tu_rows_text(rows, 9), TU_STR("active")));
	g->muted = tu_rows_int(rows, 10) != 0;
	g->member = tu_rows_int(rows, 11) != 0;
	fine = tu_arena_dup(g->arena, tu_rows_text(rows, 0), &g->kind) &&
		tu_arena_dup(g->arena, tu_rows_text(rows, 5), &g->person);
	status = tu_rows_close(rows, err);
	return status || fine ? status : tu_no_memory(err);
}

static bool both_see(const struct tu_list_scope scopes[2], const struct tu_notice *notice)
{
	return tu_notify__sees(&scopes[0], notice) && tu_notify__sees(&scopes[1], notice);
}

/* Those that both scopes see. */
static void keep_seen(struct gathered *g, const struct tu_list_scope scopes[2])
{
	struct tu_notice *at = (struct tu_notice *)(uintptr_t)g->notices.at;
	size_t kept = 0;

	for (size_t i = 0; i < g->notices.count; i++)
		if (both_see(scopes, &at[i]))
			at[kept++] = at[i];
	g->notices.hidden |= kept < g->notices.count;
	g->notices.count = kept;
}

/* What a rule's message has, for its reader. */
static enum tu_status read_notices(struct tu_tx *tx, struct gathered *g, struct tu_error *err)
{
	struct tu_list_scope scopes[2] = {{0}, {.everything = true}};
	enum tu_status status = tu_notify__scope(tx, g->channel, g->arena, &scopes[0], err);

	if (!status && g->person_id)
		status = tu_scope_of_person(tx, g->person, g->arena, &scopes[1], err);
	if (status == TU_E_NOTFOUND || status == TU_E_CONSTRAINT) {
		g->wanted = false;
		return TU_OK;
	}
	if (!status)
		status = tu_notify__read(tx,
			&(struct tu_notify__reading){
				.sql = TU_SQL_NOTIFY_ITEMS_OF_BATCH, .of = g->batch_id},
			g->arena, &g->notices, err);
	if (status)
		return status;
	keep_seen(g, scopes);
	g->notices.dropped = g->dropped;
	g->wanted = g->notices.count > 0;
	return TU_OK;
}

static bool still_wanted(const struct gathered *g)
{
	bool mail = g->channel && g->channel->kind == TU_CHANNEL_MAIL;

	if (!tu_str_eq(g->kind, TU_STR("rule")))
		return g->channel || tu_notice_access_words(g->kind);
	return g->channel && g->channel->on && g->rule && g->rule->on && !g->muted &&
		(!mail || g->member || g->channel->person_id == g->person_id);
}

static enum tu_status open_secret(struct tu_tx *tx, struct gathered *g, struct tu_str name,
	struct tu_str *out, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, TU_NOTIFY__SECRET_MAX);
	status = tu_secret_get(tx, g->n->key, name, &text, err);
	if (status == TU_E_NOTFOUND)
		status = TU_OK;
	else if (!status && !tu_arena_dup(g->arena, tu_buf_str(&text), out))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	return status;
}

static enum tu_status read_address(struct tu_tx *tx, struct gathered *g, struct tu_error *err)
{
	struct tu_person person = {0};
	enum tu_status status = tu_mail_setting_read(tx, g->arena, &g->mail, err);

	if (!status && g->person_id)
		status = tu_person_find(tx, g->person, g->arena, &person, err);
	if (!status && g->mail.has_password)
		status = open_secret(tx, g, TU_STR("notify/mail/password"), &g->password, err);
	g->address = person.mail;
	if (!status && !g->address.len)
		g->wanted = false;
	return status;
}

static enum tu_status read_hook(struct tu_tx *tx, struct gathered *g, struct tu_error *err)
{
	static const char *const names[] = {"url", "secret", "before"};
	struct tu_str *const to[] = {&g->url, &g->secrets[0], &g->secrets[1]};
	char name[TU_NOTIFY__SECRET_NAME];
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(names); i++)
		status = open_secret(tx, g,
			tu_notify__secret_name(name, g->channel->public_id, names[i]), to[i], err);
	return status;
}

static enum tu_status gather(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct gathered *g = self;
	struct tu_channels channels = {0};
	struct tu_rules rules = {0};
	enum tu_status status = read_sent(tx, g, err);

	if (status || !g->wanted)
		return status;
	status = tu_channel_list(tx, g->arena, &channels, err);
	if (!status)
		status = tu_rule_list(tx, g->arena, &rules, err);
	if (status)
		return status;
	g->channel = tu_notify__channel(&channels, g->channel_id);
	g->rule = tu_notify__rule(&rules, g->rule_id);
	g->wanted = still_wanted(g);
	if (g->wanted && g->batch_id)
		status = read_notices(tx, g, err);
	if (status || !g->wanted)
		return status;
	return !g->channel || g->channel->kind == TU_CHANNEL_MAIL ? read_address(tx, g, err)
								  : read_hook(tx, g, err);
}

/* ---- mail ---- */

static enum tu_status render(struct gathered *g, const struct tu_rendering *r,
	void (*form)(const struct tu_rendering *, struct tu_buf *), struct tu_str *out,
	struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status = TU_OK;

	tu_buf_init(&text, BODY_MAX);
	form(r, &text);
	if (text.failed || !tu_arena_dup(g->arena, tu_buf_str(&text), out))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	return status;
}

/* RFC 8058: what a mail program posts to, and what people may open. */
static enum tu_status add_unsubscribe(
	struct gathered *g, struct tu_rendering *r, struct tu_mail *mail, struct tu_error *err)
{
	char token[TU_NOTIFY__TOKEN];
	struct tu_buf text;
	enum tu_status status;

	if (!g->n->public_url || !g->rule || !g->person_id)
		return TU_OK;
	status = tu_notify__token(g->n->key, g->public_id, token, err);
	tu_buf_init(&text, 4096);
	tu_buf_printf(&text, "<%s/v1/unsubscribe/%.*s>", g->n->public_url, TU_NOTIFY__TOKEN, token);
	if (!status && (text.failed || !tu_arena_dup(g->arena, tu_buf_str(&text), &r->unsubscribe)))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	if (status)
		return status;
	mail->headers[1] = (struct tu_mail_header){"List-Unsubscribe", r->unsubscribe};
	mail->headers[2] = (struct tu_mail_header){
		"List-Unsubscribe-Post", TU_STR("List-Unsubscribe=One-Click")};
	r->unsubscribe = tu_str_first(tu_str_from(r->unsubscribe, 1), r->unsubscribe.len - 2);
	return TU_OK;
}

static enum tu_status write_mail(
	struct gathered *g, struct tu_rendering *r, struct tu_buf *out, struct tu_error *err)
{
	struct tu_str domain = tu_str_from(g->mail.from, tu_str_rfind(g->mail.from, '@'));
	struct tu_mail mail = {.from = g->mail.from,
		.from_name = g->mail.from_name,
		.to = g->address,
		.date = g->at / US,
		.headers = {{"Auto-Submitted", TU_STR("auto-generated")}}};
	struct tu_buf id;
	enum tu_status status = add_unsubscribe(g, r, &mail, err);

	if (!status)
		status = render(g, r, tu_render_subject, &mail.subject, err);
	if (!status)
		status = render(g, r, tu_render_text, &mail.text, err);
	if (!status)
		status = render(g, r, tu_render_html, &mail.html, err);
	if (status)
		return status;
	tu_buf_init(&id, 400);
	tu_buf_printf(&id, "%.*s%.*s", TU_STR_FMT(g->public_id), TU_STR_FMT(domain));
	mail.message_id = tu_buf_str(&id);
	status = tu_mail_write(&mail, out, err);
	tu_buf_done(&id);
	return status;
}

static enum tu_status send_mail(struct gathered *g, struct tu_rendering *r, struct tu_error *err)
{
	const struct tu_smtp server = {.host = g->mail.host,
		.port = (unsigned)g->mail.port,
		.security = g->mail.security,
		.user = g->mail.user,
		.password = g->password,
		.ca_file = g->n->ca_file,
		.seconds_max = SECONDS_MAX};
	struct tu_smtp_mail mail = {.from = g->mail.from, .to = g->address};
	struct tu_buf text;
	enum tu_status status;

	if (!g->mail.on)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "no mail server is set");
	tu_buf_init(&text, 4 * BODY_MAX);
	status = write_mail(g, r, &text, err);
	mail.bytes = tu_buf_str(&text);
	if (!status)
		status = tu_smtp_send(&server, &mail, err);
	tu_buf_done(&text);
	return status;
}

/* ---- webhooks ---- */

static enum tu_status sign(
	struct gathered *g, struct tu_hook *hook, int64_t now, struct tu_error *err)
{
	const struct tu_signing signing = {.id = g->public_id,
		.body = hook->body,
		.timestamp = now / US,
		.secrets = {g->secrets[0], g->secrets[1]}};
	struct tu_str time, text;
	struct tu_buf out;
	enum tu_status status;

	tu_buf_init(&out, 1000);
	tu_buf_printf(&out, "%lld", (long long)signing.timestamp);
	status = tu_arena_dup(g->arena, tu_buf_str(&out), &time) ? TU_OK : tu_no_memory(err);
	tu_buf_clear(&out);
	if (!status)
		status = tu_webhook_sign(&signing, &out, err);
	if (!status && !tu_arena_dup(g->arena, tu_buf_str(&out), &text))
		status = tu_no_memory(err);
	tu_buf_done(&out);
	if (status)
		return status;
	hook->headers[0] = (struct tu_hook_header){"webhook-id", g->public_id};
	hook->headers[1] = (struct tu_hook_header){"webhook-timestamp", time};
	hook->headers[2] = (struct tu_hook_header){"webhook-signature", text};
	return TU_OK;
}

static enum tu_status send_hook(
	struct gathered *g, const struct tu_rendering *r, int64_t now, struct tu_error *err)
{
	static void (*const forms[TU_CHANNEL_KINDS])(
		const struct tu_rendering *, struct tu_buf *) = {
		[TU_CHANNEL_WEBHOOK] = tu_render_webhook,
		[TU_CHANNEL_SLACK] = tu_render_slack,
		[TU_CHANNEL_TEAMS] = tu_render_teams,
	};
	struct tu_hook hook = {.url = g->url, .allowed = g->n->nets, .seconds_max = SECONDS_MAX};
	enum tu_status status = render(g, r, forms[g->channel->kind], &hook.body, err);

	if (!status && g->channel->kind == TU_CHANNEL_WEBHOOK)
		status = sign(g, &hook, now, err);
	return status ? status : tu_hook_send(&hook, err);
}

/* ---- one ---- */

static enum tu_status send(struct gathered *g, int64_t now, struct tu_error *err)
{
	struct tu_rendering r = {.notices = g->batch_id ? &g->notices : NULL,
		.rule = g->rule ? g->rule->name : (struct tu_str){0},
		.link = tu_str_c(g->n->public_url),
		.id = g->public_id,
		.at = g->at};

	if (!g->batch_id)
		r.words = tu_str_eq(g->kind, TU_STR("test"))
			? TU_STR("This is a test of a channel of notifications.")
			: tu_str_c(tu_notice_access_words(g->kind));
	if (!g->channel || g->channel->kind == TU_CHANNEL_MAIL)
		return send_mail(g, &r, err);
	return send_hook(g, &r, now, err);
}

struct ending {
	struct tu_str public_id;
	const char *state;
	int64_t now;
};

static enum tu_status end(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct ending *e = self;

	return tu_tx_exec(tx, TU_SQL_NOTIFY_SENT_END,
		TU_BIND(tu_text(e->public_id), tu_text(tu_str_c(e->state)), tu_int(e->now)), NULL,
		err);
}

enum tu_status tu_notify_send(const struct tu_notify *n, const struct tu_message *message,
	int64_t now, struct tu_error *err)
{
	struct gathered g = {.n = n, .public_id = message->target, .arena = tu_arena_new(ARENA)};
	struct ending e = {message->target, "nothing", now};
	enum tu_status status =
		g.arena ? tu_store_run(n->store, TU_TX_READ, gather, &g, err) : tu_no_memory(err);

	if (!status && g.wanted) {
		e.state = "sent";
		status = send(&g, now, err);
	}
	tu_arena_free(g.arena);
	/* the outbox says that it was delivered, if this cannot be written */
	if (!status)
		(void)!tu_store_run(n->store, TU_TX_WRITE, end, &e, NULL);
	return status;
}
