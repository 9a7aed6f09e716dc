/* Proposals, and decisions that hold, are carried, re-open (REQ-CASE-1, REQ-CASE-4). */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "support/device_scene.h"

#define FINE(status) \
	do { \
		if (status) \
			fail_msg("%s", s->err.message); \
	} while (0)

static int set_up(void **state)
{
	static struct scene scene;

	if (scene_kb(&scene, scene_feeds))
		return -1;
	*state = &scene;
	return 0;
}

static int tear_down(void **state)
{
	scene_end(*state);
	return 0;
}

static int reset(void **state)
{
	scene_reset(*state);
	return 0;
}

static void begin(struct scene *s, const char *device)
{
	FINE(scene_begin(s, device, scene_sbom, SCENE_AT));
}

static bool has_fact(const struct tu_assessment *a, const char *name)
{
	for (size_t i = 0; i < a->proposal.fact_count; i++)
		if (!strcmp(a->proposal.facts[i].name, name))
			return true;
	return false;
}

static void follows_links_to_harm(void **state)
{
	struct scene *s = *state;
	const struct tu_assessment *a;

	begin(s, scene_device);
	FINE(scene_assess(s));
	a = scene_find(s, "CVE-2026-0001");
	assert_non_null(a->of);
	assert_int_equal(a->proposal.harm, TU_HARM_CATASTROPHIC);
	assert_false(a->proposal.harm_assumed);
	assert_int_equal(a->proposal.level, 4); /* network, less the control */
	assert_true(has_fact(a, "control"));
	assert_int_equal(a->proposal.risk, TU_RISK_UNCONTROLLED);
	assert_string_equal(a->proposal.response, "out-of-cycle");
	assert_int_equal(a->proposal.privacy, TU_PRIVACY_NONE);
	a = scene_find(s, "CVE-2026-0002"); /* takes away availability alone */
	assert_int_equal(a->proposal.harm, TU_HARM_MINOR);
	assert_int_equal(a->proposal.level, 1);
	assert_int_equal(a->proposal.risk, TU_RISK_CONTROLLED);
	a = scene_find(s, "CVE-2026-0003"); /* discloses: no patient is harmed by it */
	assert_int_equal(a->proposal.harm, TU_HARM_NONE);
	assert_int_equal(a->proposal.risk, TU_RISK_CONTROLLED);
	assert_int_equal(a->state, TU_ASSESS_UNDECIDED);
	assert_true(a->since == INT64_C(1772323200)); /* the release is younger than the record */
}

static void unknown_is_worst_and_says_so(void **state)
{
	struct scene *s = *state;
	const struct tu_assessment *a;

	begin(s,
		"family: X\nreleases: [{version: '1', sbom: a}]\nhazards:\n"
		"  - {id: h, severity: serious}\n");
	FINE(scene_assess(s));
	a = scene_find(s, "CVE-2026-0002");
	assert_int_equal(a->proposal.harm, TU_HARM_SERIOUS);
	assert_true(a->proposal.harm_assumed);
	assert_true(tu_str_starts(a->proposal.harm_why, TU_STR("unknown")));
	assert_true(has_fact(a, "exposure-unknown"));
	a = scene_find(s, "CVE-2026-0003");
	assert_int_equal(a->proposal.privacy, TU_PRIVACY_SERIOUS);
	scene_reset(s);
	begin(s, "family: X\nreleases: [{version: '1', sbom: a}]\n");
	FINE(scene_assess(s));
	assert_int_equal(scene_find(s, "CVE-2026-0002")->proposal.harm, TU_HARM_CATASTROPHIC);
}

static void a_hole_is_uncontrolled(void **state)
{
	struct scene *s = *state;
	const struct tu_assessment *a;

	begin(s,
		"family: X\nreleases: [{version: '1', sbom: a}]\nhazards:\n"
		"  - {id: h, severity: negligible}\n"
		"policy: {matrix: {low: {negligible: controlled}}}\n");
	FINE(scene_assess(s));
	a = scene_find(s, "CVE-2026-0001");
	assert_int_equal(a->proposal.risk, TU_RISK_UNCONTROLLED);
	assert_true(tu_str_search(a->proposal.risk_why, TU_STR("hole")) < a->proposal.risk_why.len);
}

