/* What gates say of findings, components, assessments, sources and deadlines. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gate/gate.h"

#include <tutela/sbom_blank.h>

enum { DAY = 86400 };

static struct tu_gate_verdict judge(
	enum tu_gate_door door, const char *expression, const struct tu_gate_input *input)
{
	static struct tu_gate gate;
	struct tu_gate_verdict verdict;
	struct tu_error err = {0};

	if (tu_gate_parse(door, tu_str_c(expression), &gate, &err))
		fail_msg("%s: %s", expression, err.message);
	tu_gate_judge(&gate, input, &verdict);
	return verdict;
}

/* A case: a gate, and how many things its first violated rule counts. */
struct expected {
	const char *expression;
	size_t count;
};

static void check(enum tu_gate_door door, const struct expected *cases, size_t number,
	const struct tu_gate_input *input)
{
	for (size_t i = 0; i < number; i++) {
		struct tu_gate_verdict verdict = judge(door, cases[i].expression, input);
		size_t count = verdict.count ? verdict.violations[0].count : 0;

		if (count != cases[i].count)
			fail_msg("%s: %zu, not %zu", cases[i].expression, count, cases[i].count);
		assert_int_equal(tu_gate_fails(&verdict), cases[i].count > 0);
	}
}

/* ---- scan ---- */

static struct {
	struct tu_finding finding;
	struct tu_report_vulnerability vulnerability;
	struct tu_distinct distinct;
	struct tu_report_row row;
	struct tu_match_result result;
	struct tu_component component;
	struct tu_inventory inventory;
	struct tu_report report;
	struct tu_report_origin origin;
} one;

/* One affected finding in one component. */
static struct tu_gate_input one_finding(void)
{
	one.finding = (struct tu_finding){.verdict = TU_MATCH_AFFECTED};
	one.vulnerability = (struct tu_report_vulnerability){.severity = TU_SEVERITY_HIGH,
		.tenths = 75,
		.facts = {.has_kev = true, .epss_score = 0.1f}};
	one.distinct = (struct tu_distinct){.identified = true, .known = true};
	one.row = (struct tu_report_row){.finding = &one.finding,
		.vulnerability = &one.vulnerability,
		.distinct = &one.distinct};
	one.result = (struct tu_match_result){
		.distinct = &one.distinct, .distinct_count = 1, .counts.components = 1};
	one.component = (struct tu_component){.name = TU_STR("a"), .version = TU_STR("1")};
	one.inventory = (struct tu_inventory){
		.subject = TU_NO_COMPONENT, .components = &one.component, .component_count = 1};
	one.report = (struct tu_report){.rows = &one.row,
		.row_count = 1,
		.result = &one.result,
		.inventory = &one.inventory};
	one.origin = (struct tu_report_origin){0};
	return (struct tu_gate_input){.report = &one.report, .origin = &one.origin};
}

static void a_scan_by_every_term(void **state)
{
	static const struct expected cases[] = {{"any", 1}, {"kev", 1}, {"fixable", 0},
		{"unscored", 0}, {"high", 1}, {"critical", 0}, {"none", 1}, {"cvss>=7.5", 1},
		{"cvss>=7.500001", 0}, {"epss>=0.1", 1}, {"epss>=0.100001", 0}, {"undecided", 0},
		{"kev+high", 1}, {"kev+critical", 0}, {"fixable,critical,high", 1}, {"unknown", 0},
		{"unidentified", 0}, {"!kev", 0}, {"kev&!fixable", 1}, {"!critical&!fixable", 1},
		{"affected", 1}, {"!affected", 0}, {"!undecided", 1}, {"undecided&!undecided", 0},
		{"!unknown", 1}};
	struct tu_gate_input input = one_finding();
	(void)state;

	check(TU_GATE_SCAN, cases, TU_COUNT(cases), &input);
	assert_int_equal(judge(TU_GATE_SCAN, "any,any", &input).count, 2);
}

