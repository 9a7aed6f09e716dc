/* Statements: drafted from decisions, approved by another, published, replaced, withdrawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

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
};

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
		.formats = 1u << TU_ISSUE_CSAF_VEX | 1u << TU_ISSUE_OPENVEX};
	struct tu_str public_id;
	enum tu_status status = tu_device_find(w, tu_str_c(said->s->device), &device, err);

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
	enum tu_status status = find(w, said, err);

	return status ? status : tu_statement_publish(w, &writer, &said->row, err);
}

static enum tu_status revise(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	struct tu_statement_writer writer = writer_of(said);
	enum tu_status status = find(w, said, err);

	return status ? status : tu_statement_revise(w, &writer, &said->row, TU_STR("again"), err);
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
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_goes_its_way), cmocka_unit_test(csaf_must_be_valid)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
