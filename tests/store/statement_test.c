/* Statements: drafted from decisions, approved by another, published, replaced, withdrawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "portfolio/provider.h"
#include "portfolio/statement.h"

struct said {
	struct scene *s;
	char public_id[TU_RANDOM_ID + 1];
	struct tu_statement_seen row; /* texts have ended with their transaction */
	char state[16];
	struct tu_statement_approval approval;
	char first[1 << 16]; /* the document of the first revision */
	size_t first_len;
	size_t revisions;
	int64_t due;
	/* of drafts: AMBER for this customer, with this embargo */
	const char *customer;
	const char *summary; /* of revisions; NULL: "again" */
	char published[1 << 16]; /* the text of what is seen */
	int64_t embargo;
	struct tu_statement_due released;
	/* what a reader sees */
	struct tu_provider_reader reader;
	size_t files;
	struct tu_provider_file file; /* the newest; texts have ended */
	char version[16];
	struct tu_str signs; /* what the seal of the test gives; empty: there is no key */
	size_t signed_rest;
};

static enum tu_status sign(
	void *self, const struct tu_seal_ask *ask, struct tu_seal *out, struct tu_error *err)
{
	const struct said *said = self;

	assert_true(ask->document.len > 0);
	if (!said->signs.len)
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no key");
	memset(out->fingerprint, 'a', TU_SEAL_FINGERPRINT);
	out->fingerprint[TU_SEAL_FINGERPRINT] = '\0';
	tu_buf_str_add(&out->text, said->signs);
	return TU_OK;
}

static struct tu_statement_seal seal_of(struct said *said)
{
	return (struct tu_statement_seal){sign, said};
}

static struct tu_statement_writer writer_of(const struct said *said)
{
	return (struct tu_statement_writer){.kb = said->s->kb};
}

static enum tu_status draft(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	struct tu_statement_writer writer = writer_of(said);
	struct tu_device_row device;
	struct tu_statement_about about = {.device = &device,
		.release = TU_STR("4.3.1"),
		.tlp = TU_STR("GREEN"),
		.embargo = said->embargo,
		.formats = 1u << TU_ISSUE_CSAF_VEX | 1u << TU_ISSUE_OPENVEX};
	struct tu_str public_id;
	enum tu_status status = tu_device_find(w, tu_str_c(said->s->device), &device, err);

	if (said->customer)
		about.tlp = TU_STR("AMBER");
	if (status == TU_OK && said->customer)
		status = tu_statement_customer_add(
			w, tu_str_c(said->customer), &about.customers, err);
	if (status == TU_OK)
		status = tu_statement_draft(w, &writer, &about, &public_id, err);
	if (status == TU_OK)
		(void)snprintf(
			said->public_id, sizeof(said->public_id), "%.*s", TU_STR_FMT(public_id));
	return status;
}

static enum tu_status find(struct tu_work *w, struct said *said, struct tu_error *err)
{
	enum tu_status status =
		tu_statement_find(w, tu_str_c(said->public_id), NULL, &said->row, err);

	if (status == TU_OK)
		(void)snprintf(
			said->state, sizeof(said->state), "%.*s", TU_STR_FMT(said->row.state));
	return status;
}

static enum tu_status find_only(struct tu_work *w, void *self, struct tu_error *err)
{
	return find(w, self, err);
}

static enum tu_status look(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	struct tu_statement_revisions revisions = {0};
	struct tu_statement_documents documents = {0};
	struct tu_str text;
	enum tu_status status = find(w, said, err);

	if (status == TU_OK)
		status = tu_statement_revisions(w, said->row.id, &revisions, err);
	said->revisions = revisions.list.count;
	if (status == TU_OK)
		status = tu_statement_documents(w, revisions.list.at[0].id, &documents, err);
	if (status == TU_OK)
		status = tu_work_document(w, documents.list.at[0].document_id, &text, err);
	if (status != TU_OK)
		return status;
	assert_int_equal(documents.list.count, 2);
	assert_true(text.len < sizeof(said->first));
	if (said->first_len) { /* whatever happens, it stays as it was */
		assert_int_equal(text.len, said->first_len);
		assert_memory_equal(text.ptr, said->first, text.len);
	}
	memcpy(said->first, text.ptr, text.len);
	said->first_len = text.len;
	return TU_OK;
}

