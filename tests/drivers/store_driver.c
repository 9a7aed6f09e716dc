/*
 * Puts a store under load until somebody kills it, and says afterwards what is there.
 *
 * usage: store_driver migrate PLACE
 *        store_driver load PLACE THREADS NAME   until it is killed; prints
 *            "ready" when the store is open, "ack KEY" after each commit that was answered,
 *            "done KEY" after each job, "sent ID KEY" for each message,
 *            "twice SQL" when a job is done a second time
 *        store_driver check PLACE               verifies the ledger; prints
 *            "ledger N", "have KEY" of each write and "have done:KEY" of each job's effect,
 *            "job STATE COUNT", "message STATE COUNT"
 *
 * A write is a row of `setting`, a record of the ledger, a job and a message, in one transaction.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "job/outbox.h"
#include "ledger/chain.h"
#include "store/engine.h"
#include "store/migrate.h"

static int64_t now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int fail(const char *what, const struct tu_error *err)
{
	fprintf(stderr, "%s: %s\n", what, err->message);
	return 1;
}

static void wait_a_little(void)
{
	(void)nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

/* One line, whole, at once: the reader may see the process die right after it. */
static void say(const char *word, const char *key)
{
	char line[120];
	int len = snprintf(line, sizeof(line), "%s %s\n", word, key);

	if (write(STDOUT_FILENO, line, (size_t)len) != len)
		exit(0); /* nobody listens any more */
}

struct load {
	struct tu_store *store;
	const char *name;
	int thread;
	unsigned count;
	char key[80];
};

static enum tu_status set(
	struct tu_tx *tx, const char *name, const char *value, struct tu_error *err)
{
	return tu_tx_exec(tx, TU_SQL_SETTING_PUT,
		TU_BIND(tu_text(tu_str_c(name)), tu_text(tu_str_c(value))), NULL, err);
}

static enum tu_status write_one(struct tu_tx *tx, void *self, struct tu_error *err)
{
	enum { ATTEMPTS = 1000 /* what kills their worker is not in them */ };
	const struct load *load = self;
	const struct tu_change change = {"release", load->thread};
	const struct tu_message message = {.kind = TU_STR("test"),
		.target = TU_STR("nowhere"),
		.payload = tu_str_c(load->key),
		.attempts_max = ATTEMPTS};
	const struct tu_job_spec job = {.kind = TU_STR("test"),
		.key = tu_str_c(load->key),
		.payload = TU_STR("{}"),
		.run_at = now(),
		.attempts_max = ATTEMPTS};
	const struct tu_ledger_entry entry = {.at = now(),
		.actor = tu_str_c(load->name),
		.action = TU_STR("test.write"),
		.subject = tu_str_c(load->key),
		.body = TU_STR("{}"),
		.changes = &change,
		.change_count = 1};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_job_queued queued;
	enum tu_status status = set(tx, load->key, "1", err);

	if (!status)
		status = tu_job_add(tx, &job, arena, &queued, err);
	if (!status)
		status = tu_outbox_add(tx, &message, now(), err);
	if (!status)
		status = tu_tx_record(tx, &entry, err);
	tu_arena_free(arena);
	return status;
}

static void *write_many(void *self)
{
	struct load *load = self;
	struct tu_error err;

	for (;; load->count++) {
		(void)snprintf(load->key, sizeof(load->key), "%s-%d-%u", load->name, load->thread,
			load->count);
		if (tu_store_run(load->store, TU_TX_WRITE, write_one, load, &err) == TU_OK)
			say("ack", load->key);
		else
			wait_a_little();
	}
	return NULL;
}

/* The effect of a job: a mark, one more each time that it is done. The lease comes first: a worker
 * that slept for longer than that leaves no effect. */
static enum tu_status finish_one(struct load *load, const struct tu_job *job,
	const struct tu_job_lease *lease, struct tu_error *err)
{
	struct tu_tx *tx;
	char sql[200];
	enum tu_status status = tu_store_begin(load->store, TU_TX_WRITE, &tx, err);

	if (status)
		return status;
	(void)snprintf(sql, sizeof(sql),
		"INSERT INTO setting (name, value) VALUES ('done:%.*s', '')",
		TU_STR_FMT(job->key)); /* a second time is a second row of that name: refused */
	status = tu_job_finish(tx, job, lease, TU_STR("fine"), err);
	if (!status) {
		status = tu_tx__script(tx, sql, err);
		if (status == TU_E_CONSTRAINT)
			say("twice", sql);
	}
	if (!status)
		return tu_tx_commit(tx, err);
	tu_tx_rollback(tx);
	return status;
}

static void *work_many(void *self)
{
	struct load *load = self;
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_error err;
	char owner[80];

	(void)snprintf(owner, sizeof(owner), "%s-w%d", load->name, load->thread);
	for (;; tu_arena_reset(arena)) {
		int64_t at = now();
		const struct tu_job_lease lease = {tu_str_c(owner), at, at + 300000};
		struct tu_job job;
		char key[80];

		if (tu_job_claim(load->store, &lease, arena, &job, &err) || !job.id) {
			wait_a_little();
			continue;
		}
		(void)snprintf(key, sizeof(key), "%.*s", TU_STR_FMT(job.key));
		if (finish_one(load, &job, &lease, &err) == TU_OK)
			say("done", key);
	}
	return NULL;
}