static void a_control_needs_evidence_and_presence(void **state)
{
	static const char *const controls[] = {
		"  - {id: w, interfaces: [lan], lowers: {exploitability: 1}}\n",
		("  - {id: w, interfaces: [lan], lowers: {exploitability: 1}, evidence: E, state: "
		 "planned}\n"),
		"  - {id: w, interfaces: [lan], lowers: {exploitability: 1}, evidence: pending}\n",
		"  - {id: w, components: [other], lowers: {exploitability: 1}, evidence: E}\n",
	};
	struct scene *s = *state;

	for (size_t i = 0; i < TU_COUNT(controls); i++) {
		char device[1000];

		(void)snprintf(device, sizeof(device),
			"family: X\nreleases: [{version: '1', sbom: a}]\ninterfaces:\n"
			"  - {id: lan, kind: network, reaches: [pumpd]}\ncontrols:\n%s",
			controls[i]);
		begin(s, device);
		FINE(scene_assess(s));
		assert_int_equal(scene_find(s, "CVE-2026-0001")->proposal.level, 5);
		scene_reset(s);
	}
}

static void exposure_bounds_the_level(void **state)
{
	static const struct {
		const char *interfaces;
		uint32_t level;
	} cases[] = {
		{"  - {id: i, kind: wireless, range: 50 m, reaches: [pumpd]}\n", 4},
		{"  - {id: i, kind: wireless, reaches: [pumpd]}\n", 4},
		{"  - {id: i, kind: wireless, range: 2 m, reaches: [pumpd]}\n", 3},
		{"  - {id: i, kind: usb, reaches: [pumpd]}\n", 3},
		{"  - {id: i, kind: debug, reaches: [pumpd]}\n", 2},
		{"  - {id: i, kind: debug, reaches: [pumpd]}\n"
		 "  - {id: n, kind: network, reaches: [pump*]}\n",
			5},
		{"  - {id: i, kind: debug, reaches: [pumpd]}\n"
		 "  - {id: n, kind: network, disabled: true, reaches: [pump*]}\n",
			2},
	};
	struct scene *s = *state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		char device[1000];

		(void)snprintf(device, sizeof(device),
			"family: X\nreleases: [{version: '1', sbom: a}]\ninterfaces:\n%s",
			cases[i].interfaces);
		begin(s, device);
		FINE(scene_assess(s));
		assert_int_equal(scene_find(s, "CVE-2026-0001")->proposal.level, cases[i].level);
		scene_reset(s);
	}
}

/* ---- decisions ---- */

#define NOT_AFFECTED(more) \
	SCENE_DECISION("CVE-2026-0001", "not_affected", \
		"justification: vulnerable_code_not_present\n" more)

static void assess_with(struct scene *s, size_t release, const char *decision)
{
	begin(s, scene_device);
	FINE(scene_decide(s, "d.yaml", decision));
	s->input.release = release;
	FINE(scene_assess(s));
}

static void is_decided_for_its_release_and_carried_on(void **state)
{
	static const enum tu_assess_state states[] = {
		TU_ASSESS_UNDECIDED, TU_ASSESS_DECIDED, TU_ASSESS_CARRIED};
	struct scene *s = *state;

	for (size_t release = 0; release < 3; release++) {
		const struct tu_assessment *a;

		assess_with(s, release, NOT_AFFECTED("premises: {version: '1.3', kev: false}\n"));
		a = scene_find(s, "CVE-2026-0001");
		assert_int_equal(a->state, states[release]);
		assert_int_equal(
			a->status, release ? TU_CLAIM_NOT_AFFECTED : TU_CLAIM_UNDER_INVESTIGATION);
		assert_int_equal(scene_find(s, "CVE-2026-0002")->state, TU_ASSESS_UNDECIDED);
		scene_reset(s);
	}
	assess_with(s, 2,
		"vulnerability: CVE-2026-0001\ncomponent: pumpd\nstatus: not_affected\n"
		"justification: vulnerable_code_not_present\n"
		"validity: {releases: ['1.1'], carry: false}\ndecided_by: lead\n"
		"decided_at: 2026-01-20T10:00:00Z\nlearned_at: 2026-01-15T10:00:00Z\n");
	assert_int_equal(scene_find(s, "CVE-2026-0001")->state, TU_ASSESS_UNDECIDED);
}