static enum tu_status approve(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	struct tu_statement_writer writer = writer_of(said);
	struct tu_person person;
	enum tu_status status = find(w, said, err);

	if (status == TU_OK)
		status = tu_person_find(w->tx, w->act->actor, w->arena, &person, err);
	if (status != TU_OK)
		return status;
	memcpy(said->approval.digest, said->row.digest, sizeof(said->row.digest));
	said->approval.proof = (struct tu_proof){person.id, w->act->at};
	said->approval.zone = TU_STR("+01:00");
	return tu_statement_approve(w, &writer, &said->row, &said->approval, err);
}

static enum tu_status publish(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	struct tu_statement_writer writer = writer_of(said);
	const struct tu_statement_seal seal = seal_of(said);
	enum tu_status status = find(w, said, err);

	writer.seal = &seal;
	return status ? status : tu_statement_publish(w, &writer, &said->row, &said->due, err);
}

static enum tu_status revise(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	struct tu_statement_writer writer = writer_of(said);
	struct tu_statement_customers customers = {0};
	struct tu_statement_changes changes = {
		.summary = said->summary ? tu_str_c(said->summary) : TU_STR("again")};
	enum tu_status status = find(w, said, err);

	if (status == TU_OK && said->customer)
		status = tu_statement_customer_add(w, tu_str_c(said->customer), &customers, err);
	if (said->customer)
		changes.customers = &customers;
	return status ? status : tu_statement_revise(w, &writer, &said->row, &changes, err);
}

static enum tu_status release_due(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	struct tu_statement_writer writer = writer_of(said);
	const struct tu_statement_seal seal = seal_of(said);
	enum tu_status status = find(w, said, err);

	writer.seal = &seal;
	if (status == TU_OK)
		status = tu_statement_release_due(w, &writer, &said->row, &said->released, err);
	said->released.why.ptr = NULL; /* it ends with the transaction; its length says enough */
	return status;
}

static enum tu_status lift(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	enum tu_status status = find(w, said, err);

	return status ? status
		      : tu_statement_embargo(w, &said->row, said->embargo, &said->due, err);
}

static enum tu_status see(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	const struct tu_provider_query query = {.reader = said->reader};
	struct tu_provider_files files;
	enum tu_status status = tu_provider_files(w, &query, &files, err);

	said->files = status ? 0 : files.list.count;
	if (said->files) {
		struct tu_str text;

		said->file = files.list.at[0];
		assert_ok(tu_work_document(w, said->file.document_id, &text, error));
		(void)snprintf(said->published, sizeof(said->published), "%.*s", TU_STR_FMT(text));
		(void)snprintf(said->version, sizeof(said->version), "%.*s",
			TU_STR_FMT(said->file.version));
	}
	return status;
}

static enum tu_status note_key(struct tu_work *w, void *self, struct tu_error *err)
{
	char fingerprint[TU_SEAL_FINGERPRINT];

	(void)self;
	memset(fingerprint, 'a', sizeof(fingerprint));
	return tu_provider_key_note(
		w, tu_str_of(fingerprint, sizeof(fingerprint)), TU_STR("a key"), err);
}

static enum tu_status sign_rest(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	const struct tu_statement_seal seal = seal_of(said);

	return tu_provider_sign_rest(w, &seal, &said->signed_rest, err);
}

static enum tu_status withdraw(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	enum tu_status status = find(w, said, err);

	return status ? status : tu_statement_withdraw(w, &said->row, err);
}

static const char *state_of(struct said *said)
{
	assert_ok(tu_work_run(said->s->store, &said->s->act, look, said, error));
	return said->state;
}

static void decide(struct scene *s, const char *name, const char *path)
{
	s->name = name;
	s->text = scene_example(s, path);
	s->act = scene_act("engineer");
	scene_run(s, scene_propose);
	scene_person(s, "reviewer", "approver");
	s->act = scene_act("reviewer");
	scene_run(s, scene_approve);
}

static void does(struct said *said, tu_work_call *work, enum tu_status wanted, const char *words)
{
	struct tu_error err = {0};
	enum tu_status status = tu_work_run(said->s->store, &said->s->act, work, said, &err);

	if (status != wanted)
		print_error("%s\n", err.message);
	assert_int_equal(status, wanted);
	if (words)
		assert_non_null(strstr(err.message, words));
}

