/* Persons, what they sign, and what is erased of them (audit/person.h, audit/signature.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/store/audit_scene.h"

#define PASSWORD "correct horse battery"
#define MINUTE INT64_C(60000000)

static struct tu_store *store;
static char one[TU_RANDOM_ID + 1], two[TU_RANDOM_ID + 1];

/* Two persons who may approve. Their passwords cost a tenth of a second each. */
static void open_with_two(void)
{
	struct tu_person_new person = {.login = TU_STR("one"),
		.name = TU_STR("First P\xc3\xa9rson"),
		.mail = TU_STR("one@example.org"),
		.role = TU_PERSON_APPROVER,
		.password = TU_STR(PASSWORD)};

	store = scene_audit(1);
	assert_ok(tu_person_add(store, &person, &scene_act, one, error));
	person.login = TU_STR("two");
	person.name = TU_STR("Second Person");
	person.mail = TU_STR("");
	assert_ok(tu_person_add(store, &person, &scene_act, two, error));
}

static struct tu_proof prove(const char *login)
{
	struct tu_proof proof;

	assert_ok(tu_person_authenticate(store,
		&(const struct tu_login){tu_str_c(login), TU_STR(PASSWORD), SCENE_AT}, &proof,
		error));
	return proof;
}

static enum tu_status fails_for(struct tu_str login, struct tu_str password, struct tu_error *err)
{
	const struct tu_login with = {login, password, SCENE_AT};
	struct tu_proof proof = {1, 1};
	enum tu_status status = tu_person_authenticate(store, &with, &proof, err);

	assert_int_equal(proof.person, 0);
	return status;
}

/* Does any record, or any column of the ledger, contain the text? */
static bool ledger_has(const char *text)
{
	struct tu_sink out;
	int64_t records;
	bool found;

	tu_sink_init_memory(&out, 1 << 20);
	assert_ok(tu_audit_export(store, &out, &records, error));
	found = tu_str_search(tu_buf_str(&out.buf), tu_str_c(text)) < out.buf.len;
	tu_sink_done(&out);
	return found;
}

/* ---- persons ---- */

static void the_ledger_has_digests_only(void **state)
{
	static const char *const personal[] = {
		"First P\xc3\xa9rson", "one@example.org", "\"one\"", PASSWORD, "argon2"};

	(void)state;
	open_with_two();
	for (size_t i = 0; i < TU_COUNT(personal); i++)
		assert_false(ledger_has(personal[i]));
	assert_true(ledger_has(one));
	assert_true(ledger_has("\\\"role\\\":\\\"approver\\\""));
	scene_close(store);
}

static void bad_persons_are_refused(void **state)
{
	static const struct {
		struct tu_person_new person;
		enum tu_status status;
	} cases[] = {
		{{TU_STR_INIT("one"), TU_STR_INIT("X"), TU_STR_INIT(""), TU_PERSON_AUDITOR,
			 TU_STR_INIT("")},
			TU_E_CONSTRAINT},
		{{TU_STR_INIT("One"), TU_STR_INIT("X"), TU_STR_INIT(""), TU_PERSON_AUDITOR,
			 TU_STR_INIT("")},
			TU_E_USAGE},
		{{TU_STR_INIT("0123456789abcdef0123456789abcdef"), TU_STR_INIT("X"),
			 TU_STR_INIT(""), TU_PERSON_AUDITOR, TU_STR_INIT("")},
			TU_E_USAGE},
		{{TU_STR_INIT("three"), TU_STR_INIT("X\nY"), TU_STR_INIT(""), TU_PERSON_AUDITOR,
			 TU_STR_INIT("")},
			TU_E_USAGE},
		{{TU_STR_INIT("three"), TU_STR_INIT("X"), TU_STR_INIT(""), TU_PERSON_AUDITOR,
			 TU_STR_INIT("short")},
			TU_E_USAGE},
	};
	char public[TU_RANDOM_ID + 1];
	int64_t before;

	(void)state;
	open_with_two();
	before = scene_head(store);
	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_int_equal(tu_person_add(store, &cases[i].person, &scene_act, public, NULL),
			cases[i].status);
	assert_int_equal(scene_head(store), before);
	scene_close(store);
}

