/* The ledger of a store (audit/trail.h, audit/checkpoints.h): verified, exported, vouched for. */
#define _GNU_SOURCE /* for mkdtemp() */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/store/audit_scene.h"

#include "sign/signer.h"

static bool is_sqlite(struct tu_store *store)
{
	return tu_store_engine(store) == TU_STORE_SQLITE;
}

static void one_instance_for_ever(void **state)
{
	struct tu_store *store = scene_audit(1);
	char first[TU_INSTANCE_DIGITS + 1], second[TU_INSTANCE_DIGITS + 1];
	struct tu_tx *tx;

	(void)state;
	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(tu_audit_instance(tx, first, error));
	tu_tx_rollback(tx);
	assert_ok(tu_audit_begin(store, &scene_act, error));
	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(tu_audit_instance(tx, second, error));
	tu_tx_rollback(tx);
	assert_string_equal(first, second);
	assert_int_equal(scene_head(store), 1);
	scene_close(store);
}

/* ---- every bit of every column ---- */

enum { SWEPT = 4 };

/* An expression for bytes, of a text column or of a column of bytes. */
static void literal(struct tu_store *store, struct tu_str bytes, bool text, struct tu_buf *out)
{
	tu_buf_c(out,
		is_sqlite(store) ? (text ? "CAST(X'" : "X'")
				 : (text ? "convert_from(decode('" : "decode('"));
	for (size_t i = 0; i < bytes.len; i++)
		tu_buf_printf(out, "%02x", (unsigned)(unsigned char)bytes.ptr[i]);
	tu_buf_c(out,
		is_sqlite(store) ? (text ? "' AS TEXT)" : "'")
				 : (text ? "', 'hex'), 'UTF8')" : "', 'hex')"));
}

struct column {
	const char *name;
	enum { NUMBER, TEXT, BYTES } kind;
};

static const struct column columns[] = {{"n", NUMBER}, {"at", NUMBER}, {"actor", TEXT},
	{"action", TEXT}, {"subject", TEXT}, {"body", TEXT}, {"hash", BYTES}};

struct cell {
	int64_t n;
	const struct column *column;
	struct tu_str bytes; /* of a number: its eight, lowest first */
	int64_t number;
};

static int64_t number_of(struct tu_str bytes)
{
	int64_t number;

	memcpy(&number, bytes.ptr, sizeof(number));
	return number;
}

static void set(struct tu_tx *tx, const struct cell *cell, int64_t where, struct tu_str bytes)
{
	struct tu_buf sql;

	tu_buf_init(&sql, 65536);
	tu_buf_printf(&sql, "UPDATE ledger SET %s = ", cell->column->name);
	if (cell->column->kind == NUMBER)
		tu_buf_printf(&sql,
			number_of(bytes) == INT64_MIN ? "-9223372036854775807 - 1" : "%lld",
			(long long)number_of(bytes));
	else
		literal(tx->store, bytes, cell->column->kind == TEXT, &sql);
	tu_buf_printf(&sql,
		where == INT64_MIN ? " WHERE n = -9223372036854775807 - 1" : " WHERE n = %lld",
		(long long)where);
	tu_buf_byte(&sql, '\0');
	assert_ok(tu_tx__script(tx, sql.ptr, error));
	tu_buf_done(&sql);
}

/* Can the engine keep this value at all? PostgreSQL has valid UTF-8 only. */
static bool can_be(struct tu_store *store, const struct cell *cell, struct tu_str bytes, size_t at)
{
	if (cell->column->kind == NUMBER)
		return *cell->column->name != 'n' || number_of(bytes) < 1 ||
			number_of(bytes) > SWEPT;
	if (cell->column->kind == BYTES)
		return true;
	return bytes.ptr[at] > 0 && (is_sqlite(store) || cell->bytes.ptr[at] > 0);
}

static void sweep_cell(struct tu_tx *tx, const struct cell *cell)
{
	char bytes[256];
	struct tu_str flipped = {bytes, cell->bytes.len};

	memcpy(bytes, cell->bytes.ptr, cell->bytes.len);
	for (size_t i = 0; i < 8 * cell->bytes.len; i++) {
		bool number = *cell->column->name == 'n';
		struct tu_ledger_verdict verdict;

		bytes[i / 8] ^= (char)(1u << i % 8);
		if (can_be(tx->store, cell, flipped, i / 8)) {
			set(tx, cell, cell->n, flipped);
			assert_ok(tu_audit_verify_in(tx, &scene_nobody, &verdict, error));
			if (verdict.fault == TU_LEDGER_SOUND ||
				(verdict.bad != cell->n &&
					!(number && verdict.found == number_of(flipped))))
				fail_msg("bit %zu of %s of record %lld: %s, record %lld", i,
					cell->column->name, (long long)cell->n,
					tu_ledger_fault_name(verdict.fault),
					(long long)verdict.bad);
			set(tx, cell, number ? number_of(flipped) : cell->n, cell->bytes);
		}
		bytes[i / 8] ^= (char)(1u << i % 8);
	}
}

