/* What must not happen to a store, on either engine: texts that only one of them takes, an order
 * that hangs on a locale, work that outlives its transaction, waiting for ever, a connection that
 * dies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <sched.h>

#include "tests/support/store_scene.h"

#include "store/sqlite.h"

static struct tu_error err;

static enum tu_status put(struct tu_tx *tx, struct tu_str name, struct tu_str value)
{
	return tu_tx_exec(
		tx, TU_SQL_SETTING_PUT, TU_BIND(tu_text(name), tu_text(value)), NULL, &err);
}

static struct tu_tx *begin(struct tu_store *store, enum tu_tx_kind kind)
{
	struct tu_tx *tx;

	assert_ok(tu_store_begin(store, kind, &tx, error));
	return tx;
}

/* Names of all settings, each with a space after it. */
static const char *names(struct tu_store *store)
{
	static char out[256];
	struct tu_tx *tx = begin(store, TU_TX_READ);
	struct tu_rows *rows;
	size_t len = 0;

	*out = '\0';
	assert_ok(tu_tx_query(tx, TU_SQL_SETTING_NAMES, TU_NO_BIND, &rows, error));
	while (tu_rows_next(rows))
		len += (size_t)snprintf(
			out + len, sizeof(out) - len, "%.*s ", TU_STR_FMT(tu_rows_text(rows, 0)));
	assert_ok(tu_rows_close(rows, error));
	assert_ok(tu_tx_commit(tx, error));
	return out;
}

static bool is_sqlite(const struct tu_store *store)
{
	return tu_store_engine(store) == TU_STORE_SQLITE;
}

/* ---- texts ---- */

static const struct tu_str no_texts[] = {TU_STR_INIT("a\0b"), TU_STR_INIT("\0"),
	TU_STR_INIT("\xff"), TU_STR_INIT("\xc3"), TU_STR_INIT("\xc0\x80"),
	TU_STR_INIT("\xed\xa0\x80"), TU_STR_INIT("\xf4\x90\x80\x80")};

static void what_is_no_text_is_refused(void **state)
{
	struct tu_store *store = scene_open();

	(void)state;
	for (size_t i = 0; i < TU_COUNT(no_texts); i++) {
		struct tu_rows *rows;
		struct tu_tx *tx = begin(store, TU_TX_WRITE);

		assert_int_equal(put(tx, TU_STR("kept"), TU_STR("no")), TU_OK);
		assert_int_equal(put(tx, TU_STR("a"), no_texts[i]), TU_E_SYNTAX);
		assert_non_null(strstr(err.message, "$2 is not UTF-8 without NUL"));
		assert_int_equal(tu_tx_commit(tx, &err), TU_E_SYNTAX);
		tx = begin(store, TU_TX_READ);
		assert_int_equal(tu_tx_row(tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(no_texts[i])),
					 &rows, &err),
			TU_E_SYNTAX);
		tu_tx_rollback(tx);
	}
	assert_string_equal(names(store), "");
	scene_close(store);
}

static enum tu_status record(struct tu_tx *tx, struct tu_str subject, struct tu_str body)
{
	return tu_tx_record(tx,
		&(const struct tu_ledger_entry){.at = 1,
			.actor = TU_STR("a"),
			.action = TU_STR("b"),
			.subject = subject,
			.body = body},
		&err);
}

/* What a reader of exported ledgers could not read is not written. */
static void records_can_be_read(void **state)
{
	enum { HUGE = 10 << 20 };
	struct tu_store *store = scene_open();
	char *huge = calloc(1, HUGE);
	struct tu_tx *tx;

	(void)state;
	assert_non_null(huge);
	memset(huge, 1, HUGE);
	for (size_t i = 0; i < TU_COUNT(no_texts); i++) {
		tx = begin(store, TU_TX_WRITE);
		assert_int_equal(record(tx, no_texts[i], TU_STR("{}")), TU_E_SYNTAX);
		assert_string_equal(err.pointer, "subject");
		assert_int_equal(tu_tx_commit(tx, &err), TU_E_SYNTAX);
	}
	tx = begin(store, TU_TX_WRITE);
	assert_int_equal(record(tx, TU_STR("c"), tu_str_of(huge, HUGE)), TU_E_LIMIT);
	tu_tx_rollback(tx);
	free(huge);
	scene_close(store);
}