static void passwords_are_verified(void **state)
{
	struct tu_error err;
	int64_t before;

	(void)state;
	open_with_two();
	before = scene_head(store);
	assert_int_not_equal(prove("one").person, prove("two").person);
	assert_int_equal(scene_head(store), before);
	assert_int_equal(fails_for(TU_STR("one"), TU_STR("wrong password"), &err), TU_E_CONSTRAINT);
	assert_string_equal(err.pointer, "authentication");
	/* that is a record; of nobody there is one, too, and the answer is the same */
	assert_int_equal(scene_head(store), before + 1);
	assert_true(ledger_has("authentication.fail"));
	assert_int_equal(fails_for(TU_STR("nobody"), TU_STR(PASSWORD), &err), TU_E_CONSTRAINT);
	assert_int_equal(scene_head(store), before + 2);
	assert_false(ledger_has("nobody"));
	/* not by the public id, not without a password, not when removed */
	assert_int_equal(fails_for(tu_str_c(one), TU_STR(PASSWORD), &err), TU_E_CONSTRAINT);
	assert_ok(tu_person_set_password(store, TU_STR("one"), TU_STR(""), &scene_act, error));
	assert_int_equal(fails_for(TU_STR("one"), TU_STR(""), &err), TU_E_CONSTRAINT);
	assert_ok(tu_person_remove(store, TU_STR("two"), &scene_act, error));
	assert_int_equal(fails_for(TU_STR("two"), TU_STR(PASSWORD), &err), TU_E_CONSTRAINT);
	scene_close(store);
}

/* ---- signatures ---- */

static struct tu_signature_request approval(const char *login, struct tu_proof proof)
{
	return (struct tu_signature_request){.person = tu_str_c(login),
		.proof = proof,
		.meaning = TU_MEANING_APPROVAL,
		.subject = TU_STR("assessment:7"),
		.content = {1, 2, 3},
		.at = SCENE_AT + MINUTE,
		.zone = TU_STR("+01:00")};
}

static int64_t approvals(const struct tu_signature_request *of)
{
	struct tu_tx *tx;
	int64_t count = -1;

	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(tu_signature_count(tx, of, &count, error));
	tu_tx_rollback(tx);
	return count;
}

static void signatures_say_all_that_part_11_asks(void **state)
{
	struct tu_signature_request request;
	struct tu_signature signature;
	struct tu_buf text;

	(void)state;
	open_with_two();
	request = approval("one", prove("one"));
	assert_ok(tu_signature_sign(store, &request, TU_STR("looked at it"), &signature, error));
	tu_buf_init(&text, 4096);
	tu_signature_write(&signature, &text);
	tu_buf_byte(&text, '\0');
	assert_string_equal(text.ptr, "First P\xc3\xa9rson, 2023-11-14T23:14:20+01:00: approval");
	tu_buf_done(&text);
	/* the record has the name and what was signed */
	assert_true(ledger_has("First P\xc3\xa9rson"));
	assert_true(ledger_has("0102030000000000"));
	assert_true(ledger_has("looked at it"));
	assert_true(ledger_has(signature.public));
	assert_int_equal(scene_judge(store, &scene_nobody).fault, TU_LEDGER_SOUND);
	scene_close(store);
}

/* A key "key" of the second person. */
static void give_key(void)
{
	bool sqlite = tu_store_engine(store) == TU_STORE_SQLITE;

	scene_sql(store,
		sqlite ? "INSERT INTO api_key (public, person_id, label, hash, scope, created)"
			 " SELECT 'key', id, 'CI', CAST('h' AS BLOB), 'push', 0 FROM person"
			 " WHERE login = 'two'"
		       : "INSERT INTO api_key (public, person_id, label, hash, scope, created)"
			 " SELECT 'key', id, 'CI', CAST('h' AS BYTEA), 'push', 0 FROM person"
			 " WHERE login = 'two'");
}