/* Read a cell into `room`. */
static struct cell cell_at(struct tu_tx *tx, int64_t n, size_t column, char room[256])
{
	struct cell cell = {.n = n, .column = &columns[column]};
	struct tu_rows *rows;

	assert_ok(tu_tx_row(tx, TU_SQL_LEDGER_FROM, TU_BIND(tu_int(n), tu_int(1)), &rows, error));
	if (cell.column->kind == NUMBER) {
		cell.number = tu_rows_int(rows, (unsigned)column);
		memcpy(room, &cell.number, sizeof(cell.number));
		cell.bytes = tu_str_of(room, sizeof(cell.number));
	} else {
		struct tu_str text = tu_rows_text(rows, (unsigned)column);

		assert_true(text.len <= 256);
		memcpy(room, text.ptr, text.len);
		cell.bytes = tu_str_of(room, text.len);
	}
	assert_ok(tu_rows_close(rows, error));
	return cell;
}

static void every_bit_of_a_database_counts(void **state)
{
	struct tu_store *store = scene_audit(SWEPT);
	struct tu_tx *tx;
	char room[256];

	(void)state;
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	for (int64_t n = 1; n <= SWEPT; n++) {
		for (size_t column = 0; column < TU_COUNT(columns); column++) {
			struct cell cell = cell_at(tx, n, column, room);

			sweep_cell(tx, &cell);
		}
	}
	tu_tx_rollback(tx);
	assert_int_equal(scene_head(store), SWEPT);
	scene_close(store);
}

/* ---- rows taken away, put in, moved ---- */

static void changes_of_rows_are_named(void **state)
{
	static const struct {
		const char *sql;
		enum tu_ledger_fault fault;
		int64_t bad;
	} cases[] = {
		{"DELETE FROM ledger WHERE n = 3", TU_LEDGER_MISSING, 3},
		{"DELETE FROM ledger WHERE n >= 5", TU_LEDGER_HEAD, 5},
		{"DELETE FROM ledger WHERE n = 3; UPDATE ledger SET n = n + 10 WHERE n > 3; "
		 "UPDATE ledger SET n = n - 11 WHERE n > 10",
			TU_LEDGER_HASH, 3},
		{"INSERT INTO ledger SELECT 7, at, actor, action, subject, body, hash FROM ledger "
		 "WHERE n = 6",
			TU_LEDGER_HASH, 7},
		{"INSERT INTO ledger SELECT 0, at, actor, action, subject, body, hash FROM ledger "
		 "WHERE n = 6",
			TU_LEDGER_ORDER, 1},
		{"UPDATE ledger SET n = 100 WHERE n = 2; UPDATE ledger SET n = 2 WHERE n = 3; "
		 "UPDATE ledger SET n = 3 WHERE n = 100",
			TU_LEDGER_HASH, 2},
		{"UPDATE ledger_head SET n = 5", TU_LEDGER_HEAD, 6},
		{"DELETE FROM ledger_head", TU_LEDGER_HEAD, 6},
		{"UPDATE setting SET value = '00000000000000000000000000000000' WHERE name = "
		 "'instance'",
			TU_LEDGER_FOREIGN, 1},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_store *store = scene_audit(6);
		struct tu_ledger_verdict verdict;

		scene_sql(store, cases[i].sql);
		verdict = scene_judge(store, &scene_nobody);
		if (verdict.fault != cases[i].fault || verdict.bad != cases[i].bad)
			fail_msg("case %zu: %s, record %lld", i,
				tu_ledger_fault_name(verdict.fault), (long long)verdict.bad);
		scene_close(store);
	}
}

/* More records than are read at a time. */
static void a_long_ledger_is_read_in_pages(void **state)
{
	struct tu_store *store = scene_audit(1);
	struct tu_tx *tx;
	int number = 1;

	(void)state;
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	for (; number < 4500; number++)
		assert_ok(scene_record(tx, &number, error));
	assert_ok(tu_tx_commit(tx, error));
	assert_int_equal(scene_head(store), 4500);
	scene_close(store);
}

/* ---- as a file ---- */

static void an_export_is_the_ledger(void **state)
{
	struct tu_store *store = scene_audit(6);
	struct tu_ledger_reader *reader = tu_ledger_reader_new(&scene_nobody);
	struct tu_sink out;
	int64_t records;

	(void)state;
	tu_sink_init_memory(&out, 1 << 20);
	assert_ok(tu_audit_export(store, &out, &records, error));
	assert_int_equal(records, 6);
	assert_non_null(reader);
	assert_ok(tu_ledger_reader_add(reader, tu_buf_str(&out.buf), error));
	assert_ok(tu_ledger_reader_end(reader, error));
	assert_int_equal(tu_ledger_reader_verdict(reader)->fault, TU_LEDGER_SOUND);
	assert_int_equal(tu_ledger_reader_verdict(reader)->records, 6);
	tu_ledger_reader_free(reader);
	tu_sink_done(&out);
	scene_close(store);
}

