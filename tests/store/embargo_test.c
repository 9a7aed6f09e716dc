/* What came of a report under embargo is not published before that is over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "portfolio/signal.h"
#include "portfolio/statement.h"

struct said {
	struct scene *s;
	char public_id[TU_RANDOM_ID + 1];
	struct tu_statement_seen row; /* texts have ended with their transaction */
	char state[16];
	int64_t due, embargo;
	bool published; /* by the service */
	size_t why;
};

static enum tu_status find(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	enum tu_status status =
		tu_statement_find(w, tu_str_c(said->public_id), NULL, &said->row, err);

	if (status == TU_OK)
		(void)snprintf(
			said->state, sizeof(said->state), "%.*s", TU_STR_FMT(said->row.state));
	return status;
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
		.formats = 1u << TU_ISSUE_OPENVEX};
	struct tu_str public_id;
	enum tu_status status = tu_device_find(w, tu_str_c(said->s->device), &device, err);

	if (status == TU_OK)
		status = tu_statement_draft(w, &writer, &about, &public_id, err);
	if (status == TU_OK)
		(void)snprintf(
			said->public_id, sizeof(said->public_id), "%.*s", TU_STR_FMT(public_id));
	return status;
}

static enum tu_status approve(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	struct tu_statement_writer writer = writer_of(said);
	struct tu_statement_approval approval = {.zone = TU_STR("Z")};
	struct tu_person person;
	enum tu_status status = find(w, said, err);

	if (status == TU_OK)
		status = tu_person_find(w->tx, w->act->actor, w->arena, &person, err);
	if (status != TU_OK)
		return status;
	memcpy(approval.digest, said->row.digest, sizeof(said->row.digest));
	approval.proof = (struct tu_proof){person.id, w->act->at};
	return tu_statement_approve(w, &writer, &said->row, &approval, err);
}

static enum tu_status publish(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	struct tu_statement_writer writer = writer_of(said);
	enum tu_status status = find(w, said, err);

	return status ? status : tu_statement_publish(w, &writer, &said->row, &said->due, err);
}

static enum tu_status release_due(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	struct tu_statement_writer writer = writer_of(said);
	struct tu_statement_due due = {0};
	enum tu_status status = find(w, said, err);

	if (status == TU_OK)
		status = tu_statement_release_due(w, &writer, &said->row, &due, err);
	said->published = due.published;
	said->why = due.why.len;
	return status;
}

static enum tu_status withdraw(struct tu_work *w, void *self, struct tu_error *err)
{
	struct said *said = self;
	enum tu_status status = find(w, said, err);

	return status ? status : tu_statement_withdraw(w, &said->row, err);
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

static void assert_state(struct said *said, const char *state)
{
	does(said, find, TU_OK, NULL);
	assert_string_equal(said->state, state);
}

static struct said begin(struct scene *s)
{
	scene_put_sbom(s, "4.3.1", "infusion-pump.cdx.json");
	scene_person(s, "writer", "analyst");
	s->name = "curl-socks.yaml";
	s->text = scene_example(s, "decisions/curl-socks.yaml");
	s->act = scene_act("engineer");
	scene_run(s, scene_propose);
	scene_person(s, "reviewer", "approver");
	s->act = scene_act("reviewer");
	scene_run(s, scene_approve);
	return (struct said){.s = s};
}

static void approved(struct said *said)
{
	said->s->act = scene_act("writer");
	does(said, draft, TU_OK, NULL);
	said->s->act = scene_act("reviewer");
	does(said, approve, TU_OK, NULL);
}

struct told {
	const char *vuln;
	int64_t embargo; /* us; 0: none */
	bool repeats; /* the report is a duplicate of the one that is confirmed */
	char signal[TU_RANDOM_ID + 1];
};

static enum tu_status keep_report(
	struct tu_work *w, int64_t embargo, struct tu_signal_row *row, struct tu_error *err)
{
	const struct tu_signal signal = {
		.source = TU_STR("mail"), .title = TU_STR("it answers"), .embargo = embargo};

	return tu_signal_receive(w, &signal, row, err);
}

static enum tu_status tell(struct tu_work *w, void *self, struct tu_error *err)
{
	struct told *told = self;
	const struct tu_case_opening opening = {
		.vuln = tu_str_c(told->vuln), .learned_at = w->act->at};
	struct tu_signal_row first, second;
	struct tu_case_row row;
	struct tu_signal_triage triage = {.kind = TU_STR("other"), .embargo = told->embargo};
	enum tu_status status = tu_case_find(w, opening.vuln, &row, err);

