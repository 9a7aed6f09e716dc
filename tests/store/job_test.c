/* Jobs and the outbox: done once, tried again, quarantined, cancelled, delivered at least once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>

#include "tests/support/store_scene.h"

#include "job/outbox.h"

enum { SECOND = 1000000 };

static struct tu_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = tu_arena_new(0);
	return arena ? 0 : 1;
}

static int tear_down(void **state)
{
	(void)state;
	tu_arena_free(arena);
	return 0;
}

static struct tu_job_lease lease_at(const char *owner, int64_t seconds)
{
	return (struct tu_job_lease){tu_str_c(owner), seconds * SECOND, (seconds + 10) * SECOND};
}

/* Queue a job; its public id. */
static struct tu_job_queued add(struct tu_store *store, const char *key, int64_t run_at)
{
	const struct tu_job_spec spec = {.kind = TU_STR("test"),
		.key = tu_str_c(key),
		.payload = TU_STR("{}"),
		.run_at = run_at * SECOND,
		.attempts_max = 3};
	struct tu_job_queued queued;
	struct tu_tx *tx;

	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_job_add(tx, &spec, arena, &queued, error));
	assert_ok(tu_tx_commit(tx, error));
	return queued;
}

static struct tu_job claim(struct tu_store *store, const char *owner, int64_t at)
{
	const struct tu_job_lease lease = lease_at(owner, at);
	struct tu_job job;

	assert_ok(tu_job_claim(store, &lease, arena, &job, error));
	return job;
}

static enum tu_status finish(
	struct tu_store *store, const struct tu_job *job, const char *owner, int64_t at)
{
	const struct tu_job_lease lease = lease_at(owner, at);
	struct tu_error err;
	struct tu_tx *tx;
	enum tu_status status;

	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	status = tu_job_finish(tx, job, &lease, TU_STR("fine"), &err);
	if (status)
		tu_tx_rollback(tx);
	else
		assert_ok(tu_tx_commit(tx, error));
	return status;
}

static enum tu_status give_up(
	struct tu_store *store, const struct tu_job *job, const char *owner, int64_t at)
{
	const struct tu_job_lease lease = lease_at(owner, at);
	struct tu_error err;

	return tu_job_fail(store, job, &lease, TU_STR("it broke"), &err);
}

static const char *state_of(struct tu_store *store, struct tu_str public_id)
{
	static char out[32];
	struct tu_rows *rows;
	struct tu_tx *tx;

	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(tu_tx_row(tx, TU_SQL_JOB_GET, TU_BIND(tu_text(public_id)), &rows, error));
	(void)snprintf(out, sizeof(out), "%.*s", TU_STR_FMT(tu_rows_text(rows, 4)));
	assert_ok(tu_rows_close(rows, error));
	assert_ok(tu_tx_commit(tx, error));
	return out;
}

/* What a person asks of a job: cancel, release. */
static enum tu_status ask(struct tu_store *store,
	enum tu_status (*what)(struct tu_tx *, struct tu_str, int64_t, struct tu_error *),
	struct tu_str public_id, int64_t at)
{
	struct tu_error err;
	struct tu_tx *tx;
	enum tu_status status;

	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	status = what(tx, public_id, at * SECOND, &err);
	if (status)
		tu_tx_rollback(tx);
	else
		assert_ok(tu_tx_commit(tx, error));
	return status;
}

static void one_open_job_for_a_key(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_job_queued first = add(store, "a", 1), second = add(store, "a", 2);
	struct tu_job job = claim(store, "me", 5);

	(void)state;
	assert_true(first.is_new);
	assert_false(second.is_new);
	assert_true(tu_str_eq(first.public_id, second.public_id));
	assert_int_equal(finish(store, &job, "me", 6), TU_OK);
	assert_true(add(store, "a", 7).is_new);
	scene_close(store);
}

/* Its worker may have looked before the news came: what is asked for while it runs is done once
 * more, with the newest payload. */
static void asked_for_again_while_it_runs(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_job_queued first = add(store, "a", 1), again;
	struct tu_job job = claim(store, "me", 5);

	(void)state;
	again = add(store, "a", 6);
	assert_false(again.is_new);
	assert_true(tu_str_eq(again.public_id, first.public_id));
	assert_int_equal(claim(store, "you", 7).id, 0); /* not beside the one that runs */
	assert_int_equal(finish(store, &job, "me", 8), TU_OK);
	assert_string_equal(state_of(store, first.public_id), "queued");
	job = claim(store, "you", 9);
	assert_int_equal(job.attempts, 1);
	assert_int_equal(finish(store, &job, "you", 10), TU_OK);
	assert_string_equal(state_of(store, first.public_id), "done");
	assert_int_equal(claim(store, "me", 11).id, 0);
	scene_close(store);
}

