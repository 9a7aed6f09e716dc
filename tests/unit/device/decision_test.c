#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <tutela/decision.h>
#include "error_text.h"

static struct tu_arena *arena;
static struct tu_error err;

static int set_up(void **state)
{
	(void)state;
	arena = tu_arena_new(64 << 20);
	memset(&err, 0, sizeof(err));
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	tu_arena_free(arena);
	return 0;
}

static enum tu_status read_as(const char *file, const char *text, const struct tu_decision **out)
{
	return tu_decision_read(arena, tu_str_c(file), tu_str_c(text), NULL, out, &err);
}

#define HEAD "vulnerability: CVE-2026-1\ncomponent: a\n"
#define TAIL \
	"validity: {releases: ['1']}\ndecided_by: lead\ndecided_at: 2026-01-02T10:00:00Z\n" \
	"learned_at: 2026-01-01T10:00:00+01:00\n"

#define EVENT "events: [{event: e, at: 2026-01-02T00:00:00Z, corrections: ["

static const char whole[] =
	"schema: tutela-decision/1\nid: one\nsupersedes: zero\n" HEAD "aliases: [GHSA-1]\n"
	"status: affected\nrationale: |-\n  line one\n\n  line two\nexploitability: high\n"
	"harm: serious\nprivacy: limited\nrisk: uncontrolled\ncontrols: [c1, c2]\n"
	"action: {remedy: vendor_fix, text: 'wait: it comes', fix_release: '1.10', due: "
	"2026-03-01}\n"
	"expires: 2026-12-31\nrole: head\n"
	"premises: {component: a, version: '1.10', advisory: CVE-2026-1, source: NVD,\n"
	"  advisory_modified: 2026-01-01T00:00:01Z, advisory_digest: abc, kev: false, score: 7.5, "
	"epss: 0.25}\n"
	"events: [{event: customers-told, at: 2026-01-03T00:00:00Z, evidence: N, contents: "
	"[impact]}]\n" TAIL "corrections: [{was: 2026-01-01T09:00:00Z, now: 2025-12-31T09:00:00Z, "
	"reason: mail, by: lead,\n"
	"  at: 2026-01-05T00:00:00Z}]\n";

static void what_is_written_reads_back(void **state)
{
	const struct tu_decision *first = NULL, *second = NULL;
	struct tu_buf once, twice;
	(void)state;

	if (read_as("decisions/x.yaml", whole, &first))
		fail_msg("%s", error_text(&err));
	tu_buf_init(&once, 1 << 16);
	tu_buf_init(&twice, 1 << 16);
	tu_decision_write(first, &once);
	tu_buf_byte(&once, '\0');
	if (read_as("decisions/x.yaml", once.ptr, &second))
		fail_msg("%s\n%s", error_text(&err), once.ptr);
	tu_decision_write(second, &twice);
	tu_buf_byte(&twice, '\0');
	assert_string_equal(once.ptr, twice.ptr);
	assert_true(tu_decision_agrees(first, second));
	assert_true(tu_str_eq(second->rationale, TU_STR("line one\n\nline two")));
	assert_true(tu_str_eq(second->premises.version, TU_STR("1.10")));
	assert_int_equal(second->premises.epss, 250000);
	assert_int_equal(second->premises.score_tenths, 75);
	assert_true(tu_decision_learned(second) == INT64_C(1767171600));
	tu_buf_done(&once);
	tu_buf_done(&twice);
}

static void id_comes_from_the_file(void **state)
{
	const struct tu_decision *d = NULL;
	(void)state;

	assert_int_equal(
		read_as("x/decisions/CVE-1.2.yaml", HEAD "status: fixed\n" TAIL, &d), TU_OK);
	assert_true(tu_str_eq(d->id, TU_STR("CVE-1.2")));
	assert_true(d->validity.carry);
	assert_false(d->premises.kev_stated);
	assert_true(tu_decision_is_about(d, TU_STR("cve-2026-1")));
}