static void reopens_with_the_reason(void **state)
{
	static const struct {
		const char *more;
		enum tu_reopen reopen;
	} cases[] = {
		{"expires: 2026-03-01\n", TU_REOPEN_EXPIRED},
		{"premises: {version: '1.2'}\n", TU_REOPEN_COMPONENT_CHANGED},
		{"premises: {version: '1.3', score: 9.7}\n", TU_REOPEN_SCORE_RAISED},
		{"premises: {score: 9.8}\n", TU_REOPEN_NONE},
		{"premises: {advisory: CVE-2026-0001, advisory_modified: 2026-01-09}\n",
			TU_REOPEN_ADVISORY_REVISED},
		{"premises: {advisory: CVE-2026-0001, advisory_modified: 2026-01-10}\n",
			TU_REOPEN_NONE},
		{"premises: {advisory: CVE-2026-0001, advisory_digest: '00'}\n",
			TU_REOPEN_ADVISORY_REVISED},
		{"controls: [wall]\n", TU_REOPEN_NONE},
		{"controls: [gone]\n", TU_REOPEN_CONTROL_MISSING},
	};
	struct scene *s = *state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		char text[2000];
		const struct tu_assessment *a;

		(void)snprintf(text, sizeof(text), "%s%s", NOT_AFFECTED(""), cases[i].more);
		assess_with(s, 1, text);
		a = scene_find(s, "CVE-2026-0001");
		if (a->reopen != cases[i].reopen)
			fail_msg("case %zu: \"%s\"", i, tu_reopen_name(a->reopen));
		assert_int_equal(
			a->state, cases[i].reopen ? TU_ASSESS_REOPENED : TU_ASSESS_DECIDED);
		assert_true(!cases[i].reopen == !a->reopen_why.len);
		if (cases[i].reopen) /* what was decided no longer counts */
			assert_int_equal(a->risk, TU_RISK_UNCONTROLLED);
		scene_reset(s);
	}
}

static void reopens_when_the_component_leaves_the_range(void **state)
{
	static const struct {
		const char *range;
		enum tu_reopen reopen;
	} cases[] = {
		{"vers:generic/>=1.0|<1.4", TU_REOPEN_NONE},
		{"vers:generic/>=1.0|<1.3", TU_REOPEN_COMPONENT_CHANGED},
	};
	struct scene *s = *state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		char text[2000];

		(void)snprintf(text, sizeof(text),
			"vulnerability: CVE-2026-0001\ncomponent: pumpd\nstatus: fixed\n"
			"validity: {releases: ['1.1'], component_range: '%s'}\ndecided_by: lead\n"
			"decided_at: 2026-01-20T10:00:00Z\nlearned_at: 2026-01-15T10:00:00Z\n"
			"premises: {version: '1.2'}\n",
			cases[i].range);
		assess_with(s, 2, text);
		assert_int_equal(scene_find(s, "CVE-2026-0001")->reopen, cases[i].reopen);
		scene_reset(s);
	}
}

static void reopens_when_it_is_exploited(void **state)
{
	struct scene known = {0};
	const struct tu_assessment *a;
	(void)state;

	assert_int_equal(scene_kb(&known, scene_feeds_kev), TU_OK);
	assess_with(&known, 1, NOT_AFFECTED("premises: {version: '1.3', kev: false}\n"));
	a = scene_find(&known, "CVE-2026-0001");
	assert_int_equal(a->reopen, TU_REOPEN_KEV_ADDED);
	assert_string_equal(a->proposal.response, "immediate");
	assert_true(a->since == INT64_C(1769904000)); /* 2026-02-01: when it was added */
	scene_end(&known);
}

#define VALID(id, status, validity, more) \
	"vulnerability: " id "\ncomponent: pumpd\nstatus: " status "\nvalidity: {releases: " \
	"['1.1'], " validity "}\ndecided_by: lead\ndecided_at: 2026-01-20T10:00:00Z\n" \
	"learned_at: 2026-01-15T10:00:00Z\n" more
#define AFFECTED(more) VALID("CVE-2026-0001", "affected", "carry: true", more)

/* Each premise that a decision may rest on: just met, and just not. */
static const char *const premise_feeds[] = {
	scene_feed, scene_kev, "cve,epss,percentile\nCVE-2026-0001,0.25,0.9\n", NULL};
