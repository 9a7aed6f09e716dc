/* What both engines promise (store/store.h), on whichever one tests/store/run.py chose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>

#include "tests/support/store_scene.h"

#include "ledger/chain.h"
#include "store/tables.h"

static enum tu_status put(
	struct tu_tx *tx, const char *name, const char *value, struct tu_error *err)
{
	return tu_tx_exec(tx, TU_SQL_SETTING_PUT,
		TU_BIND(tu_text(tu_str_c(name)), tu_text(tu_str_c(value))), NULL, err);
}

/* The value of a setting as a transaction sees it, or "-" without one. */
static const char *seen(struct tu_tx *tx, const char *name)
{
	static char out[64] = "-";
	struct tu_rows *rows;
	struct tu_error err;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(tu_str_c(name))), &rows, &err);

	if (status) {
		assert_int_equal(status, TU_E_NOTFOUND);
		return "-";
	}
	(void)snprintf(out, sizeof(out), "%.*s", TU_STR_FMT(tu_rows_text(rows, 0)));
	assert_ok(tu_rows_close(rows, error));
	return out;
}

static const char *get(struct tu_store *store, const char *name)
{
	const char *out;
	struct tu_tx *tx;

	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	out = seen(tx, name);
	assert_ok(tu_tx_commit(tx, error));
	return out;
}

static void commit_keeps_rollback_drops(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_tx *tx;

	(void)state;
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(put(tx, "a", "1", error));
	assert_ok(tu_tx_commit(tx, error));
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(put(tx, "a", "2", error));
	tu_tx_rollback(tx);
	assert_string_equal(get(store, "a"), "1");
	assert_string_equal(get(store, "b"), "-");
	scene_close(store);
}

/* Numbers at their limits, every byte, texts of several bytes a character, empty. */
static void values_come_back(void **state)
{
	struct tu_store *store = scene_open();
	const struct tu_str word = TU_STR("gr\xc3\xbc\xc3\x9f");
	struct tu_rows *rows;
	struct tu_tx *tx;
	char bytes[256];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx_exec(tx, TU_SQL_DOCUMENT_ADD,
		TU_BIND(tu_blob(tu_str_of(bytes, sizeof(bytes))), tu_text(word), tu_int(INT64_MIN),
			tu_text(TU_STR("plain")), tu_blob(TU_STR("")), tu_int(INT64_MAX)),
		NULL, error));
	assert_ok(tu_tx_query(tx, TU_SQL_DOCUMENT_GET, TU_BIND(tu_int(1)), &rows, error));
	assert_true(tu_rows_next(rows));
	assert_true(tu_str_eq(tu_rows_text(rows, 0), word));
	assert_true(tu_rows_int(rows, 1) == INT64_MIN);
	assert_false(tu_rows_is_null(rows, 3));
	assert_int_equal(tu_rows_text(rows, 3).len, 0);
	assert_true(tu_rows_int(rows, 4) == INT64_MAX);
	assert_true(tu_str_eq(tu_rows_text(rows, 5), tu_str_of(bytes, sizeof(bytes))));
	assert_false(tu_rows_next(rows));
	assert_ok(tu_rows_close(rows, error));
	tu_tx_rollback(tx);
	scene_close(store);
}

/* A second device of a name, a child without its parent, a word that is none of the list, a NULL:
 * both engines name them alike, and the transaction is over. */
