/*
 * Transactions of SQLite. The writer is handed from one to the next without a commit while others
 * wait for it; the last one commits for all, and each is answered then.
 */
#include <errno.h>

#include "base/alloc.h"
#include "store/sqlite.h"
#include "store/turn.h"

enum { BATCH_MAX = 64 };

static enum tu_status run(struct sqlite_connection *c, const char *sql, struct tu_error *err)
{
	int code;

	c->deadline = 0; /* beginning and ending is never cut short */
	code = SQL(exec)(c->db, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? TU_OK : tu_sqlite__failed(c->db, code, err);
}

/* Answer all that wait for the commit that just ended. The lock is held. */
static void answer(struct sqlite_store *store, enum tu_status status, const struct tu_error *error)
{
	for (struct sqlite_tx *tx = store->members; tx; tx = tx->next) {
		tx->status = status;
		if (status)
			tx->error = *error;
		tx->answered = true;
	}
	store->members = NULL;
	store->batch = 0;
	store->open = false;
	(void)pthread_cond_broadcast(&store->committed);
}

/* The database ended the whole transaction by itself, as it does when the disk is full: what others
 * had done in it is gone too. The lock is held. */
static void all_is_lost(struct sqlite_store *store)
{
	struct tu_error error = {0};

	if (!store->open)
		return;
	(void)tu_fail(&error, TU_E_CONFLICT, 0,
		"rolled back with another transaction that the database could not store");
	answer(store, TU_E_CONFLICT, &error);
}

bool tu_sqlite__is_lost(const struct sqlite_store *store)
{
	return SQL(get_autocommit)(store->writer.db) != 0;
}

/* Hand the writer on, or commit when nobody waits or enough have joined. The lock is held, and
 * released on the way. */
static void leave(struct sqlite_store *store)
{
	struct tu_error error = {0};
	enum tu_status status;

	if (tu_sqlite__is_lost(store)) {
		all_is_lost(store);
	} else if (!store->waiting || store->batch >= BATCH_MAX) {
		(void)pthread_mutex_unlock(&store->lock);
		status = run(&store->writer, "COMMIT", &error);
		if (status && !tu_sqlite__is_lost(store))
			(void)run(&store->writer, "ROLLBACK", NULL);
		(void)pthread_mutex_lock(&store->lock);
		answer(store, status, &error);
	}
	store->writer.busy = false;
	(void)pthread_cond_broadcast(&store->turn);
}

/* Wait for the writer. Those whose work is in the open transaction count on the one who waits to
 * commit for them: one who gives up leaves that to whoever has the writer. */
static enum tu_status take_writer(struct sqlite_store *store, struct tu_error *err)
{
	const struct timespec end = tu_store__turn_end(store->timeout_ms);
	enum tu_status status = TU_OK;

	(void)pthread_mutex_lock(&store->lock);
	if (store->writer.busy && pthread_equal(store->owner, pthread_self())) {
		(void)pthread_mutex_unlock(&store->lock);
		return tu_fail(err, TU_E_USAGE, 0,
			"this thread has a transaction already that writes, which must end first");
	}
	store->waiting++;
	while (!status && store->writer.busy)
		if (pthread_cond_timedwait(&store->turn, &store->lock, &end) == ETIMEDOUT &&
			store->writer.busy)
			status = tu_fail(err, TU_E_BUSY, 0,
				"another transaction has not ended for %lld ms",
				(long long)store->timeout_ms);
	store->waiting--;
	if (!status) {
		store->writer.busy = true;
		store->owner = pthread_self();
	}
	(void)pthread_mutex_unlock(&store->lock);
	return status;
}

static enum tu_status begin_write(struct sqlite_store *store, struct tu_error *err)
{
	enum tu_status status = take_writer(store, err);

	if (status)
		return status;
	if (!store->open)
		status = run(&store->writer, "BEGIN IMMEDIATE", err);
	if (!status) {
		store->open = true;
		status = run(&store->writer, "SAVEPOINT one", err);
	}
	if (status) {
		(void)pthread_mutex_lock(&store->lock);
		leave(store);
		(void)pthread_mutex_unlock(&store->lock);
	}
	return status;
}

static struct sqlite_connection *find_reader(const struct sqlite_store *store)
{
	for (size_t i = 0; i < store->reader_count; i++)
		if (!store->readers[i].busy)
			return &store->readers[i];
	return NULL;
}

/* NULL: all have been busy for too long. */
static struct sqlite_connection *take_reader(struct sqlite_store *store)
{
	const struct timespec end = tu_store__turn_end(store->timeout_ms);
	struct sqlite_connection *reader;
	int waited = 0;