	if (status == TU_E_NOTFOUND)
		status = tu_case_open(w, &opening, &row, err);
	if (status == TU_OK)
		status = keep_report(w, told->repeats ? 0 : told->embargo, &first, err);
	if (status == TU_OK)
		status = keep_report(w, told->repeats ? told->embargo : 0, &second, err);
	if (status == TU_OK)
		status = tu_signal_move(w, &first, TU_SIGNAL_CONFIRMED, &row, err);
	triage.learned = w->act->at;
	triage.duplicate_id = first.id;
	if (status == TU_OK && told->repeats)
		status = tu_signal_triage(w, &second, &triage, err);
	if (status == TU_OK)
		(void)snprintf(told->signal, sizeof(told->signal), "%.*s",
			TU_STR_FMT(told->repeats ? second.public_id : first.public_id));
	return status;
}

static enum tu_status free_it(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct told *told = self;
	struct tu_signal_row row;
	enum tu_status status = tu_signal_find(w, tu_str_c(told->signal), &row, err);
	const struct tu_signal_triage triage = {
		.kind = TU_STR("other"), .learned = row.learned, .duplicate_id = row.duplicate_id};

	if (status == TU_OK)
		assert_true(tu_signal_frees(&row, &triage, w->act->at));
	return status ? status : tu_signal_triage(w, &row, &triage, err);
}

/* Whom silence was promised until a day, by the case that came of the report. */
static void nothing_is_said_of_a_report_under_embargo(void **state)
{
	struct scene s = scene_portfolio();
	struct said said = begin(&s);
	struct told of = {.vuln = "CVE-2023-38545"}, other = {.vuln = "CVE-2022-0847"};
	struct tu_error err = {0};

	(void)state;
	s.act = scene_act("writer");
	other.embargo = s.act.at + 900000000;
	assert_ok(tu_work_run(s.store, &s.act, tell, &other, error));
	for (int repeats = 0; repeats < 2; repeats++) {
		approved(&said);
		of = (struct told){.vuln = "CVE-2023-38545",
			.embargo = s.act.at + 600000000,
			.repeats = repeats};
		assert_ok(tu_work_run(s.store, &s.act, tell, &of, error));
		does(&said, publish, TU_E_USAGE, "CVE-2023-38545 came of a report");
		does(&said, publish, TU_E_USAGE, "until 2026-07-14T03:43:20Z");
		assert_state(&said, "approved");
		assert_int_equal(said.row.published, 0);
		assert_int_equal(tu_work_run(s.store, &s.act, free_it, &of, &err), TU_E_USAGE);
		assert_non_null(strstr(err.message, "for a reason"));
		s.act.reason = TU_STR("the reporter agrees");
		assert_ok(tu_work_run(s.store, &s.act, free_it, &of, error));
		does(&said, publish, TU_OK, NULL); /* the other report is of what is not said */
		assert_state(&said, "published");
		s.act.reason = TU_STR("for the next");
		does(&said, withdraw, TU_OK, NULL);
	}
	scene_done(&s);
}

/* It is scheduled for a day after, and not said when the report's embargo moved past that. */
static void what_is_scheduled_waits_for_a_report(void **state)
{
	struct scene s = scene_portfolio();
	struct said said = begin(&s);
	struct told of = {.vuln = "CVE-2023-38545"}, again;

	(void)state;
	s.act = scene_act("writer");
	said.embargo = s.act.at + 1000000000;
	of.embargo = said.embargo;
	approved(&said);
	assert_ok(tu_work_run(s.store, &s.act, tell, &of, error));
	does(&said, publish, TU_OK, NULL);
	assert_state(&said, "scheduled");
	again = (struct told){.vuln = of.vuln, .embargo = said.embargo + 1};
	assert_ok(tu_work_run(s.store, &s.act, tell, &again, error));
	s.act.at = said.embargo;
	does(&said, release_due, TU_OK, NULL);
	assert_false(said.published);
	assert_true(said.why > 0);
	assert_state(&said, "approved");
	s.act.at = again.embargo;
	does(&said, publish, TU_OK, NULL);
	assert_state(&said, "published");
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_said_of_a_report_under_embargo),
		cmocka_unit_test(what_is_scheduled_waits_for_a_report)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