static void absent_figures_reach_no_threshold(void **state)
{
	static const struct expected cases[] = {{"epss>=0", 0}, {"cvss>=0", 0}, {"none", 0},
		{"unscored", 1}, {"!cvss>=0", 1}, {"!none", 1}};
	struct tu_gate_input input = one_finding();
	(void)state;

	one.vulnerability.facts.epss_score = -1;
	one.vulnerability.tenths = TU_SCORE_UNSTATED;
	one.vulnerability.severity = TU_SEVERITY_UNKNOWN;
	check(TU_GATE_SCAN, cases, TU_COUNT(cases), &input);
}

static void a_scan_speaks_of_affected_findings(void **state)
{
	static const struct expected undecided[] = {{"any", 0}, {"kev", 0}, {"!fixable", 0},
		{"undecided", 1}, {"undecided+kev", 1}, {"undecided+fixable", 0}, {"!affected", 1},
		{"!undecided", 0}, {"affected", 0}};
	static const struct expected not_affected[] = {{"any", 0}, {"undecided", 0}};
	struct tu_gate_input input = one_finding();
	(void)state;

	one.finding.verdict = TU_MATCH_UNDECIDED;
	check(TU_GATE_SCAN, undecided, TU_COUNT(undecided), &input);
	one.finding.verdict = TU_MATCH_NOT_AFFECTED;
	check(TU_GATE_SCAN, not_affected, TU_COUNT(not_affected), &input);
}

static void components_without_data(void **state)
{
	static const struct expected unknown[] = {{"unknown,unidentified", 1}, {"unknown", 1}};
	static const struct expected unidentified[] = {{"unknown", 0}, {"unidentified", 1}};
	struct tu_gate_input input = one_finding();
	(void)state;

	one.distinct.known = false;
	check(TU_GATE_SCAN, unknown, TU_COUNT(unknown), &input);
	one.distinct.identified = false;
	check(TU_GATE_SCAN, unidentified, TU_COUNT(unidentified), &input);
}

static void nothing_to_judge_is_not_fine(void **state)
{
	struct tu_gate_input input = one_finding();
	struct tu_gate_verdict verdict;
	(void)state;

	one.result = (struct tu_match_result){0};
	one.inventory.component_count = 0;
	one.report.row_count = 0;
	verdict = judge(TU_GATE_SCAN, "critical", &input);
	assert_int_equal(verdict.count, 0);
	assert_true(verdict.unjudged);
	assert_true(tu_gate_fails(&verdict));
}

/* An SBOM that says nothing of what is in the product is judged only by data on what it has. */
static void a_blank_sbom_passes_nothing(void **state)
{
	static const struct {
		struct tu_component components[2];
		size_t count;
		uint32_t subject;
		enum tu_blank blank;
	} cases[] = {
		{{{.name = TU_STR_INIT("")}}, 0, TU_NO_COMPONENT, TU_BLANK_EMPTY},
		{{{.name = TU_STR_INIT("fw"), .version = TU_STR_INIT("1")}}, 1, 0,
			TU_BLANK_SUBJECT},
		{{{.name = TU_STR_INIT("fw"), .purl = TU_STR_INIT("pkg:generic/fw@1")}}, 1, 0,
			TU_BLANK_SUBJECT},
		{{{.name = TU_STR_INIT("fw"), .version = TU_STR_INIT("1")},
			 {.name = TU_STR_INIT("a")}},
			2, 0, TU_BLANK_UNIDENTIFIED},
		{{{.version = TU_STR_INIT("1")}}, 1, TU_NO_COMPONENT, TU_BLANK_UNIDENTIFIED},
		{{{.name = TU_STR_INIT("fw")},
			 {.name = TU_STR_INIT("a"), .version = TU_STR_INIT("2")}},
			2, 0, TU_BLANK_NOT},
		{{{.name = TU_STR_INIT("fw")}, {.purl = TU_STR_INIT("pkg:npm/a")}}, 2, 0,
			TU_BLANK_NOT},
		{{{.name = TU_STR_INIT("a"), .cpe_count = 1}}, 1, TU_NO_COMPONENT, TU_BLANK_NOT},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_gate_input input = one_finding();
		bool blank = cases[i].blank != TU_BLANK_NOT;

		one.inventory.components = cases[i].components;
		one.inventory.component_count = cases[i].count;
		one.inventory.subject = cases[i].subject;
		one.report.row_count = 0;
		assert_int_equal(tu_sbom_blank(&one.inventory), cases[i].blank);
		assert_int_equal(blank, *tu_blank_sentence(cases[i].blank) != '\0');
		assert_false(judge(TU_GATE_SCAN, "critical", &input).unjudged);
		one.distinct.known = false;
		assert_int_equal(judge(TU_GATE_SCAN, "critical", &input).unjudged, blank);
	}
}