static void two_persons_are_two(void **state)
{
	struct tu_signature_request request, other;
	struct tu_signature signature;
	struct tu_error err;

	(void)state;
	open_with_two();
	request = approval("one", prove("one"));
	assert_int_equal(approvals(&request), 0);
	assert_ok(tu_signature_sign(store, &request, TU_STR(""), &signature, error));
	assert_int_equal(approvals(&request), 1);
	assert_int_equal(
		tu_signature_sign(store, &request, TU_STR(""), &signature, &err), TU_E_CONSTRAINT);
	assert_string_equal(err.pointer, "once");
	other = approval("two", prove("two"));
	assert_ok(tu_signature_sign(store, &other, TU_STR(""), &signature, error));
	assert_int_equal(approvals(&request), 2);
	/* not the author, not another content */
	request.author = tu_str_c(two);
	assert_int_equal(approvals(&request), 1);
	give_key();
	request.author = TU_STR("key");
	assert_int_equal(approvals(&request), 1);
	other.author = TU_STR("key");
	other.content[0] = 7;
	assert_int_equal(
		tu_signature_sign(store, &other, TU_STR(""), &signature, &err), TU_E_CONSTRAINT);
	assert_string_equal(err.pointer, "own-work");
	request.content[0] = 9;
	assert_int_equal(approvals(&request), 0);
	scene_close(store);
}

static void stale(struct tu_signature_request *request)
{
	request->at += 5 * MINUTE;
}

static void of_the_future(struct tu_signature_request *request)
{
	request->at = request->proof.at - 1;
}

static void of_nobody(struct tu_signature_request *request)
{
	request->proof = (struct tu_proof){0, request->at};
}

static void of_somebody_else(struct tu_signature_request *request)
{
	request->person = TU_STR("two");
}

static void own_work(struct tu_signature_request *request)
{
	request->author = tu_str_c(one);
}

static void without_zone(struct tu_signature_request *request)
{
	request->zone = TU_STR("CET");
}

static void what_must_not_be_signed_is_not(void **state)
{
	static const struct {
		void (*change)(struct tu_signature_request *request);
		const char *rule;
	} cases[] = {{stale, "proof-age"}, {of_the_future, "proof-age"}, {of_nobody, "proof"},
		{of_somebody_else, "proof"}, {own_work, "own-work"}, {without_zone, "zone"}};
	struct tu_proof proof;
	int64_t before;

	(void)state;
	open_with_two();
	proof = prove("one");
	before = scene_head(store);
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_signature_request request = approval("one", proof);
		struct tu_signature signature;
		struct tu_error err = {0};

		cases[i].change(&request);
		assert_int_equal(tu_signature_sign(store, &request, TU_STR(""), &signature, &err),
			TU_E_CONSTRAINT);
		assert_string_equal(err.pointer, cases[i].rule);
	}
	assert_int_equal(scene_head(store), before);
	scene_close(store);
}

/* ---- erasing ---- */

/* Of the file of SQLite, too: what is erased is not in its free space. */
static bool database_has(const char *text)
{
	const char *path = scene_direct();
	static char bytes[1 << 22];
	FILE *file;
	size_t len;

	if (tu_store_engine(store) != TU_STORE_SQLITE)
		return false;
	scene_sql(store, "UPDATE setting SET value = value");
	tu_store_close(store);
	file = fopen(path, "rb");
	assert_non_null(file);
	len = fread(bytes, 1, sizeof(bytes), file);
	(void)fclose(file);
	assert_ok(tu_store_open(&(const struct tu_store_options){.place = path}, &store, error));
	return tu_str_search(tu_str_of(bytes, len), tu_str_c(text)) < len;
}