static void errors_have_places(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} cases[] = {
		{"component: a\nstatus: fixed\n" TAIL, "\"vulnerability\" is missing"},
		{"vulnerability: ' '\ncomponent: a\nstatus: fixed\n" TAIL,
			"\"vulnerability\" is empty"},
		{HEAD "status: perhaps\n" TAIL, "d.yaml:3:9: /status: expected one of under_inv"},
		{HEAD "status: not_affected\n" TAIL, "needs a justification or an impact"},
		{HEAD "status: fixed\njustification: component_not_present\n" TAIL,
			"a justification belongs to"},
		{HEAD "status: affected\n" TAIL, "needs its risk"},
		{HEAD "status: fixed\nsupersedes: d\n" TAIL, "supersedes itself"},
		{HEAD "status: fixed\nid: x\nsupersedes: x\n" TAIL, "supersedes itself"},
		{HEAD "status: fixed\nevents: [{event: e, at: '2016-12-31T23:59:60Z'}]\n" TAIL,
			"a leap second"},
		{HEAD "status: fixed\nvalidity: {releases: []}\ndecided_by: x\n"
		      "decided_at: 2026-01-02T10:00:00Z\nlearned_at: 2026-01-02T10:00:00Z\n",
			"validity.releases"},
		{HEAD "status: fixed\nvalidity: {releases: ['1']}\n"
		      "learned_at: 2026-01-02T10:00:00Z\n",
			"needs decided_by and decided_at"},
		{HEAD "status: fixed\nvalidity: {releases: ['1']}\nlearned_at: 2026-01-02\n",
			"/learned_at: \"2026-01-02\" has no zone"},
		{HEAD "status: fixed\nvalidity: {releases: ['1']}\n"
		      "learned_at: 2026-01-02T10:00:00\n",
			"has no zone"},
		{HEAD "status: fixed\nvalidity: {releases: ['1'], component_range: '>=1'}\n"
		      "learned_at: 2026-01-02T10:00:00Z\n",
			"/validity/component_range: expected a vers range"},
		{HEAD "status: fixed\n" TAIL
		      "corrections: [{was: 2026-01-01T09:30:00Z, now: 2026-01-01T09:00:00Z, "
		      "reason: x, by: y, at: 2026-01-03T00:00:00Z}]\n",
			"corrected, never rewritten"},
		{HEAD "status: fixed\n" TAIL
		      "corrections: [{was: 2026-01-01T09:00:00Z, now: 2026-01-01T08:00:00Z, by: y, "
		      "at: 2026-01-03T00:00:00Z}]\n",
			"\"reason\" is missing"},
		{HEAD "status: fixed\npremises: {score: 11}\n" TAIL, "a score from 0 to 10"},
		{HEAD HEAD "status: fixed\n" TAIL, "duplicate key"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const struct tu_decision *d = NULL;

		if (read_as("d.yaml", cases[i].text, &d) == TU_OK || d ||
			!strstr(error_text(&err), cases[i].message))
			fail_msg("case %zu: %s", i, error_text(&err));
	}
}

static void errors_of_corrections(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{HEAD "status: fixed\n" TAIL EVENT
		      "{reason: x, by: y, at: 2026-01-03T00:00:00Z}]}]\n",
			"expected \"now\""},
		{HEAD "status: fixed\n" TAIL EVENT "{taken_back: false, reason: x, by: y, at: "
		      "2026-01-03T00:00:00Z}]}]\n",
			"expected \"now\""},
		{HEAD "status: fixed\n" TAIL EVENT "{taken_back: true, now: {event: e, at: "
		      "2026-01-02T00:00:00Z}, reason: x, by: y, at: 2026-01-03T00:00:00Z}]}]\n",
			"expected \"now\""},
		{HEAD "status: fixed\n" TAIL EVENT "{now: {event: e}, reason: x, by: y, at: "
		      "2026-01-03T00:00:00Z}]}]\n",
			"\"at\" is missing"},
		{HEAD "status: fixed\n" TAIL EVENT "{taken_back: true, by: y, at: "
		      "2026-01-03T00:00:00Z}]}]\n",
			"\"reason\" is missing"},
		{HEAD "status: fixed\n" TAIL EVENT "{taken_back: true, reason: x, by: y, at: "
		      "2026-01-03T00:00:00Z}, {taken_back: true, reason: x, by: y, at: "
		      "2026-01-04T00:00:00Z}]}]\n",
			"taken back already"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const struct tu_decision *d = NULL;

		if (read_as("d.yaml", cases[i].text, &d) == TU_OK || d ||
			!strstr(error_text(&err), cases[i].message))
			fail_msg("case %zu: %s", i, error_text(&err));
	}
}