static void silence_about_sources_is_stale(void **state)
{
	static const struct expected silent[] = {{"stale", 1}, {"failed-source", 0}};
	struct tu_gate_input input = one_finding();
	struct tu_gate_verdict verdict;
	struct tu_gate gate;
	struct tu_buf sentence;
	(void)state;

	check(TU_GATE_SCAN, silent, TU_COUNT(silent), &input);
	check(TU_GATE_ASSESS, silent, TU_COUNT(silent), &input);
	input.report = NULL;
	check(TU_GATE_CLOCKS, silent, TU_COUNT(silent), &input);

	verdict = judge(TU_GATE_CLOCKS, "stale", &input);
	tu_buf_init(&sentence, 4096);
	tu_gate_describe(&verdict.violations[0], &input, &sentence);
	assert_true(tu_str_starts(tu_buf_str(&sentence), TU_STR("stale: nothing says how fresh")));
	tu_buf_done(&sentence);

	/* what passes for want of data is said */
	assert_int_equal(tu_gate_parse(TU_GATE_SCAN, TU_STR("failed-source"), &gate, NULL), TU_OK);
	assert_non_null(strstr(
		tu_gate_blind_spot(&gate, &input, TU_GATE_NEEDS_FETCHES), "cannot be judged"));
	assert_null(tu_gate_blind_spot(&gate, &input, TU_GATE_NEEDS_NOTHING));
	assert_int_equal(tu_gate_parse(TU_GATE_SCAN, TU_STR("stale"), &gate, NULL), TU_OK);
	assert_null(tu_gate_blind_spot(&gate, &input, TU_GATE_NEEDS_FETCHES));
}

/* ---- assess ---- */

static const struct tu_finding affected = {.verdict = TU_MATCH_AFFECTED};
static const struct tu_finding doubtful = {.verdict = TU_MATCH_UNDECIDED};
static const struct tu_assess_finding exploited = {.finding = &affected,
	.facts.has_kev = true,
	.severity = TU_SEVERITY_CRITICAL,
	.tenths = 98};
static const struct tu_assess_finding other = {.finding = &affected, .tenths = TU_SCORE_UNSTATED};
static const struct tu_assess_finding unclear = {.finding = &doubtful, .tenths = TU_SCORE_UNSTATED};

/* Not assessed for ten days and exploited; carried and closed; re-opened, age unknown. */
static const struct tu_assessment three[] = {
	{.of = &exploited,
		.since = DAY,
		.risk = TU_RISK_UNCONTROLLED,
		.harm = TU_HARM_CATASTROPHIC,
		.proposal.level = 5},
	{.of = &other,
		.since = DAY * 10,
		.state = TU_ASSESS_CARRIED,
		.status = TU_CLAIM_NOT_AFFECTED,
		.risk = TU_RISK_CONTROLLED},
	{.of = &other,
		.state = TU_ASSESS_REOPENED,
		.reopen = TU_REOPEN_EXPIRED,
		.risk = TU_RISK_CONTROLLED},
};

static void check_assessed(
	const struct tu_assessment *list, size_t count, const struct expected *cases, size_t number)
{
	const struct tu_assess_result assessed = {.assessments = list, .count = count};
	struct tu_gate_input input = one_finding();

	input.assessed = &assessed;
	input.at = DAY * 11;
	check(TU_GATE_ASSESS, cases, number, &input);
}

