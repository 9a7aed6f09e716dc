/* From items to messages in the outbox; what was sent; unsubscribing. */
#include <string.h>

#include "base/hex.h"
#include "base/hmac.h"
#include "notify/inside.h"

enum { ARENA = 16 << 20 };

/* ---- a message ---- */

enum tu_status tu_notify__token(const struct tu_secret_key *key, struct tu_str public_id,
	char out[TU_NOTIFY__TOKEN], struct tu_error *err)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t code[TU_HMAC_MAX];
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, 200);
	tu_buf_printf(&text, "unsubscribe:%.*s", TU_STR_FMT(public_id));
	status = text.failed
		? tu_no_memory(err)
		: tu_hmac(TU_HMAC_SHA256, tu_str_of((const char *)key->bytes, TU_AEAD_KEY),
			  tu_buf_str(&text), code, err);
	for (size_t i = 0; !status && i < TU_NOTIFY__TOKEN / 2; i++) {
		out[2 * i] = digits[code[i] >> 4];
		out[2 * i + 1] = digits[code[i] & 15];
	}
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_notify__queue(
	struct tu_tx *tx, const struct tu_notify__sent *sent, int64_t at, struct tu_error *err)
{
	const struct tu_message message = {
		.kind = TU_STR("notice"), .target = sent->public_id, .payload = TU_STR("{}")};
	enum tu_status status = tu_tx_exec(tx, TU_SQL_NOTIFY_SENT_ADD,
		TU_BIND(tu_text(sent->public_id), tu_text(sent->kind),
			sent->channel_id ? tu_int(sent->channel_id) : tu_null(),
			sent->rule_id ? tu_int(sent->rule_id) : tu_null(),
			sent->batch_id ? tu_int(sent->batch_id) : tu_null(),
			sent->person_id ? tu_int(sent->person_id) : tu_null(),
			sent->token.len ? tu_blob(sent->token) : tu_null(), tu_int(at)),
		NULL, err);

	return status ? status : tu_outbox_add(tx, &message, at, err);
}

/* ---- a rule's ---- */

struct leaving {
	const struct tu_notify *n;
	int64_t now;
	/* of one transaction */
	struct tu_tx *tx;
	struct tu_arena *arena;
	const struct tu_rule *rule;
	const struct tu_channel *channel;
	int64_t batch;
};

static enum tu_status queue_for(struct leaving *l, int64_t person, struct tu_error *err)
{
	char id[TU_RANDOM_ID + 1], token[TU_NOTIFY__TOKEN];
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_notify__sent sent = {.kind = TU_STR("rule"),
		.channel_id = l->channel->id,
		.rule_id = l->rule->id,
		.batch_id = l->batch,
		.person_id = person};
	enum tu_status status = tu_random_id(id, err);

	sent.public_id = tu_random_id_str(id);
	if (!status && person) {
		status = tu_notify__token(l->n->key, sent.public_id, token, err);
		if (!status && tu_sha256(tu_str_of(token, sizeof(token)), digest))
			status = tu_no_memory(err);
		sent.token = tu_str_of((const char *)digest, sizeof(digest));
	}
	return status ? status : tu_notify__queue(l->tx, &sent, l->now, err);
}

static enum tu_status queue_for_people(struct leaving *l, struct tu_error *err)
{
	TU_VEC(int64_t) ids = {0};
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status = tu_tx_query(l->tx, TU_SQL_NOTIFY_PEOPLE,
		TU_BIND(tu_int(l->channel->person_id), tu_int(l->channel->team_id),
			tu_int(l->rule->id)),
		&rows, err);

	if (status)
		return status;
	while (fine && tu_rows_next(rows))
		fine = TU_VEC_PUSH_IN(l->arena, &ids, tu_rows_int(rows, 0));
	status = tu_rows_close(rows, err);
	if (!status && !fine)
		status = tu_no_memory(err);
	for (size_t i = 0; !status && i < ids.count; i++)
		status = queue_for(l, ids.at[i], err);
	return status;
}

static enum tu_status leave_rule(struct leaving *l, struct tu_error *err)
{
	const struct tu_value rule = tu_int(l->rule->id), now = tu_int(l->now);
	int64_t filled = 0;
	enum tu_status status = tu_tx_int(l->tx, TU_SQL_NOTIFY_BATCH_ADD,
		TU_BIND(rule, now, tu_int(l->rule->dropped)), &l->batch, err);