static void a_statement_goes_its_way(void **state)
{
	struct scene s = scene_portfolio();
	struct said said = {.s = &s};

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_person(&s, "writer", "analyst");
	does(&said, draft, TU_E_USAGE, NULL); /* nothing is decided */
	decide(&s, "curl-socks.yaml", "decisions/curl-socks.yaml");
	s.act = scene_act("writer");
	does(&said, draft, TU_OK, NULL);
	assert_string_equal(state_of(&said), "draft");
	s.act = scene_act("reviewer");
	does(&said, publish, TU_E_USAGE, "is draft, not approved");
	does(&said, withdraw, TU_E_USAGE, "for a reason");
	/* what is decided meanwhile counts */
	decide(&s, "busybox-awk.yaml", "decisions/busybox-awk.yaml");
	does(&said, approve, TU_E_CONFLICT, "draft it again");
	does(&said, revise, TU_OK, NULL);
	s.act = scene_act("reviewer");
	does(&said, approve, TU_E_CONSTRAINT, "own work"); /* the reviewer drafted it */
	assert_string_equal(state_of(&said), "draft");
	s.act = scene_act("writer");
	does(&said, revise, TU_OK, NULL);
	s.act = scene_act("reviewer");
	does(&said, approve, TU_OK, NULL);
	assert_true(said.approval.approved);
	does(&said, publish, TU_OK, NULL);
	assert_string_equal(state_of(&said), "published");
	assert_int_equal(said.row.published, 3);
	/* a draft beside it leaves it published */
	s.act = scene_act("writer");
	does(&said, revise, TU_OK, NULL);
	assert_string_equal(state_of(&said), "draft");
	assert_int_equal(said.row.published, 3);
	s.act.reason = TU_STR("it was wrong");
	does(&said, withdraw, TU_OK, NULL);
	state_of(&said);
	assert_int_equal(said.row.published, 0);
	assert_int_equal(said.revisions, 4);
	does(&said, withdraw, TU_E_USAGE, "no revision of it is published");
	scene_done(&s);
}

/* How many documents a reader sees. */
static size_t seen_by(struct said *said, bool known, int64_t customer)
{
	static const struct tu_list_scope all = {.everything = true}, none = {0};

	said->reader = (struct tu_provider_reader){known, known ? &all : &none, customer};
	assert_ok(tu_work_read(said->s->store, &said->s->act, see, said, error));
	return said->files;
}

static int64_t person_id(struct said *said, const char *login)
{
	struct tu_person person;
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_tx *tx;
	int64_t id;

	assert_ok(tu_store_begin(said->s->store, TU_TX_READ, &tx, error));
	assert_ok(tu_person_find(tx, tu_str_c(login), arena, &person, error));
	id = person.id;
	assert_ok(tu_tx_commit(tx, error));
	tu_arena_free(arena);
	return id;
}

static void approved(struct said *said)
{
	said->s->act = scene_act("writer");
	does(said, draft, TU_OK, NULL);
	said->s->act = scene_act("reviewer");
	does(said, approve, TU_OK, NULL);
}

static struct said begin(struct scene *s)
{
	scene_put_sbom(s, "4.3.1", "infusion-pump.cdx.json");
	scene_person(s, "writer", "analyst");
	scene_person(s, "mercy", "customer");
	scene_person(s, "other", "customer");
	decide(s, "curl-socks.yaml", "decisions/curl-socks.yaml");
	return (struct said){.s = s};
}

/* Until its embargo is over nothing is seen, and then by whom it is for. */
static void an_embargo_holds_it_back(void **state)
{
	struct scene s = scene_portfolio();
	struct said said = begin(&s);
	int64_t mercy = person_id(&said, "mercy"), other = person_id(&said, "other");

	(void)state;
	s.act = scene_act("writer");
	said.customer = "writer";
	does(&said, draft, TU_E_USAGE, "no customer writer");
	said.customer = "mercy";
	said.embargo = s.act.at;
	does(&said, draft, TU_E_USAGE, "this time is over");
	said.embargo = s.act.at + 1000000000;
	approved(&said);
	does(&said, publish, TU_OK, NULL);
	assert_string_equal(state_of(&said), "scheduled");
	assert_int_equal(said.due, said.embargo);
	does(&said, publish, TU_E_USAGE, "is scheduled, not approved");
	s.act.at = said.embargo - 1;
	does(&said, release_due, TU_OK, NULL);
	assert_false(said.released.published);
	assert_int_equal(seen_by(&said, true, mercy), 0);
	s.act.at = said.embargo;
	does(&said, release_due, TU_OK, NULL);
	assert_true(said.released.published);
	assert_int_equal(seen_by(&said, true, mercy), 1);
	assert_int_equal(said.file.released, said.embargo / 1000000);
	assert_int_equal(said.file.initial, said.file.released);
	assert_int_equal(said.file.fingerprint.len, 0);
	assert_int_equal(seen_by(&said, true, other), 0);
	assert_int_equal(seen_by(&said, true, 0), 0);
	assert_int_equal(seen_by(&said, false, 0), 0);
	does(&said, release_due, TU_OK, NULL); /* once */
	assert_false(said.released.published);
	scene_done(&s);
}