static void constraints_are_named(void **state)
{
	static const struct {
		const char *sql;
		const char *named;
	} cases[] = {
		{"INSERT INTO team (public, name, version) VALUES ('b', 'one', 1)", "team"},
		{"INSERT INTO team (public, name, version) VALUES ('a', 'two', 1)", "team"},
		{"INSERT INTO team_member (team_id, person_id) VALUES (7, 7)", "FOREIGN KEY"},
		{"UPDATE ledger_head SET one = 2", "ledger_head_is_one"},
		{"INSERT INTO setting (name, value) VALUES ('x', NULL)", "setting.value"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_store *store = scene_open();
		struct tu_error err = {0};
		struct tu_tx *tx;

		assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
		assert_ok(tu_tx__script(tx,
			"INSERT INTO team (public, name, version) VALUES ('a', 'one', 1)", error));
		assert_int_equal(tu_tx__script(tx, cases[i].sql, &err), TU_E_CONSTRAINT);
		assert_string_equal(err.pointer, cases[i].named);
		assert_int_equal(put(tx, "a", "1", &err), TU_E_USAGE);
		assert_int_equal(tu_tx_commit(tx, &err), TU_E_CONSTRAINT);
		assert_string_equal(get(store, "a"), "-");
		scene_close(store);
	}
}

static void many_rows_in_one_call(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_value values[2 * 1500];
	static char names[1500][8];
	struct tu_tx *tx;
	int64_t changed;

	(void)state;
	for (size_t i = 0; i < 1500; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "n%zu", i);
		values[2 * i] = tu_text(tu_str_c(names[i]));
		values[2 * i + 1] = tu_text(TU_STR("v"));
	}
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(
		tu_tx_exec(tx, TU_SQL_SETTING_PUT, tu_bind_rows(values, 1500, 2), &changed, error));
	assert_int_equal(changed, 1500);
	assert_ok(tu_tx_commit(tx, error));
	assert_string_equal(get(store, "n1499"), "v");
	scene_close(store);
}

/* PostgreSQL takes them in arrays, in one command: written in the given order, NULL where it is
 * given, what is there already left as it is. */
static void rows_in_arrays_are_as_one_by_one(void **state)
{
	static const char *const names[] = {"CVE-2", "CVE-1", "CVE-2", "CVE-\xc3\xa9 \"{,}\\"};
	static const char *const expected[] = {"CVE-2", "CVE-1", "CVE-\xc3\xa9 \"{,}\\"};
	struct tu_store *store = scene_open();
	struct tu_value values[9 * TU_COUNT(names)];
	struct tu_rows *rows;
	struct tu_tx *tx;
	int64_t changed, last = 0;

	(void)state;
	for (size_t i = 0; i < TU_COUNT(names); i++) {
		const struct tu_value row[9] = {tu_text(tu_str_c(names[i])), tu_null(),
			tu_int((int64_t)i), tu_int(75), tu_int(1), tu_int(-1),
			tu_int(INT64_MAX - (int64_t)i), i ? tu_int(0) : tu_int(1),
			tu_text(i ? TU_STR("") : TU_STR("CISA KEV"))};

		memcpy(&values[9 * i], row, sizeof(row));
	}
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx_exec(
		tx, TU_SQL_VULN_PUT, tu_bind_rows(values, TU_COUNT(names), 9), &changed, error));
	assert_int_equal(changed, TU_COUNT(expected));
	assert_ok(tu_tx_exec(tx, TU_SQL_VULN_PUT, tu_bind_rows(values, 1, 9), &changed, error));
	assert_int_equal(changed, 0);
	assert_ok(tu_tx_exec(tx, TU_SQL_VULN_PUT, tu_bind_rows(values, 0, 9), &changed, error));
	assert_int_equal(changed, 0);
	for (size_t i = 0; i < TU_COUNT(expected); i++) {
		int64_t id;

		assert_ok(tu_tx_int(
			tx, TU_SQL_VULN_ID, TU_BIND(tu_text(tu_str_c(expected[i]))), &id, error));
		assert_true(id > last);
		last = id;
	}
	assert_ok(tu_tx_query(tx, TU_SQL_LIST_VULN, TU_BIND(tu_int(last)), &rows, error));
	assert_true(tu_rows_next(rows));
	assert_int_equal(tu_rows_int(rows, 2), 3);
	assert_true(tu_rows_int(rows, 5) == -1);
	assert_true(tu_rows_int(rows, 6) == INT64_MAX - 3);
	assert_ok(tu_rows_close(rows, error));
	tu_tx_rollback(tx);
	scene_close(store);
}