/* A record that was changed is written as it is, so that it is found in the file, too. */
static void an_export_hides_nothing(void **state)
{
	struct tu_store *store = scene_audit(6);
	struct tu_ledger_reader *reader = tu_ledger_reader_new(&scene_nobody);
	struct tu_sink out;
	int64_t records;

	(void)state;
	scene_sql(store, "UPDATE ledger SET body = '{}', at = -1 WHERE n = 4");
	tu_sink_init_memory(&out, 1 << 20);
	assert_ok(tu_audit_export(store, &out, &records, error));
	assert_non_null(reader);
	assert_ok(tu_ledger_reader_add(reader, tu_buf_str(&out.buf), error));
	assert_ok(tu_ledger_reader_end(reader, error));
	assert_int_equal(tu_ledger_reader_verdict(reader)->fault, TU_LEDGER_HASH);
	assert_int_equal(tu_ledger_reader_verdict(reader)->bad, 4);
	tu_ledger_reader_free(reader);
	tu_sink_done(&out);
	scene_close(store);
}

/* ---- checkpoints ---- */

struct vouching {
	char folder[64];
	struct tu_signer *signer;
	struct tu_checkpoints list;
	struct tu_verifying_key key;
	struct tu_ledger_trust trust;
};

/* The keys stay for other stores; one process of a program has them. */
static void vouch(struct vouching *v)
{
	struct tu_signer_options options = {.folder = v->folder, .make_keys = true};

	*v = (struct vouching){.folder = "/tmp/tutela-keys-XXXXXX"};
	assert_non_null(mkdtemp(v->folder));
	assert_ok(tu_signer_start(&options, &v->signer, error));
	assert_ok(tu_signer_key(v->signer, TU_SIGN_CHECKPOINT, &v->key, error));
	v->trust = (struct tu_ledger_trust){&v->list, &v->key, 1};
}

static void vouch_no_more(struct vouching *v)
{
	static const char *const names[] = {"checkpoint.key", "checkpoint.pub", "statement.key",
		"statement.pub", "release.key", "release.pub", "sign.log"};
	char path[128];

	tu_signer_stop(v->signer);
	tu_checkpoints_done(&v->list);
	for (size_t i = 0; i < TU_COUNT(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", v->folder, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(v->folder);
}

/* Carry all checkpoints out, as a person would. */
static size_t carry(struct vouching *v, struct tu_store *store)
{
	struct tu_buf file;
	size_t count;

	tu_buf_init(&file, 1 << 20);
	assert_ok(tu_audit_checkpoints_export(store, &scene_act, &file, &count, error));
	if (count)
		assert_ok(tu_checkpoints_read(&v->list, tu_buf_str(&file), error));
	tu_buf_done(&file);
	return count;
}

static void checkpoints_vouch(void **state)
{
	struct vouching v;
	struct tu_store *store;
	struct tu_checkpoint first, again;
	struct tu_ledger_verdict verdict;
	int64_t exported;

	(void)state;
	vouch(&v);
	store = scene_audit(6);
	assert_int_equal(carry(&v, store), 0);
	assert_ok(tu_audit_checkpoints_exported(store, &exported, error));
	assert_int_equal(exported, 0);
	assert_ok(tu_audit_checkpoint(store, v.signer, &scene_act, &first, error));
	assert_ok(tu_audit_checkpoint(store, v.signer, &scene_act, &again, error));
	assert_int_equal(first.n, again.n);
	assert_int_equal(first.at, again.at);
	assert_memory_equal(first.signature, again.signature, sizeof(first.signature));
	assert_int_equal(carry(&v, store), 1);
	assert_ok(tu_audit_checkpoints_exported(store, &exported, error));
	assert_true(exported == SCENE_AT);
	/* that it left is a record, after it */
	verdict = scene_judge(store, &v.trust);
	assert_int_equal(verdict.fault, TU_LEDGER_SOUND);
	assert_int_equal(verdict.records, 7);
	assert_int_equal(verdict.proven, 6);
	scene_sql(store,
		"UPDATE ledger_head SET n = 4, hash = (SELECT hash FROM ledger WHERE n = "
		"4); DELETE FROM ledger WHERE n > 4");
	verdict = scene_judge(store, &v.trust);
	assert_int_equal(verdict.fault, TU_LEDGER_SHORT);
	assert_int_equal(verdict.bad, 5);
	/* an older state that went on: the program itself wrote it, so the chain is sound */
	for (int i = 10; i < 14; i++)
		assert_ok(tu_store_run(store, TU_TX_WRITE, scene_record, &i, error));
	assert_int_equal(scene_head(store), 8);
	verdict = scene_judge(store, &v.trust);
	assert_int_equal(verdict.fault, TU_LEDGER_REWRITTEN);
	assert_int_equal(verdict.checkpoint.n, 6);
	scene_close(store);
	store = scene_audit(6);
	assert_int_equal(scene_judge(store, &v.trust).fault, TU_LEDGER_OTHER_CHAIN);
	scene_close(store);
	vouch_no_more(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_instance_for_ever),
		cmocka_unit_test(every_bit_of_a_database_counts),
		cmocka_unit_test(changes_of_rows_are_named),
		cmocka_unit_test(a_long_ledger_is_read_in_pages),
		cmocka_unit_test(an_export_is_the_ledger),
		cmocka_unit_test(an_export_hides_nothing),
		cmocka_unit_test(checkpoints_vouch),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