static void due_ones_in_their_order(void **state)
{
	struct tu_store *store = scene_open();

	(void)state;
	(void)add(store, "later", 100);
	(void)add(store, "second", 2);
	(void)add(store, "first", 1);
	assert_true(tu_str_eq(claim(store, "me", 50).key, TU_STR("first")));
	assert_true(tu_str_eq(claim(store, "me", 50).key, TU_STR("second")));
	assert_int_equal(claim(store, "me", 50).id, 0);
	assert_true(tu_str_eq(claim(store, "you", 100).key, TU_STR("first"))); /* its lease ended */
	scene_close(store);
}

/* A worker that was slow comes back after another one has taken over. */
static void who_lost_the_lease_changes_nothing(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_job_queued queued = add(store, "a", 1);
	struct tu_job slow = claim(store, "slow", 5), fast = claim(store, "fast", 16);
	const struct tu_job_lease lease = lease_at("slow", 17);
	struct tu_error err;

	(void)state;
	assert_int_equal(slow.id, fast.id);
	assert_int_equal(tu_job_renew(store, &slow, &lease, 500, &err), TU_E_CONFLICT);
	assert_int_equal(finish(store, &slow, "slow", 17), TU_E_CONFLICT);
	assert_int_equal(give_up(store, &slow, "slow", 17), TU_E_CONFLICT);
	assert_int_equal(finish(store, &fast, "fast", 18), TU_OK);
	assert_int_equal(finish(store, &fast, "fast", 19), TU_E_CONFLICT);
	assert_string_equal(state_of(store, queued.public_id), "done");
	scene_close(store);
}

static void renewed_leases_last(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_job job;
	struct tu_job_lease lease = lease_at("me", 14);

	(void)state;
	(void)add(store, "a", 1);
	job = claim(store, "me", 5);
	assert_ok(tu_job_renew(store, &job, &lease, 250, error));
	assert_int_equal(claim(store, "you", 16).id, 0);
	assert_int_equal(claim(store, "you", 25).id, job.id);
	scene_close(store);
}

static void failures_pause_and_end_in_quarantine(void **state)
{
	static const int64_t due[] = {1, 7, 17}; /* pauses of 1 and 4 s after 5 and 12 */
	struct tu_store *store = scene_open();
	struct tu_job_queued queued = add(store, "a", 1);
	struct tu_job job;

	(void)state;
	for (size_t i = 0; i < TU_COUNT(due); i++) {
		job = claim(store, "me", due[i] + 4);
		assert_int_equal(job.attempts, i + 1);
		assert_int_equal(give_up(store, &job, "me", due[i] + 4), TU_OK);
		if (i == 0)
			assert_int_equal(claim(store, "me", 5).id, 0); /* not before its pause */
	}
	assert_string_equal(state_of(store, queued.public_id), "quarantined");
	assert_int_equal(claim(store, "me", 1000000).id, 0);
	assert_int_equal(ask(store, tu_job_release, queued.public_id, 30), TU_OK);
	assert_int_equal(claim(store, "me", 31).attempts, 1);
	scene_close(store);
}

static void a_payload_that_kills_is_quarantined(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_job_queued queued = add(store, "a", 1);

	(void)state;
	for (int64_t at = 5; at <= 45; at += 20) /* its worker never comes back */
		assert_true(claim(store, "me", at).id != 0);
	assert_int_equal(claim(store, "me", 65).id, 0);
	assert_string_equal(state_of(store, queued.public_id), "quarantined");
	scene_close(store);
}

static void people_cancel(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_job_queued waiting = add(store, "waiting", 100), running = add(store, "run", 1);
	struct tu_job job = claim(store, "me", 5);
	const struct tu_job_lease lease = lease_at("me", 6);
	struct tu_error err;

	(void)state;
	assert_int_equal(ask(store, tu_job_cancel, waiting.public_id, 5), TU_OK);
	assert_string_equal(state_of(store, waiting.public_id), "cancelled");
	assert_int_equal(ask(store, tu_job_cancel, running.public_id, 5), TU_OK);
	assert_int_equal(tu_job_renew(store, &job, &lease, 1, &err), TU_E_CANCELLED);
	assert_int_equal(give_up(store, &job, "me", 6), TU_OK);
	assert_string_equal(state_of(store, running.public_id), "cancelled");
	assert_int_equal(ask(store, tu_job_cancel, running.public_id, 7), TU_E_NOTFOUND);
	assert_int_equal(ask(store, tu_job_release, running.public_id, 7), TU_E_NOTFOUND);
	assert_int_equal(ask(store, tu_job_cancel, TU_STR("nothing"), 7), TU_E_NOTFOUND);
	scene_close(store);
}