/* What was decided meanwhile counts, whoever publishes. */
static void an_embargo_ends_with_other_decisions(void **state)
{
	struct scene s = scene_portfolio();
	struct said said = begin(&s);

	(void)state;
	said.embargo = s.act.at + 1000000000;
	approved(&said);
	does(&said, publish, TU_OK, NULL);
	decide(&s, "busybox-awk.yaml", "decisions/busybox-awk.yaml");
	said.embargo = 0;
	does(&said, lift, TU_E_USAGE, "for a reason");
	s.act.reason = TU_STR("it is known");
	does(&said, lift, TU_OK, NULL);
	assert_int_equal(said.due, s.act.at);
	does(&said, release_due, TU_OK, NULL);
	assert_false(said.released.published);
	assert_true(said.released.why.len > 0);
	assert_string_equal(state_of(&said), "approved");
	assert_int_equal(seen_by(&said, true, 0), 0);
	scene_done(&s);
}

/* What is published without a key is signed when there is one; versions rise over a withdrawal. */
static void signatures_and_versions(void **state)
{
	struct scene s = scene_portfolio();
	struct said said = begin(&s);

	(void)state;
	approved(&said);
	s.act.at += 5000000;
	does(&said, publish, TU_OK, NULL);
	assert_int_equal(seen_by(&said, true, 0), 1);
	assert_int_equal(said.file.released, s.act.at / 1000000);
	assert_int_equal(said.file.fingerprint.len, 0);
	said.signs = TU_STR("-----BEGIN PGP SIGNATURE-----");
	does(&said, sign_rest, TU_E_NOTFOUND,
		"is not known"); /* no service has said that it has it */
	does(&said, note_key, TU_OK, NULL);
	does(&said, sign_rest, TU_OK, NULL);
	assert_int_equal(said.signed_rest, 1);
	assert_int_equal(seen_by(&said, true, 0), 1);
	assert_int_equal(said.file.fingerprint.len, TU_SEAL_FINGERPRINT);
	does(&said, sign_rest, TU_OK, NULL);
	assert_int_equal(said.signed_rest, 0);
	s.act.reason = TU_STR("it was wrong");
	does(&said, withdraw, TU_OK, NULL);
	assert_int_equal(seen_by(&said, true, 0), 0);
	s.act = scene_act("writer");
	s.act.at += 6000000;
	does(&said, revise, TU_OK, NULL);
	s.act.actor = TU_STR("reviewer");
	does(&said, approve, TU_OK, NULL);
	does(&said, publish, TU_OK, NULL);
	assert_int_equal(seen_by(&said, true, 0), 1);
	assert_string_equal(said.version, "2");
	assert_int_equal(said.file.fingerprint.len, TU_SEAL_FINGERPRINT);
	assert_true(said.file.initial < said.file.released);
	scene_done(&s);
}

/* A revision for a customer, published a while later. */
static void sent(struct said *said, const char *customer, const char *summary)
{
	int64_t at = said->s->act.at + 5000000;

	said->customer = customer;
	said->summary = summary;
	said->s->act = scene_act("writer");
	said->s->act.at = at;
	does(said, revise, TU_OK, NULL);
	said->s->act.actor = TU_STR("reviewer");
	does(said, approve, TU_OK, NULL);
	does(said, publish, TU_OK, NULL);
	assert_int_equal(seen_by(said, true, person_id(said, customer)), 1);
}