static void texts_stand_in_the_order_of_their_bytes(void **state)
{
	static const char *const given[] = {"b", "\xc3\xa9", "B", "a-b", "a.c", "_", "ab", "Z"};
	struct tu_store *store = scene_open();
	struct tu_tx *tx = begin(store, TU_TX_WRITE);

	(void)state;
	for (size_t i = 0; i < TU_COUNT(given); i++)
		assert_int_equal(put(tx, tu_str_c(given[i]), TU_STR("")), TU_OK);
	assert_ok(tu_tx_commit(tx, error));
	assert_string_equal(names(store), "B Z _ a-b a.c ab b \xc3\xa9 ");
	scene_close(store);
}

/* ---- the head ---- */

static void a_head_that_cannot_grow(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_tx *tx = begin(store, TU_TX_WRITE);
	enum tu_status status;

	(void)state;
	assert_ok(tu_tx__script(tx, "UPDATE ledger_head SET n = 9223372036854775807", error));
	assert_ok(tu_tx_commit(tx, error));
	tx = begin(store, TU_TX_WRITE);
	assert_int_equal(put(tx, TU_STR("a"), TU_STR("1")), TU_OK);
	status = record(tx, TU_STR("c"), TU_STR("{}"));
	assert_int_equal(status, is_sqlite(store) ? TU_E_LIMIT : TU_OK);
	assert_int_equal(tu_tx_commit(tx, &err), TU_E_LIMIT);
	assert_string_equal(names(store), "");
	scene_close(store);
}

/* ---- transactions ---- */

static void waiting_ends(void **state)
{
	struct tu_store_options options;
	struct tu_store *store = scene_open();
	struct tu_tx *tx, *inner;

	(void)state;
	tu_store_close(store);
	options = scene_options();
	options.connections = 1;
	options.timeout_ms = 300;
	assert_ok(tu_store_open(&options, &store, error));
	tx = begin(store, TU_TX_READ);
	assert_int_equal(tu_store_begin(store, TU_TX_READ, &inner, &err), TU_E_BUSY);
	assert_ok(tu_tx_commit(tx, error));
	tx = begin(store, TU_TX_WRITE);
	assert_int_equal(put(tx, TU_STR("a"), TU_STR("1")), TU_OK);
	assert_int_equal(tu_store_begin(store, TU_TX_WRITE, &inner, &err),
		is_sqlite(store) ? TU_E_USAGE : TU_E_BUSY);
	assert_ok(tu_tx_commit(tx, error));
	assert_string_equal(names(store), "a ");
	scene_close(store);
}

struct holder {
	struct tu_store *store;
	pthread_mutex_t lock; /* held until it may end */
};

static void *hold_the_writer(void *self)
{
	struct holder *holder = self;
	struct tu_tx *tx = NULL;
	struct tu_error own;

	if (tu_store_begin(holder->store, TU_TX_WRITE, &tx, &own) == TU_OK) {
		(void)pthread_mutex_lock(&holder->lock);
		tu_tx_rollback(tx);
		(void)pthread_mutex_unlock(&holder->lock);
	}
	return NULL;
}

static void wait_for_a_waiter(struct tu_store *base)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	size_t waiting = 0;

	while (!waiting) {
		(void)pthread_mutex_lock(&store->lock);
		waiting = store->waiting;
		(void)pthread_mutex_unlock(&store->lock);
		(void)sched_yield();
	}
}

/* A transaction that took the writer over and does not end: those whose commit it is to make are
 * answered all the same, and are kept when it ends. */