static void erased_is_erased_and_the_chain_stays(void **state)
{
	struct tu_signature_request request;
	struct tu_signature signature;
	struct tu_erasure erasure;
	struct tu_error err;
	struct tu_buf text;
	int64_t before;

	(void)state;
	open_with_two();
	request = approval("one", prove("one"));
	assert_ok(tu_signature_sign(store, &request, TU_STR(""), &signature, error));
	before = scene_head(store);
	assert_true(database_has("one@example.org") || tu_store_engine(store) != TU_STORE_SQLITE);
	assert_ok(tu_person_erase(store, TU_STR("one@example.org"), &scene_act, &erasure, error));
	assert_false(erasure.already);
	assert_int_equal(erasure.values, 3);
	assert_int_equal(scene_head(store), before + 1);
	assert_true(ledger_has("person.erase"));
	assert_false(database_has("one@example.org"));
	/* twice: a polite answer, no change */
	assert_ok(tu_person_erase(store, tu_str_c(one), &scene_act, &erasure, error));
	assert_true(erasure.already);
	assert_int_equal(scene_head(store), before + 1);
	assert_int_equal(
		tu_person_erase(store, TU_STR("one"), &scene_act, &erasure, &err), TU_E_NOTFOUND);
	assert_int_equal(scene_head(store), before + 1);
	/* what was signed keeps the name; nothing else has it */
	tu_buf_init(&text, 65536);
	assert_ok(tu_person_write(store, tu_str_c(one), &text, error));
	tu_buf_byte(&text, '\0');
	assert_non_null(strstr(text.ptr, "\"printed_name\": \"First P\xc3\xa9rson\""));
	assert_non_null(strstr(text.ptr, "\"values\": []"));
	tu_buf_done(&text);
	assert_int_equal(approvals(&request), 1);
	scene_close(store);
}

static enum tu_status add_reporter(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct tu_personal_new value = {TU_STR("reporter"), TU_STR("someone@example.net"), 0};
	struct tu_personal *row = self;
	enum tu_status status = tu_personal_add(tx, &value, row, err);
	int number = 1;

	return status ? status : scene_record(tx, &number, err);
}

static void reporters_are_erased_too(void **state)
{
	struct tu_personal row;
	struct tu_erasure erasure;
	struct tu_arena *arena = tu_arena_new(4096);
	struct tu_str value;
	struct tu_tx *tx;

	(void)state;
	store = scene_audit(1);
	assert_ok(tu_store_run(store, TU_TX_WRITE, add_reporter, &row, error));
	assert_ok(tu_store_run(store, TU_TX_WRITE, add_reporter, &row, error));
	assert_ok(
		tu_person_erase(store, TU_STR("someone@example.net"), &scene_act, &erasure, error));
	assert_int_equal(erasure.values, 2);
	assert_true(ledger_has(row.digest));
	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(tu_personal_get(tx, row.id, arena, &value, error));
	assert_int_equal(value.len, 0);
	tu_tx_rollback(tx);
	assert_int_equal(
		tu_person_erase(store, TU_STR("someone@example.net"), &scene_act, &erasure, NULL),
		TU_E_NOTFOUND);
	assert_int_equal(scene_judge(store, &scene_nobody).fault, TU_LEDGER_SOUND);
	tu_arena_free(arena);
	scene_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ledger_has_digests_only),
		cmocka_unit_test(bad_persons_are_refused),
		cmocka_unit_test(passwords_are_verified),
		cmocka_unit_test(signatures_say_all_that_part_11_asks),
		cmocka_unit_test(two_persons_are_two),
		cmocka_unit_test(what_must_not_be_signed_is_not),
		cmocka_unit_test(erased_is_erased_and_the_chain_stays),
		cmocka_unit_test(reporters_are_erased_too),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