static const struct {
	const char *decision;
	enum tu_reopen reopen;
	const char *why;
} premise_rows[] = {
	{VALID("CVE-2026-0001", "fixed", "configuration: hospital", ""), TU_REOPEN_NONE, ""},
	{VALID("CVE-2026-0001", "fixed", "configuration: home", ""), TU_REOPEN_CONFIGURATION,
		"applies to configuration \"home\"; this release has \"hospital\""},
	{NOT_AFFECTED("controls: [wall]\n"), TU_REOPEN_NONE, ""},
	{NOT_AFFECTED("controls: [wall, later]\n"), TU_REOPEN_CONTROL_MISSING,
		"it counts on control later, which is not in place"},
	{AFFECTED("risk: controlled\nharm: minor\nexploitability: low\n"), TU_REOPEN_NONE, ""},
	{AFFECTED("risk: controlled\nharm: serious\nexploitability: low\n"), TU_REOPEN_MATRIX,
		"the matrix calls low and serious uncontrolled"},
	{AFFECTED("risk: uncontrolled\nharm: serious\nexploitability: low\n"), TU_REOPEN_NONE, ""},
	{NOT_AFFECTED("premises: {kev: true}\n"), TU_REOPEN_NONE, ""},
	{NOT_AFFECTED("premises: {kev: false}\n"), TU_REOPEN_KEV_ADDED,
		"it is now known to be exploited (KEV, 2026-02-01)"},
	{NOT_AFFECTED("premises: {epss: 0.05}\n"), TU_REOPEN_EPSS_RAISED,
		"its EPSS has passed the policy's threshold"},
	{NOT_AFFECTED("premises: {epss: 0.1}\n"), TU_REOPEN_NONE, ""},
	{VALID("CVE-2026-0002", "fixed", "carry: true", "premises: {epss: 0.05}\n"), TU_REOPEN_NONE,
		""},
	{NOT_AFFECTED("premises: {advisory: CVE-2030-1, advisory_digest: '00'}\n"), TU_REOPEN_NONE,
		""},
	{NOT_AFFECTED("premises: {advisory: CVE-2026-0001, source: OSV, "
		      "advisory_digest: '00'}\n"),
		TU_REOPEN_NONE, ""},
	{NOT_AFFECTED("premises: {advisory: cve-2026-0001, source: nvd, "
		      "advisory_digest: '00'}\n"),
		TU_REOPEN_ADVISORY_REVISED, "cve-2026-0001 has been revised since"},
	{NOT_AFFECTED("premises: {advisory: CVE-2026-0001}\n"), TU_REOPEN_NONE, ""},
	{VALID("CVE-2026-0001", "fixed", "component_range: 'vers:generic/<1.3'", ""),
		TU_REOPEN_COMPONENT_CHANGED, "version 1.3 is not in vers:generic/<1.3"},
};
static const char premise_device[] =
	"family: X\nreleases:\n  - {version: '1.1', sbom: a, configuration: hospital}\n"
	"controls:\n  - {id: wall, evidence: T-1}\n  - {id: later, state: planned}\n"
	"policy: {matrix: {low: {minor: controlled, serious: uncontrolled}}}\n";

static void reopens_when_a_premise_is_gone(void **state)
{
	struct scene known = {0};
	struct scene *s = &known;
	(void)state;

	assert_int_equal(scene_kb(s, premise_feeds), TU_OK);
	for (size_t i = 0; i < TU_COUNT(premise_rows); i++) {
		const struct tu_assessment *a;
		enum tu_status status;

		begin(&known, premise_device);
		status = scene_decide(&known, "d.yaml", premise_rows[i].decision);
		if (status || scene_assess(&known))
			fail_msg("row %zu: %s", i, known.err.message);
		a = scene_find(&known,
			strstr(premise_rows[i].decision, "CVE-2026-0002") ? "CVE-2026-0002"
									  : "CVE-2026-0001");
		if (a->reopen != premise_rows[i].reopen ||
			!tu_str_eq(a->reopen_why, tu_str_c(premise_rows[i].why)))
			fail_msg("row %zu: %.*s", i, TU_STR_FMT(a->reopen_why));
		scene_reset(&known);
	}
	scene_end(&known);
}

