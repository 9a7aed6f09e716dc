#include "base/random.h"
#include "job/outbox.h"

enum { ATTEMPTS = 12 };

enum tu_status tu_outbox_add(
	struct tu_tx *tx, const struct tu_message *message, int64_t at, struct tu_error *err)
{
	char id[TU_RANDOM_ID + 1];
	enum tu_status status = tu_random_id(id, err);

	if (status)
		return status;
	return tu_tx_exec(tx, TU_SQL_OUTBOX_ADD,
		TU_BIND(tu_text(tu_random_id_str(id)), tu_text(message->kind),
			tu_text(message->target), tu_text(message->payload),
			tu_int(message->attempts_max ? message->attempts_max : ATTEMPTS),
			tu_int(at)),
		NULL, err);
}

struct delivery {
	const struct tu_job_lease *lease;
	struct tu_arena *arena;
	struct tu_message message; /* id 0: nothing is due */
	enum tu_status sent;
	struct tu_error error; /* of sending */
};

static bool keep_row(struct delivery *d, const struct tu_rows *rows)
{
	struct tu_message *m = &d->message;
	struct tu_str *texts[] = {&m->public_id, &m->kind, &m->target, &m->payload};

	m->id = tu_rows_int(rows, 0);
	for (unsigned i = 0; i < TU_COUNT(texts); i++)
		if (!tu_arena_dup(d->arena, tu_rows_text(rows, i + 1), texts[i]))
			return false;
	m->attempts = tu_rows_int(rows, 5);
	m->attempts_max = tu_rows_int(rows, 6);
	return true;
}

static enum tu_status take(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct delivery *d = self;
	struct tu_rows *rows;
	bool kept;
	enum tu_status status;

	d->message = (struct tu_message){0};
	status = tu_tx_exec(tx, TU_SQL_OUTBOX_BURY, TU_BIND(tu_int(d->lease->at)), NULL, err);
	if (!status)
		status = tu_tx_row(tx, TU_SQL_OUTBOX_CLAIM,
			TU_BIND(tu_text(d->lease->owner), tu_int(d->lease->until),
				tu_int(d->lease->at)),
			&rows, err);
	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	kept = keep_row(d, rows);
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

/* Nobody else's outcome is touched: a lease that has ended makes this nothing. */
static enum tu_status settle(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct delivery *d = self;
	char words[TU_JOB__WORDS];
	struct tu_value owner = tu_text(d->lease->owner), id = tu_int(d->message.id);

	if (!d->sent)
		return tu_tx_exec(tx, TU_SQL_OUTBOX_DELIVERED,
			TU_BIND(id, owner, tu_int(d->lease->at)), NULL, err);
	return tu_tx_exec(tx, TU_SQL_OUTBOX_FAILED,
		TU_BIND(id, owner, tu_text(tu_job__words(tu_str_c(d->error.message), words)),
			tu_int(d->lease->at + tu_job_pause(d->message.attempts)),
			tu_int(d->lease->at)),
		NULL, err);
}

static enum tu_status deliver(struct tu_store *store, struct delivery *d,
	const struct tu_outbox_sender *sender, struct tu_error *err)
{
	enum tu_status status = tu_store_run(store, TU_TX_WRITE, take, d, err);

	if (status || !d->message.id)
		return status;
	d->sent = sender->send(sender->self, &d->message, &d->error);
	return tu_store_run(store, TU_TX_WRITE, settle, d, err);
}

enum tu_status tu_outbox_deliver(struct tu_store *store, const struct tu_job_lease *lease,
	const struct tu_outbox_sender *sender, enum tu_outbox_outcome *out_outcome,
	struct tu_error *err)
{
	struct delivery d = {.lease = lease, .arena = tu_arena_new(0)};
	enum tu_status status = d.arena ? deliver(store, &d, sender, err) : tu_no_memory(err);

	*out_outcome = !d.message.id ? TU_OUTBOX_NOTHING
		: d.sent	     ? TU_OUTBOX_FAILED
				     : TU_OUTBOX_DELIVERED;
	if (!status && d.sent && err)
		*err = d.error;
	tu_arena_free(d.arena);
	return status;
}
