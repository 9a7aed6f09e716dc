/*
 * Notices, inside src/notify.
 */
#ifndef TU_NOTIFY_INSIDE_H
#define TU_NOTIFY_INSIDE_H

#include "notify/notify.h"

#include "portfolio/scope.h"

enum { TU_NOTIFY__SECRET_NAME = 80, TU_NOTIFY__SECRET_MAX = 4096, TU_NOTIFY__TOKEN = 64 };

/* Under which name a channel's secret is: "url", "secret", "before". */
struct tu_str tu_notify__secret_name(
	char out[TU_NOTIFY__SECRET_NAME], struct tu_str public_id, const char *what);
struct tu_notify__named {
	struct tu_str public_id;
	const char *what;
	struct tu_str value;
};

TU_NODISCARD enum tu_status tu_notify__check_name(struct tu_str name, struct tu_error *err);

/* A message for one reader. */
struct tu_notify__sent {
	struct tu_str public_id, kind;
	int64_t channel_id, rule_id, batch_id, person_id; /* 0: none */
	struct tu_str token; /* SHA-256 of what unsubscribes; empty: nothing does */
};
/* Keep it, and put it into the outbox. */
TU_NODISCARD enum tu_status tu_notify__queue(
	struct tu_tx *tx, const struct tu_notify__sent *sent, int64_t at, struct tu_error *err);

/* What unsubscribes from the rule of a message: made from its public id with the data folder's key,
 * so that it need not be kept. Hexadecimal digits. */
TU_NODISCARD enum tu_status tu_notify__token(const struct tu_secret_key *key,
	struct tu_str public_id, char out[TU_NOTIFY__TOKEN], struct tu_error *err);

/* The devices that a channel is about. */
TU_NODISCARD enum tu_status tu_notify__scope(struct tu_tx *tx, const struct tu_channel *channel,
	struct tu_arena *arena, struct tu_list_scope *out, struct tu_error *err);
bool tu_notify__sees(const struct tu_list_scope *scope, const struct tu_notice *notice);

/* The zone of a rule. */
TU_NODISCARD enum tu_status tu_notify__zone(const struct tu_notify *n, struct tu_arena *arena,
	struct tu_str name, struct tu_zone *out, struct tu_error *err);

/* Rows of notify_items_of_batch and notify_items_open_of that a scope sees. */
struct tu_notify__reading {
	enum tu_sql sql;
	int64_t of;
	const struct tu_list_scope *scope; /* NULL: everything */
};
TU_NODISCARD enum tu_status tu_notify__read(struct tu_tx *tx,
	const struct tu_notify__reading *reading, struct tu_arena *arena, struct tu_notices *out,
	struct tu_error *err);

/* A row of a list by its id or public id. */
const struct tu_channel *tu_notify__channel(const struct tu_channels *all, int64_t id);
const struct tu_rule *tu_notify__rule(const struct tu_rules *all, int64_t id);

#endif