static enum tu_status send_one(void *self, const struct tu_message *message, struct tu_error *err)
{
	char line[160];

	(void)self;
	(void)err;
	(void)snprintf(line, sizeof(line), "%.*s %.*s", TU_STR_FMT(message->public_id),
		TU_STR_FMT(message->payload));
	say("sent", line);
	return TU_OK;
}

static void *send_many(void *self)
{
	static const struct tu_outbox_sender sender = {send_one, NULL};
	struct load *load = self;
	struct tu_error err;
	char owner[80];

	(void)snprintf(owner, sizeof(owner), "%s-s%d", load->name, load->thread);
	for (;;) {
		int64_t at = now();
		const struct tu_job_lease lease = {tu_str_c(owner), at, at + 300000};
		enum tu_outbox_outcome outcome = TU_OUTBOX_NOTHING;

		if (tu_outbox_deliver(load->store, &lease, &sender, &outcome, &err) ||
			outcome == TU_OUTBOX_NOTHING)
			wait_a_little();
	}
	return NULL;
}

/* `writes`: half of the threads make new work for the others. */
static int put_under_load(struct tu_store *store, bool writes, int threads, const char *name)
{
	static void *(*const roles[2][4])(void *) = {{work_many, send_many, work_many, send_many},
		{write_many, write_many, work_many, send_many}};
	struct load *loads = calloc((size_t)threads, sizeof(*loads));
	pthread_t thread;

	say("ready", name);
	for (int i = 0; loads && i < threads; i++) {
		loads[i] = (struct load){.store = store, .name = name, .thread = i};
		if (pthread_create(&thread, NULL, roles[writes][i % 4], &loads[i]))
			return 1;
	}
	for (;;)
		(void)pause();
}

/* ---- afterwards ---- */

static enum tu_status check_ledger(struct tu_tx *tx, struct tu_error *err)
{
	uint8_t hash[TU_SHA256_BYTES] = {0}, content[TU_SHA256_BYTES];
	struct tu_rows *rows;
	int64_t n = 0;
	enum tu_status status = tu_tx_query(
		tx, TU_SQL_LEDGER_FROM, TU_BIND(tu_int(1), tu_int(INT64_MAX)), &rows, err);

	if (status)
		return status;
	while (!status && tu_rows_next(rows)) {
		const struct tu_ledger_texts texts = {tu_rows_text(rows, 2), tu_rows_text(rows, 3),
			tu_rows_text(rows, 4), tu_rows_text(rows, 5)};

		status = tu_ledger_content(&texts, content, err);
		if (!status)
			status = tu_ledger_hash(hash, ++n, tu_rows_int(rows, 1), content, hash);
		if (tu_rows_int(rows, 0) != n ||
			!tu_str_eq(
				tu_rows_text(rows, 6), tu_str_of((const char *)hash, sizeof(hash))))
			status = tu_fail(
				err, TU_E_CORRUPT, 0, "record %lld does not follow", (long long)n);
	}
	if (tu_rows_close(rows, status ? NULL : err) && !status)
		status = err->status;
	if (status)
		return status;
	status = tu_tx_row(tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &rows, err);
	if (status)
		return status;
	if (tu_rows_int(rows, 0) != n)
		status = tu_fail(err, TU_E_CORRUPT, 0, "the head is not the last record");
	printf("ledger %lld\n", (long long)n);
	return tu_rows_close(rows, status ? NULL : err) ? err->status : status;
}

/* Print rows of one or two columns. */
static enum tu_status print(
	struct tu_tx *tx, const char *word, enum tu_sql sql, bool counted, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(tx, sql, TU_NO_BIND, &rows, err);

	if (status)
		return status;
	while (tu_rows_next(rows)) {
		printf("%s %.*s", word, TU_STR_FMT(tu_rows_text(rows, 0)));
		if (counted)
			printf(" %lld", (long long)tu_rows_int(rows, 1));
		putchar('\n');
	}
	return tu_rows_close(rows, err);
}

static enum tu_status check(struct tu_tx *tx, void *self, struct tu_error *err)
{
	enum tu_status status = check_ledger(tx, err);

	(void)self;
	if (!status)
		status = print(tx, "have", TU_SQL_SETTING_NAMES, false, err);
	if (!status)
		status = print(tx, "job", TU_SQL_JOB_COUNTS, true, err);
	if (!status)
		status = print(tx, "message", TU_SQL_OUTBOX_COUNTS, true, err);
	return status;
}

int main(int argc, char **argv)
{
	struct tu_store_options options = {.connections = 12};
	struct tu_migration_state state;
	struct tu_store *store;
	struct tu_error err = {0};

	if (argc < 3)
		return 2;
	options.place = argv[2];
	if (strcmp(argv[1], "migrate") == 0)
		return tu_store_migrate(&options, 1, &state, &err) ? fail("migrate", &err) : 0;
	if (tu_store_open(&options, &store, &err))
		return fail("open", &err);
	if (argc == 5)
		return put_under_load(
			store, strcmp(argv[1], "load") == 0, argv[3][0] - '0', argv[4]);
	if (tu_store_run(store, TU_TX_READ, check, NULL, &err))
		return fail("check", &err);
	tu_store_close(store);
	return 0;
}