static void assessments_by_every_term(void **state)
{
	static const struct expected cases[] = {{"any", 3}, {"undecided", 2}, {"undecided>9d", 2},
		{"undecided>10", 1}, {"not-assessed", 2}, {"not-assessed>9d", 2},
		{"not-assessed>10", 1}, {"!not-assessed", 1}, {"kev&!decided", 1}, {"kev", 1},
		{"decided", 1}, {"carried", 1}, {"reopened", 1}, {"uncontrolled", 1},
		{"controlled", 1}, {"closed", 1}, {"!closed", 2}, {"harm>=critical", 1},
		{"age>5d&!closed", 2}, {"cvss>=9", 1}, {"level>=5", 1}, {"expired", 1},
		{"fixable", 0}, {"critical", 1}, {"critical&decided", 0}, {"unscored", 2},
		{"unscored&!closed", 1}, {"affected", 2}, {"epss>=0.9", 0}};
	(void)state;

	check_assessed(three, TU_COUNT(three), cases, TU_COUNT(cases));
}

/* Nobody looked; decided affected; decided not affected; closed by a trusted supplier. */
static void an_undecided_verdict_is_undecided(void **state)
{
	static const struct tu_assessment list[] = {
		{.of = &unclear, .since = DAY},
		{.of = &unclear,
			.since = DAY * 9,
			.state = TU_ASSESS_DECIDED,
			.status = TU_CLAIM_AFFECTED},
		{.of = &unclear,
			.since = DAY,
			.state = TU_ASSESS_DECIDED,
			.status = TU_CLAIM_NOT_AFFECTED},
		{.of = &other, .state = TU_ASSESS_SUPPLIER, .status = TU_CLAIM_NOT_AFFECTED},
	};
	/* "!undecided" counts what it always did: what somebody assessed */
	static const struct expected cases[] = {{"undecided", 2}, {"undecided>5d", 1},
		{"undecided>1d", 2}, {"!undecided", 3}, {"decided&!undecided", 2},
		{"not-assessed", 1}, {"!not-assessed", 3}, {"affected", 0}};
	(void)state;

	check_assessed(list, TU_COUNT(list), cases, TU_COUNT(cases));
}

/* ---- clocks ---- */

static void deadlines_by_every_term(void **state)
{
	static const struct tu_deadline_rule rule = {.id = "fda-30"};
	static const struct tu_deadline first[] = {
		{.rule = &rule, .state = TU_DEADLINE_MISSED},
		{.rule = &rule, .state = TU_DEADLINE_RUNNING},
		{.rule = &rule, .state = TU_DEADLINE_MISSED},
	};
	static const struct tu_deadline second[] = {
		{.rule = &rule, .state = TU_DEADLINE_MISSED},
		{.rule = &rule, .state = TU_DEADLINE_WAITING},
		{.rule = &rule, .state = TU_DEADLINE_CONDITIONAL},
	};
	static const struct tu_deadline_case cases[] = {
		{.vulnerability = TU_STR_INIT("CVE-1"),
			.risk = TU_RISK_UNCONTROLLED,
			.exploited = true},
		{.vulnerability = TU_STR_INIT("CVE-2"),
			.risk = TU_RISK_UNCONTROLLED,
			.closed = true},
	};
	static const struct tu_deadlines deadlines[] = {{first, 3}, {second, 3}};
	static const struct expected expected[] = {{"missed", 3}, {"running", 1}, {"waiting", 1},
		{"conditional", 1}, {"any", 6}, {"missed&kev", 2}, {"missed&!kev", 1},
		{"missed&uncontrolled", 2}, {"missed&closed", 1}, {"running&closed", 0}};
	const struct tu_report_origin origin = {0};
	const struct tu_gate_input input = {.origin = &origin,
		.cases = cases,
		.deadlines = deadlines,
		.case_count = TU_COUNT(cases)};
	struct tu_gate_verdict verdict;
	struct tu_buf sentence;
	(void)state;

	check(TU_GATE_CLOCKS, expected, TU_COUNT(expected), &input);
	verdict = judge(TU_GATE_CLOCKS, "missed&closed", &input);
	tu_buf_init(&sentence, 4096);
	tu_gate_describe(&verdict.violations[0], &input, &sentence);
	assert_true(tu_str_eq(tu_buf_str(&sentence),
		TU_STR("missed&closed: 1 deadline, such as fda-30 of CVE-2")));
	tu_buf_done(&sentence);
}