static void answers_do_not_wait_for_ever(void **state)
{
	struct tu_store_options options = scene_options();
	struct tu_store *store = scene_open();
	struct holder holder = {.lock = PTHREAD_MUTEX_INITIALIZER};
	pthread_t thread;
	struct tu_tx *tx;

	(void)state;
	if (is_sqlite(store)) {
		tu_store_close(store);
		options.timeout_ms = 300;
		assert_ok(tu_store_open(&options, &store, error));
		holder.store = store;
		(void)pthread_mutex_lock(&holder.lock);
		tx = begin(store, TU_TX_WRITE);
		assert_int_equal(put(tx, TU_STR("a"), TU_STR("1")), TU_OK);
		assert_int_equal(pthread_create(&thread, NULL, hold_the_writer, &holder), 0);
		wait_for_a_waiter(store);
		assert_int_equal(tu_tx_commit(tx, &err), TU_E_IO);
		assert_non_null(strstr(err.message, "it is not known whether this one is kept"));
		(void)pthread_mutex_unlock(&holder.lock);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_string_equal(names(store), "a ");
	}
	scene_close(store);
}

/* The end that fails keeps nothing: here since somebody took the savepoint away (SQLite), or
 * rolled back where only tu_tx_rollback() may (PostgreSQL). */
static void an_end_that_fails_keeps_nothing(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_tx *tx = begin(store, TU_TX_WRITE);

	(void)state;
	assert_int_equal(put(tx, TU_STR("a"), TU_STR("1")), TU_OK);
	assert_ok(tu_tx__script(tx, is_sqlite(store) ? "RELEASE one" : "ROLLBACK", error));
	if (is_sqlite(store)) {
		assert_int_equal(tu_tx_commit(tx, &err), TU_E_CONFLICT);
	} else {
		assert_ok(tu_tx__script(tx, "BEGIN", error));
		assert_int_equal(tu_tx__script(tx, "SELECT nothing", &err), TU_E_IO);
		tx->failed = TU_OK; /* as if nobody had noticed */
		assert_int_equal(tu_tx_commit(tx, &err), TU_E_CONFLICT);
	}
	assert_string_equal(names(store), "");
	tx = begin(store, TU_TX_WRITE);
	assert_int_equal(put(tx, TU_STR("b"), TU_STR("1")), TU_OK);
	assert_ok(tu_tx_commit(tx, error));
	assert_string_equal(names(store), "b ");
	scene_close(store);
}

/* ---- PostgreSQL ---- */

static void say(struct tu_store *store, const char *sql)
{
	struct tu_tx *tx = begin(store, TU_TX_WRITE);

	assert_ok(tu_tx__script(tx, sql, error));
	assert_ok(tu_tx_commit(tx, error));
}

/* A database that is set up not to wait for the disk: what we answer for waits all the same. */
static void commits_reach_the_disk(void **state)
{
	static const char alter[] = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %%I %s',"
				    " current_database()); END $$";
	struct tu_store_options options = scene_options();
	struct tu_store *store = scene_open();
	struct tu_rows *rows;
	struct tu_tx *tx;
	char sql[200];

	(void)state;
	if (!is_sqlite(store)) {
		(void)snprintf(sql, sizeof(sql), alter, "SET synchronous_commit = off");
		say(store, sql);
		tu_store_close(store);
		assert_ok(tu_store_open(&options, &store, error));
		tx = begin(store, TU_TX_WRITE);
		assert_ok(tu_tx__read(
			tx, "SELECT current_setting('synchronous_commit')", &rows, error));
		assert_true(tu_rows_next(rows));
		assert_true(tu_str_eq(tu_rows_text(rows, 0), TU_STR("on")));
		assert_ok(tu_rows_close(rows, error));
		assert_ok(tu_tx_commit(tx, error));
		(void)snprintf(sql, sizeof(sql), alter, "RESET synchronous_commit");
		say(store, sql);
	}
	scene_close(store);
}