/* Corrected twice, taken back, said again; and one that was never wrong. */
static void corrected_events_are_one_list(void **state)
{
	static const char text[] = HEAD
		"status: fixed\n" TAIL "events:\n"
		"- {event: customers-told, at: 2025-01-02T00:00:00Z, evidence: N, corrections: [\n"
		"  {now: {event: customers-told, at: 2026-01-02T00:00:00Z, evidence: N, contents: "
		"[fix]},\n"
		"   reason: the year, by: lead, at: 2026-01-03T00:00:00Z},\n"
		"  {taken_back: true, reason: another case, by: lead, at: 2026-01-04T00:00:00Z},\n"
		"  {now: {event: plan-made, at: 2026-01-02T00:00:00Z}, reason: it was this, by: "
		"lead,\n"
		"   at: 2026-01-05T00:00:00Z}]}\n"
		"- {event: isao-told, at: 2026-01-02T00:00:00Z, corrections: [\n"
		"  {taken_back: true, reason: no, by: lead, at: 2026-01-04T00:00:00Z}]}\n"
		"- {event: fix-distributed, at: 2026-01-06T00:00:00Z}\n";
	static const char *const names[] = {
		"customers-told", "customers-told", "plan-made", "isao-told", "fix-distributed"};
	const struct tu_decision *first = NULL, *d = NULL;
	struct tu_buf once, twice;
	(void)state;

	assert_int_equal(read_as("d.yaml", text, &first), TU_OK);
	tu_buf_init(&once, 1 << 20);
	tu_buf_init(&twice, 1 << 20);
	tu_decision_write(first, &once);
	tu_buf_byte(&once, '\0');
	if (read_as("d.yaml", once.ptr, &d) != TU_OK)
		fail_msg("%s\n%s", error_text(&err), once.ptr);
	tu_decision_write(d, &twice);
	tu_buf_byte(&twice, '\0');
	assert_string_equal(once.ptr, twice.ptr);
	assert_int_equal(d->event_count, TU_COUNT(names));
	for (size_t i = 0; i < TU_COUNT(names); i++) {
		assert_true(tu_str_eq(d->events[i].name, tu_str_c(names[i])));
		assert_int_equal(d->events[i].instead, i == 1 || i == 2);
	}
	assert_ptr_equal(d->events[0].corrected->by, &d->events[1]);
	assert_ptr_equal(d->events[1].corrected->by, &d->events[2]);
	assert_true(tu_str_eq(d->events[1].corrected->reason, TU_STR("it was this")));
	assert_null(d->events[2].corrected);
	assert_null(d->events[3].corrected->by);
	assert_true(tu_str_eq(d->events[3].corrected->reason, TU_STR("no")));
	assert_null(d->events[4].corrected);
	tu_buf_done(&once);
	tu_buf_done(&twice);
}

static void conflicts_name_both_files(void **state)
{
	const struct tu_decision *list[3] = {NULL};
	(void)state;

	assert_int_equal(
		read_as("a.yaml", HEAD "status: fixed\naliases: [GHSA-9]\n" TAIL, &list[0]), TU_OK);
	assert_int_equal(read_as("b.yaml",
				 "vulnerability: GHSA-9\ncomponent: a\nstatus: affected\n"
				 "risk: controlled\n" TAIL,
				 &list[1]),
		TU_OK);
	assert_int_equal(tu_decisions_check(list, 1, &err), TU_OK);
	assert_int_equal(tu_decisions_check(list, 2, &err), TU_E_SYNTAX);
	assert_non_null(strstr(error_text(&err), "a.yaml"));
	assert_non_null(strstr(error_text(&err), "b.yaml"));
	assert_int_equal(read_as("b.yaml",
				 "vulnerability: GHSA-9\ncomponent: a\nstatus: affected\n"
				 "supersedes: a\nrisk: controlled\n" TAIL,
				 &list[1]),
		TU_OK);
	assert_int_equal(tu_decisions_check(list, 2, &err), TU_OK);
	assert_true(tu_decision_is_superseded(list[0], list, 2));
	assert_int_equal(read_as("c/a.yaml", HEAD "status: fixed\n" TAIL, &list[2]), TU_OK);
	assert_int_equal(tu_decisions_check(list, 3, &err), TU_E_SYNTAX);
	assert_non_null(strstr(error_text(&err), "same id"));
}

static void no_decision_supersedes_itself_by_others(void **state)
{
	const struct tu_decision *list[3] = {NULL};
	(void)state;

	assert_int_equal(
		read_as("a.yaml", HEAD "status: fixed\nsupersedes: c\n" TAIL, &list[0]), TU_OK);
	assert_int_equal(
		read_as("b.yaml", HEAD "status: fixed\nsupersedes: a\n" TAIL, &list[1]), TU_OK);
	assert_int_equal(
		read_as("c.yaml", HEAD "status: fixed\nsupersedes: b\n" TAIL, &list[2]), TU_OK);
	assert_int_equal(tu_decisions_check(list, 2, &err), TU_OK);
	assert_int_equal(tu_decisions_check(list, 3, &err), TU_E_SYNTAX);
	assert_non_null(strstr(error_text(&err), "supersedes it in turn"));
}

static void ends_by_itself_or_by_the_policy(void **state)
{
	const struct tu_device *device = NULL;
	const struct tu_decision *d = NULL;
	(void)state;

	assert_int_equal(
		tu_device_read(arena, TU_STR("f"),
			TU_STR("family: X\npolicy: {decision_days: 10}\n"), NULL, &device, &err),
		TU_OK);
	assert_int_equal(read_as("a.yaml", HEAD "status: fixed\n" TAIL, &d), TU_OK);
	assert_true(tu_decision_expires(d, device) == d->decided_at + 10 * 86400);
	assert_int_equal(
		read_as("a.yaml", HEAD "status: fixed\nexpires: 2030-01-01\n" TAIL, &d), TU_OK);
	assert_true(tu_decision_expires(d, device) == INT64_C(1893456000));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_reads_back),
		TEST(id_comes_from_the_file),
		TEST(errors_have_places),
		TEST(errors_of_corrections),
		TEST(corrected_events_are_one_list),
		TEST(conflicts_name_both_files),
		TEST(no_decision_supersedes_itself_by_others),
		TEST(ends_by_itself_or_by_the_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