static void record_comes_last(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_ledger_entry entry = {.at = 1,
		.actor = TU_STR("a"),
		.action = TU_STR("b"),
		.subject = TU_STR("c"),
		.body = TU_STR("{}")};
	struct tu_error err;
	struct tu_tx *tx;

	(void)state;
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx_record(tx, &entry, error));
	assert_int_equal(put(tx, "a", "1", &err), TU_E_USAGE);
	assert_int_equal(tu_tx_commit(tx, &err), TU_E_USAGE);
	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_int_equal(tu_tx_record(tx, &entry, &err), TU_E_USAGE);
	tu_tx_rollback(tx);
	scene_close(store);
}

/* ---- the chain, with many threads ---- */

enum { WRITERS = 8, EACH = 40 };

struct writer {
	struct tu_store *store;
	int number;
	int failed;
};

static enum tu_status write_one(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct writer *w = self;
	const struct tu_change changes[] = {{"release", w->number}, {"component", w->number}};
	struct tu_ledger_entry entry = {.at = 1700000000000000 + w->number,
		.actor = TU_STR("writer"),
		.action = TU_STR("test"),
		.subject = TU_STR("s"),
		.body = TU_STR("{\"text\":\"\xc3\xbc\"}"),
		.changes = changes,
		.change_count = 2};
	char name[8];
	enum tu_status status;

	(void)snprintf(name, sizeof(name), "w%d", w->number);
	status = put(tx, name, "x", err);
	if (!status && w->number % 3 == 0)
		status = tu_tx_record(tx, &entry, err);
	return status ? status : tu_tx_record(tx, &entry, err);
}

static void *write_many(void *self)
{
	struct writer *w = self;
	struct tu_error err;

	for (int i = 0; i < EACH; i++)
		w->failed += tu_store_run(w->store, TU_TX_WRITE, write_one, w, &err) != TU_OK;
	return NULL;
}

/* Each hash follows from the one before, by the rule in C, whoever computed it. */
static int64_t walk_chain(struct tu_store *store)
{
	uint8_t hash[TU_SHA256_BYTES] = {0}, content[TU_SHA256_BYTES];
	struct tu_rows *rows;
	struct tu_tx *tx;
	int64_t n = 0;

	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(tu_tx_query(
		tx, TU_SQL_LEDGER_FROM, TU_BIND(tu_int(1), tu_int(1000000)), &rows, error));
	while (tu_rows_next(rows)) {
		struct tu_ledger_texts texts = {tu_rows_text(rows, 2), tu_rows_text(rows, 3),
			tu_rows_text(rows, 4), tu_rows_text(rows, 5)};

		assert_int_equal(tu_rows_int(rows, 0), ++n);
		assert_ok(tu_ledger_content(&texts, content, error));
		assert_int_equal(
			tu_ledger_hash(hash, n, tu_rows_int(rows, 1), content, hash), TU_OK);
		assert_true(tu_str_eq(
			tu_rows_text(rows, 6), tu_str_of((const char *)hash, sizeof(hash))));
	}
	assert_ok(tu_rows_close(rows, error));
	assert_ok(tu_tx_query(tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &rows, error));
	assert_true(tu_rows_next(rows));
	assert_int_equal(tu_rows_int(rows, 0), n);
	assert_true(tu_str_eq(tu_rows_text(rows, 1), tu_str_of((const char *)hash, sizeof(hash))));
	assert_ok(tu_rows_close(rows, error));
	assert_ok(tu_tx_commit(tx, error));
	return n;
}

static void one_chain_of_many_writers(void **state)
{
	struct tu_store *store = scene_open();
	struct writer writers[WRITERS];
	pthread_t threads[WRITERS];
	int64_t expected = 0, changes = 0, before = 0;
	struct tu_rows *rows;
	struct tu_tx *tx;

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){store, i, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
		expected += i % 3 == 0 ? 2 * EACH : EACH;
	}
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(writers[i].failed, 0);
	}
	assert_int_equal(walk_chain(store), expected);
	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(tu_tx_query(tx, TU_SQL_CHANGE_AFTER, TU_BIND(tu_int(0)), &rows, error));
	for (; tu_rows_next(rows); changes++) {
		assert_true(tu_rows_int(rows, 0) >= before);
		before = tu_rows_int(rows, 0);
	}
	assert_ok(tu_rows_close(rows, error));
	assert_ok(tu_tx_commit(tx, error));
	assert_int_equal(changes, 2 * expected);
	scene_close(store);
}

