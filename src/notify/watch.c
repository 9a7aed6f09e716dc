/* From time to items of rules: deadlines come near, jobs are given up, sources are late. */
#include <stdio.h>

#include "notify/following.h"

enum { US = 1000000, NEAR_HOURS = 24, ARENA = 256 << 20 };
enum { TROUBLE_DAYS = 60 /* less than items are kept */ };
#define DAY_US ((int64_t)24 * 3600 * US)

/* ---- deadlines ---- */

struct watching {
	struct tu_notify__following f;
	const struct tu_deadline_asking *asking;
};

static const char *kind_now(const struct tu_deadline *d, const struct tu_rule *rule, int64_t now)
{
	int64_t within = (rule->within ? rule->within : NEAR_HOURS) * 3600;

	if (!d->due || d->stopped || !tu_deadline_is_open(d))
		return NULL;
	if (d->due < now)
		return d->due * US >= rule->created ? "deadline.missed" : NULL;
	return d->due - within <= now ? "deadline.near" : NULL;
}

/* What a rule takes and has not yet. */
static enum tu_status offer_new(struct tu_notify__following *f, size_t i,
	const struct tu_notice *notice, const char *name, struct tu_error *err)
{
	enum tu_status status;
	int64_t id;

	if (!tu_notify__sees(&f->rules[i].scope, notice) ||
		!tu_rule_takes(f->rules[i].rule, notice))
		return TU_OK;
	status = tu_tx_int(f->tx, TU_SQL_NOTIFY_ITEM_HAS,
		TU_BIND(tu_int(f->rules[i].rule->id), tu_text(tu_str_c(name))), &id, err);
	if (status != TU_E_NOTFOUND)
		return status;
	return tu_notify__offer_to(f, i, notice, name) ? TU_OK : tu_no_memory(err);
}

static enum tu_status watch_one(struct tu_notify__following *f, size_t i,
	const struct tu_deadline_seen *seen, struct tu_error *err)
{
	const struct tu_deadline *d = seen->deadline;
	const char *kind = kind_now(d, f->rules[i].rule, f->now / US);
	char subject[TU_NOTIFY__ITEM_NAME / 2], name[TU_NOTIFY__ITEM_NAME];
	char about[TU_DEADLINE_SUBJECT];
	struct tu_notice notice = {.kind = tu_str_c(kind),
		.device_id = seen->device->row.id,
		.device = seen->device->row.name,
		.due = d->due * US,
		.at = f->now};

	if (!kind)
		return TU_OK;
	(void)snprintf(subject, sizeof(subject), "%.*s, %s",
		TU_STR_FMT(tu_str_first(tu_deadline_subject(seen, about), 100)), d->rule->id);
	(void)snprintf(name, sizeof(name), "%s:%.*s:%lld", kind,
		TU_STR_FMT(tu_str_first(seen->key, 400)), (long long)d->due);
	notice.subject = tu_str_c(subject);
	return offer_new(f, i, &notice, name, err);
}

/* What is new of them; in a transaction that reads. */
static enum tu_status watch(struct tu_work *w, void *self, struct tu_error *err)
{
	struct watching *x = self;
	struct tu_notify__following *f = &x->f;
	struct tu_deadline_all *all = NULL;
	const struct tu_deadlines_seen *seen;
	enum tu_status status;

	f->tx = w->tx;
	f->rule_count = 0;
	f->items.count = 0;
	status = tu_notify__read_rules(f, err);
	if (status || !f->rule_count)
		return status;
	status = tu_deadline_hold(w, x->asking, &all, err);
	if (status)
		return status;
	seen = tu_deadline_all_seen(all);
	for (size_t i = 0; !status && i < f->rule_count; i++)
		for (size_t k = 0; !status && k < seen->list.count; k++)
			status = watch_one(f, i, &seen->list.at[k], err);
	tu_deadline_drop(all);
	return status;
}

static enum tu_status put(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct watching *x = self;

	x->f.tx = tx;
	return tu_notify__add_items(&x->f, err);
}

enum tu_status tu_notify_deadlines(const struct tu_notify *n,
	const struct tu_deadline_asking *asking, int64_t now, struct tu_error *err)
{
	const struct tu_act act = {.at = now, .actor = TU_STR("system:notices")};
	struct watching x = {
		.f = {.n = n, .now = now, .arena = tu_arena_new(ARENA)}, .asking = asking};
	enum tu_status status =
		x.f.arena ? tu_work_read(n->store, &act, watch, &x, err) : tu_no_memory(err);

	if (!status && x.f.items.count)
		status = tu_store_run(n->store, TU_TX_WRITE, put, &x, err);
	tu_arena_free(x.f.arena);
	return status;
}

/* ---- troubles ---- */

struct job {
	struct tu_str kind, public_id;
	int64_t finished;
};

struct undelivered {
	struct tu_str kind, public_id, channel; /* channel: its name, or empty */
	int64_t channel_id; /* 0: none */
	int64_t at;
};

struct troubled {
	struct tu_notify__following f;
	const struct tu_notify_troubles *troubles;
	TU_VEC(struct job) jobs;
	TU_VEC(struct undelivered) messages;
};

static enum tu_status read_jobs(struct troubled *x, struct tu_error *err)
{
	struct tu_notify__following *f = &x->f;
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status = tu_tx_query(f->tx, TU_SQL_NOTIFY_QUARANTINED,
		TU_BIND(tu_int(f->now - TROUBLE_DAYS * DAY_US), tu_int(TU_NOTIFY_ITEMS)), &rows,
		err);