/* A worker that dies after a person asked it to stop: nobody else begins again. */
static void cancelled_is_cancelled(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_job_queued queued = add(store, "a", 1);

	(void)state;
	assert_true(claim(store, "me", 5).id != 0);
	assert_int_equal(ask(store, tu_job_cancel, queued.public_id, 6), TU_OK);
	assert_int_equal(claim(store, "you", 30).id, 0);
	assert_string_equal(state_of(store, queued.public_id), "cancelled");
	assert_true(add(store, "a", 31).is_new);
	scene_close(store);
}

/* Words of a peer, in any bytes: the failure is written down all the same. */
static void failures_in_any_words(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_job_queued queued = add(store, "a", 1);
	const struct tu_job_lease lease = lease_at("me", 6);
	struct tu_job job = claim(store, "me", 5);
	char words[TU_JOB__WORDS], many[3 * TU_JOB__WORDS];
	struct tu_str said;

	(void)state;
	assert_ok(tu_job_fail(store, &job, &lease, TU_STR("caf\xe9 \xc3\xa9\0!"), error));
	assert_string_equal(state_of(store, queued.public_id), "queued");
	said = tu_job__words(TU_STR("caf\xe9 \xc3\xa9\0!\xc3"), words);
	assert_true(tu_str_eq(said, TU_STR("caf? \xc3\xa9?!?")));
	memset(many, 'x', sizeof(many));
	said = tu_job__words(tu_str_of(many, sizeof(many)), words);
	assert_in_range(said.len, TU_JOB__WORDS - 4, TU_JOB__WORDS);
	scene_close(store);
}

static void pauses_grow_to_an_hour(void **state)
{
	(void)state;
	assert_int_equal(tu_job_pause(1), SECOND);
	assert_int_equal(tu_job_pause(3), 16 * SECOND);
	assert_int_equal(tu_job_pause(INT64_MAX), INT64_C(3600) * SECOND);
}

/* ---- many workers ---- */

enum { WORKERS = 6, JOBS = 60 };

struct worker {
	struct tu_store *store;
	char name[8];
	int done;
};

/* Each result adds one to a counter, in the transaction that ends the job. */
static void *work(void *self)
{
	struct worker *w = self;
	struct tu_arena *mine = tu_arena_new(0);
	struct tu_error err;

	for (;;) {
		const struct tu_job_lease lease = lease_at(w->name, 5);
		struct tu_job job;
		struct tu_tx *tx;

		if (tu_job_claim(w->store, &lease, mine, &job, &err) || !job.id)
			break;
		if (tu_store_begin(w->store, TU_TX_WRITE, &tx, &err))
			break;
		if (tu_tx__script(tx, "UPDATE setting SET value = value || 'x'", &err) ||
			tu_job_finish(tx, &job, &lease, TU_STR(""), &err)) {
			tu_tx_rollback(tx);
			break;
		}
		w->done += tu_tx_commit(tx, &err) == TU_OK;
	}
	tu_arena_free(mine);
	return NULL;
}

static void no_job_is_done_twice(void **state)
{
	struct tu_store *store = scene_open();
	struct worker workers[WORKERS];
	pthread_t threads[WORKERS];
	struct tu_rows *rows;
	struct tu_tx *tx;
	int done = 0;

	(void)state;
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(
		tu_tx__script(tx, "INSERT INTO setting (name, value) VALUES ('count', '')", error));
	assert_ok(tu_tx_commit(tx, error));
	for (int i = 0; i < JOBS; i++) {
		char key[8];

		(void)snprintf(key, sizeof(key), "k%d", i);
		(void)add(store, key, 1);
	}
	for (int i = 0; i < WORKERS; i++) {
		workers[i] = (struct worker){.store = store};
		(void)snprintf(workers[i].name, sizeof(workers[i].name), "w%d", i);
		assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < WORKERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		done += workers[i].done;
	}
	assert_int_equal(done, JOBS);
	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(
		tu_tx_row(tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(TU_STR("count"))), &rows, error));
	assert_int_equal(tu_rows_text(rows, 0).len, JOBS);
	assert_ok(tu_rows_close(rows, error));
	assert_ok(tu_tx_commit(tx, error));
	scene_close(store);
}