/* One that fails takes none of those along that share its commit. */
static void *fail_many(void *self)
{
	struct writer *w = self;
	struct tu_error err;
	struct tu_tx *tx;

	for (int i = 0; i < EACH; i++) {
		if (tu_store_begin(w->store, TU_TX_WRITE, &tx, &err))
			continue;
		w->failed -= put(tx, "bad", "x", &err) != TU_OK;
		w->failed += tu_tx__script(tx,
				     "INSERT INTO team_member (team_id, person_id) VALUES (9, 9)",
				     &err) == TU_E_CONSTRAINT;
		tu_tx_rollback(tx);
	}
	return NULL;
}

static void failures_stay_alone(void **state)
{
	struct tu_store *store = scene_open();
	struct writer writers[WRITERS];
	pthread_t threads[WRITERS];

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){store, i, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, i % 2 ? fail_many : write_many,
					 &writers[i]),
			0);
	}
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(writers[i].failed, i % 2 ? EACH : 0);
	}
	assert_string_equal(get(store, "bad"), "-");
	assert_string_equal(get(store, "w6"), "x");
	(void)walk_chain(store);
	scene_close(store);
}

static enum tu_status find_stale(struct tu_tx *tx, void *self, struct tu_error *err)
{
	(void)tx;
	++*(unsigned *)self;
	return tu_fail(err, TU_E_CONFLICT, 0, "changed since you read it");
}

/* Whoever sends what was read yesterday has an answer at once: one writer sees nothing else. */
static void what_the_work_finds_is_not_asked_eight_times(void **state)
{
	struct tu_store *store = scene_open();
	unsigned asked = 0;

	(void)state;
	assert_int_equal(tu_store_run(store, TU_TX_WRITE, find_stale, &asked, NULL), TU_E_CONFLICT);
	assert_int_equal(asked, tu_store_engine(store) == TU_STORE_SQLITE ? 1 : 5);
	scene_close(store);
}

/* A reader sees one state of the database, whatever is committed meanwhile. */
static void a_read_is_a_snapshot(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_tx *reader, *writer;

	(void)state;
	assert_ok(tu_store_begin(store, TU_TX_READ, &reader, error));
	assert_string_equal(seen(reader, "a"), "-");
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &writer, error));
	assert_ok(put(writer, "a", "1", error));
	assert_ok(tu_tx_commit(writer, error));
	assert_string_equal(seen(reader, "a"), "-");
	assert_ok(tu_tx_commit(reader, error));
	assert_string_equal(get(store, "a"), "1");
	scene_close(store);
}

static void readers_cannot_write(void **state)
{
	struct tu_store *store = scene_open();
	struct tu_error err;
	struct tu_tx *tx;

	(void)state;
	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_true(put(tx, "a", "1", &err) != TU_OK);
	tu_tx_rollback(tx);
	assert_string_equal(get(store, "a"), "-");
	scene_close(store);
}

static void two_texts_are_few(void **state)
{
	size_t differ = 0;

	(void)state;
	for (size_t i = 0; i < TU_SQL_COUNT_; i++) {
		const char *sqlite = tu_sql_texts[i].text[TU_STORE_SQLITE];
		const char *postgres = tu_sql_texts[i].text[TU_STORE_POSTGRES];

		differ += !sqlite || !postgres || strcmp(sqlite, postgres) != 0;
	}
	assert_in_range(differ, 1, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commit_keeps_rollback_drops),
		cmocka_unit_test(values_come_back),
		cmocka_unit_test(constraints_are_named),
		cmocka_unit_test(many_rows_in_one_call),
		cmocka_unit_test(rows_in_arrays_are_as_one_by_one),
		cmocka_unit_test(record_comes_last),
		cmocka_unit_test(one_chain_of_many_writers),
		cmocka_unit_test(failures_stay_alone),
		cmocka_unit_test(what_the_work_finds_is_not_asked_eight_times),
		cmocka_unit_test(a_read_is_a_snapshot),
		cmocka_unit_test(readers_cannot_write),
		cmocka_unit_test(two_texts_are_few),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