/* The words for one customer are kept from the next; versions rise all the same. */
static void words_stay_with_whom_they_were_for(void **state)
{
	struct scene s = scene_portfolio();
	struct said said = begin(&s);

	(void)state;
	said.customer = "mercy";
	approved(&said);
	does(&said, publish, TU_OK, NULL);
	sent(&said, "mercy", "For Mercy alone.");
	assert_string_equal(said.version, "2");
	assert_non_null(strstr(said.published, "First issue."));
	sent(&said, "other", "For the other one.");
	assert_string_equal(said.version, "3");
	assert_null(strstr(said.published, "Mercy"));
	assert_null(strstr(said.published, "First issue."));
	assert_non_null(strstr(said.published, "Sent to other recipients."));
	sent(&said, "mercy", "Once more.");
	assert_string_equal(said.version, "4");
	assert_null(strstr(said.published, "For the other one."));
	scene_done(&s);
}

/* The text that was approved, with an edited note of its history: another number of the version. */
static enum tu_status edit(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	struct tu_statement_documents documents;
	struct tu_document document;
	struct tu_str text, edited, format = TU_STR("csaf-vex");
	size_t at;

	assert_ok(find(w, said, error));
	assert_ok(tu_statement_documents(w, said->row.revision_id, &documents, error));
	assert_int_equal(documents.list.at[0].format, TU_ISSUE_CSAF_VEX);
	assert_ok(tu_work_document(w, documents.list.at[0].document_id, &text, error));
	assert_true(tu_arena_dup(w->arena, text, &edited));
	at = tu_str_search(edited, TU_STR("\"number\": \"1\""));
	assert_true(at < edited.len);
	*((char *)(uintptr_t)edited.ptr + at + strlen("\"number\": \"")) = '7';
	assert_ok(tu_document_put(w, "statement", edited, &document, error));
	return tu_work_exec(w, TU_SQL_STATEMENT_DOCUMENT_RELEASE,
		TU_BIND(tu_int(said->row.revision_id), tu_text(format), tu_int(document.id)), err);
}

/* Whatever became of the text: what fails a test of the standard is not published. */
static void what_is_not_valid_is_not_published(void **state)
{
	struct scene s = scene_portfolio();
	struct said said = begin(&s);

	(void)state;
	approved(&said);
	does(&said, edit, TU_OK, NULL);
	does(&said, publish, TU_E_USAGE, "csaf-vex is not valid: test 6.1.16");
	assert_int_equal(seen_by(&said, true, 0), 0);
	assert_ok(tu_work_run(s.store, &s.act, find_only, &said, error));
	assert_string_equal(said.state, "approved");
	scene_done(&s);
}

static enum tu_status check_csaf(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;

	assert_ok(tu_statement__check(w, TU_ISSUE_OPENVEX, TU_STR("{}"), error));
	return tu_statement__check(w, TU_ISSUE_CSAF_VEX, tu_str_c(said->first), err);
}

/* A test of the standard that fails is named, and nobody signs such a document. */
static void csaf_must_be_valid(void **state)
{
	static const char text[] =
		"{\"document\":{\"category\":\"csaf_vex\",\"csaf_version\":\"2.0\",\"title\":\"x\","
		"\"publisher\":{\"category\":\"vendor\",\"name\":\"x\",\"namespace\":\"https://"
		"example.org\"},"
		"\"tracking\":{\"id\":\"x\",\"status\":\"final\",\"version\":\"2\","
		"\"current_release_date\":\"2026-01-01T00:00:00Z\",\"initial_release_date\":\"2026-"
		"01-01T00:00:00Z\","
		"\"revision_history\":[{\"number\":\"1\",\"date\":\"2026-01-01T00:00:00Z\","
		"\"summary\":\"x\"}]}}}";
	struct scene s = scene_portfolio();
	struct said said = {.s = &s};

	(void)state;
	memcpy(said.first, text, sizeof(text));
	does(&said, check_csaf, TU_E_USAGE, "csaf-vex is not valid: test 6.1.16");
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_statement_goes_its_way),
		cmocka_unit_test(an_embargo_holds_it_back),
		cmocka_unit_test(an_embargo_ends_with_other_decisions),
		cmocka_unit_test(signatures_and_versions),
		cmocka_unit_test(words_stay_with_whom_they_were_for),
		cmocka_unit_test(what_is_not_valid_is_not_published),
		cmocka_unit_test(csaf_must_be_valid)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
