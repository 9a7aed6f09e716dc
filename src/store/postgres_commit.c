/* Records of the ledger and the end of a transaction on PostgreSQL. */
#include <string.h>

#include "ledger/chain.h"
#include "store/postgres.h"

/* The lock that serializes the ledger: any number that nothing else in the database uses. */
#define LEDGER_LOCK "SELECT pg_advisory_xact_lock(7308338820512543059)"

/* A record waits for the end of the transaction. */
struct postgres_record {
	struct postgres_record *next;
	struct tu_ledger_entry entry;
	uint8_t content[TU_SHA256_BYTES];
};

static bool keep(struct tu_arena *arena, struct tu_str *text)
{
	return tu_arena_dup(arena, *text, text);
}

static bool keep_kinds(struct tu_arena *arena, struct tu_change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(changes[i].kind);
		char *copy = tu_arena_text(arena, len + 1);

		if (!copy)
			return false;
		memcpy(copy, changes[i].kind, len + 1);
		changes[i].kind = copy;
	}
	return true;
}

enum tu_status tu_postgres__record(
	struct tu_tx *base, const struct tu_ledger_entry *entry, struct tu_error *err)
{
	struct postgres_tx *tx = (struct postgres_tx *)base;
	struct tu_change *changes;
	struct postgres_record *record;
	enum tu_status status;

	if (!tx->arena)
		tx->arena = tu_arena_new(0);
	record = tx->arena ? tu_arena_alloc(tx->arena, sizeof(*record)) : NULL;
	changes = record ? tu_arena_array(tx->arena, entry->change_count, sizeof(*changes)) : NULL;
	if (!changes)
		return tu_no_memory(err);
	record->entry = *entry;
	record->entry.changes = changes;
	if (entry->change_count)
		memcpy(changes, entry->changes, entry->change_count * sizeof(*changes));
	if (!keep_kinds(tx->arena, changes, entry->change_count))
		return tu_no_memory(err);
	if (!keep(tx->arena, &record->entry.actor) || !keep(tx->arena, &record->entry.action) ||
		!keep(tx->arena, &record->entry.subject) || !keep(tx->arena, &record->entry.body))
		return tu_no_memory(err);
	status = tu_ledger_content(
		&(struct tu_ledger_texts){entry->actor, entry->action, entry->subject, entry->body},
		record->content, err);
	if (status)
		return status;
	*tx->last = record;
	tx->last = &record->next;
	return TU_OK;
}

static enum tu_status send_text(PGconn *pg, const char *sql, struct tu_error *err)
{
	return PQ(sendQueryParams)(pg, sql, 0, NULL, NULL, NULL, NULL, 1)
		? TU_OK
		: tu_postgres__failed(pg, NULL, err);
}

static enum tu_status send_record(
	struct postgres_tx *tx, const struct postgres_record *record, struct tu_error *err)
{
	const struct tu_ledger_entry *e = &record->entry;
	struct tu_str content = tu_str_of((const char *)record->content, TU_SHA256_BYTES);
	enum tu_status status = tu_postgres__send(tx, TU_SQL_LEDGER_APPEND,
		TU_BIND(tu_int(e->at), tu_text(e->actor), tu_text(e->action), tu_text(e->subject),
			tu_text(e->body), tu_blob(content)),
		err);

	for (size_t i = 0; !status && i < e->change_count; i++)
		status = tu_postgres__send(tx, TU_SQL_CHANGE_ADD,
			TU_BIND(tu_int((int64_t)i), tu_text(tu_str_c(e->changes[i].kind)),
				tu_int(e->changes[i].key)),
			err);
	return status;
}

/* Waits for the disk also where the server, the database or the role has synchronous_commit=off:
 * the setting counts as it is at the end of the transaction. Any other word is somebody's choice of
 * how many disks to wait for. */
#define SYNCHRONOUS \
	"SELECT CASE current_setting('synchronous_commit') WHEN 'off' THEN " \
	"set_config('synchronous_commit', 'on', true) END"

/* The lock, the records, COMMIT without waiting for the disk; then a transaction of its own that
 * does wait. The log is written in order, so it takes ours along. */
static enum tu_status send_end(struct postgres_tx *tx, size_t *sent, struct tu_error *err)
{
	PGconn *pg = tx->connection->pg;
	enum tu_status status = send_text(pg, "SET LOCAL synchronous_commit=off", err);

	if (!status)
		status = send_text(pg, LEDGER_LOCK, err);
	*sent = 2;
	for (const struct postgres_record *p = tx->first; !status && p; p = p->next) {
		status = send_record(tx, p, err);
		*sent += 1 + p->entry.change_count;
	}
	if (!status)
		status = send_text(pg, "COMMIT", err);
	*sent += 1;
	if (!status && !PQ(pipelineSync)(pg))
		status = tu_postgres__failed(pg, NULL, err);
	if (!status)
		status = send_text(
			pg, SYNCHRONOUS " FROM pg_logical_emit_message(true, '', '')", err);
	if (!status && !PQ(pipelineSync)(pg))
		status = tu_postgres__failed(pg, NULL, err);
	return status;
}

static enum tu_status receive_many(PGconn *pg, size_t count, struct tu_error *err)
{
	int64_t ignored = 0;
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < count && PQ(status)(pg) == CONNECTION_OK; i++) {
		enum tu_status one = tu_postgres__receive(pg, &ignored, status ? NULL : err);

		status = status ? status : one;
	}
	if (PQ(status)(pg) != CONNECTION_OK)
		return status ? status : tu_postgres__failed(pg, NULL, err);
	if (tu_postgres__receive_sync(pg, status ? NULL : err) && !status)
		status = TU_E_IO;
	return status;
}

static enum tu_status commit_records(struct postgres_tx *tx, struct tu_error *err)
{
	PGconn *pg = tx->connection->pg;
	size_t sent = 0;
	enum tu_status status, barrier;

	if (!PQ(enterPipelineMode)(pg))
		return tu_postgres__failed(pg, NULL, err);
	status = send_end(tx, &sent, err);
	if (status)
		return status; /* libpq has no memory or the connection is gone: it is closed */
	status = receive_many(pg, sent, err);
	barrier = PQ(status)(pg) == CONNECTION_OK ? receive_many(pg, 1, status ? NULL : err)
						  : TU_E_IO;
	if (!PQ(exitPipelineMode)(pg) && !status)
		status = tu_postgres__failed(pg, NULL, err);
	return status ? status : barrier;
}

enum tu_status tu_postgres__commit(struct tu_tx *base, struct tu_error *err)
{
	struct postgres_tx *tx = (struct postgres_tx *)base;
	enum tu_status status = tx->first ? commit_records(tx, err)
					  : tu_postgres__plain_commit(tx->connection->pg, err);

	if (status)
		tu_postgres__drop(tx->connection);
	tu_postgres__leave(tx);
	return status;
}