static void two_that_differ_are_an_error(void **state)
{
	struct scene *s = *state;

	begin(s, scene_device);
	FINE(scene_decide(s, "decisions/a.yaml", NOT_AFFECTED("")));
	FINE(scene_decide(s, "decisions/b.yaml",
		"vulnerability: CVE-2026-0001\ncomponent: 'pump*'\nstatus: affected\n"
		"risk: uncontrolled\nvalidity: {releases: ['1.1']}\ndecided_by: lead\n"
		"decided_at: 2026-01-21T10:00:00Z\nlearned_at: 2026-01-15T10:00:00Z\n"));
	s->input.release = 1;
	assert_int_equal(scene_assess(s), TU_E_SYNTAX);
	assert_non_null(strstr(s->err.message, "decisions/a.yaml"));
	assert_non_null(strstr(s->err.message, "decisions/b.yaml"));
}

static void one_may_supersede_another(void **state)
{
	struct scene *s = *state;

	begin(s, scene_device);
	FINE(scene_decide(s, "decisions/a.yaml", NOT_AFFECTED("")));
	FINE(scene_decide(s, "decisions/b.yaml",
		SCENE_DECISION("CVE-2026-0001", "affected", "risk: controlled\nsupersedes: a\n")));
	s->input.release = 1;
	FINE(scene_assess(s));
	assert_int_equal(scene_find(s, "CVE-2026-0001")->status, TU_CLAIM_AFFECTED);
}

static void learning_of_it_is_no_decision(void **state)
{
	struct scene *s = *state;
	const struct tu_assessment *a;

	assess_with(s, 1,
		"vulnerability: CVE-2026-0001\ncomponent: pumpd\nstatus: under_investigation\n"
		"validity: {releases: ['1.1']}\nlearned_at: 2026-01-15T10:00:00Z\n");
	a = scene_find(s, "CVE-2026-0001");
	assert_int_equal(a->state, TU_ASSESS_UNDECIDED);
	assert_true(a->since == INT64_C(1768471200));
}

static void a_decision_without_finding_is_told(void **state)
{
	struct scene *s = *state;

	begin(s, scene_device);
	FINE(scene_decide(s, "a.yaml",
		"vulnerability: CVE-2026-0001\ncomponent: gone\nstatus: fixed\n"
		"validity: {releases: ['1.1']}\ndecided_by: lead\n"
		"decided_at: 2026-01-20T10:00:00Z\nlearned_at: 2026-01-15T10:00:00Z\n"));
	s->input.release = 1;
	FINE(scene_assess(s));
	assert_int_equal(s->result->loose_count, 1);
	assert_int_equal(s->result->loose[0].reopen, TU_REOPEN_COMPONENT_GONE);
}

static void premises_that_are_written_hold(void **state)
{
	struct scene *s = *state;
	struct tu_premises premises;
	struct tu_decision decision;
	const struct tu_decision *list[1] = {&decision};

	begin(s, scene_device);
	FINE(scene_decide(s, "d.yaml", NOT_AFFECTED("")));
	FINE(tu_assess_premises(s->arena, &s->input, &s->findings[0], &premises, &s->err));
	decision = *s->decisions[0];
	decision.vulnerability = s->findings[0].facts.id;
	decision.premises = premises;
	s->input.decisions = list;
	s->input.release = 1;
	FINE(scene_assess(s));
	assert_int_equal(s->result->assessments[0].state, TU_ASSESS_DECIDED);
	assert_true(tu_str_eq(premises.version, TU_STR("1.3")));
	assert_int_equal(premises.advisory_digest.len, 64);
}

#define TEST(name) cmocka_unit_test_teardown(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(follows_links_to_harm),
		TEST(unknown_is_worst_and_says_so),
		TEST(a_hole_is_uncontrolled),
		TEST(a_control_needs_evidence_and_presence),
		TEST(exposure_bounds_the_level),
		TEST(is_decided_for_its_release_and_carried_on),
		TEST(reopens_with_the_reason),
		TEST(reopens_when_the_component_leaves_the_range),
		TEST(reopens_when_it_is_exploited),
		TEST(reopens_when_a_premise_is_gone),
		TEST(two_that_differ_are_an_error),
		TEST(one_may_supersede_another),
		TEST(learning_of_it_is_no_decision),
		TEST(a_decision_without_finding_is_told),
		TEST(premises_that_are_written_hold),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