/* ---- threats ---- */

static const struct tu_model_element pumps[] = {{.id = TU_STR_INIT("pump")}};
static const struct tu_model pump_model = {.elements = pumps, .elements_count = 1};
static const struct tu_threat pump_threats[] = {
	{.rule = TU_STR_INIT("T1"),
		.outcome = TU_THREAT_OPEN,
		.stride = 'S',
		.graded = true,
		.category = 1,
		.severity = TU_HARM_CRITICAL,
		.reach = 180},
	{.rule = TU_STR_INIT("T2"),
		.outcome = TU_THREAT_OPEN,
		.stride = 'T',
		.graded = true,
		.category = 4,
		.severity = TU_HARM_UNKNOWN,
		.reach = TU_MODEL_UNSTATED},
	{.rule = TU_STR_INIT("T3"),
		.outcome = TU_THREAT_UNPROVEN,
		.stride = 'I',
		.graded = true,
		.category = 5,
		.severity = TU_HARM_NONE,
		.privacy = TU_PRIVACY_SERIOUS,
		.reach = 1,
		.risk_after = TU_RISK_CONTROLLED},
	{.rule = TU_STR_INIT("T4"),
		.outcome = TU_THREAT_OPEN,
		.stride = 'R',
		.category = 6,
		.reach = 1},
	{.rule = TU_STR_INIT("T5"),
		.outcome = TU_THREAT_ACCEPTED,
		.stride = 'D',
		.graded = true,
		.category = 7,
		.severity = TU_HARM_CATASTROPHIC,
		.reach = 2},
	{.rule = TU_STR_INIT("T6"),
		.outcome = TU_THREAT_MITIGATED,
		.stride = 'E',
		.graded = true,
		.severity = TU_HARM_MINOR,
		.reach = 1,
		.reopened = TU_STR_INIT("worse")},
	{.rule = TU_STR_INIT("T7"),
		.outcome = TU_THREAT_TRANSFERRED,
		.stride = 'I',
		.graded = true,
		.severity = TU_HARM_MINOR,
		.reach = 1},
};
static const struct tu_threat_question pump_questions[] = {
	{.subject = TU_STR_INIT("freshness"), .text = TU_STR_INIT("?")}};
static const struct tu_disposition pump_stale[] = {{.key = TU_STR_INIT("T9@pump@")}};
static const struct tu_lint pump_lints[] = {
	{.level = TU_LINT_NOTE, .rule = "a"}, {.level = TU_LINT_WARNING, .rule = "b"}};
static const struct tu_threat_answer pump_answer = {.model = &pump_model,
	.threats = {pump_threats, TU_COUNT(pump_threats), pump_questions, 1, {pump_stale, 1}},
	.lints = {pump_lints, 2}};