	if (status)
		return status;
	while (fine && tu_rows_next(rows)) {
		struct job job = {.finished = tu_rows_int(rows, 2)};

		fine = tu_arena_dup(f->arena, tu_rows_text(rows, 0), &job.kind) &&
			tu_arena_dup(f->arena, tu_rows_text(rows, 1), &job.public_id) &&
			TU_VEC_PUSH_IN(f->arena, &x->jobs, job);
	}
	status = tu_rows_close(rows, err);
	return status || fine ? status : tu_no_memory(err);
}

static enum tu_status read_messages(struct troubled *x, struct tu_error *err)
{
	struct tu_notify__following *f = &x->f;
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status = tu_tx_query(f->tx, TU_SQL_NOTIFY_UNDELIVERED,
		TU_BIND(tu_int(f->now - TROUBLE_DAYS * DAY_US), tu_int(TU_NOTIFY_ITEMS)), &rows,
		err);

	if (status)
		return status;
	while (fine && tu_rows_next(rows)) {
		struct undelivered one = {
			.at = tu_rows_int(rows, 2), .channel_id = tu_rows_int(rows, 4)};

		fine = tu_arena_dup(f->arena, tu_rows_text(rows, 0), &one.kind) &&
			tu_arena_dup(f->arena, tu_rows_text(rows, 1), &one.public_id) &&
			tu_arena_dup(f->arena, tu_rows_text(rows, 3), &one.channel) &&
			TU_VEC_PUSH_IN(f->arena, &x->messages, one);
	}
	status = tu_rows_close(rows, err);
	return status || fine ? status : tu_no_memory(err);
}

/* One that was released and fails again is another trouble. */
static enum tu_status offer_job(
	struct tu_notify__following *f, size_t i, const struct job *job, struct tu_error *err)
{
	char name[TU_NOTIFY__ITEM_NAME], subject[TU_NOTIFY__ITEM_NAME / 2];
	struct tu_notice notice = {.kind = TU_STR("job.quarantined"), .at = f->now};

	if (job->finished < f->rules[i].rule->created)
		return TU_OK;
	(void)snprintf(subject, sizeof(subject), "%.*s (%.*s)",
		TU_STR_FMT(tu_str_first(job->kind, 100)), TU_STR_FMT(job->public_id));
	(void)snprintf(name, sizeof(name), "job.quarantined:%.*s:%lld", TU_STR_FMT(job->public_id),
		(long long)job->finished);
	notice.subject = tu_str_c(subject);
	return offer_new(f, i, &notice, name, err);
}

/* To other channels than that which fails: a notice of a notice that failed has no end there. */
static enum tu_status offer_message(struct tu_notify__following *f, size_t i,
	const struct undelivered *one, struct tu_error *err)
{
	char name[TU_NOTIFY__ITEM_NAME], subject[TU_NOTIFY__ITEM_NAME / 2];
	struct tu_notice notice = {.kind = TU_STR("message.quarantined"), .at = f->now};
	const struct tu_str by = one->channel.len ? one->channel : one->kind;

	if (one->at < f->rules[i].rule->created || one->channel_id == f->rules[i].rule->channel_id)
		return TU_OK;
	(void)snprintf(subject, sizeof(subject), "%.*s (%.*s)", TU_STR_FMT(tu_str_first(by, 100)),
		TU_STR_FMT(one->public_id));
	(void)snprintf(name, sizeof(name), "message.quarantined:%.*s", TU_STR_FMT(one->public_id));
	notice.subject = tu_str_c(subject);
	return offer_new(f, i, &notice, name, err);
}

/* Once from one success to the next. */
static enum tu_status offer_source(struct tu_notify__following *f, size_t i,
	const struct tu_notify_source *source, struct tu_error *err)
{
	char name[TU_NOTIFY__ITEM_NAME];
	const struct tu_notice notice = {
		.kind = TU_STR("source.late"), .subject = source->name, .at = f->now};

	(void)snprintf(name, sizeof(name), "source.late:%.*s:%lld",
		TU_STR_FMT(tu_str_first(source->name, 400)), (long long)source->last_success);
	return offer_new(f, i, &notice, name, err);
}

static enum tu_status look_at_troubles(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct troubled *x = self;
	struct tu_notify__following *f = &x->f;
	enum tu_status status;

	f->tx = tx;
	f->rule_count = f->items.count = x->jobs.count = x->messages.count = 0;
	status = tu_notify__read_rules(f, err);
	if (!status && f->rule_count)
		status = read_jobs(x, err);
	if (!status && f->rule_count)
		status = read_messages(x, err);
	for (size_t i = 0; !status && i < f->rule_count; i++) {
		for (size_t k = 0; !status && k < x->jobs.count; k++)
			status = offer_job(f, i, &x->jobs.at[k], err);
		for (size_t k = 0; !status && k < x->messages.count; k++)
			status = offer_message(f, i, &x->messages.at[k], err);
		for (size_t k = 0; !status && k < x->troubles->late_count; k++)
			status = offer_source(f, i, &x->troubles->late[k], err);
	}
	return status;
}

static enum tu_status put_troubles(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct troubled *x = self;

	x->f.tx = tx;
	return tu_notify__add_items(&x->f, err);
}

enum tu_status tu_notify_troubles(const struct tu_notify *n,
	const struct tu_notify_troubles *troubles, int64_t now, struct tu_error *err)
{
	struct troubled x = {
		.f = {.n = n, .now = now, .arena = tu_arena_new(ARENA)}, .troubles = troubles};
	enum tu_status status = x.f.arena
		? tu_store_run(n->store, TU_TX_READ, look_at_troubles, &x, err)
		: tu_no_memory(err);

	if (!status && x.f.items.count)
		status = tu_store_run(n->store, TU_TX_WRITE, put_troubles, &x, err);
	tu_arena_free(x.f.arena);
	return status;
}