/* The server ends our connection before this step of a transaction. */
enum step { BEFORE_ROW, BEFORE_ROWS, BETWEEN_ROWS, BEFORE_RECORD, BEFORE_COMMIT, BEFORE_END };

static void kill_connection(struct tu_store *store, struct tu_tx *tx)
{
	struct tu_tx *other = begin(store, TU_TX_WRITE);
	struct tu_rows *rows;
	char sql[100];

	assert_ok(tu_tx__read(tx, "SELECT CAST(pg_backend_pid() AS BIGINT)", &rows, error));
	assert_true(tu_rows_next(rows));
	(void)snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%lld, 5000)",
		(long long)tu_rows_int(rows, 0));
	assert_ok(tu_rows_close(rows, error));
	assert_ok(tu_tx__script(other, sql, error));
	tu_tx_rollback(other);
}

static void die_at(struct tu_store *store, enum step step)
{
	const struct tu_value many[] = {tu_text(TU_STR("x")), tu_text(TU_STR("1")),
		tu_text(TU_STR("y")), tu_text(TU_STR("2"))};
	struct tu_tx *tx = begin(store, TU_TX_WRITE);
	struct tu_rows *rows;

	assert_int_equal(put(tx, TU_STR("a"), TU_STR("1")), TU_OK);
	if (step == BEFORE_COMMIT)
		assert_int_equal(record(tx, TU_STR("c"), TU_STR("{}")), TU_OK);
	if (step == BETWEEN_ROWS) {
		assert_ok(tu_tx_query(tx, TU_SQL_SETTING_NAMES, TU_NO_BIND, &rows, error));
		assert_true(tu_rows_next(rows));
		while (tu_rows_next(rows))
			continue;
		assert_ok(tu_rows_close(rows, error));
	}
	kill_connection(store, tx);
	if (step == BEFORE_ROW)
		assert_int_equal(put(tx, TU_STR("b"), TU_STR("1")), TU_E_IO);
	if (step == BEFORE_ROWS)
		assert_int_equal(
			tu_tx_exec(tx, TU_SQL_SETTING_PUT, tu_bind_rows(many, 2, 2), NULL, &err),
			TU_E_IO);
	if (step == BETWEEN_ROWS)
		assert_true(
			tu_tx_row(tx, TU_SQL_SETTING_NAMES, TU_NO_BIND, &rows, &err) == TU_E_IO);
	if (step == BEFORE_RECORD)
		assert_int_equal(record(tx, TU_STR("c"), TU_STR("{}")), TU_OK);
	if (step == BEFORE_END)
		tu_tx_rollback(tx);
	else
		assert_int_equal(tu_tx_commit(tx, &err), TU_E_IO);
}

static void a_connection_that_dies(void **state)
{
	struct tu_store *store = scene_open();

	(void)state;
	for (int step = BEFORE_ROW; !is_sqlite(store) && step <= BEFORE_END; step++) {
		struct tu_tx *tx;

		die_at(store, (enum step)step);
		assert_string_equal(names(store), "");
		tx = begin(store, TU_TX_WRITE);
		assert_int_equal(put(tx, TU_STR("b"), TU_STR("1")), TU_OK);
		tu_tx_rollback(tx);
	}
	scene_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(records_can_be_read),
		cmocka_unit_test(texts_stand_in_the_order_of_their_bytes),
		cmocka_unit_test(a_head_that_cannot_grow),
		cmocka_unit_test(waiting_ends),
		cmocka_unit_test(answers_do_not_wait_for_ever),
		cmocka_unit_test(an_end_that_fails_keeps_nothing),
		cmocka_unit_test(commits_reach_the_disk),
		cmocka_unit_test(a_connection_that_dies),
	};

	return cmocka_run_group_tests_name("bounds", tests, NULL, NULL);
}
