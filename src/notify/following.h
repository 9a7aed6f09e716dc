/*
 * From what happens to items of rules: what records (follow.c) and time (watch.c) have in common.
 */
#ifndef TU_NOTIFY_FOLLOWING_H
#define TU_NOTIFY_FOLLOWING_H

#include "notify/inside.h"
#include "notify/kinds.h"

enum { TU_NOTIFY__ITEM_NAME = 600 };

/* A rule as it is used: with the devices that its channel is about. */
struct tu_notify__used {
	const struct tu_rule *rule;
	struct tu_list_scope scope;
	struct tu_zone zone;
	int64_t open, dropped;
};

struct tu_notify__item {
	size_t rule; /* of following.rules */
	struct tu_str name;
	struct tu_notice notice;
};

struct tu_notify__entry {
	int64_t n, at;
	struct tu_str actor, subject;
	const struct tu_notice_source *source;
};

struct tu_notify__following {
	const struct tu_notify *n;
	struct tu_tx *tx;
	struct tu_arena *arena;
	int64_t now, after, to;
	bool more, mail; /* mail: it is set */
	struct tu_notify__used *rules;
	size_t rule_count;
	TU_VEC(struct tu_notify__item) items;
	struct {
		TU_VEC(struct tu_notify__entry) list;
	} entries;
};

/* The rules that are on, into f->rules. */
TU_NODISCARD enum tu_status tu_notify__read_rules(
	struct tu_notify__following *f, struct tu_error *err);
/* An item for the rule with this index; what is too much for a rule is counted. False: no memory.
 */
TU_NODISCARD bool tu_notify__offer_to(
	struct tu_notify__following *f, size_t i, const struct tu_notice *notice, const char *name);
/* Write f->items, and what was counted. One whose name a rule has is not added again. */
TU_NODISCARD enum tu_status tu_notify__add_items(
	struct tu_notify__following *f, struct tu_error *err);

#endif
