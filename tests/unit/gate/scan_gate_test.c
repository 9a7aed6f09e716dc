#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "gate/scan_gate.h"
#include "table.h"

static void check_message(const struct table *table, const struct tu_error *err)
{
	struct tu_str message = tu_str_c(err->message);
	size_t byte = table_number(table, 2);
	char where[32];

	(void)snprintf(where, sizeof(where), "byte %zu: ", byte);
	if (err->offset != byte - 1 || !tu_str_starts(message, tu_str_c(where)) ||
		tu_str_search(message, table->fields[3]) == message.len)
		fail_msg("row %zu: at %zu, \"%s\"", table->line, err->offset, err->message);
}

static void follows_its_grammar(void **state)
{
	static const struct {
		const char *word;
		enum tu_status status;
	} words[] = {{"ok", TU_OK}, {"usage", TU_E_USAGE}, {"limit", TU_E_LIMIT}};
	struct table table;
	(void)state;

	table_open(&table, "policy.tsv");
	while (table_next(&table)) {
		struct tu_policy policy;
		struct tu_error err = {0};
		enum tu_status status = tu_policy_parse(table.fields[0], &policy, &err);
		size_t word = 0;

		while (!tu_str_eq(table.fields[1], tu_str_c(words[word].word)))
			assert_true(++word < TU_COUNT(words));
		if (status != words[word].status)
			fail_msg("row %zu: %s", table.line, err.message);
		if (status)
			check_message(&table, &err);
	}
	table_close(&table);
}

static void terms_keep_their_values(void **state)
{
	struct tu_policy policy;
	(void)state;

	assert_int_equal(
		tu_policy_parse(TU_STR(" high+ cvss>=7.25 ,epss>=0.00001"), &policy, NULL), TU_OK);
	assert_int_equal(policy.rule_count, 2);
	assert_true(tu_str_eq(policy.rules[0].text, TU_STR("high+ cvss>=7.25")));
	assert_int_equal(policy.rules[0].term_count, 2);
	assert_int_equal(policy.rules[0].terms[0].value, TU_SEVERITY_HIGH);
	assert_int_equal(policy.rules[0].terms[1].value, 7250000);
	assert_int_equal(policy.rules[1].terms[0].value, 10);
}

/* ---- judging ---- */

/* One finding and one component to judge; each case is a policy and whether it is violated. */
static size_t judge(const char *expression, struct tu_report_row *row, struct tu_distinct *distinct)
{
	static struct tu_policy policy;
	struct tu_policy_violation violations[TU_POLICY_RULES_MAX];
	struct tu_match_result result = {.distinct = distinct, .distinct_count = 1};
	struct tu_report report = {.rows = row, .row_count = 1, .result = &result};
	size_t violated;

	assert_int_equal(tu_policy_parse(tu_str_c(expression), &policy, NULL), TU_OK);
	violated = tu_policy_judge(&policy, &report, violations);
	for (size_t i = 0; i < violated; i++) {
		assert_int_equal(violations[i].count, 1);
		assert_ptr_equal(violations[i].distinct, distinct);
	}
	return violated;
}

static void judges_findings_by_every_term(void **state)
{
	struct tu_finding finding = {.verdict = TU_MATCH_AFFECTED};
	struct tu_report_vulnerability vulnerability = {.severity = TU_SEVERITY_HIGH, .tenths = 75};
	struct tu_distinct distinct = {.identified = true, .known = true};
	struct tu_report_row row = {
		.finding = &finding, .vulnerability = &vulnerability, .distinct = &distinct};
	static const struct {
		const char *expression;
		size_t violated;
	} cases[] = {{"any", 1}, {"kev", 1}, {"fixable", 0}, {"unscored", 0}, {"high", 1},
		{"critical", 0}, {"none", 1}, {"cvss>=7.5", 1}, {"cvss>=7.500001", 0},
		{"epss>=0.1", 1}, {"epss>=0.100001", 0}, {"undecided", 0}, {"kev+high", 1},
		{"kev+critical", 0}, {"fixable,critical,high", 1}, {"unknown", 0},
		{"unidentified", 0}, {"any,any", 2}};
	(void)state;

	vulnerability.facts.has_kev = true;
	vulnerability.facts.epss_score = 0.1f;
	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_int_equal(judge(cases[i].expression, &row, &distinct), cases[i].violated);

	/* absent figures reach no threshold, not even zero */
	vulnerability.facts.epss_score = -1;
	vulnerability.tenths = TU_SCORE_UNSTATED;
	vulnerability.severity = TU_SEVERITY_UNKNOWN;
	assert_int_equal(judge("epss>=0", &row, &distinct), 0);
	assert_int_equal(judge("cvss>=0", &row, &distinct), 0);
	assert_int_equal(judge("none", &row, &distinct), 0);
	assert_int_equal(judge("unscored", &row, &distinct), 1);

	finding.verdict = TU_MATCH_UNDECIDED;
	assert_int_equal(judge("any", &row, &distinct), 0);
	assert_int_equal(judge("undecided", &row, &distinct), 1);
	assert_int_equal(judge("undecided+kev", &row, &distinct), 1);
	assert_int_equal(judge("undecided+fixable", &row, &distinct), 0);
	finding.verdict = TU_MATCH_NOT_AFFECTED;
	assert_int_equal(judge("any,undecided", &row, &distinct), 0);

	distinct.known = false;
	assert_int_equal(judge("unknown,unidentified", &row, &distinct), 1);
	distinct.identified = false;
	assert_int_equal(judge("unknown", &row, &distinct), 0);
	assert_int_equal(judge("unidentified", &row, &distinct), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_its_grammar),
		cmocka_unit_test(terms_keep_their_values),
		cmocka_unit_test(judges_findings_by_every_term),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