	(void)pthread_mutex_lock(&store->lock);
	while (!(reader = find_reader(store)) && waited != ETIMEDOUT)
		waited = pthread_cond_timedwait(&store->turn, &store->lock, &end);
	if (reader)
		reader->busy = true;
	(void)pthread_mutex_unlock(&store->lock);
	return reader;
}

static void give_back(struct sqlite_store *store, struct sqlite_connection *reader)
{
	(void)pthread_mutex_lock(&store->lock);
	reader->busy = false;
	(void)pthread_cond_broadcast(&store->turn);
	(void)pthread_mutex_unlock(&store->lock);
}

enum tu_status tu_sqlite__begin(
	struct tu_store *base, enum tu_tx_kind kind, struct tu_tx **out_tx, struct tu_error *err)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct sqlite_tx *tx = tu_alloc(1, sizeof(*tx));
	enum tu_status status;

	if (!tx)
		return tu_no_memory(err);
	tx->head = (struct tu_tx){.store = base, .kind = kind};
	if (kind == TU_TX_WRITE) {
		tx->connection = &store->writer;
		status = begin_write(store, err);
	} else {
		tx->connection = take_reader(store);
		status = tx->connection
			? run(tx->connection, "BEGIN", err)
			: tu_fail(err, TU_E_BUSY, 0, "all %zu connections for reading are in use",
				  store->reader_count);
		if (status && tx->connection)
			give_back(store, tx->connection);
	}
	if (status)
		tu_free(tx);
	else
		*out_tx = &tx->head;
	return status;
}

static enum tu_status end_read(struct sqlite_tx *tx, struct tu_error *err)
{
	struct sqlite_store *store = (struct sqlite_store *)tx->head.store;
	enum tu_status status = run(tx->connection, "COMMIT", err);

	if (status)
		(void)run(tx->connection, "ROLLBACK", NULL);
	give_back(store, tx->connection);
	return status;
}

/* Whoever has the writer now may never end, or not for long: then this one is answered that it is
 * not known what becomes of it, and is committed or not with that one. The lock is held. */
static enum tu_status await_answer(
	struct sqlite_store *store, struct sqlite_tx *tx, struct tu_error *err)
{
	const struct timespec end = tu_store__turn_end(store->timeout_ms);
	struct sqlite_tx **at = &store->members;
	int waited = 0;

	while (!tx->answered && waited != ETIMEDOUT)
		waited = pthread_cond_timedwait(&store->committed, &store->lock, &end);
	if (tx->answered) {
		if (tx->status && err)
			*err = tx->error;
		return tx->status;
	}
	while (*at && *at != tx)
		at = &(*at)->next;
	if (*at)
		*at = tx->next;
	return tu_fail(err, TU_E_IO, 0,
		"another transaction has not ended for %lld ms: it is not known whether this one "
		"is "
		"kept",
		(long long)store->timeout_ms);
}

static enum tu_status end_write(struct sqlite_tx *tx, bool keep, struct tu_error *err)
{
	struct sqlite_store *store = (struct sqlite_store *)tx->head.store;
	enum tu_status status = TU_OK;

	if (!tu_sqlite__is_lost(store) && !(keep && !tx->broken))
		status = run(&store->writer, "ROLLBACK TO one", err);
	if (!tu_sqlite__is_lost(store) && !status)
		status = run(&store->writer, "RELEASE one", err);
	/* what cannot be taken back alone must not be committed with what others did */
	if (!tu_sqlite__is_lost(store) && status)
		(void)run(&store->writer, "ROLLBACK", NULL);
	(void)pthread_mutex_lock(&store->lock);
	if (keep && (tx->broken || tu_sqlite__is_lost(store)))
		status = tu_fail(err, TU_E_CONFLICT, 0, "the database rolled the transaction back");
	if (!keep || status) {
		leave(store);
		(void)pthread_mutex_unlock(&store->lock);
		return status;
	}
	tx->next = store->members;
	store->members = tx;
	store->batch++;
	leave(store);
	status = await_answer(store, tx, err);
	(void)pthread_mutex_unlock(&store->lock);
	return status;
}

enum tu_status tu_sqlite__commit(struct tu_tx *base, struct tu_error *err)
{
	struct sqlite_tx *tx = (struct sqlite_tx *)base;
	enum tu_status status =
		base->kind == TU_TX_WRITE ? end_write(tx, true, err) : end_read(tx, err);

	tu_free(tx);
	return status;
}

void tu_sqlite__rollback(struct tu_tx *base)
{
	struct sqlite_tx *tx = (struct sqlite_tx *)base;

	(void)(base->kind == TU_TX_WRITE ? end_write(tx, false, NULL) : end_read(tx, NULL));
	tu_free(tx);
}