	if (!status)
		status = tu_tx_exec(l->tx, TU_SQL_NOTIFY_BATCH_FILL,
			TU_BIND(tu_int(l->batch), rule, now), &filled, err);
	if (status || !filled) /* another node was faster */
		return status;
	status = tu_tx_exec(l->tx, TU_SQL_NOTIFY_RULE_LEFT, TU_BIND(rule, now), NULL, err);
	if (status)
		return status;
	return l->channel->kind == TU_CHANNEL_MAIL ? queue_for_people(l, err)
						   : queue_for(l, 0, err);
}

static enum tu_status read_due(
	struct leaving *l, int64_t *ids, size_t most, size_t *out_count, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(l->tx, TU_SQL_NOTIFY_DUE, TU_BIND(tu_int(l->now)), &rows, err);

	*out_count = 0;
	if (status)
		return status;
	while (*out_count < most && tu_rows_next(rows))
		ids[(*out_count)++] = tu_rows_int(rows, 0);
	return tu_rows_close(rows, err);
}

static enum tu_status leave_all(struct leaving *l, struct tu_error *err)
{
	enum { RULES = 64 };
	struct tu_channels channels;
	struct tu_rules rules;
	int64_t ids[RULES];
	size_t count;
	enum tu_status status = read_due(l, ids, RULES, &count, err);

	if (!status)
		status = tu_rule_list(l->tx, l->arena, &rules, err);
	if (!status)
		status = tu_channel_list(l->tx, l->arena, &channels, err);
	for (size_t i = 0; !status && i < count; i++) {
		l->rule = tu_notify__rule(&rules, ids[i]);
		l->channel = l->rule ? tu_notify__channel(&channels, l->rule->channel_id) : NULL;
		if (l->channel)
			status = leave_rule(l, err);
	}
	return status;
}

static enum tu_status leave(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct leaving *l = self;
	enum tu_status status;

	l->tx = tx;
	l->arena = tu_arena_new(ARENA);
	status = l->arena ? leave_all(l, err) : tu_no_memory(err);
	tu_arena_free(l->arena);
	return status;
}

enum tu_status tu_notify_leave(const struct tu_notify *n, int64_t now, struct tu_error *err)
{
	struct leaving l = {.n = n, .now = now};

	return tu_store_run(n->store, TU_TX_WRITE, leave, &l, err);
}

/* ---- what was sent ---- */

static bool take_sent(struct tu_arena *arena, const struct tu_rows *rows, struct tu_sent *s)
{
	struct tu_str *texts[] = {
		&s->public_id, &s->kind, &s->channel, &s->rule, &s->login, &s->state, &s->error};
	bool fine = true;

	*s = (struct tu_sent){.id = tu_rows_int(rows, 0),
		.attempts = tu_rows_int(rows, 8),
		.at = tu_rows_int(rows, 9),
		.done = tu_rows_int(rows, 10)};
	for (unsigned i = 0; fine && i < TU_COUNT(texts); i++)
		fine = tu_arena_dup(arena, tu_rows_text(rows, i + 1), texts[i]);
	return fine;
}

enum tu_status tu_sent_list(struct tu_tx *tx, struct tu_arena *arena, int64_t limit,
	struct tu_sents *out, struct tu_error *err)
{
	TU_VEC(struct tu_sent) list = {0};
	struct tu_sent row;
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_NOTIFY_SENT_LIST, TU_BIND(tu_int(limit)), &rows, err);

	*out = (struct tu_sents){0};
	if (status)
		return status;
	while (fine && tu_rows_next(rows))
		fine = take_sent(arena, rows, &row) && TU_VEC_PUSH_IN(arena, &list, row);
	status = tu_rows_close(rows, err);
	*out = (struct tu_sents){list.at, list.count};
	return status || fine ? status : tu_no_memory(err);
}

enum tu_status tu_notify_unsubscribe(struct tu_work *w, struct tu_str token, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	int64_t rule, person;
	struct tu_rows *rows;
	enum tu_status status;

	if (token.len != TU_NOTIFY__TOKEN || tu_sha256(token, digest))
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such subscription");
	status = tu_tx_row(w->tx, TU_SQL_NOTIFY_BY_TOKEN,
		TU_BIND(tu_blob(tu_str_of((const char *)digest, sizeof(digest)))), &rows, err);
	if (status)
		return status == TU_E_NOTFOUND
			? tu_fail(err, TU_E_NOTFOUND, 0, "there is no such subscription")
			: status;
	rule = tu_rows_int(rows, 0);
	person = tu_rows_int(rows, 1);
	status = tu_rows_close(rows, err);
	return status ? status
		      : tu_work_exec(w, TU_SQL_NOTIFY_MUTE_ADD,
				TU_BIND(tu_int(rule), tu_int(person), tu_int(w->act->at)), err);
}