/* ---- the outbox ---- */

struct receiver {
	int calls;
	int fail; /* so many times */
	char last[40]; /* id of the last message */
};

static enum tu_status receive(void *self, const struct tu_message *message, struct tu_error *err)
{
	struct receiver *r = self;

	r->calls++;
	(void)snprintf(r->last, sizeof(r->last), "%.*s", TU_STR_FMT(message->public_id));
	if (r->fail-- > 0)
		return tu_fail(err, TU_E_IO, 0, "nobody answers");
	return TU_OK;
}

static void send_later(struct tu_store *store, bool commit)
{
	const struct tu_message message = {.kind = TU_STR("webhook"),
		.target = TU_STR("https://example.com/"),
		.payload = TU_STR("{}"),
		.attempts_max = 3};
	struct tu_tx *tx;

	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_outbox_add(tx, &message, SECOND, error));
	if (commit)
		assert_ok(tu_tx_commit(tx, error));
	else
		tu_tx_rollback(tx);
}

static enum tu_outbox_outcome deliver(struct tu_store *store, struct receiver *receiver, int64_t at)
{
	const struct tu_job_lease lease = lease_at("me", at);
	const struct tu_outbox_sender sender = {receive, receiver};
	enum tu_outbox_outcome outcome;
	struct tu_error err;

	assert_int_equal(tu_outbox_deliver(store, &lease, &sender, &outcome, &err), TU_OK);
	return outcome;
}

static void never_without_a_commit(void **state)
{
	struct tu_store *store = scene_open();
	struct receiver receiver = {0};

	(void)state;
	send_later(store, false);
	assert_int_equal(deliver(store, &receiver, 5), TU_OUTBOX_NOTHING);
	send_later(store, true);
	assert_int_equal(deliver(store, &receiver, 5), TU_OUTBOX_DELIVERED);
	assert_int_equal(deliver(store, &receiver, 500), TU_OUTBOX_NOTHING);
	assert_int_equal(receiver.calls, 1);
	scene_close(store);
}

static void failures_come_again_with_the_same_id(void **state)
{
	struct tu_store *store = scene_open();
	struct receiver receiver = {.fail = 1};
	char first[40];

	(void)state;
	send_later(store, true);
	assert_int_equal(deliver(store, &receiver, 5), TU_OUTBOX_FAILED);
	memcpy(first, receiver.last, sizeof(first));
	assert_int_equal(deliver(store, &receiver, 5), TU_OUTBOX_NOTHING); /* its pause */
	assert_int_equal(deliver(store, &receiver, 7), TU_OUTBOX_DELIVERED);
	assert_string_equal(receiver.last, first);
	scene_close(store);
}

static void a_receiver_that_never_answers(void **state)
{
	struct tu_store *store = scene_open();
	struct receiver receiver = {.fail = 99};

	(void)state;
	send_later(store, true);
	for (int64_t at = 100; at <= 300; at += 100)
		assert_int_equal(deliver(store, &receiver, at), TU_OUTBOX_FAILED);
	assert_int_equal(deliver(store, &receiver, 10000), TU_OUTBOX_NOTHING);
	assert_int_equal(receiver.calls, 3);
	scene_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_open_job_for_a_key),
		cmocka_unit_test(cancelled_is_cancelled),
		cmocka_unit_test(failures_in_any_words),
		cmocka_unit_test(asked_for_again_while_it_runs),
		cmocka_unit_test(due_ones_in_their_order),
		cmocka_unit_test(who_lost_the_lease_changes_nothing),
		cmocka_unit_test(renewed_leases_last),
		cmocka_unit_test(failures_pause_and_end_in_quarantine),
		cmocka_unit_test(a_payload_that_kills_is_quarantined),
		cmocka_unit_test(people_cancel),
		cmocka_unit_test(pauses_grow_to_an_hour),
		cmocka_unit_test(no_job_is_done_twice),
		cmocka_unit_test(never_without_a_commit),
		cmocka_unit_test(failures_come_again_with_the_same_id),
		cmocka_unit_test(a_receiver_that_never_answers),
	};

	return cmocka_run_group_tests_name("job", tests, set_up, tear_down);
}