static void threats_by_every_term(void **state)
{
	static const struct expected expected[] = {{"open", 4}, {"unproven", 1}, {"accepted", 1},
		{"mitigated", 1}, {"transferred", 1}, {"reopened", 1}, {"uncontrolled", 4},
		{"open&uncontrolled", 3}, {"accepted&uncontrolled", 1}, {"harm>=negligible", 5},
		{"open&harm>=critical", 2}, {"harm-unknown", 1}, {"privacy>=limited", 2},
		{"privacy>=serious&open", 1}, {"reach>=2", 3}, {"reach>=181", 1}, {"stride:i", 2},
		{"category:4", 1}, {"question", 1}, {"stale", 1}, {"lint", 1}};
	const struct tu_gate_input input = {.threats = &pump_answer};
	static const struct tu_model no_model = {0};
	static const struct tu_threat_answer nothing = {.model = &no_model};
	const struct tu_gate_input empty = {.threats = &nothing};
	struct tu_gate_verdict verdict;
	struct tu_buf sentence;
	(void)state;

	check(TU_GATE_THREATS, expected, TU_COUNT(expected), &input);
	verdict = judge(TU_GATE_THREATS, "open&harm>=critical", &input);
	tu_buf_init(&sentence, 4096);
	tu_gate_describe(&verdict.violations[0], &input, &sentence);
	assert_true(tu_str_eq(tu_buf_str(&sentence),
		TU_STR("open&harm>=critical: 2 threats, such as T1 at pump")));
	tu_buf_done(&sentence);
	verdict = judge(TU_GATE_THREATS, "open", &empty);
	assert_true(tu_gate_fails(&verdict));
}

/* ---- the concept phase ---- */

static const struct tu_concept_question asked[] = {{.id = TU_STR_INIT("open")},
	{.id = TU_STR_INIT("unknown")}, {.id = TU_STR_INIT("yes")}, {.id = TU_STR_INIT("against")},
	{.id = TU_STR_INIT("not-asked")}};
static const struct tu_concept_standing standings[] = {{.asked = true},
	{.asked = true, .reply = TU_REPLY_UNKNOWN}, {.asked = true, .reply = TU_REPLY_YES},
	{.reply = TU_REPLY_YES, .contradicted = true}, {.asked = false}};
static const struct tu_concept_catalogue catalogue = {
	.questions = asked, .question_count = TU_COUNT(asked), .pack = TU_STR_INIT("read")};
static const struct tu_concept_pack_record recorded[] = {
	{.id = TU_STR_INIT("read")}, {.id = TU_STR_INIT("elsewhere")}};
static const struct tu_concept_record concept_record = {.packs = recorded, .pack_count = 2};

static void a_concept_by_every_term(void **state)
{
	static const struct expected expected[] = {{"open", 3 + 6 + 1}, {"unknown", 1},
		{"contradicted", 1}, {"question", 4}, {"stakeholder", 7}, {"open&stakeholder", 6},
		{"open&!stakeholder", 4}, {"question&!open", 1}};
	static const struct tu_concept_sign_off signed_;
	struct tu_concept_state concept = {
		.catalogue = &catalogue, .record = &concept_record, .standings = standings};
	const struct tu_gate_input input = {.concept = &concept};
	struct tu_gate_verdict verdict;
	struct tu_buf sentence;
	(void)state;

	concept.hearings[TU_STAKEHOLDER_PATIENT] =
		(struct tu_concept_hearing){.concerns = 1, .sign_off = &signed_};
	check(TU_GATE_CONCEPT, expected, TU_COUNT(expected), &input);
	verdict = judge(TU_GATE_CONCEPT, "open&stakeholder", &input);
	tu_buf_init(&sentence, 4096);
	tu_gate_describe(&verdict.violations[0], &input, &sentence);
	assert_true(tu_str_eq(tu_buf_str(&sentence),
		TU_STR("open&stakeholder: 6 points, such as stakeholder clinician")));
	tu_buf_done(&sentence);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scan_by_every_term),
		cmocka_unit_test(absent_figures_reach_no_threshold),
		cmocka_unit_test(a_scan_speaks_of_affected_findings),
		cmocka_unit_test(components_without_data),
		cmocka_unit_test(nothing_to_judge_is_not_fine),
		cmocka_unit_test(a_blank_sbom_passes_nothing),
		cmocka_unit_test(silence_about_sources_is_stale),
		cmocka_unit_test(assessments_by_every_term),
		cmocka_unit_test(an_undecided_verdict_is_undecided),
		cmocka_unit_test(deadlines_by_every_term),
		cmocka_unit_test(threats_by_every_term),
		cmocka_unit_test(a_concept_by_every_term),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
